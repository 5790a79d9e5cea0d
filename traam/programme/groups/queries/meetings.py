"""Meetings: who is convened, what is next, what was decided, what remains to be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Prefetch, Q, QuerySet

from traam.engines import rulebook
from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.groups.models import (
    Attendance,
    Group,
    Meeting,
    Member,
    Milestone,
    Point,
)
from traam.programme.groups.queries.national import national_group
from traam.programme.people.models import Person

DATES_OF_THE_CALL = frozenset({"call_opens", "applications_due", "selection", "announcement"})


def _meetings() -> QuerySet[Meeting]:
    members = Prefetch("group__members", Member.objects.select_related("person").order_by("pk"))
    people = Steward.objects.select_related("person").order_by("pk")
    return (
        Meeting.objects.select_related("group__application__theme__campaign", "theme__campaign", "minutes__written_by")
        .prefetch_related(
            members,
            Prefetch("group__application__theme__stewards", people),
            Prefetch("theme__stewards", people),
            Prefetch("attendances", Attendance.objects.select_related("person").order_by("person__name")),
            Prefetch("points", Point.objects.select_related("owner").order_by("kind", "pk")),
        )
        .order_by("on", "begins", "pk")
    )


def meeting(pk: int) -> Meeting:
    try:
        return _meetings().get(pk=pk)
    except Meeting.DoesNotExist:
        raise Missing("Cette réunion n'existe pas.") from None


def _listed(whose: Q) -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(whose).select_related("group__application__theme", "theme", "minutes")
    return rows.order_by("-on", "-begins", "-pk")


@dataclass(frozen=True)
class Convened:
    """A person expected at a meeting, and in what capacity. `function` is what the public may read of it."""

    person: Person
    capacity: str
    function: str


def convened(meeting: Meeting, at: datetime) -> list[Convened]:
    """Who is expected: the members of the group, or the national group of the theme. Nobody twice."""
    if meeting.group is not None:
        current = (one for one in meeting.group.members.all() if one.until is None)
        return _once((one.person, one.get_role_display(), one.get_role_display()) for one in current)
    assert meeting.theme is not None  # noqa: S101 - the table holds that a meeting has a group or a theme
    return national_people(meeting.theme, at)


def national_people(theme: Theme, at: datetime) -> list[Convened]:
    """The national group of a theme, each person once."""
    return _once(
        (
            seat.person,
            f"{seat.capacity}, {seat.academy}" if seat.academy else seat.capacity,
            "Correspondant" if seat.correspondent else seat.capacity,
        )
        for seat in national_group(theme, at).seats
    )


def _once(people: Iterable[tuple[Person, str, str]]) -> list[Convened]:
    known: dict[int, Convened] = {}
    for person, capacity, function in people:
        known.setdefault(person.pk, Convened(person, capacity, function))
    return list(known.values())


@dataclass(frozen=True)
class Seat:
    """A person of a meeting with what was noted of her presence; `state` is "" before."""

    person: Person
    capacity: str
    function: str
    state: str = ""
    minutes: int | None = None


def seats(meeting: Meeting, at: datetime) -> list[Seat]:
    """Everyone expected, and who was noted though she has left since."""
    noted = {one.person_id: one for one in meeting.attendances.all()}
    rows = []
    for one in convened(meeting, at):
        seen = noted.pop(one.person.pk, None)
        state, minutes = (seen.state, seen.minutes) if seen else ("", None)
        rows.append(Seat(one.person, one.capacity, one.function, state, minutes))
    gone = noted.values()
    return rows + [Seat(one.person, "A quitté le groupe", "Ancien membre", one.state, one.minutes) for one in gone]


def point(pk: int) -> Point:
    try:
        return Point.objects.select_related("owner").get(pk=pk)
    except Point.DoesNotExist:
        raise Missing("Cette décision ou cette action n'existe pas, ou plus.") from None


def point_with_meeting(pk: int) -> Point:
    """A point whose meeting may be judged: its group, its theme, its minutes."""
    found = point(pk)
    found.meeting = meeting(found.meeting_id)
    return found


def actions_to_do(group: Group) -> list[Point]:
    """The actions of a group: the late ones first, then by date, then those without one; what is done comes last."""
    return _actions(Q(meeting__group=group))


def actions_of_theme(theme: Theme) -> list[Point]:
    return _actions(Q(meeting__theme=theme))


def _actions(whose: Q) -> list[Point]:
    rows = Point.objects.filter(whose, kind=Point.Kind.ACTION).select_related("owner", "meeting")
    return list(rows.order_by(F("done_at").desc(nulls_first=True), F("due").asc(nulls_last=True), "pk"))


def my_actions(person: Person) -> list[Point]:
    """What a person took upon herself at any meeting, and has not done."""
    rows = Point.objects.filter(owner=person, kind=Point.Kind.ACTION, done_at__isnull=True)
    return list(rows.select_related("meeting").order_by(F("due").asc(nulls_last=True), "pk"))


def milestone(theme_pk: int, pk: int) -> Milestone:
    try:
        found = Milestone.objects.select_related("theme__campaign").prefetch_related("theme__stewards")
        return found.get(pk=pk, theme_id=theme_pk)
    except Milestone.DoesNotExist:
        raise Missing("Cette échéance n'existe pas, ou a été retirée.") from None


@dataclass(frozen=True)
class Day:
    """One line of a calendar. `kind` is campaign, theme, national or group; `article` the anchor of a clause."""

    on: date
    kind: str
    label: str
    detail: str = ""
    article: str = ""
    meeting: Meeting | None = None
    milestone: Milestone | None = None


def days_of_campaign(campaign: Campaign) -> list[Day]:
    """The dates of the work in the campaign."""
    found = ((campaign.on(one.id), one) for one in milestones_of_work(campaign))
    return [Day(on, "campaign", one.label, article=one.article) for on, one in found if on is not None]


def milestones_of_work(campaign: Campaign) -> list[rulebook.Milestone]:
    """Those of its edition, without the ones of the call: a group is born of its results."""
    return [one for one in campaign.edition.milestones if one.id not in DATES_OF_THE_CALL]


def days_of_theme(theme: Theme) -> list[Day]:
    """The dates of the campaign, those the expert proposes, the meetings of the national group."""
    return _days(theme, Q(theme=theme))


def days_of_group(group: Group) -> list[Day]:
    """Everything that the groups of its theme have in common, and its own meetings."""
    theme = group.application.theme
    return _days(theme, Q(theme=theme) | Q(group=group))


def _days(theme: Theme, whose: Q) -> list[Day]:
    """Two queries."""
    proposed = [Day(one.on, "theme", one.label, one.detail, milestone=one) for one in milestones(theme)]
    held = [Day(one.on, "group" if one.group_id else "national", one.subject, meeting=one) for one in _listed(whose)]
    return _in_order([*days_of_campaign(theme.campaign), *proposed, *held])


def _in_order(days: list[Day]) -> list[Day]:
    return sorted(days, key=lambda day: day.on)


def milestones(theme: Theme) -> list[Milestone]:
    return list(Milestone.objects.filter(theme=theme).select_related("proposed_by").order_by("on", "pk"))
