"""An expert composes, has judged, publishes and sends the synthesis of a theme, without typing one figure."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from traam.programme.campaigns.models import Theme
from traam.programme.catalogue.models import PublicSynthesis

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TYPED = {
    "question": "Comment le numérique aide-t-il un élève à **parler** et à s'entendre ?",
    "findings": "S'entendre aide à se corriger.",
    "conditions": "- Du temps\n- Un lieu calme",
    "recommendations": "Commencer par des enregistrements courts.",
}


def counted(theme: Theme) -> dict[str, int]:
    """What an independent question answers."""
    group = "JOIN groups_group g ON g.id = {} JOIN calls_application a ON a.id = g.application_id WHERE a.theme_id = %s"
    asked = {
        "equipes": "SELECT COUNT(*) FROM groups_group g JOIN calls_application a ON a.id = g.application_id "
        "WHERE a.theme_id = %s",
        "personnes": f"SELECT COUNT(DISTINCT m.person_id) FROM groups_member m {group.format('m.group_id')}",
        "eleves": "SELECT SUM(t.pupils) FROM productions_classtest t JOIN productions_scenario s "
        f"ON s.id = t.scenario_id {group.format('s.group_id')}",
    }
    found = {}
    with connection.cursor() as cursor:
        for key, question in asked.items():
            cursor.execute(question, [theme.pk])
            found[key] = int(cursor.fetchone()[0])
    return found


def _put(page: Page, section: str, *pieces: str) -> None:
    """Words are typed, figures are chosen: `{…}` names a button of the palette by its label."""
    field = page.locator(f"#id_{section}")
    field.focus()
    for piece in pieces:
        if piece.startswith("{"):
            page.locator(f'[data-inserts="{{{{ {piece[1:-1]} }}}}"]').click()
        else:
            field.press_sequentially(piece, delay=0)


def test_a_synthesis_is_composed_and_published_without_typing_a_figure(
    demonstration: None,
    live_server: Any,
    page: Page,
    enter: Callable[[Page, str], None],
    axe: Callable[..., list[str]],
) -> None:
    theme = Theme.objects.filter(syntheses__isnull=True, applications__group__scenarios__tests__isnull=False)[0]
    assert not any(re.search(r"\d", text) for text in TYPED.values())
    main = page.locator("main")

    # Opened with what the facts say
    enter(page, "expert")
    page.goto(f"{live_server.url}/evaluation/themes/{theme.pk}")
    main.get_by_role("button", name="Ouvrir la synthèse").click()
    expect(main).to_contain_text("Les chiffres sont déjà là")
    address = page.url

    # An extract, selected where it is read
    main.get_by_role("link", name="Choisir des extraits à citer").click()
    source = main.locator(".source").first
    source.locator("summary").click()
    source.locator(".source__part p").first.select_text()
    words = source.locator("textarea")
    expect(words).not_to_have_value("")
    source.get_by_role("button", name="Garder cette citation").click()
    expect(main).to_contain_text("Citation 1 gardée")
    assert axe(page) == []

    # The text, with figures put in by buttons
    main.get_by_role("link", name="Revenir à l’écriture").click()
    for section, text in TYPED.items():
        main.locator(f"#id_{section}").fill(text)
    _put(
        page, "work", "Les ", "{equipes}", " équipes comptent ", "{personnes}", " personnes et ", "{eleves}", " élèves."
    )
    _put(page, "work", "{tableau:niveaux}")
    _put(page, "pupils", "Une équipe le dit :", "{citation:1}")
    expect(page.locator("[data-inserted]")).to_contain_text("Ce que les élèves y gagnent")
    main.locator("[name=licence]").select_option("CC-BY-SA")
    main.locator("[name=nobody_named]").check(force=True)
    assert axe(page) == []
    main.get_by_role("button", name="Enregistrer").click()
    expect(main).to_contain_text("Synthèse enregistrée.")
    main.get_by_role("button", name="Soumettre à l'inspection générale").click()
    expect(main).to_contain_text("l'inspection générale est prévenue")

    # Judged by the general inspector
    enter(page, "inspection.generale")
    page.goto(address)
    main.get_by_role("button", name="Valider").click()
    expect(main).to_contain_text("Synthèse validée")

    # On line, with the figures of an independent question
    enter(page, "expert")
    page.goto(address)
    main.get_by_role("button", name="Publier").click()
    expect(main).to_contain_text("Synthèse publiée")
    main.get_by_role("link", name="Envoyer").click()
    main.get_by_role("button", name="Envoyer").click()
    expect(main).to_contain_text("courriels partent")
    public = PublicSynthesis.objects.latest("pk")
    page.goto(f"{live_server.url}/syntheses/{public.pk}")
    facts = counted(theme)
    told = f"Les {facts['equipes']} équipes comptent {facts['personnes']} personnes et {facts['eleves']} élèves."
    expect(page.locator("#partie-work")).to_contain_text(told)
    page.locator("#partie-work a[href='#chiffre-eleves']").click()
    expect(page.locator("#chiffre-eleves")).to_be_in_viewport()
    assert axe(page) == []
