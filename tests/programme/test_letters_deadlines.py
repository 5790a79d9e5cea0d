"""A date that comes is told a week before, the day before, and once when it is passed, to those whom it concerns."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from traam.config.daily import Daily
from traam.demo.build import DOMAIN
from traam.programme.calls import deadlines as of_calls
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.groups import deadlines as of_groups
from traam.programme.groups.models import Group, Meeting, Member, Milestone, Point
from traam.programme.letters import deadlines
from traam.programme.letters.models import Item, Letter
from traam.programme.people.models import Person
from traam.programme.selection import deadlines as of_selection
from traam.programme.selection import readers
from traam.programme.selection.models import Conflict, Opinion

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 15)


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    Item.objects.all().delete()
    Letter.objects.all().delete()


def on(days: int) -> datetime:
    """Six in the morning, so many days from the date that comes."""
    return datetime(2026, 12, 15, 6, tzinfo=ZoneInfo("Europe/Paris")) + timedelta(days=days)


def someone(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def date_it(campaign: Campaign, milestone: str) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(calendar={**campaign.calendar, milestone: DUE.isoformat()})


@pytest.mark.parametrize(
    ("days", "told"),
    [(-8, ""), (-7, "week"), (-2, "week"), (-1, "day"), (0, "day"), (1, "late"), (7, "late"), (8, "")],
)
def test_each_stage_of_a_date(days: int, told: str) -> None:
    assert deadlines.stage(DUE, DUE + timedelta(days=days)) == told


@pytest.fixture
def call() -> Campaign:
    campaign = Campaign.objects.get(state="open")
    date_it(campaign, "applications_due")
    return campaign


def test_a_dan_with_drafts_is_told_three_times_and_no_more(call: Campaign) -> None:
    for days in range(-10, 12):
        of_calls.tell_deadlines(at=on(days))
        Item.objects.filter(letter=None, settled_at=None).update(letter=letter_to(someone("dan.lyon")))
    hers = Item.objects.filter(to=someone("dan.lyon")).order_by("pk")
    assert [item.key.split(":")[4] for item in hers] == ["week", "day", "late"]
    assert "bureau national" in hers[2].text and "bureau national" not in hers[0].text
    assert {item.due for item in hers} == {DUE}
    assert hers[0].address == f"/academie/lyon/campagnes/{call.pk}"


def letter_to(person: Person) -> Letter:
    key = f"essai:{person.pk}"
    known = {"to": person, "subject": "x", "body": "x", "written_at": on(0), "next_attempt_at": on(0)}
    return Letter.objects.get_or_create(key=key, defaults=known)[0]


def test_an_academy_that_has_sent_everything_up_is_left_alone(call: Campaign) -> None:
    of_calls.tell_deadlines(at=on(-7))
    assert Item.objects.filter(to=someone("dan.lyon"), settled_at=None).count() == 1
    Application.objects.filter(theme__campaign=call, academy="10").update(state="forwarded")
    of_calls.tell_deadlines(at=on(-6))
    assert not Item.objects.filter(to=someone("dan.lyon"), settled_at=None).exists(), "done before it was told"
    Application.objects.filter(theme__campaign=call, academy="10").update(state="draft")
    of_calls.tell_deadlines(at=on(-5))
    assert Item.objects.filter(to=someone("dan.lyon"), settled_at=None).count() == 1, "taken back: it waits again"


def test_who_hears_on_monday_hears_the_last_stage_only(call: Campaign) -> None:
    for days in range(-7, 0):
        of_calls.tell_deadlines(at=on(days))
    waiting = Item.objects.filter(to=someone("dan.lyon"), settled_at=None)
    assert [item.key.split(":")[4] for item in waiting] == ["day"]


def test_a_date_that_moves_is_told_again(call: Campaign) -> None:
    of_calls.tell_deadlines(at=on(-7))
    moved = DUE + timedelta(days=3)
    Campaign.objects.filter(pk=call.pk).update(calendar={**call.calendar, "applications_due": moved.isoformat()})
    of_calls.tell_deadlines(at=on(-3))
    assert [i.due for i in Item.objects.filter(to=someone("dan.lyon"), settled_at=None)] == [moved]


@pytest.fixture
def judged() -> Campaign:
    """A campaign whose dossiers are being read: the demonstration's work, not announced yet."""
    campaign = Group.objects.select_related("application__theme__campaign").all()[0].application.theme.campaign
    campaign.announcement.delete()
    campaign.calendar = {**campaign.calendar, "selection": DUE.isoformat()}
    campaign.save()
    return campaign


