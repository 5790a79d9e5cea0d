"""Opinions, decisions within the edition's limits, announcement."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.rulebook import Finding
from traam.engines.workflow import Invalid, Refused
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.queries import theme as find_theme
from traam.programme.catalogue import actions as catalogue
from traam.programme.people.models import Appointment, Person, Role
from traam.programme.selection import actions, policies, queries, rules
from traam.programme.selection.models import Announcement, Decision, Opinion

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def marks(value: int) -> dict[str, int]:
    """The same answer to every criterion of the open call."""
    criteria = Campaign.objects.get(state="open").edition.selection.criteria
    return {criterion.id: value for criterion in criteria}


def open_theme() -> Theme:
    return find_theme(Theme.objects.filter(campaign__state="open").order_by("pk")[0].pk)


def forwarded(theme: Theme, academy: str, n: int = 1) -> Application:
    """One more application, already forwarded: the call has its own tests."""
    day = timezone.now()
    return Application.objects.create(
        theme=theme,
        academy=academy,
        state="forwarded",
        titles=[f"Projet {n}"],
        referent_email=f"r{n}.{academy.lower()}@exemple.invalid",
        created_by=person("bureau"),
        created_at=day,
        changed_at=day,
        forwarded_at=day,
    )


def retain(application: Application, at: datetime) -> Decision:
    Campaign.objects.filter(pk=application.theme.campaign_id).update(state="closed")
    return actions.decide(application, "retain", actor=person("bureau"), at=at)


def test_nothing_is_decided_while_the_academy_can_take_its_application_back(at: datetime) -> None:
    application = forwarded(open_theme(), "10")
    with pytest.raises(Refused, match="closez l'appel avant de décider"):
        actions.decide(application, "retain", actor=person("bureau"), at=at)
    assert not Decision.objects.filter(application=application).exists()


def test_a_deadline_is_put_off_and_the_call_reopened(at: datetime) -> None:
    campaign = open_theme().campaign
    past = {**campaign.calendar, "applications_due": (at - timedelta(days=1)).date().isoformat()}
    Campaign.objects.filter(pk=campaign.pk).update(calendar=past, state="closed")
    campaign.refresh_from_db()
    with pytest.raises(Refused, match="repousser"):
        catalogue.move_call(campaign, "reopen", actor=person("bureau"), at=at)
    later = (at + timedelta(days=5)).date().isoformat()
    catalogue.amend(campaign, "date", "applications_due", later, "Une semaine de plus.", actor=person("bureau"), at=at)
    assert catalogue.move_call(campaign, "reopen", actor=person("bureau"), at=at).state == "open"


def test_a_campaign_is_not_put_away_while_academies_wait_for_a_result(at: datetime) -> None:
    campaign = open_theme().campaign
    Campaign.objects.filter(pk=campaign.pk).update(state="closed")
    with pytest.raises(Refused, match="annoncez-le avant d'archiver"):
        catalogue.move_call(campaign, "archive", actor=person("bureau"), at=at)


def six_academies(theme: Theme, at: datetime) -> list[Application]:
    already = {a.academy: a for a in Application.objects.filter(theme=theme, state="forwarded")}
    chosen = [already.get(code) or forwarded(theme, code) for code in ("10", "09", "14", "23", "33", "19")]
    for application in chosen:
        retain(application, at)
    return chosen


# --- opinions


def test_an_expert_gives_an_opinion_and_changes_it(at: datetime) -> None:
    application = forwarded(open_theme(), "10")
    actions.give_opinion(application, marks(3), " Bon projet. ", actor=person("expert"), at=at)
    actions.give_opinion(application, {**marks(2), "team": 4}, "À revoir.", actor=person("expert"), at=at)
    opinion = Opinion.objects.get(application=application)
    # Weights 3, 3, 2 and 2: (3×2 + 3×2 + 2×4 + 2×2) / 10.
    assert (opinion.marks["team"], opinion.score, opinion.comment) == (4, 240, "À revoir.")


@pytest.mark.parametrize("name", ["bureau", "dan.lyon", "inspecteur.lyon", "enseignante.lyon"])
def test_only_the_readers_of_the_theme_give_opinions(name: str, at: datetime) -> None:
    with pytest.raises(Refused, match="experts et l'inspecteur général du thème"):
        actions.give_opinion(forwarded(open_theme(), "10"), marks(3), "Bien.", actor=person(name), at=at)


@pytest.mark.parametrize(
    ("given", "comment", "field"),
    [({"team": 5}, "Bien.", "team"), ({"reach": None}, "Bien.", "reach"), ({}, "  ", "comment")],
)
def test_an_opinion_answers_every_criterion_and_says_why(
    given: dict[str, int], comment: str, field: str, at: datetime
) -> None:
    with pytest.raises(Invalid) as caught:
        actions.give_opinion(
            forwarded(open_theme(), "10"), {**marks(3), **given}, comment, actor=person("expert"), at=at
        )
    assert set(caught.value.errors) == {field}
    assert not Opinion.objects.filter(application__theme=open_theme()).exists()


def test_nobody_judges_her_own_academy(at: datetime) -> None:
    expert = person("expert")
    Appointment.objects.create(person=expert, role=Role.TEACHER, academy="10", since=date(2020, 9, 1))
    with pytest.raises(Refused, match="Conflit d'intérêts"):
        actions.give_opinion(forwarded(open_theme(), "10"), marks(4), "Bien.", actor=person("expert"), at=at)
    actions.give_opinion(forwarded(open_theme(), "14", 2), marks(4), "Bien.", actor=person("expert"), at=at)


def test_an_appointment_that_ended_is_no_conflict(at: datetime) -> None:
    Appointment.objects.create(
        person=person("expert"), role=Role.TEACHER, academy="10", since=date(2015, 9, 1), until=date(2016, 8, 31)
    )
    assert policies.no_conflict(person("expert"), forwarded(open_theme(), "10"), at)


@pytest.mark.parametrize("field", ["referent_email", "inspector_email"])
def test_nobody_judges_an_application_that_names_her(field: str, at: datetime) -> None:
    application = forwarded(open_theme(), "10")
    setattr(application, field, person("expert").email.upper())
    application.save()
    with pytest.raises(Refused, match="vous nomme"):
        actions.give_opinion(application, marks(4), "Bien.", actor=person("expert"), at=at)


def test_what_waits_for_a_reader_leaves_out_her_conflicts(at: datetime) -> None:
    expert, theme = person("expert"), open_theme()
    application = forwarded(theme, "10")

    def reading() -> queries.Reading:
        return next(r for r in queries.readings(person("expert"), at) if r.theme == theme)

    before = reading()
    Appointment.objects.create(person=expert, role=Role.TEACHER, academy="10", since=date(2020, 9, 1))
    assert (reading().conflicts, reading().without_opinion) == (1, before.without_opinion - 1)
    Opinion.objects.create(
        application=application, reader=expert, marks=marks(3), score=300, comment="Avant", given_at=at
    )
    assert (reading().given, reading().conflicts) == (before.given + 1, 0)


def test_the_others_opinions_are_read_after_ones_own(at: datetime) -> None:
    application = forwarded(open_theme(), "10")
    seen = policies.may_see_opinions(person("expert"), application, given=False, at=at)
    assert not seen and "après avoir donné le vôtre" in seen.reason
    assert policies.may_see_opinions(person("expert"), application, given=True, at=at)
    assert policies.may_see_opinions(person("bureau"), application, given=False, at=at)


def test_opinions_are_frozen_after_the_announcement(at: datetime) -> None:
    application = Application.objects.filter(decision__state="retained")[0]
    with pytest.raises(Refused, match="annoncés"):
        actions.give_opinion(application, marks(1), "Je change.", actor=person("expert"), at=at)
    assert Opinion.objects.get(application=application, reader=person("expert")).score == 400


# --- decisions


def test_the_seventh_academy_is_refused_with_the_article(at: datetime) -> None:
    theme = open_theme()
    six_academies(theme, at)
    with pytest.raises(Invalid, match=r"7.académies.*article B\.3"):
        retain(forwarded(theme, "17"), at)
    assert len(rules.retained_academies(theme)) == 6


def test_a_second_team_of_a_retained_academy_is_no_new_academy(at: datetime) -> None:
    theme = open_theme()
    six_academies(theme, at)
    assert retain(forwarded(theme, "10", 2), at).state == "retained"


def test_an_academy_that_leaves_makes_room(at: datetime) -> None:
    theme = open_theme()
    first = six_academies(theme, at)[0]
    actions.decide(first, "put_on_waiting_list", actor=person("bureau"), at=at)
    assert retain(forwarded(theme, "17"), at).state == "retained"


def test_a_theme_too_small_is_no_reason_to_refuse_one_more() -> None:
    def finding(actual: int, expected: object) -> Finding:
        return Finding("r", "academies", "", "B.3", "blocking", False, actual, expected, "x", "", "")

    assert rules._passed(finding(7, 6)) and rules._passed(finding(7, (3, 6)))
    assert not rules._passed(finding(1, 3)) and not rules._passed(finding(1, (3, 6)))


@pytest.mark.parametrize("name", ["expert", "inspection.generale", "dan.lyon"])
def test_only_the_national_team_decides(name: str, at: datetime) -> None:
    with pytest.raises(Refused, match="réservé"):
        actions.decide(forwarded(open_theme(), "10"), "retain", actor=person(name), at=at)


def test_what_was_not_forwarded_is_not_decided(at: datetime) -> None:
    draft = Application.objects.filter(state="draft")[0]
    with pytest.raises(Refused, match="pas remontée"):
        actions.decide(draft, "retain", actor=person("bureau"), at=at)


def test_decisions_are_final_after_the_announcement(at: datetime) -> None:
    with pytest.raises(Refused, match="annoncés"):
        actions.decide(
            Application.objects.filter(decision__state="waiting")[0], "retain", actor=person("bureau"), at=at
        )


# --- announcement


def closed(at: datetime) -> Campaign:
    campaign = Campaign.objects.get(state="open")
    return catalogue.move_call(campaign, "close", actor=person("bureau"), at=at)


def decide_all(campaign: Campaign, verb: Callable[[int], str], at: datetime) -> None:
    rows = Application.objects.filter(theme__campaign=campaign, state="forwarded").order_by("pk")
    for place, application in enumerate(rows):
        actions.decide(application, verb(place), actor=person("bureau"), at=at)


def test_results_are_not_announced_while_the_call_is_open(at: datetime) -> None:
    with pytest.raises(Refused, match="Closez d'abord l'appel"):
        catalogue.announce(Campaign.objects.get(state="open"), actor=person("bureau"), at=at)


def test_results_are_not_announced_while_some_wait(at: datetime) -> None:
    campaign = closed(at)
    decide_all(campaign, lambda place: "retain", at)
    last = Application.objects.filter(decision__state="retained", theme__campaign=campaign)[0]
    actions.decide(last, "reopen", actor=person("bureau"), at=at)
    with pytest.raises(Invalid, match="Il reste 1 candidature"):
        catalogue.announce(campaign, actor=person("bureau"), at=at)
    assert not Announcement.objects.filter(campaign=campaign).exists()


def test_results_without_anyone_retained_are_not_announced(at: datetime) -> None:
    campaign = closed(at)
    decide_all(campaign, lambda place: "refuse", at)
    with pytest.raises(Invalid, match="Aucune candidature n'est retenue"):
        catalogue.announce(campaign, actor=person("bureau"), at=at)


def test_results_are_announced_once_by_the_national_team(at: datetime) -> None:
    campaign = closed(at)
    decide_all(campaign, lambda place: "refuse" if place == 0 else "retain", at)
    with pytest.raises(Refused, match="Seul le bureau national"):
        catalogue.announce(campaign, actor=person("expert"), at=at)
    opened = catalogue.announce(campaign, actor=person("bureau"), at=at)
    retained = Application.objects.filter(theme__campaign=campaign, decision__state="retained")
    assert {group.application_id for group in opened} == {a.pk for a in retained}
    with pytest.raises(Refused, match="déjà annoncés"):
        catalogue.announce(campaign, actor=person("bureau"), at=at + timedelta(hours=1))


def test_the_academy_knows_the_decision_at_the_announcement(at: datetime) -> None:
    application = forwarded(open_theme(), "10")
    retain(application, at)
    assert queries.result_for_academy(application) == ""
    announced = Application.objects.filter(decision__state="waiting")[0]
    assert queries.result_for_academy(announced) == "waiting"


def test_decisions_are_the_national_team_s_before_the_announcement(at: datetime) -> None:
    campaign = open_theme().campaign
    assert not policies.may_see_decision(person("expert"), campaign, announced=False, at=at)
    assert policies.may_see_decision(person("expert"), campaign, announced=True, at=at)
    assert policies.may_see_decision(person("bureau"), campaign, announced=False, at=at)
