"""The rights sheet on the pages of the workshop: drawn, filled, signed; what is refused, and to whom."""

import re
from collections.abc import Callable
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
from traam.programme.publication.models import Resource, RightsSheet
from traam.programme.publication.sheet_rules import is_signed

pytestmark = pytest.mark.django_db
AT = timezone.localtime()
Named = Callable[[str], Any]
SERVICE = {
    "kind": "service",
    "name": "Carte en ligne",
    "address": "https://carte.exemple.fr",
    "terms_read_on": f"{AT:%d/%m/%Y}",
    "terms_address": "https://carte.exemple.fr/cgu",
    "account": "none",
    "data_place": "none",
    "framework": "other",
}


@pytest.fixture
def sketch(scenario_named: Named) -> Scenario:
    found: Scenario = scenario_named("Débattre")
    return found


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def at(name: str, scenario: Scenario, *more: object) -> str:
    return reverse(f"workshop:{name}", args=[scenario.pk, *more])


def text(response: Any) -> str:
    said = response.content.decode()
    for entity, plain in (("\u00a0", " "), ("\u202f", " "), ("&#39;", "'"), ("&nbsp;", " "), ("’", "'")):
        said = said.replace(entity, plain)
    return str(re.sub(r"<[^>]+>", " ", said))


def sheet_of(scenario: Scenario) -> RightsSheet:
    found = sheet_queries.sheet(find_scenario(scenario.pk))
    assert found is not None
    return found


def validated(scenario_named: Named) -> Scenario:
    endorsed = productions.move(scenario_named("Réviser"), "endorse", actor=who("inspecteur.lyon"), at=AT)
    return productions.move(endorsed, "confirm", actor=who("expert"), at=AT)


def test_the_sheet_begins_with_what_the_scenario_cites(sign_in: Named, sketch: Scenario) -> None:
    Scenario.objects.filter(pk=sketch.pk).update(sections={"context": "Voir https://exemple.fr/page."}, tools=["Pix"])
    client = sign_in("enseignante.lyon")
    assert "Commencer la fiche de droits" in text(client.get(at("scenario", sketch)))
    page = text(client.get(at("rights", sketch)))
    assert "exemple.fr/page" in page and "Adresse citée dans « contexte »" in page
    client.post(at("draw_rights", sketch), {"key": ["link-https://exemple.fr/page", "invented"]})
    assert [one.name for one in sheet_of(sketch).resources.all()] == ["exemple.fr/page"]
    page = text(client.post(at("draw_rights", sketch), follow=True))
    assert "Rien à reprendre" in page


def test_a_resource_is_typed_corrected_moved_and_removed(sign_in: Named, sketch: Scenario) -> None:
    client = sign_in("enseignante.lyon")
    page = text(client.post(at("add_resource", sketch), SERVICE, follow=True))
    assert "« Carte en ligne » est sur la fiche" in page and "Complète" in page
    made = Resource.objects.get(sheet__scenario=sketch, name="Carte en ligne")
    client.post(at("change_resource", sketch, made.pk), {**SERVICE, "framework": ""})
    page = text(client.get(at("rights", sketch)))
    assert "Dites s'il est ouvert par le GAR" in page
    client.post(at("move_resource", sketch, made.pk), {"up": "1"})
    assert "ne sera plus sur la fiche" in text(client.get(at("remove_resource", sketch, made.pk)))
    client.post(at("remove_resource", sketch, made.pk))
    assert not Resource.objects.filter(pk=made.pk).exists()
    assert client.get(at("change_resource", sketch, made.pk)).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Nom"),
        ("terms_read_on", "31/02/2026", "jj/mm/aaaa"),
        ("terms_read_on", "01/01/2999", "pas encore venu"),
        ("address", "javascript:alert(1)", "https://"),
        ("account", "every", "every"),
    ],
)
def test_a_bad_value_is_said_and_nothing_is_written(
    field: str, value: str, said: str, sign_in: Named, sketch: Scenario
) -> None:
    response = sign_in("enseignante.lyon").post(at("add_resource", sketch), {**SERVICE, field: value})
    assert response.status_code == 422
    assert said in text(response)
    assert not Resource.objects.filter(sheet__scenario=sketch).exists()


