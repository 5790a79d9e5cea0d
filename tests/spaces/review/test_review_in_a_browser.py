"""The pages of the readers in a real browser: sound for assistive technology, no wider than the screen."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Theme
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.people.models import Appointment, Person, Role
from traam.programme.productions import actions as productions
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.selection import opinions
from traam.programme.valorisation.syntheses.models import Synthesis


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def enter(page: Page, live_server: Any, name: str) -> None:
    client = Client()
    client.force_login(person(name))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def _another_reader() -> None:
    """An expert who was asked to read one dossier, so that the pages of readers have something to show."""
    at = timezone.now()
    reader = Person.objects.create(email="lectrice@exemple.invalid", name="Lectrice désignée", created_at=at)
    Appointment.objects.create(person=reader, role=Role.EXPERT, since=date(2020, 1, 1))
    bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
    waiting = Application.objects.filter(theme__campaign__state="open", state="forwarded").order_by("pk")[0]
    opinions.assign([waiting], [reader], actor=bureau, at=at)
    opinions.declare_conflict(waiting, "Je connais cette équipe.", actor=reader, at=at)


def _a_second_version(scenario: Scenario) -> None:
    """Remarks without and with an answer, a part that changed: the inspector reads the second version."""
    at, inspector, referent = timezone.localtime(), person("inspecteur.lyon"), person("referent.lyon")
    first = productions.remark(scenario, "steps", "deux heures", "Est-ce tenable ?", actor=inspector, at=at)
    whole = productions.remark(scenario, "", "", "Anticonstitutionnellement" * 6, actor=person("expert"), at=at)
    productions.move(scenario, "send_back", comment="Presque.", actor=inspector, at=at)
    for remark in (first, whole):
        productions.answer(remark, "C'est précisé.", actor=referent, at=at)
    sections = {**scenario.sections, "steps": "Trois heures, en deux séances."}
    Scenario.objects.filter(pk=scenario.pk).update(sections=sections)
    productions.submit(find_scenario(scenario.pk), actor=referent, at=at)
    productions.close(first, actor=inspector, at=at)
    productions.remark(find_scenario(scenario.pk), "steps", "", "Merci.", actor=person("expert"), at=at)


def addresses() -> list[tuple[str, str]]:
    """(who, path) of every page, in each of its states that matters."""
    running = Theme.objects.filter(campaign__state="open").order_by("pk")[0]
    done = Theme.objects.filter(campaign__state="closed").order_by("pk")[0]
    waiting = Application.objects.filter(theme=running, state="forwarded").order_by("pk")[0]
    Application.objects.filter(pk=waiting.pk).update(
        titles=["Anticonstitutionnellement" * 4, "Un second projet au titre très long, pour voir s'il tient"]
    )
    judged = Application.objects.filter(theme=done, state="forwarded").order_by("pk")[0]
    submitted = Scenario.objects.get(state="submitted")
    _a_second_version(submitted)
    released = Scenario.objects.get(state="validated", group__application__academy="10")
    return [
        ("expert", "/evaluation/"),
        ("bureau", "/evaluation/"),
        ("inspecteur.lyon", "/evaluation/"),
        ("expert", "/evaluation/groupes"),
        ("expert", f"/evaluation/themes/{running.pk}"),
        ("expert", f"/evaluation/themes/{running.pk}?filtre=sans-mon-avis"),
        ("bureau", f"/evaluation/themes/{done.pk}"),
        ("expert", f"/evaluation/candidatures/{waiting.pk}"),
        ("bureau", f"/evaluation/candidatures/{judged.pk}"),
        ("expert", f"/evaluation/candidatures/{judged.pk}"),
        ("expert", f"/evaluation/candidatures/{waiting.pk}/conflit"),
        ("expert", f"/evaluation/themes/{running.pk}/comparaison"),
        ("bureau", f"/evaluation/themes/{done.pk}/comparaison?tri=-moyenne"),
        ("bureau", f"/evaluation/themes/{running.pk}/lecteurs"),
        ("bureau", f"/evaluation/themes/{running.pk}/lecteurs/repartir"),
        ("inspecteur.lyon", f"/evaluation/scenarios/{submitted.pk}"),
        ("inspecteur.lyon", f"/evaluation/scenarios/{submitted.pk}?depuis=0"),
        ("expert", f"/evaluation/scenarios/{submitted.pk}"),
        ("referent.lyon", f"/atelier/scenarios/{submitted.pk}"),
        ("inspecteur.lyon", f"/evaluation/scenarios/{released.pk}"),
        ("inspecteur.lyon", f"/evaluation/scenarios/{released.pk}/retirer"),
        *_syntheses(),
    ]


def _syntheses() -> list[tuple[str, str]]:
    begun, done = Synthesis.objects.get(state="draft"), Synthesis.objects.get(state="published")
    return [
        ("expert", f"/evaluation/syntheses/{begun.pk}"),
        ("expert", f"/evaluation/syntheses/{begun.pk}/ecrire"),
        ("expert", f"/evaluation/syntheses/{begun.pk}/extraits"),
        ("expert", f"/evaluation/syntheses/{done.pk}/envoyer"),
        ("bureau", "/evaluation/syntheses"),
        ("bureau", "/pilotage/listes-de-diffusion"),
        ("", f"/syntheses/{PublicSynthesis.objects.get(source_key=done.source_key).pk}"),
    ]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_of_the_readers_hold(
    demonstration: None, live_server: Any, browser_page: Callable[..., Page], sound: Callable[..., dict[str, list[str]]]
) -> None:
    pages = addresses()
    _another_reader()
    assert sound(pages) == {}
    _read_with_the_keyboard_and_judge(browser_page(390), live_server)
    _remark_with_the_keyboard(browser_page(390), live_server)


def _remark_with_the_keyboard(page: Page, live_server: Any) -> None:
    """An inspector on a phone: what changed, a remark sent empty, then written, at the part she was reading."""
    enter(page, live_server, "inspecteur.lyon")
    scenario = Scenario.objects.get(state="submitted")
    page.goto(f"{live_server.url}/evaluation/scenarios/{scenario.pk}")
    part = page.get_by_role("region", name="Déroulement")
    part.locator(".differences").select_text()
    part.locator("summary", has_text="Faire une remarque").press("Enter")
    expect(part.get_by_label("Passage concerné")).to_have_value(re.compile("Trois heures"))
    part.get_by_label("Passage concerné").fill("Trois heures")
    part.get_by_role("button", name="Enregistrer la remarque").press("Enter")
    expect(page.locator("#erreurs")).to_be_focused()
    page.get_by_label("Votre remarque").locator("visible=true").fill("Qui prépare le matériel ?")
    part.get_by_role("button", name="Enregistrer la remarque").press("Enter")
    expect(part.get_by_text("Qui prépare le matériel ?")).to_be_visible()


def _read_with_the_keyboard_and_judge(page: Page, live_server: Any) -> None:
    """An expert on a phone: a theme, its first dossier, an opinion sent too soon, then the next dossier."""
    enter(page, live_server, "expert")
    page.goto(live_server.url + "/evaluation/")
    page.get_by_role("link", name="Donner votre avis").first.click()
    page.get_by_role("link", name="Lire le premier dossier sans mon avis").click()
    for question in page.get_by_role("group").filter(has=page.get_by_role("radio")).all():
        question.get_by_label("Favorable (3)", exact=True).press("Space")
    page.get_by_role("button", name="Enregistrer mon avis").click()
    expect(page.locator("#erreurs")).to_be_focused()
    page.get_by_label("Commentaire").fill("Projet réaliste.")
    page.get_by_role("button", name="Enregistrer mon avis").click()
    expect(page.locator("#contenu").get_by_text("Avis enregistré")).to_be_visible()
    page.locator(".fr-callout").get_by_role("link", name="Dossier suivant").click()
    expect(page.get_by_role("button", name="Enregistrer mon avis")).to_be_visible()
