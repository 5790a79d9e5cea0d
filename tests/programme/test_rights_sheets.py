"""The rights sheet of a scenario: drawn, filled, signed, checked, waived."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localtime
from publication_ready import ready

from traam.demo import rights
from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Item
from traam.programme.people.models import Person
from traam.programme.productions import actions as productions
from traam.programme.productions.actions.pieces import Rights, add_piece
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication import actions, sheet_deadlines, sheet_queries
from traam.programme.publication.actions import ResourceValues, SheetValues, StaleResource, StaleSheet
from traam.programme.publication.models import Resource, RightsSheet, Waiver
from traam.programme.publication.sheet_rules import facts, is_signed, lacks, obstacles, proposals
from traam.programme.publication.sheet_rules.signing import seal_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def of_lyon(start: str = "Réviser") -> Scenario:
    return find_scenario(Scenario.objects.get(title__startswith=start, group__application__academy="10").pk)


def validated(at: datetime) -> Scenario:
    endorsed = productions.move(of_lyon(), "endorse", actor=who("inspecteur.lyon"), at=at)
    return productions.move(endorsed, "confirm", actor=who("expert"), at=at)


def signed(at: datetime) -> RightsSheet:
    scenario = validated(at)
    rights.fill(scenario, who("referent.lyon"), at)
    rights.sign(scenario, who("referent.lyon"), at)
    return read(scenario)


def read(scenario: Scenario) -> RightsSheet:
    found = sheet_queries.sheet(find_scenario(scenario.pk))
    assert found is not None
    return found


def service(name: str = "Carte en ligne", **more: object) -> ResourceValues:
    values = ResourceValues(
        kind="service",
        name=name,
        address="https://carte.exemple.fr/",
        terms_read_on=localtime(timezone.now()).date(),
        terms_address="https://carte.exemple.fr/cgu",
        account="none",
        data_place="none",
        framework="other",
    )
    return replace(values, **more)  # type: ignore[arg-type]


def sentences(scenario: Scenario, at: datetime) -> list[str]:
    return [obstacle.sentence for obstacle in obstacles(find_scenario(scenario.pk), at)]


def test_a_ready_scenario_has_no_obstacle_and_costs_few_queries(at, django_assert_max_num_queries) -> None:
    scenario = ready(validated(at), at)
    with django_assert_max_num_queries(5):
        assert obstacles(scenario, at) == []


def test_without_a_sheet_the_obstacle_says_where_to_begin(at: datetime) -> None:
    [only] = obstacles(of_lyon(), at)
    assert "l'atelier" in only.sentence
    assert (only.article, only.topic, only.waivable_code) == ("B.14", "rights", "")


def test_what_the_scenario_cites_is_drawn_once(at: datetime) -> None:
    scenario = of_lyon()
    Scenario.objects.filter(pk=scenario.pk).update(
        state="draft",
        tools=["Nuage d'apps.education.fr", "Crayons"],
        sections={"context": "Voir https://exemple.fr/page), puis (https://exemple.fr/page)."},
    )
    scenario = find_scenario(scenario.pk)
    rights_of = Rights("Photo du port", licence="CC-BY", holder="Une photographe", terms_read_on=date(2026, 9, 1))
    add_piece(scenario, rights_of, address="https://tube.apps.education.fr/v/1", actor=who("referent.lyon"), at=at)
    scenario = find_scenario(scenario.pk)
    found = {proposal.name: proposal for proposal in proposals(scenario, None)}
    assert found["Photo du port"].holder == "Une photographe"
    assert (found["exemple.fr/page"].licence, found["exemple.fr/page"].kind) == ("link", "resource")
    assert (found["Nuage d'apps.education.fr"].framework, found["Nuage d'apps.education.fr"].needed) == ("apps", False)
    actions.draw_resources(scenario, actor=who("enseignante.lyon"), at=at)
    assert proposals(scenario, read(scenario)) == []
    drawn = read(scenario).resources.get(name="Photo du port")
    assert (drawn.licence, drawn.framework, drawn.data_place) == ("CC-BY", "apps", "france")
    assert Entry.objects.filter(verb="draw_resources", object_id=str(scenario.pk)).count() == 1


def test_what_lacks_is_said_by_name_and_field(at: datetime) -> None:
    scenario, author = of_lyon(), who("referent.lyon")
    actions.draw_resources(scenario, actor=author, at=at)
    for resource in read(scenario).resources.all():
        actions.remove_resource(resource, actor=author, at=at)
    actions.add_resource(scenario, ResourceValues("service", "Mon service"), actor=author, at=at)
    actions.add_resource(scenario, ResourceValues("medium", "Ma photo"), actor=author, at=at)
    found = lacks(read(scenario), localtime(at).date())
    fields = [(lack.resource.name if lack.resource else "", lack.field) for lack in found]
    assert ("", "pupils") in fields
    asked = ["terms_read_on", "terms_address", "account", "data_place", "framework"]
    assert [field for name, field in fields if name == "Mon service"] == asked
    assert [field for name, field in fields if name == "Ma photo"] == ["licence"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("terms_read_on", date(2999, 1, 1), "pas encore venu"),
        ("terms_read_on", date(2010, 1, 1), "relisez-les"),
        ("address", "ftp://carte.exemple.fr/", "https://"),
        ("licence", "GPL-42", "liste"),
        ("name", "  ", "Nommez"),
        ("authorisation", "x" * 2001, "2001 caractères"),
    ],
)
def test_a_bad_value_is_refused_where_it_is(field: str, value: object, said: str, at: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_resource(of_lyon(), service(**{field: value}), actor=who("referent.lyon"), at=at)
    assert said in refused.value.errors[field][0]
    assert not Resource.objects.filter(sheet__scenario=of_lyon()).exists()


@pytest.mark.parametrize("name", ["inspecteur.lyon", "expert", "dan.lyon", "bureau"])
def test_only_the_authors_fill_the_sheet(name: str, at: datetime) -> None:
    with pytest.raises(Refused, match="membres du groupe"):
        actions.add_resource(of_lyon(), service(), actor=who(name), at=at)


def test_two_writers_are_told_apart(at: datetime) -> None:
    scenario, author = of_lyon(), who("referent.lyon")
    actions.save_sheet(scenario, SheetValues(pupils="none"), revision=0, actor=author, at=at)
    with pytest.raises(StaleSheet) as stale:
        actions.save_sheet(scenario, SheetValues(), revision=0, actor=author, at=at)
    assert stale.value.stored.pupils == "none"
    made = actions.add_resource(scenario, service(), actor=author, at=at)
    seal = seal_of(made)
    actions.change_resource(made, service(holder="Un titulaire"), seal=seal, actor=author, at=at)
    with pytest.raises(StaleResource):
        actions.change_resource(made, service(holder="Un autre"), seal=seal, actor=author, at=at)


@pytest.mark.parametrize(
    ("address", "dated", "field", "said"),
    [
        ("http://pedagogie.ac-exemple.fr/s", None, "address", "https://"),
        ("https://www.facebook.com/s", None, "address", "réseau social"),
        ("https://pedagogie.ac-exemple.fr/s", date(2999, 1, 1), "dated", "pas encore venu"),
        ("https://pedagogie.ac-exemple.fr/s", date(2012, 1, 1), "dated", "campagne a commencé"),
    ],
)
def test_a_page_elsewhere_is_a_decent_one(
    address: str, dated: date | None, field: str, said: str, at: datetime
) -> None:
    values = SheetValues("none", way="elsewhere", address=address, dated=dated)
    with pytest.raises(Invalid) as refused:
        actions.save_sheet(of_lyon(), values, revision=0, actor=who("referent.lyon"), at=at)
    assert said in refused.value.errors[field][0]


def test_two_scenarios_are_not_read_at_one_address(at: datetime) -> None:
    values = SheetValues("none", way="elsewhere", address="https://pedagogie.ac-exemple.fr/s")
    other = of_lyon("Enquêter")
    actions.save_sheet(other, values, revision=read(other).revision, actor=who("referent.lyon"), at=at)
    with pytest.raises(Invalid, match="Un autre scénario"):
        actions.save_sheet(of_lyon(), values, revision=0, actor=who("referent.lyon"), at=at)


def test_a_signature_is_voided_by_what_it_is_about(at: datetime) -> None:
    sheet = signed(at)
    assert is_signed(sheet)
    first = sheet.resources.first()
    assert first is not None
    actions.move_resource(first, up=False, actor=who("referent.lyon"), at=at)
    assert is_signed(read(sheet.scenario)), "the order is not signed"
    actions.add_resource(sheet.scenario, service(), actor=who("enseignante.lyon"), at=at)
    assert not is_signed(read(sheet.scenario))
    assert any("signe de nouveau" in said for said in sentences(sheet.scenario, at))


def test_a_new_version_is_signed_and_checked_again(at: datetime) -> None:
    scenario = ready(validated(at), at)
    later = at + timedelta(hours=1)
    productions.move(scenario, "reopen", comment="Un mot à changer", actor=who("referent.lyon"), at=later)
    productions.submit(find_scenario(scenario.pk), actor=who("referent.lyon"), at=later)
    endorsed = productions.move(find_scenario(scenario.pk), "endorse", actor=who("inspecteur.lyon"), at=later)
    productions.move(endorsed, "confirm", actor=who("expert"), at=later)
    said = sentences(scenario, later)
    assert any("signe de nouveau" in each for each in said)
    assert any("à confirmer" in each for each in said)
    assert obstacles(ready(scenario, later), later) == []


@pytest.mark.parametrize("name", ["enseignante.lyon", "inspecteur.lyon", "bureau", "referent.lille"])
def test_the_referent_alone_signs(name: str, at: datetime) -> None:
    scenario = validated(at)
    rights.fill(scenario, who("referent.lyon"), at)
    with pytest.raises(Refused, match="professeur référent"):
        actions.declare(scenario, actor=who(name), at=at)


def test_an_incomplete_sheet_is_not_signed(at: datetime) -> None:
    scenario = validated(at)
    actions.add_resource(scenario, ResourceValues("service", "Mon service"), actor=who("referent.lyon"), at=at)
    with pytest.raises(Invalid, match="Mon service"):
        actions.declare(scenario, actor=who("referent.lyon"), at=at)


def test_what_was_not_shown_is_not_signed(at: datetime) -> None:
    scenario = validated(at)
    rights.fill(scenario, who("referent.lyon"), at)
    with pytest.raises(Invalid, match="a changé depuis"):
        actions.declare(scenario, shown="0" * 64, actor=who("referent.lyon"), at=at)


def test_the_inspector_is_told_of_a_signature_and_the_referent_of_a_no(at: datetime) -> None:
    sheet = signed(at)
    waiting = Item.objects.filter(to=who("inspecteur.lyon"), key__startswith="rights:signed:", settled_at=None)
    assert "est signée" in waiting.get().text
    actions.answer(sheet, "media", "no", "La photo du port est sans licence.", actor=who("inspecteur.lyon"), at=at)
    assert not waiting.exists()
    told = Item.objects.get(to=who("referent.lyon"), key__startswith="rights:refused:")
    assert "La photo du port est sans licence." in told.text


@pytest.mark.parametrize("name", ["referent.lyon", "expert", "dan.lyon", "inspecteur.lille"])
def test_the_checklist_is_for_the_inspector(name: str, at: datetime) -> None:
    with pytest.raises(Refused, match="inspecteur du groupe"):
        actions.answer(signed(at), "media", "yes", actor=who(name), at=at)


def test_nothing_is_checked_before_the_signature(at: datetime) -> None:
    scenario = validated(at)
    sheet = rights.fill(scenario, who("referent.lyon"), at)
    with pytest.raises(Refused, match="signe d'abord"):
        actions.answer(sheet, "media", "yes", actor=who("inspecteur.lyon"), at=at)


def test_a_no_a_not_concerned_and_an_alert_ask_a_reason(at: datetime) -> None:
    scenario, author = validated(at), who("referent.lyon")
    rights.fill(scenario, author, at)
    pupil = service("Jeu", account="pupil", data_place="outside")
    actions.add_resource(scenario, pupil, actor=author, at=at)
    actions.declare(scenario, actor=author, at=at)
    sheet = read(scenario)
    assert [fact.alert for fact in facts("accounts", sheet)][0]
    answers = {"media": ("no", ""), "data": ("na", " "), "accounts": ("yes", ""), "social": ("yes", "")}
    with pytest.raises(Invalid) as refused:
        actions.answer_all(sheet, answers, actor=who("inspecteur.lyon"), at=at)
    assert set(refused.value.errors) == {"media_reason", "data_reason", "accounts_reason"}
    assert sheet_queries.controls(read(scenario)) == {}


def test_a_licence_that_forbids_what_the_scenario_allows_is_told(at: datetime) -> None:
    sheet = signed(at)
    author = who("referent.lyon")
    Scenario.objects.filter(pk=sheet.scenario.pk).update(licence="CC-BY-SA")
    photo = ResourceValues("medium", "Une photo", licence="CC-BY-ND", holder="Une photographe")
    made = actions.add_resource(sheet.scenario, photo, actor=author, at=at)
    [alert] = [fact.sentence for fact in facts("licence", read(sheet.scenario)) if fact.alert]
    assert "Une photo" in alert and "modifier" in alert
    allowed = replace(photo, authorisation="Lettre du 3 mars, gardée au collège.")
    actions.change_resource(made, allowed, actor=author, at=at)
    assert not [fact for fact in facts("licence", read(sheet.scenario)) if fact.alert]


def test_a_waiver_lifts_a_no_until_its_day(at: datetime) -> None:
    sheet = signed(at)
    inspector = who("inspecteur.lyon")
    rights.check(sheet.scenario, inspector, at)
    actions.answer(sheet, "access", "no", "Le schéma n'a pas d'alternative.", actor=inspector, at=at)
    [refused] = obstacles(sheet.scenario, at)
    assert (refused.waivable_code, refused.article) == ("access", "C.6")
    until = localtime(at).date() + timedelta(days=40)
    waiver = actions.grant(
        sheet.scenario, "control", "access", "", "Une version en texte suivra.", until, actor=inspector, at=at
    )
    assert obstacles(sheet.scenario, at + timedelta(days=40)) == []
    [over] = obstacles(sheet.scenario, at + timedelta(days=41))
    assert "a pris fin" in over.sentence
    actions.end_waiver(waiver, "La version en texte est là.", actor=inspector, at=at)
    assert len(obstacles(sheet.scenario, at)) == 1


@pytest.mark.parametrize(
    ("of", "code", "reason", "days", "field"),
    [
        ("control", "nowhere", "Une raison", 10, "code"),
        ("audit", "nowhere", "Une raison", 10, "code"),
        ("control", "access", " ", 10, "reason"),
        ("control", "access", "Une raison", 0, "until"),
        ("control", "access", "Une raison", 400, "until"),
    ],
)
def test_a_waiver_is_of_something_reasoned_and_short(
    of: str, code: str, reason: str, days: int, field: str, at: datetime
) -> None:
    until = localtime(at).date() + timedelta(days=days)
    with pytest.raises(Invalid) as refused:
        actions.grant(of_lyon(), of, code, "", reason, until, actor=who("inspecteur.lyon"), at=at)
    assert list(refused.value.errors) == [field]
    assert not Waiver.objects.exists()


@pytest.mark.parametrize("name", ["referent.lyon", "expert", "inspecteur.lille"])
def test_who_may_waive(name: str, at: datetime) -> None:
    until = localtime(at).date() + timedelta(days=10)
    with pytest.raises(Refused, match="dérogations"):
        actions.grant(of_lyon(), "audit", "reach", "", "Une raison", until, actor=who(name), at=at)


def test_a_waiver_that_ends_is_told_once_to_who_granted_it(at: datetime) -> None:
    until = localtime(at).date() + timedelta(days=60)
    inspector = who("inspecteur.lyon")
    waiver = actions.grant(of_lyon(), "audit", "legal", "", "Le site change.", until, actor=inspector, at=at)
    told = Item.objects.filter(key__startswith="deadline:waiver:", settled_at=None)
    sheet_deadlines.tell_waivers(at=at)
    assert not told.exists()
    for days in (30, 31):
        sheet_deadlines.tell_waivers(at=at + timedelta(days=days))
    assert (told.get().to, told.get().due) == (inspector, until)
    actions.end_waiver(waiver, "Le site a changé.", actor=inspector, at=at + timedelta(days=32))
    sheet_deadlines.tell_waivers(at=at + timedelta(days=32))
    assert not told.exists()


def test_the_referent_has_the_sheet_to_sign_until_she_did(at: datetime) -> None:
    referent = who("referent.lyon")
    assert sheet_queries.to_sign(referent) == []
    scenario = validated(at)
    assert sheet_queries.to_sign(referent) == [scenario]
    rights.fill(scenario, referent, at)
    assert sheet_queries.to_sign(referent) == [scenario]
    assert sheet_queries.to_sign(who("enseignante.lyon")) == []
    rights.sign(scenario, referent, at)
    assert sheet_queries.to_sign(referent) == []
    actions.add_resource(scenario, service(), actor=referent, at=at + timedelta(minutes=1))
    assert sheet_queries.to_sign(referent) == [scenario]


def test_the_sheet_knows_the_services_that_the_audit_knows(at: datetime) -> None:
    sheet, author = signed(at), who("referent.lyon")
    actions.add_resource(sheet.scenario, service("Jeu", address="https://kahoot.it/challenge/1"), actor=author, at=at)
    network = ResourceValues("resource", "Un fil", address="https://piaille.fr/@x", licence="link")
    actions.add_resource(sheet.scenario, network, actor=author, at=at)
    now = read(sheet.scenario)
    [account] = [fact.sentence for fact in facts("accounts", now) if fact.alert]
    assert "Kahoot" in account and "la fiche dit le contraire" in account
    assert [fact.address for fact in facts("social", now) if fact.alert] == ["https://piaille.fr/@x"]
    [lack] = lacks(now, localtime(at).date())
    assert (lack.field, "Mastodon" in lack.sentence) == ("address", True)
