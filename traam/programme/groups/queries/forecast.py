"""Who will receive what, and when: a campaign's mail, simulated under its calendar and today's appointments."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from traam.programme.campaigns.models import Campaign, Steward
from traam.programme.groups.models import Member
from traam.programme.letters import queries as letters
from traam.programme.letters.deadlines import AFTER, BEFORE
from traam.programme.letters.models import Habit
from traam.programme.people.models import Role
from traam.programme.people.queries import holders

People = frozenset[int]
ONE = timedelta(days=1)


@dataclass(frozen=True)
class Event:
    """Something told on a day to everyone of a role. What waits for the digest is told until a day, if it loses its
    sense after it (`until`). `estimated`: these people are those of a past campaign."""

    on: date
    what: str
    role: str
    people: People
    at_once: bool = False
    until: date | None = None
    estimated: bool = False


@dataclass(frozen=True)
class Sending:
    """What leaves on a day: letters, each for itself, or the digests, one for each person."""

    on: date
    digest: bool
    told: tuple[Event, ...]

    @property
    def people(self) -> People:
        """Who receives something. Of the digests, each of them receives one."""
        return frozenset[int]().union(*(event.people for event in self.told))

    @property
    def letters(self) -> int:
        """How many letters leave."""
        return len(self.people) if self.digest else sum(len(event.people) for event in self.told)


def plan(events: Iterable[Event], periods: Mapping[int, str]) -> list[Sending]:
    """The sendings of a simulated calendar, in order: the letters of a day, then its digests.

    `periods` is how often each person wants a digest; daily for those who are not there. Nothing is read here.
    """
    found: dict[tuple[date, bool], dict[tuple[str, str], Event]] = {}
    for event in events:
        for on, people in _departures(event, periods):
            if people:
                told = found.setdefault((on, not event.at_once), {})
                before = told.get((event.what, event.role))
                told[event.what, event.role] = replace(event, people=people | (before.people if before else people))
    return [Sending(on, digest, tuple(told.values())) for (on, digest), told in sorted(found.items(), key=_order)]


def _order(item: tuple[tuple[date, bool], object]) -> tuple[date, bool]:
    return item[0]


def _departures(event: Event, periods: Mapping[int, str]) -> Iterator[tuple[date, People]]:
    if event.at_once:
        yield event.on, event.people
        return
    rhythm: dict[str, set[int]] = {Habit.Period.DAILY: set(), Habit.Period.WEEKLY: set(), Habit.Period.NEVER: set()}
    for pk in event.people:
        rhythm[periods.get(pk, Habit.Period.DAILY)].add(pk)
    monday = event.on + timedelta(days=-event.on.weekday() % 7)
    yield event.on, frozenset(rhythm[Habit.Period.DAILY])
    if event.until is None or monday <= event.until:
        yield monday, frozenset(rhythm[Habit.Period.WEEKLY])


@dataclass(frozen=True)
class Forecast:
    """What a campaign is to send from a day on. `unknown`: what cannot be foreseen, in French."""

    sendings: tuple[Sending, ...]
    people: Mapping[str, int]
    estimated: Campaign | None
    unknown: tuple[str, ...]

    @property
    def letters(self) -> int:
        return sum(sending.letters for sending in self.sendings)

    @property
    def reached(self) -> int:
        return len(frozenset[int]().union(*(sending.people for sending in self.sendings)))

    @property
    def most(self) -> int:
        """The most that one person receives."""
        count: dict[int, int] = {}
        for sending in self.sendings:
            for event in () if sending.digest else sending.told:
                for pk in event.people:
                    count[pk] = count.get(pk, 0) + 1
            for pk in sending.people if sending.digest else ():
                count[pk] = count.get(pk, 0) + 1
        return max(count.values(), default=0)


def forecast(campaign: Campaign, at: datetime) -> Forecast:
    """Seven queries, whatever the numbers."""
    dans = frozenset(person.pk for person in holders(Role.DAN, at))
    stewards = Steward.objects.filter(theme__campaign=campaign, person__is_active=True)
    readers = frozenset(stewards.values_list("person_id", flat=True))
    like = _like(campaign)
    referents, inspectors = (_seats(like, role) for role in (Member.Role.REFERENT, Member.Role.INSPECTOR))
    estimated = like is not None and like.pk != campaign.pk
    events = [
        *_calls(campaign, dans),
        *_selection(campaign, readers),
        *_results(campaign, {"DAN": dans, "Référents": referents, "Inspecteurs": inspectors}, estimated),
        *_work(campaign, {"Référents": referents, "Inspecteurs": inspectors}, estimated),
    ]
    periods = letters.periods(dans | readers | referents | inspectors)
    today = localtime(at).date()
    counted = {
        "DAN": dans,
        "Experts et inspection générale": readers,
        "Référents": referents,
        "Inspecteurs": inspectors,
    }
    return Forecast(
        tuple(plan([event for event in events if event.on >= today], periods)),
        {role: len(people) for role, people in counted.items()},
        like if estimated else None,
        () if like else ("Aucun groupe n'a encore existé : les courriels aux référents et aux inspecteurs manquent.",),
    )


def _like(campaign: Campaign) -> Campaign | None:
    """The campaign whose groups say how many people work: this one, or the last one that had groups."""
    known = Campaign.objects.filter(themes__applications__group__isnull=False).order_by("-first_year", "-pk").distinct()
    found = list(known)
    return next((one for one in found if one.pk == campaign.pk), found[0] if found else None)


def _seats(campaign: Campaign | None, role: str) -> People:
    seats = Member.objects.filter(group__application__theme__campaign=campaign, role=role, until__isnull=True)
    return frozenset(seats.filter(person__is_active=True).values_list("person_id", flat=True))


def _deadline(due: date | None, what: str, role: str, people: People, estimated: bool = False) -> Iterator[Event]:
    """As `letters.deadlines.stage`: a week before, the day before, once when it is passed."""
    if due:
        day = f"{due:%d/%m/%Y}"
        yield Event(due - BEFORE, f"{what}, avant le {day}", role, people, until=due - 2 * ONE, estimated=estimated)
        yield Event(due - ONE, f"{what}, avant le {day}", role, people, until=due, estimated=estimated)
        yield Event(due + ONE, f"{what} : en retard", role, people, until=due + AFTER, estimated=estimated)


def _calls(campaign: Campaign, dans: People) -> Iterator[Event]:
    if opens := campaign.on("call_opens"):
        yield Event(opens, "L'appel à candidatures est ouvert", "DAN", dans, at_once=True)
    yield from _deadline(campaign.on("applications_due"), "Candidatures à remonter", "DAN", dans)


def _selection(campaign: Campaign, readers: People) -> Iterator[Event]:
    due = campaign.on("selection") or campaign.on("announcement")
    yield from _deadline(due, "Avis à donner", "Experts et inspection générale", readers)


def _results(campaign: Campaign, people: Mapping[str, People], estimated: bool) -> Iterator[Event]:
    if on := campaign.on("announcement"):
        for role, who in people.items():
            yield Event(on, "Les résultats", role, who, at_once=True, estimated=estimated and role != "DAN")


def _work(campaign: Campaign, people: Mapping[str, People], estimated: bool) -> Iterator[Event]:
    """What the cahier des charges asks of a group by a day, for those who lead one that still lacks it."""
    for name in sorted({rule.due for rule in campaign.edition.rules_on("group") if rule.due}):
        for role, who in people.items():
            yield from _deadline(campaign.on(name), "Groupe à mettre en règle", role, who, estimated)
