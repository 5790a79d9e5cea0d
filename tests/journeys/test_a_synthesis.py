"""An expert composes, has judged, publishes and sends the synthesis of a theme of a simulated year.

No figure is typed, and what the public reads holds against questions asked of the database, number by number.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from synthesis_questions import QUESTIONS, Cells, figures_of, tables_of

from traam.demo.simulate import simulate
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TYPED = {
    "question": "Comment le numérique aide-t-il un élève à **parler** et à s'entendre ?",
    "findings": "S'entendre aide à se corriger.",
    "conditions": "- Du temps\n- Un lieu calme",
    "recommendations": "Commencer par des enregistrements courts.",
}
# Words are typed, figures are chosen: `{…}` names a button of the palette by what it inserts.
WORK = (
    *(
        "Les ",
        "{equipes}",
        " équipes comptent ",
        "{personnes}",
        " personnes de ",
        "{academies}",
        " académies, réunies ",
    ),
    *("{reunions}", " fois. Elles ont écrit ", "{scenarios}", " scénarios, dont ", "{scenarios-valides}", " validés, "),
    *("et les ont essayés ", "{tests}", " fois, ", "{tests-croises}", " fois dans une autre académie, avec "),
    *("{eleves}", " élèves.", "{tableau:niveaux}", "{tableau:competences}", "{tableau:tests}"),
)
PUPILS = ("Une équipe le dit :", "{citation:1}", "Un enseignant aussi :", "{citation:2}")
SHOWN = """() => [...document.querySelectorAll("main table")].map(table => [
    table.caption.firstChild.textContent.trim(),
    [...table.rows].map(row => [...row.cells].map(cell => cell.textContent.trim())),
])"""


def year(at: datetime) -> Campaign:
    return simulate(8, 3, at=at, until="year", themes=2).campaign


def told(campaign: Campaign) -> Theme:
    """A theme where there is something to tell: a bilan that may be cited, and tests."""
    mine = campaign.themes.filter(applications__group__bilan__state="validated")
    return mine.filter(applications__group__scenarios__tests__isnull=False).order_by("pk").distinct()[0]


def steward(theme: Theme, role: str) -> Person:
    return theme.stewards.filter(role=role).order_by("pk")[0].person


def put(page: Page, section: str, *pieces: str) -> None:
    field = page.locator(f"#id_{section}")
    field.focus()
    for piece in pieces:
        if piece.startswith("{"):
            page.locator(f'[data-inserts="{{{{ {piece[1:-1]} }}}}"]').click()
        else:
            field.press_sequentially(piece, delay=0)


def keep_extract(page: Page, heading: str) -> None:
    """The first words of the first source under this heading, selected where they are read."""
    source = page.locator(f"h2:text-is('{heading}') ~ details.source:not(:has-text('Pas encore validé'))").first
    source.locator("summary").click()
    source.locator(".source__part p").first.select_text()
    expect(source.locator("textarea")).not_to_have_value("")
    source.get_by_role("button", name="Garder cette citation").click()


def plain(text: str) -> str:
    return text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")


def number(text: str) -> int:
    return int(re.sub(r"\s", "", text))


def figures_shown(page: Page) -> dict[str, int]:
    """The figures as the public reads them, beside their definitions."""
    found = {}
    for term in page.locator("dt[id^='chiffre-']").all():
        words = re.match(r"[\d\s]+", term.text_content() or "")
        assert words is not None
        found[str(term.get_attribute("id")).removeprefix("chiffre-")] = number(words[0])
    return found


def tables_shown(page: Page) -> dict[str, Cells]:
    """Every cell of every table of the page."""
    found: dict[str, Cells] = {}
    for caption, (head, *body) in page.evaluate(SHOWN):
        found[plain(caption)] = {
            (plain(row[0]), plain(column)): number(cell)
            for row in body
            for column, cell in zip(head[1:], row[1:], strict=True)
        }
    return found


def test_a_synthesis_is_composed_and_published_without_typing_a_figure(
    demonstration: None,
    live_server: Any,
    page: Page,
    enter: Callable[[Page, str], None],
    axe: Callable[..., list[str]],
) -> None:
    theme = told(year(timezone.localtime()))
    expert, inspector = steward(theme, "expert").email, steward(theme, "general_inspector").email
    words = [*TYPED.values(), *(piece for piece in (*WORK, *PUPILS) if not piece.startswith("{"))]
    assert not any(re.search(r"\d", text) for text in words)
    main = page.locator("main")

    # Opened with what the facts say
    enter(page, expert)
    page.goto(f"{live_server.url}/evaluation/themes/{theme.pk}")
    main.get_by_role("button", name="Ouvrir la synthèse").click()
    expect(main).to_contain_text("Les chiffres sont déjà là")
    address = page.url

    # Two extracts, of a bilan and of a return from class
    main.get_by_role("link", name="Choisir des extraits à citer").click()
    keep_extract(page, "Les bilans des académies")
    expect(main).to_contain_text("Citation 1 gardée")
    keep_extract(page, "Les retours de classe")
    expect(main).to_contain_text("Citation 2 gardée")
    assert axe(page) == []

    # The text, with figures put in by buttons
    main.get_by_role("link", name="Revenir à l’écriture").click()
    for section, text in TYPED.items():
        main.locator(f"#id_{section}").fill(text)
    put(page, "work", *WORK)
    put(page, "pupils", *PUPILS)
    expect(page.locator("[data-inserted]")).to_contain_text("Ce que les élèves y gagnent")
    main.locator("[name=licence]").select_option("CC-BY-SA")
    main.locator("[name=nobody_named]").check(force=True)
    assert axe(page) == []
    main.get_by_role("button", name="Enregistrer").click()
    expect(main).to_contain_text("Synthèse enregistrée.")
    main.get_by_role("button", name="Soumettre à l'inspection générale").click()
    expect(main).to_contain_text("l'inspection générale est prévenue")

    # Judged by the general inspector
    enter(page, inspector)
    page.goto(address)
    main.get_by_role("button", name="Valider").click()
    expect(main).to_contain_text("Synthèse validée")

    # On line, and sent
    enter(page, expert)
    page.goto(address)
    main.get_by_role("button", name="Publier").click()
    expect(main).to_contain_text("Synthèse publiée")
    main.get_by_role("link", name="Envoyer").click()
    main.get_by_role("button", name="Envoyer").click()
    expect(main).to_contain_text("courriels partent")

    # What everyone reads, number by number
    enter(page, "")
    public = PublicSynthesis.objects.latest("pk")
    page.goto(f"{live_server.url}/syntheses/{public.pk}")
    facts = figures_of([theme])
    work = "".join(str(facts[piece[1:-1]]) if piece[1:-1] in facts else piece for piece in WORK if ":" not in piece)
    assert re.sub(r"\s", "", work) in re.sub(r"\s", "", plain(page.locator("#partie-work").text_content() or ""))
    assert figures_shown(page) == {key: facts[key] for key in QUESTIONS if facts[key] or f"{{{key}}}" in WORK}
    assert tables_shown(page) == tables_of([theme])
    expect(page.locator("#partie-pupils blockquote")).to_have_count(2)
    page.locator("#partie-work a[href='#chiffre-eleves']").click()
    expect(page.locator("#chiffre-eleves")).to_be_in_viewport()
    assert axe(page) == []
