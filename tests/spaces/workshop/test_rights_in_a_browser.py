"""The rights of a scenario as people see them, from the sheet to the control: sound at both widths, used on a phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from traam.demo import rights
from traam.demo.build import DOMAIN
from traam.programme.people.models import Person
from traam.programme.productions import actions as productions
from traam.programme.productions.models import Scenario
from traam.programme.publication import actions, sheet_queries
from traam.programme.publication.actions import ResourceValues

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "https://exemple.fr/" + "un-chemin-tres-long-sans-espace/" * 12


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def sketch(demonstration: None) -> Scenario:
    """Not signed: an address of a long path to draw, a resource on which all lacks, another under a licence that
    contradicts that of the scenario."""
    scenario = Scenario.objects.get(title__startswith="Débattre")
    scenario.sections |= {"context": f"Voir {LONG}"}
    scenario.save()
    told: dict[str, Any] = {"actor": who("enseignante.lyon"), "at": timezone.localtime()}
    actions.add_resource(scenario, ResourceValues("service", "Carte en ligne"), **told)
    photo = ResourceValues("medium", "F" * 120, licence="CC-BY-ND", holder="Une photographe")
    actions.add_resource(scenario, photo, **told)
    return scenario


@pytest.fixture
def signed(demonstration: None) -> Scenario:
    """Signed; one line answered no, another fault waived."""
    at = timezone.localtime()
    waiting = Scenario.objects.get(title__startswith="Réviser")
    endorsed = productions.move(waiting, "endorse", actor=who("inspecteur.lyon"), at=at)
    scenario = productions.move(endorsed, "confirm", actor=who("expert"), at=at)
    game = ResourceValues("service", "Jeu en ligne", account="pupil", data_place="outside", framework="other")
    actions.add_resource(scenario, game, actor=who("referent.lyon"), at=at)
    rights.fill(scenario, who("referent.lyon"), at)
    rights.sign(scenario, who("referent.lyon"), at)
    sheet = sheet_queries.sheet(scenario)
    assert sheet is not None
    actions.answer(sheet, "access", "no", "Le schéma n'a pas d'alternative.", actor=who("inspecteur.lyon"), at=at)
    until = at.date() + timedelta(days=60)
    reason = "L'académie refait son site en juin."
    actions.grant(scenario, "audit", "legal", "", reason, until, actor=who("inspecteur.lyon"), at=at)
    return scenario


def test_the_pages_of_rights_are_sound(
    sketch: Scenario, signed: Scenario, sound: Callable[..., dict[str, list[str]]]
) -> None:
    first = sheet_queries.sheet(sketch).resources.all()[0]  # type: ignore[union-attr]
    pages = [
        ("enseignante.lyon", reverse("workshop:rights", args=[sketch.pk])),
        ("enseignante.lyon", reverse("workshop:edit_rights", args=[sketch.pk])),
        ("enseignante.lyon", reverse("workshop:change_resource", args=[sketch.pk, first.pk])),
        ("inspecteur.lyon", reverse("review:checklist", args=[signed.pk])),
        ("inspecteur.lyon", reverse("review:waivers", args=[signed.pk])),
        ("referent.lyon", reverse("workshop:rights", args=[signed.pk])),
    ]
    assert sound(pages) == {}


def test_a_resource_is_added_on_a_phone_then_the_sheet_says_what_lacks(
    live_server: Any, phone: Page, enter: Any, sketch: Scenario
) -> None:
    page = phone
    enter(page, "enseignante.lyon")
    page.goto(live_server.url + reverse("workshop:rights", args=[sketch.pk]))
    page.get_by_role("button", name="Ajouter à la fiche").click()
    expect(page.get_by_text("Ajouté à la fiche").first).to_be_visible()
    page.get_by_role("link", name="Ajouter une ressource").click()
    page.get_by_role("link", name="apps.education.fr").click()
    expect(page.get_by_label("Nom", exact=True)).to_have_value("apps.education.fr")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("« apps.education.fr » est sur la fiche").first).to_be_visible()
    expect(page.get_by_text("Donnez l'adresse de ses conditions d'utilisation").first).to_be_visible()
