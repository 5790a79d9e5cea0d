"""Who will receive what, and when: the simulated mail of a campaign."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group
from traam.programme.groups.queries.forecast import Event, forecast, plan
from traam.programme.letters import actions as letters
from traam.programme.people.models import Person

PARIS = ZoneInfo("Europe/Paris")
YEAR = date(2027, 1, 1)
PEOPLE = range(700)
PERIODS = ["daily", "weekly", "never"]


@st.composite
def years(draw: st.DrawFn) -> tuple[list[Event], dict[int, str]]:
    """A year of things told to some of 700 people, each with her rhythm."""
    luck = Random(draw(st.integers(0, 2**32)))
    events = []
    for number in range(draw(st.integers(1, 40))):
        on = YEAR + timedelta(days=draw(st.integers(0, 364)))
        lasts = draw(st.none() | st.integers(0, 8))
        until = None if lasts is None else on + timedelta(days=lasts)
        some = frozenset(luck.sample(PEOPLE, draw(st.integers(0, 700))))
        at_once = draw(st.booleans())
        events.append(Event(on, f"chose {number % 7}", "rôle", some, at_once, None if at_once else until))
    return events, {pk: luck.choice(PERIODS) for pk in luck.sample(PEOPLE, 500)}


@settings(max_examples=60, deadline=None)
@given(years())
def test_nobody_receives_two_digests_on_one_day_of_a_year(year: tuple[list[Event], dict[int, str]]) -> None:
    events, periods = year
    digests = [sending for sending in plan(events, periods) if sending.digest]
    received = [(sending.on, pk) for sending in digests for pk in sending.people]
    assert len(received) == len(set(received))
    assert sum(sending.letters for sending in digests) == len(received)
    for on, pk in received:
        period = periods.get(pk, "daily")
        assert period != "never"
        assert period == "daily" or on.weekday() == 0
    told = set(received)
    for event in events:
        if not event.at_once:
            daily = {pk for pk in event.people if periods.get(pk, "daily") == "daily"}
            assert all((event.on, pk) in told for pk in daily), "nothing is lost"


@given(years())
@settings(max_examples=20, deadline=None)
def test_what_leaves_at_once_leaves_to_everyone_that_day(year: tuple[list[Event], dict[int, str]]) -> None:
    events, periods = year
    at_once = {(s.on, e.what, pk) for s in plan(events, periods) if not s.digest for e in s.told for pk in e.people}
    assert at_once == {(e.on, e.what, pk) for e in events if e.at_once for pk in e.people}


def test_a_weekly_reader_is_not_told_of_what_is_over() -> None:
    wednesday = date(2027, 1, 6)
    short = Event(wednesday, "veille", "DAN", frozenset({1}), until=wednesday + timedelta(days=1))
    long = Event(wednesday, "semaine", "DAN", frozenset({1}), until=wednesday + timedelta(days=6))
    (sending,) = plan([short, long], {1: "weekly"})
    assert (sending.on, [event.what for event in sending.told]) == (date(2027, 1, 11), ["semaine"])


@pytest.mark.django_db
def test_a_campaign_in_preparation_is_foreseen_from_the_last_one() -> None:
    worked = Group.objects.select_related("application__theme__campaign").all()[0].application.theme.campaign
    calendar = {"call_opens": "2027-03-01", "applications_due": "2027-04-15", "launch": "2027-09-15"}
    coming = Campaign.objects.create(
        title="À venir",
        edition_id=worked.edition_id,
        first_year=2027,
        calendar=calendar,
        created_at=datetime.now(PARIS),
    )
    at = datetime(2027, 2, 1, tzinfo=PARIS)
    with CaptureQueriesContext(connection) as seen:
        found = forecast(coming, at)
    assert len(seen) <= 8
    assert found.estimated == worked
    first = found.sendings[0]
    assert (first.on, first.digest, first.letters) == (date(2027, 3, 1), False, found.people["DAN"])
    due = [sending.on for sending in found.sendings if any("remonter" in event.what for event in sending.told)]
    assert due == [date(2027, 4, 8), date(2027, 4, 14), date(2027, 4, 16)]
    assert {e.role for s in found.sendings for e in s.told if e.estimated} == {"Référents", "Inspecteurs"}
    weekly = Person.objects.get(email=f"dan.lyon@{DOMAIN}")
    letters.choose_habit("weekly", actor=weekly, at=at)
    mondays = [s.on for s in forecast(coming, at).sendings if s.digest and weekly.pk in s.people]
    assert mondays == [date(2027, 4, 12), date(2027, 4, 19)]
    assert forecast(coming, datetime(2028, 9, 1, tzinfo=PARIS)).sendings == ()
