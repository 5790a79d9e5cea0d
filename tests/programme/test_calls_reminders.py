"""Reminders: to whom, once a day, by the national team alone, while the call takes entries."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.calls import queries, reminders
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Letter
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db
LYON, LILLE, PARIS = "10", "09", "01"


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def campaign() -> Campaign:
    return Campaign.objects.get(state="open")


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def test_the_answers_of_the_academies_are_counted_in_one_query(
    campaign: Campaign, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        answers = {answer.academy.code: answer for answer in queries.answers(campaign)}
    for code, answer in answers.items():
        rows = Application.objects.filter(theme__campaign=campaign, academy=code)
        assert answer.forwarded == rows.filter(state="forwarded").count()
        assert answer.begun == rows.filter(state__in=["draft", "submitted"]).count()
    theme = campaign.themes.order_by("pk")[1]
    up = Application.objects.filter(theme=theme, academy=LILLE, state="forwarded").count()
    assert answers[LILLE].number("forwarded", theme=theme.pk) == up
    assert answers[LYON].number("to_endorse") == 1


def test_the_dan_is_written_to_and_the_inspectors_whose_opinion_is_awaited(campaign: Campaign, at: datetime) -> None:
    planned = reminders.plan(campaign, [LYON, LILLE, PARIS], at)
    told = {(one.academy.code, one.to.email.partition("@")[0], one.role) for one in planned.reminders}
    assert told == {
        (LYON, "dan.lyon", "DAN"),
        (LYON, "inspecteur.lyon", "inspecteur"),
        (LILLE, "dan.lille", "DAN"),
    }, "nobody of Lille waits for an opinion"
    assert [academy.code for academy in planned.unknown] == [PARIS]
    inspector = next(one for one in planned.reminders if one.role == "inspecteur")
    assert "1 candidature attend votre avis" in inspector.said


def test_a_reminder_is_written_once_a_day_and_journaled(campaign: Campaign, at: datetime) -> None:
    before, bureau = Letter.objects.count(), person("bureau")
    reminders.remind(campaign, [LYON], "Nous attendons vos candidatures.", actor=bureau, at=at)
    assert Letter.objects.count() == before + 2
    letter = Letter.objects.get(key__startswith="reminder", to=person("dan.lyon"))
    due = campaign.on("applications_due")
    assert f"{due:%d/%m/%Y}" in letter.subject
    assert "Nous attendons vos candidatures." in letter.body
    assert f"/academie/lyon/campagnes/{campaign.pk}" in letter.body
    entry = Entry.objects.filter(verb="remind").latest("pk")
    assert (entry.data["academies"], entry.data["letters"]) == ([LYON], 2)
    again = reminders.remind(campaign, [LYON], "Encore.", actor=bureau, at=at)
    assert (len(again.reminders), len(again.written)) == (0, 2)
    assert Letter.objects.count() == before + 2
    assert Entry.objects.filter(verb="remind").count() == 1
    reminders.remind(campaign, [LYON], "Encore.", actor=bureau, at=at + timedelta(days=1))
    assert Letter.objects.count() == before + 4


@pytest.mark.parametrize("who", ["dan.lyon", "inspecteur.lyon", "expert", "inspection.generale"])
def test_only_the_national_team_reminds(campaign: Campaign, at: datetime, who: str) -> None:
    before = Letter.objects.count()
    with pytest.raises(Refused, match="bureau national"):
        reminders.remind(campaign, [LYON], "Bonjour.", actor=person(who), at=at)
    assert Letter.objects.count() == before


def test_a_call_that_takes_no_entry_any_more_is_not_reminded_of(campaign: Campaign, at: datetime) -> None:
    with pytest.raises(Refused, match="date limite"):
        reminders.remind(campaign, [LYON], "Bonjour.", actor=person("bureau"), at=at + timedelta(days=60))
    other = Campaign.objects.exclude(state="open")[0]
    with pytest.raises(Refused, match="n'est pas ouvert"):
        reminders.remind(other, [LYON], "Bonjour.", actor=person("bureau"), at=at)


@pytest.mark.parametrize(
    ("academies", "message", "field"),
    [
        ([], "Bonjour.", "academies"),
        (["99"], "Bonjour.", "academies"),
        ([LYON], "  ", "message"),
        ([LYON], "x" * 2_001, "message"),
    ],
)
def test_a_reminder_to_nobody_or_without_words_is_refused(
    campaign: Campaign, at: datetime, academies: list[str], message: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        reminders.remind(campaign, academies, message, actor=person("bureau"), at=at)
    assert set(refused.value.errors) == {field}
