"""The control of a scenario on the pages of the inspector: the checklist answered, the waivers granted and ended."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from traam.demo import rights
from traam.demo.build import DOMAIN
from traam.programme.people.models import Person
from traam.programme.productions import actions as productions
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication import actions, sheet_queries
from traam.programme.publication.actions import ResourceValues
from traam.programme.publication.models import Control, RightsSheet, Waiver
from traam.programme.publication.sheet_rules import obstacles

pytestmark = pytest.mark.django_db
AT = timezone.localtime()
SOON = f"{AT + timedelta(days=60):%d/%m/%Y}"
Named = Callable[[str], Any]


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def text(response: Any) -> str:
    said = response.content.decode()
    for entity, plain in (("\u00a0", " "), ("\u202f", " "), ("&#39;", "'"), ("&nbsp;", " "), ("’", "'")):
        said = said.replace(entity, plain)
    return str(re.sub(r"<[^>]+>", " ", said))


def at(name: str, pk: int) -> str:
    return reverse(f"review:{name}", args=[pk])


def sheet_of(scenario: Scenario) -> RightsSheet:
    found = sheet_queries.sheet(find_scenario(scenario.pk))
    assert found is not None
    return found


@pytest.fixture
def validated() -> Scenario:
    waiting = find_scenario(Scenario.objects.get(title__startswith="Réviser").pk)
    endorsed = productions.move(waiting, "endorse", actor=who("inspecteur.lyon"), at=AT)
    return productions.move(endorsed, "confirm", actor=who("expert"), at=AT)


@pytest.fixture
def signed(validated: Scenario) -> Scenario:
    rights.fill(validated, who("referent.lyon"), AT)
    rights.sign(validated, who("referent.lyon"), AT)
    return find_scenario(validated.pk)


def every(scenario: Scenario, answer: str = "yes") -> dict[str, str]:
    lines = scenario.group.application.theme.campaign.edition.checklist
    return {line.id: answer for line in lines} | {f"{line.id}_reason": "Vu." for line in lines}


def test_before_the_signature_the_checklist_is_read_and_not_answered(sign_in: Named, validated: Scenario) -> None:
    client = sign_in("inspecteur.lyon")
    assert "n'est pas commencée" in text(client.get(at("checklist", validated.pk)))
    rights.fill(validated, who("referent.lyon"), AT)
    page = text(client.get(at("checklist", validated.pk)))
    assert "le professeur référent la signe d'abord" in page and "Article B.14" in page
    assert client.post(at("checklist", validated.pk), every(validated)).status_code == 403
    assert not Control.objects.filter(sheet__scenario=validated).exists()


def test_the_inspector_answers_with_the_facts_beside_each_question(sign_in: Named, signed: Scenario) -> None:
    client = sign_in("inspecteur.lyon")
    assert "Répondre au contrôle" in text(client.get(at("scenario", signed.pk)))
    page = client.get(at("checklist", signed.pk)).content.decode()
    accounts = page[page.index("Aucun compte au nom") : page.index("Le lieu où vivent")]
    assert "Assistant d" in page[page.index("Les conditions d") :]
    assert "#B.14" in accounts
    done = client.post(at("checklist", signed.pk), every(signed), follow=True)
    assert "Contrôle terminé" in text(done)
    assert obstacles(find_scenario(signed.pk), timezone.now()) == []


def test_a_no_without_a_reason_is_refused_and_what_was_typed_stays(sign_in: Named, signed: Scenario) -> None:
    sent = every(signed) | {"media": "no", "media_reason": "", "social_reason": "Deux liens regardés."}
    response = sign_in("inspecteur.lyon").post(at("checklist", signed.pk), sent)
    assert response.status_code == 422
    assert "Dites ce qui ne va pas" in text(response)
    assert "Deux liens regardés." in response.content.decode()
    assert not Control.objects.filter(sheet__scenario=signed).exists()


def test_what_was_signed_again_meanwhile_is_not_answered_unread(sign_in: Named, signed: Scenario) -> None:
    client = sign_in("inspecteur.lyon")
    stale = client.post(at("checklist", signed.pk), every(signed) | {"shown": "0" * 64})
    assert stale.status_code == 422 and "a changé depuis" in text(stale)
    shown = {"shown": sheet_of(signed).declared}
    assert "Contrôle terminé" in text(client.post(at("checklist", signed.pk), every(signed) | shown, follow=True))


def test_what_was_typed_and_not_sent_is_found_again(sign_in: Named, signed: Scenario) -> None:
    client = sign_in("inspecteur.lyon")
    typed = {"typing-place": f"checklist:{signed.pk}", "media": "no", "media_reason": "La photo du port"}
    client.post(reverse("desk:keep_typing"), typed)
    page = client.get(at("checklist", signed.pk)).content.decode()
    assert "Texte retrouvé" in page and "La photo du port" in page
    client.post(at("checklist", signed.pk), every(signed))
    assert "Texte retrouvé" not in client.get(at("checklist", signed.pk)).content.decode()


def test_answers_may_come_one_at_a_time_and_keep_their_author(sign_in: Named, signed: Scenario) -> None:
    sign_in("inspecteur.lyon").post(at("checklist", signed.pk), {"media": "yes"})
    sign_in("bureau").post(at("checklist", signed.pk), every(signed) | {"media_reason": ""})
    by = {control.item: control.answered_by for control in sheet_of(signed).controls.all()}
    assert by["media"] == who("inspecteur.lyon")
    assert by["social"] == who("bureau")


def test_what_changed_since_is_proposed_again(sign_in: Named, signed: Scenario) -> None:
    rights.check(signed, who("inspecteur.lyon"), AT)
    later = AT + timedelta(minutes=1)
    photo = ResourceValues("medium", "Une photo", licence="own")
    actions.add_resource(signed, photo, actor=who("referent.lyon"), at=later)
    rights.sign(signed, who("referent.lyon"), later)
    client = sign_in("inspecteur.lyon")
    page = client.get(at("checklist", signed.pk)).content.decode()
    assert "Réponse à confirmer" in page
    assert re.search(r'name="media"[^>]*value="yes"[^>]*checked', page)


@pytest.mark.parametrize("name", ["referent.lyon", "enseignante.lyon", "expert", "dan.lyon"])
def test_others_read_the_answers_only(name: str, sign_in: Named, signed: Scenario) -> None:
    rights.check(signed, who("inspecteur.lyon"), AT)
    client = sign_in(name)
    page = text(client.get(at("checklist", signed.pk)))
    assert "Vérifié sur la fiche" in page and "Enregistrer les réponses" not in page
    assert client.post(at("checklist", signed.pk), every(signed, "no")).status_code == 403
    assert client.get(at("waivers", signed.pk)).status_code == 200
    assert client.get(at("grant_waiver", signed.pk)).status_code == 403


@pytest.mark.parametrize("name", ["inspecteur.lille", "referent.lille"])
def test_strangers_see_nothing(name: str, sign_in: Named, signed: Scenario) -> None:
    client = sign_in(name)
    for page in ("checklist", "waivers", "grant_waiver"):
        assert client.get(at(page, signed.pk)).status_code == 403


def test_a_waiver_is_granted_told_and_ended(sign_in: Named, signed: Scenario) -> None:
    client = sign_in("inspecteur.lyon")
    client.post(at("checklist", signed.pk), every(signed) | {"access": "no", "access_reason": "Schéma muet."})
    assert "Accorder une dérogation" in text(client.get(at("checklist", signed.pk)))
    granting = at("grant_waiver", signed.pk) + "?ligne=access"
    assert '<option value="control:access" selected>' in client.get(granting).content.decode()
    sent = {"what": "control:access", "reason": "Une version en texte suivra.", "until": SOON}
    bad = client.post(granting, sent | {"until": f"{AT:%d/%m/%Y}"})
    assert bad.status_code == 422 and "un an au plus" in text(bad)
    page = text(client.post(granting, sent, follow=True))
    assert "Une version en texte suivra." in page and "Dérogation accordée" in page
    twice = client.post(granting, sent)
    assert twice.status_code == 422 and "déjà en cours" in text(twice)
    assert obstacles(find_scenario(signed.pk), timezone.now()) == []
    waiver = Waiver.objects.get()
    assert sign_in("referent.lyon").post(at("end_waiver", waiver.pk), {"reason": "x"}).status_code == 403
    client = sign_in("inspecteur.lyon")
    assert client.post(at("end_waiver", waiver.pk), {"reason": ""}).status_code == 422
    done = client.post(at("end_waiver", waiver.pk), {"reason": "Le texte est là."}, follow=True)
    assert "Aucune dérogation n'est en cours" in text(done) and "Le texte est là." in text(done)
    assert len(obstacles(find_scenario(signed.pk), timezone.now())) == 1


def test_a_fault_of_the_audit_is_waived_for_one_finding(sign_in: Named, signed: Scenario) -> None:
    address = at("grant_waiver", signed.pk) + "?defaut=legal&constat=abc123"
    sent = {"what": "audit:legal", "reason": "Le site les ajoute en juin.", "until": SOON}
    sign_in("inspecteur.lyon").post(address, sent)
    assert Waiver.objects.get().finding == "abc123"


def test_the_checklist_costs_the_same_whatever_the_sheet_holds(
    sign_in: Named, signed: Scenario, django_assert_max_num_queries: Any
) -> None:
    rights.check(signed, who("inspecteur.lyon"), AT)
    client = sign_in("inspecteur.lyon")
    with django_assert_max_num_queries(34):
        client.get(at("checklist", signed.pk))
