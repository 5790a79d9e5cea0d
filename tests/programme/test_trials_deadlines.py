"""A test in class is recalled three days before its day and three days after, each once; so is what nobody answers."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from traam.config.daily import TELLERS
from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group
from traam.programme.letters.models import Item
from traam.programme.people.models import Person
from traam.programme.productions import deadlines
from traam.programme.productions.models import ClassTest, Promise, Scenario

pytestmark = pytest.mark.django_db
DAY = date(2027, 2, 15)


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    Item.objects.all().delete()


def on(days: int) -> datetime:
    """Six in the morning, so many days from the day of the test."""
    return datetime(2027, 2, 15, 6, tzinfo=ZoneInfo("Europe/Paris")) + timedelta(days=days)


def someone(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def promise() -> Callable[..., Promise]:
    scenario = Scenario.objects.get(title__startswith="Enquêter sur une image")
    group = Group.objects.get(application__academy="09", application__theme=scenario.group.application.theme)

    def make(**values: Any) -> Promise:
        values = {"state": "promised", "planned_on": DAY, "asked_at": on(-30), "changed_at": on(-30), **values}
        return Promise.objects.create(scenario=scenario, group=group, **values)

    return make


def told() -> list[str]:
    """What waits to be told: the end of the keys, without the numbers."""
    return sorted(item.key for item in Item.objects.filter(settled_at=None))


@pytest.mark.parametrize(
    ("days", "stage"),
    [(-4, ""), (-3, "before"), (0, "before"), (1, ""), (2, ""), (3, "after"), (10, "after"), (11, "")],
)
def test_each_stage_of_a_promise(promise: Callable[..., Promise], days: int, stage: str) -> None:
    who = someone("enseignante.lyon")
    made = promise(person=who)
    deadlines.tell_deadlines(at=on(days))
    assert told() == ([f"deadline:trial:{made.pk}:2027-02-15:{stage}:{who.pk}"] if stage else [])


def test_nothing_is_told_twice(promise: Callable[..., Promise]) -> None:
    promise(person=someone("enseignante.lyon"))
    for days in (-3, -2, -1, 0, 3, 4, 5):
        deadlines.tell_deadlines(at=on(days))
    assert Item.objects.count() == 2


def test_who_was_not_named_is_the_referent(promise: Callable[..., Promise]) -> None:
    promise()
    deadlines.tell_deadlines(at=on(-3))
    assert [item.to for item in Item.objects.all()] == [someone("referent.lille")]


def test_a_promise_that_is_kept_is_not_recalled(promise: Callable[..., Promise]) -> None:
    made = promise(person=someone("enseignante.lyon"))
    deadlines.tell_deadlines(at=on(3))
    assert len(told()) == 1
    Promise.objects.filter(pk=made.pk).update(state="kept")
    deadlines.tell_deadlines(at=on(4))
    assert told() == []


@pytest.mark.parametrize(("days", "waits"), [(9, False), (10, True), (17, True), (18, False)])
def test_a_request_without_an_answer(promise: Callable[..., Promise], days: int, waits: bool) -> None:
    promise(state="asked", planned_on=None, asked_at=on(0))
    deadlines.tell_deadlines(at=on(days))
    assert [item.to for item in Item.objects.all()] == ([someone("referent.lille")] if waits else [])


@pytest.mark.parametrize(("days", "waits"), [(-61, False), (-60, True), (0, True), (1, False)])
def test_a_validated_scenario_that_nobody_tried(days: int, waits: bool) -> None:
    scenario = Scenario.objects.get(title__startswith="Enquêter sur une image")
    campaign = scenario.group.application.theme.campaign
    Campaign.objects.filter(pk=campaign.pk).update(calendar={**campaign.calendar, "end": DAY.isoformat()})
    deadlines.tell_deadlines(at=on(days))
    assert told() == [], "it was tried"
    ClassTest.objects.all().delete()
    Scenario.objects.exclude(pk=scenario.pk).update(state="draft")
    deadlines.tell_deadlines(at=on(days))
    assert [item.to for item in Item.objects.filter(settled_at=None)] == ([someone("referent.lyon")] if waits else [])


def test_the_number_of_questions_does_not_grow(promise: Callable[..., Promise]) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            deadlines.tell_deadlines(at=on(-3))
        return len(queries)

    made = promise()
    asked()
    few = asked()
    groups = Group.objects.exclude(pk=made.group_id)
    for scenario in Scenario.objects.all():
        for group in groups[:5]:
            made = Promise(scenario=scenario, group=group, state="promised", planned_on=DAY)
            made.asked_at = made.changed_at = on(-30)
            made.save()
    asked()
    assert asked() == few


def test_the_worker_asks_once_a_day() -> None:
    assert deadlines.tell_deadlines in TELLERS
