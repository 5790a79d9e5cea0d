"""All that the facts say of the themes of a synthesis, counted once: a constant number of queries.

Over several themes nothing is counted twice: a person in two groups is one person, an academy in two themes one
academy; a scenario has one group, a test one scenario and a meeting one group, so their numbers add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from traam.programme.campaigns.models import Theme
from traam.programme.catalogue.models import Notice
from traam.programme.groups.models import Group, Meeting, Member
from traam.programme.productions.models import Bilan, ClassTest, Module, Scenario, Support


@dataclass(frozen=True)
class Team:
    """A group of one of the themes. `people` are the numbers of those who are, or were, in it."""

    pk: int
    theme: int
    academy: str
    people: frozenset[int]
    meetings: int


@dataclass(frozen=True)
class Written:
    """A scenario, by its codes. `online`: everyone may read it."""

    pk: int
    team: int
    validated: bool
    online: bool
    levels: tuple[str, ...]
    competences: tuple[str, ...]
    teacher_competences: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """A test in class: of which scenario, written by which academy, held in which one."""

    scenario: int
    home: str
    academy: str
    level: str
    pupils: int


@dataclass(frozen=True)
class Facts:
    themes: tuple[Theme, ...]
    teams: tuple[Team, ...]
    roles: tuple[tuple[str, frozenset[int]], ...]  # role in words, numbers of people; in the order of the roles
    national_meetings: int
    scenarios: tuple[Written, ...]
    tests: tuple[Tried, ...]
    validated: dict[str, int] = field(default_factory=dict)  # modules, bilans, supports

    @property
    def people(self) -> frozenset[int]:
        return frozenset().union(*(team.people for team in self.teams))


def facts(themes: Sequence[Theme]) -> Facts:
    """What the facts say of these themes today. Ten queries, whatever their number."""
    keys = [theme.pk for theme in themes]
    roles: dict[str, set[int]] = {role: set() for role in Member.Role.values}
    seats: dict[int, set[int]] = {}
    members = Member.objects.filter(group__application__theme__in=keys)
    for group, person, role in members.values_list("group", "person", "role"):
        seats.setdefault(group, set()).add(person)
        roles[role].add(person)
    held = Meeting.objects.filter(Q(group__application__theme__in=keys) | Q(theme__in=keys), state="held")
    meetings: dict[int | None, int] = {}
    for group in held.values_list("group", flat=True):
        meetings[group] = meetings.get(group, 0) + 1
    groups = Group.objects.filter(application__theme__in=keys).order_by("application__academy", "pk")
    teams = tuple(
        Team(pk, theme, academy, frozenset(seats.get(pk, ())), meetings.get(pk, 0))
        for pk, theme, academy in groups.values_list("pk", "application__theme", "application__academy")
    )
    return Facts(
        themes=tuple(themes),
        teams=teams,
        roles=tuple((str(Member.Role(role).label), frozenset(people)) for role, people in roles.items() if people),
        national_meetings=meetings.get(None, 0),
        scenarios=_scenarios(keys),
        tests=_tests(keys),
        validated=_validated(keys),
    )


def _scenarios(themes: list[int]) -> tuple[Written, ...]:
    live = Notice.objects.filter(theme__source_key__in=[f"theme:{pk}" for pk in themes], state="published")
    online = set(live.values_list("source_key", flat=True))
    rows = Scenario.objects.filter(group__application__theme__in=themes).order_by("pk")
    return tuple(
        Written(
            pk=row.pk,
            team=row.group_id,
            validated=row.state == "validated",
            online=f"scenario:{row.pk}" in online,
            levels=tuple(row.levels),
            competences=tuple(row.competences),
            teacher_competences=tuple(row.teacher_competences),
        )
        for row in rows.only("group", "state", "levels", "competences", "teacher_competences")
    )


def _tests(themes: list[int]) -> tuple[Tried, ...]:
    rows = ClassTest.objects.filter(scenario__group__application__theme__in=themes).order_by("pk")
    home = "scenario__group__application__academy"
    return tuple(Tried(*row) for row in rows.values_list("scenario", home, "academy", "level", "pupils"))


def _validated(themes: list[int]) -> dict[str, int]:
    mine = Q(group__application__theme__in=themes)
    return {
        "modules": Module.objects.filter(mine | Q(group__isnull=True, theme__in=themes), state="validated").count(),
        "bilans": Bilan.objects.filter(mine, state="validated").count(),
        "supports": Support.objects.filter(mine, state="validated").count(),
    }