def test_a_reader_hears_of_the_opinions_she_owes_and_of_no_other(judged: Campaign) -> None:
    Opinion.objects.all().delete()
    (theme, reader), count = next(iter(readers.waiting(judged, on(-7)).items()))
    hers = Application.objects.filter(theme=theme, state="forwarded").exclude(conflicts__reader=reader)
    Conflict.objects.create(application=hers[0], reader_id=reader, reason="Ma collègue", declared_at=on(-9))
    owed = readers.waiting(judged, on(-7))
    assert owed.get((theme, reader), 0) == count - 1, "nobody waits for the opinion of who is in conflict"
    of_selection.tell_deadlines(at=on(-7))
    told = Item.objects.filter(key__startswith=of_selection.SCOPE, settled_at=None)
    assert {(int(i.key.split(":")[2]), i.to_id) for i in told} == set(owed)
    for theme in {theme for theme, _ in owed}:
        shown = readers.following(judged.themes.prefetch_related("stewards__person").get(pk=theme), on(-7))
        assert {p.reader.pk: p.expected - p.done for p in shown.progress if p.expected - p.done} == {
            reader: count for (its, reader), count in owed.items() if its == theme
        }, "as the page of its readers counts them"


@pytest.fixture
def group() -> Group:
    return Group.objects.exclude(state="ended").order_by("pk")[0]


def test_those_who_lead_a_group_hear_what_it_owes_before_it_is_due(group: Group) -> None:
    campaign = group.application.theme.campaign
    Member.objects.filter(group=group, role="teacher").update(until=DUE)
    for name in campaign.calendar:
        date_it(Campaign.objects.get(pk=campaign.pk), name)
    of_groups.tell_deadlines(at=on(-7))
    told = Item.objects.filter(key__startswith=f"{of_groups.OWED}:{group.pk}:")
    current = Member.objects.filter(group=group, until=None, role__in=["referent", "inspector"])
    assert {item.to_id for item in told} == set(current.values_list("person", flat=True))
    assert all(item.address == f"/atelier/groupes/{group.pk}" for item in told)
    Group.objects.filter(pk=group.pk).update(state="ended")
    of_groups.tell_deadlines(at=on(-6))
    assert not told.filter(settled_at=None).exists()


def promise(group: Group, **more: Any) -> Point:
    meeting = Meeting.objects.create(group=group, on=DUE, mode="remote", subject="Point", recorded_at=on(-20))
    known = {"kind": "action", "text": "Relire la fiche", "owner": someone("dan.lyon"), "due": DUE, **more}
    return Point.objects.create(meeting=meeting, **known)


def test_an_owner_hears_of_what_she_promised_until_it_is_done(group: Group) -> None:
    point = promise(group)
    promise(group, kind="decision")
    promise(group, due=None)
    of_groups.tell_deadlines(at=on(-1))
    assert [item.text.split(" : ")[1] for item in waiting_for("dan.lyon")] == ["Relire la fiche"]
    Point.objects.filter(pk=point.pk).update(done_at=on(-1))
    of_groups.tell_deadlines(at=on(1))
    assert waiting_for("dan.lyon") == []


def waiting_for(name: str) -> list[Item]:
    return list(Item.objects.filter(to=someone(name), settled_at=None, letter=None))


def test_the_referents_of_a_theme_hear_of_a_date_the_expert_proposes(group: Group) -> None:
    theme, expert = group.application.theme, someone("expert")
    Milestone.objects.create(theme=theme, label="Ébauche", on=DUE, proposed_by=expert, changed_at=on(-20))
    of_groups.tell_deadlines(at=on(-5))
    told = Item.objects.filter(key__startswith=of_groups.EXPECTED)
    groups = Group.objects.filter(application__theme=theme).exclude(state="ended")
    referents = Member.objects.filter(group__in=groups, role="referent", until=None)
    assert sorted(item.to_id for item in told) == sorted(referents.values_list("person", flat=True))
    assert "Ébauche" in told[0].text


@pytest.mark.parametrize("tell", [of_calls.tell_deadlines, of_groups.tell_deadlines])
def test_the_queries_do_not_follow_the_number_of_rows(tell: Callable[..., None], call: Campaign, group: Group) -> None:
    def count(days: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            tell(at=on(days))
        return len(seen)

    promise(group)
    before = count(-7)
    Item.objects.all().delete()
    for _ in range(30):
        promise(group)
    assert count(-7) <= before


def test_the_worker_prepares_once_after_each_hour_and_tells_the_same_day(call: Campaign, settings: Any) -> None:
    settings.DIGEST_HOUR = 6
    daily = Daily()
    assert daily.work(on(-7) + timedelta(minutes=2)) >= 1
    letter = Letter.objects.get(to=someone("dan.lyon"))
    assert f"(avant le {DUE:%d/%m/%Y})" in letter.body
    with CaptureQueriesContext(connection) as seen:
        assert daily.work(on(-7) + timedelta(hours=5)) == 0
    assert len(seen) == 0, "the loop of the worker turns each second"
    assert Daily().work(on(-7) + timedelta(hours=6)) == 0, "another worker finds it done"


def test_a_step_that_fails_does_not_keep_the_others_from_leaving(
    call: Campaign, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("traam.config.daily.TELLERS", (broken, of_calls.tell_deadlines))
    assert Daily().work(on(-7)) >= 1
    assert "n'ont pas pu être annoncées" in caplog.text
