"""The editor of a scenario with a keyboard and a screen: its bar, its steps, two authors, and the pages around it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Theme
from traam.programme.catalogue.models import Notice
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario, Version

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Axe = Callable[[Page], list[str]]


def enter(page: Page, address: str, who: str) -> None:
    client = Client()
    client.force_login(Person.objects.get(email=f"{who}@{DOMAIN}"))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


def faults(page: Page, axe: Axe) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return axe(page) + ([f"overflows by {wide} px"] if wide > 0 else [])


def sketch() -> Scenario:
    return Scenario.objects.get(title__startswith="Débattre")


def address(name: str, *numbers: int, page: str = "") -> str:
    return reverse(f"workshop:{name}", args=numbers) + page


def furnish() -> list[tuple[str, str]]:
    """Something to show on every page; who reads it, and where."""
    released = Scenario.objects.get(title__startswith="Enquêter")
    first = Version.objects.get(review=released.review_id, number=1)
    told = {**first.content, "title": "Enquêter autrement", "summary": "Un résumé récrit.", "levels": []}
    Version.objects.create(review=released.review, number=2, content=told, made_at=first.made_at, made_by=first.made_by)
    phases = [{"title": "Ouvrir", "minutes": 10, "text": "*Ici*"}, {"title": "Clore", "minutes": None, "text": ""}]
    Scenario.objects.filter(pk=sketch().pk).update(
        phases=phases, origin=released, origin_kind="level", competences=["5.3"]
    )
    theme = Theme.objects.exclude(pk=released.group.application.theme_id).filter(applications__group__isnull=False)[0]
    Theme.objects.filter(pk=theme.pk).update(continues=released.group.application.theme, year=2)
    second = Group.objects.filter(application__theme=theme)[0]
    other = second.members.get(role="referent").person.email.split("@")[0]
    return [
        ("referent.lyon", address("edit_scenario", sketch().pk)),
        ("referent.lyon", address("scenario", sketch().pk)),
        ("referent.lyon", address("compare", released.pk, page="?avant=1&apres=2")),
        ("referent.lyon", address("decline", released.pk)),
        ("referent.lyon", address("import_document", sketch().pk)),
        ("referent.lyon", address("scenarios", released.group_id)),
        ("referent.lyon", address("history", released.group_id)),
        (other, address("first_year", second.pk)),
        (other, address("carry_on", second.pk, released.pk)),
        (other, address("reuse", Notice.objects.get(source_key=f"scenario:{released.pk}").pk)),
    ]


def test_every_page_around_a_scenario_is_sound_and_the_editor_is_driven_by_keyboard(
    demonstration: None,
    live_server: object,
    browser_page: Callable[..., Page],
    axe: Axe,
    sound: Callable[..., dict[str, list[str]]],
) -> None:
    url = str(live_server)
    assert sound(furnish()) == {}
    page = browser_page(1280)
    enter(page, url, "referent.lyon")
    page.goto(url + address("edit_scenario", sketch().pk))
    _the_bar(page)
    _the_steps(page, axe)
    _two_authors(url, page, browser_page(390), axe)
    _without_scripts(url, browser_page(390, script=False))


def _the_bar(page: Page) -> None:
    """One stop of the Tab key, arrows inside, and shortcuts that can be undone."""
    area = page.get_by_role("textbox", name=re.compile("^Évaluation"))
    area.fill("une grille")
    bar = page.get_by_role("toolbar", name="Mise en forme : Évaluation", exact=True)
    area.select_text()
    area.press("Control+b")
    expect(area).to_have_value("**une grille**")
    area.press("Control+z")
    expect(area).to_have_value("une grille")
    area.press("Shift+Tab")
    expect(bar.get_by_role("button", name="Titre")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(bar.get_by_role("button", name="Liste")).to_be_focused()
    page.keyboard.press("Enter")
    expect(area).to_have_value("- une grille")
    expect(area).to_be_focused()
    bar.get_by_role("button", name="Image").click()
    expect(page.get_by_text("Déposez d’abord l’image parmi les pièces du scénario")).to_be_visible()


def _the_steps(page: Page, axe: Axe) -> None:
    """Added, moved and removed without leaving the page; the focus follows, and it is said."""
    page.get_by_role("button", name="Ajouter une étape").press("Enter")
    title = page.get_by_label("Étape 3 : titre")
    expect(title).to_be_focused()
    expect(page.locator("#annonces")).to_have_text("Étape 3 ajoutée.")
    title.fill("Recommencer")
    page.get_by_label("Étape 3 : Minutes").fill("25")
    expect(page.locator("[data-phases-total]")).to_have_text("Les étapes durent 35 minutes en tout.")
    page.get_by_role("button", name="Monter l’étape 3").click()
    expect(page.get_by_label("Étape 2 : titre")).to_have_value("Recommencer")
    expect(page.get_by_label("Étape 2 : titre")).to_be_focused()
    page.get_by_role("button", name="Supprimer l’étape 3").click()
    expect(page.get_by_label("Étape 3 : titre")).to_have_count(0)
    page.get_by_role("button", name="Prendre ce total comme durée").click()
    expect(page.get_by_label("Durée totale, en minutes")).to_have_value("35")
    expect(page.get_by_role("button", name="Prendre ce total comme durée")).to_be_hidden()
    expect(page.get_by_role("textbox", name=re.compile("^Évaluation"))).to_have_value("- une grille")
    expect(page.locator("[data-typing-state]")).to_contain_text("Votre saisie est gardée")
    assert faults(page, axe) == []
    page.get_by_label("Titre", exact=True).press("Enter")  # saves, and moves no step
    expect(page.locator("#contenu").get_by_text("Scénario enregistré.")).to_be_visible()
    assert [phase["title"] for phase in sketch().phases] == ["Ouvrir", "Recommencer"]


def _two_authors(url: str, page: Page, phone: Page, axe: Axe) -> None:
    """Two people save the same part: both find their words."""
    enter(phone, url, "enseignante.lyon")
    for each in (page, phone):
        each.goto(url + address("edit_scenario", sketch().pk))
    steps = re.compile("^Déroulement")
    page.get_by_role("textbox", name=steps).fill("Le texte du référent.")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("#contenu").get_by_text("Scénario enregistré.")).to_be_visible()
    phone.get_by_role("textbox", name=steps).fill("Le texte de l'enseignante.")
    phone.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Deux personnes ont écrit en même temps")
    assert faults(phone, axe) == []
    expect(phone.get_by_role("radio", name="Garder les deux, l’un après l’autre")).to_be_checked()
    phone.get_by_role("button", name="Enregistrer ces choix").click()
    expect(phone.locator("#contenu").get_by_text("Scénario enregistré.")).to_be_visible()
    assert sketch().sections["steps"] == "Le texte du référent.\n\nLe texte de l'enseignante."


def _without_scripts(url: str, page: Page) -> None:
    """The same, for who has no script: the text areas stay text areas."""
    enter(page, url, "referent.lyon")
    page.goto(url + address("edit_scenario", sketch().pk))
    expect(page.get_by_role("toolbar")).to_have_count(0)
    page.get_by_role("textbox", name=re.compile("^Limites|^Réussites")).fill("Rien n'est perdu")
    page.get_by_role("button", name="Descendre l’étape 1").click()
    expect(page.get_by_label("Étape 1 : titre")).to_have_value("Recommencer")
    expect(page.get_by_text("L'étape 1 est maintenant la 2ᵉ.")).to_be_visible()
    expect(page.get_by_role("textbox", name=re.compile("^Limites|^Réussites"))).to_have_value("Rien n'est perdu")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("#contenu").get_by_text("Scénario enregistré.")).to_be_visible()
    assert [phase["title"] for phase in sketch().phases] == ["Recommencer", "Ouvrir"]