def test_a_known_service_proposes_what_is_known_of_it(sign_in: Named, sketch: Scenario) -> None:
    response = sign_in("enseignante.lyon").get(at("add_resource", sketch) + "?service=apps.education.fr")
    assert "Proposé pour apps.education.fr : vérifiez-le." in text(response)
    assert '<option value="apps" selected>' in response.content.decode()


def test_the_pupils_and_the_place_are_said(sign_in: Named, sketch: Scenario) -> None:
    client = sign_in("enseignante.lyon")
    sent = {"revision": "0", "pupils": "authorised", "authorisations": "", "way": "elsewhere", "address": "http://a.fr"}
    response = client.post(at("edit_rights", sketch), sent)
    assert response.status_code == 422 and "https://" in text(response)
    sent["address"] = "https://pedagogie.ac-exemple.fr/scenario"
    page = text(client.post(at("edit_rights", sketch), sent, follow=True))
    assert "Dites où sont gardées les autorisations écrites" in page
    assert "Donnez le jour de la mise en ligne" in page
    stale = client.post(at("edit_rights", sketch), {**sent, "pupils": "none"})
    assert stale.status_code == 409
    assert "Deux personnes ont écrit en même temps" in text(stale)


def test_two_people_on_one_resource_see_both(sign_in: Named, sketch: Scenario) -> None:
    made = actions.add_resource(sketch, ResourceValues("service", "Carte"), actor=who("referent.lyon"), at=AT)
    address = at("change_resource", sketch, made.pk)
    response = sign_in("enseignante.lyon").post(address, {**SERVICE, "opened": "another"})
    assert response.status_code == 409
    assert "Texte enregistré" in text(response)
    again = sign_in("enseignante.lyon").post(address, {**SERVICE, "opened": "another", "resume": "1"})
    assert "Carte en ligne" in again.content.decode()


@pytest.mark.parametrize("name", ["inspecteur.lyon", "expert", "bureau", "dan.lyon"])
def test_who_reads_the_scenario_reads_the_sheet_and_no_more(name: str, sign_in: Named, sketch: Scenario) -> None:
    client = sign_in(name)
    assert "Ajouter une ressource" not in text(client.get(at("rights", sketch)))
    for address in ("edit_rights", "add_resource", "draw_rights"):
        response = client.post(at(address, sketch), SERVICE)
        assert response.status_code == 403
        assert "membres du groupe" in text(response)


def test_strangers_do_not_read_the_sheet(sign_in: Named, sketch: Scenario) -> None:
    assert sign_in("referent.lille").get(at("rights", sketch)).status_code == 403


def test_the_referent_signs_what_she_sees(sign_in: Named, scenario_named: Named) -> None:
    scenario = validated(scenario_named)
    rights.fill(scenario, who("referent.lyon"), AT)
    refused = sign_in("enseignante.lyon").get(at("declare_rights", scenario))
    assert refused.status_code == 403 and "professeur référent" in text(refused)
    client = sign_in("referent.lyon")
    assert "Relire et signer la fiche" in text(client.get(at("scenario", scenario)))
    page = client.get(at("declare_rights", scenario)).content.decode()
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    assert shown is not None
    stale = client.post(at("declare_rights", scenario), {"shown": "0" * 64}, follow=True)
    assert "a changé depuis" in text(stale) and not is_signed(sheet_of(scenario))
    done = text(client.post(at("declare_rights", scenario), {"shown": shown[1]}, follow=True))
    assert "Fiche signée" in done and is_signed(sheet_of(scenario))
    assert client.get(at("declare_rights", scenario)).status_code == 403


def test_an_incomplete_sheet_says_what_lacks_instead_of_signing(sign_in: Named, scenario_named: Named) -> None:
    scenario = validated(scenario_named)
    actions.add_resource(scenario, ResourceValues("medium", "Ma photo"), actor=who("referent.lyon"), at=AT)
    page = text(sign_in("referent.lyon").get(at("declare_rights", scenario)))
    assert "n'est pas complète" in page and "Ma photo" in page


def test_the_sheet_costs_the_same_whatever_it_holds(
    sign_in: Named, sketch: Scenario, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        values = ResourceValues("medium", f"Photo {n}", licence="CC-BY-ND")
        actions.add_resource(sketch, values, actor=who("referent.lyon"), at=AT)
    client = sign_in("referent.lyon")
    with django_assert_max_num_queries(34):
        client.get(at("rights", sketch))
