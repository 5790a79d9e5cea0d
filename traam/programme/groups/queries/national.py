"""The national group of a theme: drawn from who leads it, from its academic groups, and from who was invited."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Steward, Theme
from traam.programme.campaigns.queries import leading
from traam.programme.groups.models import Correspondent, Group, Member
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import roles
from traam.programme.people.queries import holders

ORDER = {Steward.Role.GENERAL_INSPECTOR: 0, Steward.Role.EXPERT: 1}


@dataclass(frozen=True)
class NationalSeat:
    """A person of the national group, and why. `academy` is its name, for a référent; `group` her group's number."""

    person: Person
    capacity: str
    academy: str = ""
    group: int | None = None
    correspondent: Correspondent | None = None


@dataclass(frozen=True)
class Passage:
    """Somebody who was in the national group."""

    name: str
    capacity: str
    since: date
    until: date


@dataclass(frozen=True)
class NationalGroup:
    """`silent`: the groups that have no référent, (number, academy). `former`: who left, latest first."""

    theme: Theme
    seats: tuple[NationalSeat, ...]
    silent: tuple[tuple[int, str], ...]
    former: tuple[Passage, ...]

    @property
    def people(self) -> list[Person]:
        """Everyone once, in the order of the seats."""
        return list({seat.person.pk: seat.person for seat in self.seats}.values())


def national_group(theme: Theme, at: datetime) -> NationalGroup:
    """Five queries, however many academies."""
    groups = list(Group.objects.filter(application__theme=theme).exclude(state="ended").select_related("application"))
    groups.sort(key=lambda group: group.academy_name)
    referents = list(
        Member.objects.filter(role=Member.Role.REFERENT, group__application__theme=theme)
        .select_related("person", "group__application")
        .order_by("pk")
    )
    invited = list(Correspondent.objects.filter(theme=theme).select_related("person").order_by("person__name", "pk"))
    seats = [*_leading(theme), *_of_groups(referents), *_bureau(at), *_invited(invited, at.date())]
    led = {seat.group for seat in seats}
    silent = tuple((group.pk, group.academy_name) for group in groups if group.pk not in led)
    return NationalGroup(theme, tuple(seats), silent, tuple(_former(referents, invited, at.date())))


def _leading(theme: Theme) -> Iterator[NationalSeat]:
    for steward in sorted(theme.stewards.all(), key=lambda one: (ORDER[Steward.Role(one.role)], one.pk)):
        yield NationalSeat(steward.person, steward.get_role_display())


def _of_groups(referents: list[Member]) -> Iterator[NationalSeat]:
    current = [m for m in referents if m.until is None and m.group.state != "ended"]
    for member in sorted(current, key=lambda one: one.group.academy_name):
        academy = member.group.academy_name
        yield NationalSeat(member.person, member.get_role_display(), academy, member.group_id)


def _bureau(at: datetime) -> Iterator[NationalSeat]:
    for person in holders(Role.NATIONAL, at):
        yield NationalSeat(person, Role.NATIONAL.label)


def _invited(invited: list[Correspondent], today: date) -> Iterator[NationalSeat]:
    for one in invited:
        if one.until is None or one.until >= today:
            yield NationalSeat(one.person, one.capacity, correspondent=one)


def _former(referents: list[Member], invited: list[Correspondent], today: date) -> list[Passage]:
    left = [
        Passage(m.person.name, f"{m.get_role_display()}, {m.group.academy_name}", m.since, m.until)
        for m in referents
        if m.until is not None
    ]
    left += [
        Passage(one.person.name, one.capacity, one.since, one.until)
        for one in invited
        if one.until is not None and one.until < today
    ]
    return sorted(left, key=lambda passage: passage.until, reverse=True)


def national_themes(person: Person, at: datetime) -> list[Theme]:
    """The themes whose national group the person is in, of the campaigns at work; latest campaign first."""
    today = at.date()
    led = Q(pk__in=leading(person, at).values("theme"))
    mine = Member.objects.filter(person=person, role=Member.Role.REFERENT, until__isnull=True).exclude(
        group__state="ended"
    )
    answers = Q(pk__in=mine.values("group__application__theme"))
    invited = Correspondent.objects.filter(person=person, since__lte=today).exclude(until__lt=today)
    wanted = Q() if Role.NATIONAL in roles(person, at) else led | answers | Q(pk__in=invited.values("theme"))
    at_work = Group.objects.exclude(state="ended").values("application__theme")
    # Somebody may be invited before the first group opens.
    begun = Q(pk__in=at_work) | Q(pk__in=invited.values("theme"))
    keys = Theme.objects.filter(wanted, begun).exclude(campaign__state="archived").values("pk")
    rows = Theme.objects.filter(pk__in=keys).select_related("campaign")
    return list(rows.order_by("-campaign__first_year", "title"))


def correspondent(theme_pk: int, pk: int) -> Correspondent:
    rows = Correspondent.objects.select_related("person", "theme__campaign").prefetch_related("theme__stewards")
    try:
        return rows.get(pk=pk, theme_id=theme_pk)
    except Correspondent.DoesNotExist:
        raise Missing("Ce correspondant n'est pas dans ce groupe national.") from None
