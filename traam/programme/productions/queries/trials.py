"""Scenarios tried in class: what is asked, promised and done; where, and by whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from traam import reference
from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.campaigns.queries import leading
from traam.programme.groups.models import Group, Member
from traam.programme.people.models import Person
from traam.programme.productions import states
from traam.programme.productions.models import ClassTest, Promise, Scenario
from traam.programme.productions.queries.scenarios import scenario as find_scenario
from traam.programme.productions.testers import Candidate, Tester, propose
from traam.programme.selection import pairings


@dataclass(frozen=True)
class Trial:
    """A scenario and a group that may try it in class: the last promise, and the tests it held, the latest first."""

    scenario: Scenario
    group: Group
    promise: Promise | None = None
    tests: tuple[ClassTest, ...] = ()

    @property
    def state(self) -> str:
        """A state of `states.PROMISE`. A promise that waits says more than a test of last month."""
        if self.promise and self.promise.state in states.WAITING:
            return self.promise.state
        if self.tests:
            return "kept"
        return self.promise.state if self.promise and self.promise.state != "kept" else "missing"

    @property
    def own(self) -> bool:
        """Whether the group is the one that wrote the scenario."""
        return self.group.pk == self.scenario.group_id

    @property
    def label(self) -> str:
        return states.PROMISE.states[self.state]


def _groups() -> QuerySet[Group]:
    members = Prefetch("members", Member.objects.select_related("person").order_by("pk"))
    stewards = Prefetch("application__theme__stewards", Steward.objects.select_related("person"))
    rows = Group.objects.select_related("application__theme__campaign").prefetch_related(members, stewards)
    return rows.order_by("application__academy", "pk")


def _promises() -> QuerySet[Promise]:
    return Promise.objects.select_related("person", "asked_by").order_by("pk")


def testing(theme: Theme) -> Q:
    """The groups that may try the scenarios of a theme: its own, and those of the theme that continues it."""
    return Q(application__theme=theme) | Q(application__theme__continues=theme)


def trials(scenario: Scenario) -> list[Trial]:
    """What each group of the theme was asked, promised and did of a scenario, by academy. Five queries."""
    found = list(_groups().filter(testing(scenario.group.application.theme)))
    promises = {promise.group_id: promise for promise in _promises().filter(scenario=scenario)}
    tests: dict[int, list[ClassTest]] = {}
    for test in scenario.tests.all():
        tests.setdefault(test.group_id or scenario.group_id, []).append(test)
    return [Trial(scenario, group, promises.get(group.pk), tuple(tests.get(group.pk, ()))) for group in found]


def trial(scenario: Scenario, group: Group) -> Trial:
    """Where a group stands with a scenario. A group of another theme has nothing to do with it."""
    for one in trials(scenario):
        if one.group.pk == group.pk:
            return one
    raise Missing("Ce groupe ne travaille pas sur le thème du scénario : il n'a rien à y tester.")


def promise(pk: int) -> Trial:
    """The trial of a promise, by its number."""
    try:
        row = Promise.objects.get(pk=pk)
    except Promise.DoesNotExist:
        raise Missing("Cette demande de test n'existe pas.") from None
    found = trial(find_scenario(row.scenario_id), Group(pk=row.group_id))
    if found.promise is None or found.promise.pk != pk:
        raise Missing("Cette demande de test est ancienne : une autre l'a suivie, sur la page du scénario.")
    return found


def test(pk: int) -> ClassTest:
    """A test, its scenario and the group that held it."""
    rows = ClassTest.objects.select_related("by", "promise", "scenario__group__application")
    try:
        return rows.get(pk=pk)
    except ClassTest.DoesNotExist:
        raise Missing("Ce test n'existe pas, ou plus : il a peut-être été retiré.") from None


def seats(person: Person, theme: Theme) -> list[Member]:
    """The places of a person in the groups that may try the scenarios of a theme, inspectors aside. One query."""
    rows = Member.objects.filter(person=person, until__isnull=True, group__in=Group.objects.filter(testing(theme)))
    return list(rows.exclude(role=Member.Role.INSPECTOR).select_related("group__application").order_by("pk"))


def in_testing_group(person: Person, theme: Theme) -> bool:
    """Whether the person works in a group that may try the scenarios of a theme."""
    return bool(seats(person, theme))


def versions(scenario: Scenario) -> list[int]:
    """The versions that may have been tried, the latest first."""
    return list(range(max(scenario.version, 1), 0, -1))


def tested_in(tests: Iterable[ClassTest]) -> list[str]:
    """The academies where these tests were held: « testé dans n académies » is nothing else."""
    return sorted({test.academy for test in tests})


def testers(scenario: Scenario) -> list[Tester]:
    """Whom to ask, the most fitting first, each with the reasons. A constant number of queries."""
    theme = scenario.group.application.theme
    groups = list(Group.objects.filter(testing(theme)).exclude(state="ended").select_related("application__theme"))
    decided = pairings.of(theme)
    partners = {
        academy
        for pair in (decided.pairs if decided else ())
        if scenario.group.academy in pair
        for academy in pair
        if academy != scenario.group.academy
    }
    taken = set(Promise.objects.filter(scenario=scenario).exclude(state="withdrawn").values_list("group", flat=True))
    taken |= {test.group_id for test in scenario.tests.all() if test.group_id}
    loads, levels = _loads(groups), _levels(groups)
    wanted = _candidate(scenario.group, set(), {}, {})
    others = [
        _candidate(group, partners, loads, levels)
        for group in groups
        if group.pk != scenario.group_id and group.pk not in taken
    ]
    return propose(wanted, frozenset(scenario.levels), others)


def _candidate(group: Group, partners: set[str], loads: dict[int, int], levels: dict[int, frozenset[str]]) -> Candidate:
    application, axes = group.application, group.application.theme.axes
    return Candidate(
        group=group.pk,
        academy=group.academy,
        academy_name=group.academy_name,
        paired=group.academy in partners,
        axes=tuple(axes[n - 1] for n in sorted(application.axes) if 1 <= n <= len(axes)),
        levels=levels.get(group.pk, frozenset()),
        school=application.get_school_kind_display() if application.school_kind else "",
        load=loads.get(group.pk, 0),
    )


def _loads(groups: Sequence[Group]) -> dict[int, int]:
    """How many tests each group has promised, or was asked and did not answer."""
    waiting = Promise.objects.filter(group__in=groups, state__in=states.WAITING)
    return {row["group"]: row["n"] for row in waiting.order_by().values("group").annotate(n=Count("pk"))}


def _levels(groups: Sequence[Group]) -> dict[int, frozenset[str]]:
    """The levels each group teaches, as its own scenarios and the tests it held tell."""
    found: dict[int, set[str]] = {}
    for group, levels in Scenario.objects.filter(group__in=groups).values_list("group", "levels"):
        found.setdefault(group, set()).update(levels)
    for group, level in ClassTest.objects.filter(group__in=groups).values_list("group", "level"):
        if group is not None:
            found.setdefault(group, set()).add(level)
    return {group: frozenset(levels) for group, levels in found.items()}


@dataclass(frozen=True)
class Cell:
    """A scenario in an academy: `state` of `states.PROMISE`, how many tests; `groups` are those of the academy."""

    academy: str
    state: str
    tests: int
    own: bool
    groups: tuple[int, ...]

    @property
    def label(self) -> str:
        return "testé" if self.state == "kept" else states.PROMISE.states[self.state]


@dataclass(frozen=True)
class Line:
    """A scenario in the matrix of its theme. `elsewhere` counts the academies that are not its authors'."""

    scenario: Scenario
    cells: tuple[Cell, ...]

    @property
    def tests(self) -> int:
        return sum(cell.tests for cell in self.cells)

    @property
    def academies(self) -> int:
        return sum(1 for cell in self.cells if cell.tests)

    @property
    def elsewhere(self) -> int:
        return sum(1 for cell in self.cells if cell.tests and not cell.own)


@dataclass(frozen=True)
class Totals:
    """The tests in class of a theme, or of several: what is tested, promised, and what still lacks."""

    scenarios: int
    untested: int
    elsewhere: int  # tested in an academy that is not their authors'
    tests: int
    academies: int
    waiting: int  # asked or promised


KINDS = {
    "sans-test": "Sans test",
    "sans-test-ailleurs": "Sans test dans une autre académie",
    "promis": "Test demandé ou promis",
    "testes": "Testés",
}


def tried(themes: Iterable[Theme], kind: str = "") -> QuerySet[Scenario]:
    """The scenarios of themes that may be tried (submitted once, or tried already), the least tested first."""
    held = ClassTest.objects.filter(scenario=OuterRef("pk"))
    other = held.exclude(academy=OuterRef("group__application__academy"))
    waiting = Promise.objects.filter(scenario=OuterRef("pk"), state__in=states.WAITING)
    rows = Scenario.objects.filter(group__application__theme__in=list(themes)).annotate(
        held=Exists(held), other=Exists(other), expected=Exists(waiting), places=Count("tests__academy", distinct=True)
    )
    rows = rows.filter(Q(version__gt=0) | Q(held=True) | Q(expected=True))
    asked = {
        "sans-test": Q(held=False),
        "sans-test-ailleurs": Q(other=False),
        "promis": Q(expected=True),
        "testes": Q(held=True),
    }
    return (
        rows.filter(asked.get(kind, Q()))
        .select_related("group__application__theme")
        .defer("sections", "phases", "summary")
        .order_by("places", "group__application__academy", "pk")
    )


def columns(theme: Theme) -> dict[str, tuple[int, ...]]:
    """The academies of the matrix of a theme, by name, with their groups at work; and where tests were held. Two
    queries."""
    found: dict[str, list[int]] = {}
    groups = Group.objects.filter(testing(theme))
    for academy, pk, state in groups.order_by("pk").values_list("application__academy", "pk", "state"):
        found.setdefault(academy, []).extend([pk] if state != "ended" else [])
    held = ClassTest.objects.filter(scenario__group__application__theme=theme)
    for academy in held.order_by().values_list("academy", flat=True).distinct():
        found.setdefault(academy, [])
    named = sorted(found, key=lambda code: reference.academies()[code].name)
    return {code: tuple(found[code]) for code in named}


def lines(scenarios: Iterable[Scenario], academies: dict[str, tuple[int, ...]]) -> list[Line]:
    """The rows of the matrix for some scenarios, whatever their number in two queries."""
    rows = list(scenarios)
    counts: dict[tuple[int, str], int] = {}
    held = ClassTest.objects.filter(scenario__in=rows).order_by()
    for row in held.values("scenario", "academy").annotate(n=Count("pk")):
        counts[row["scenario"], row["academy"]] = row["n"]
    said: dict[tuple[int, str], str] = {}
    promises = Promise.objects.filter(scenario__in=rows).order_by("pk")
    for scenario, academy, state in promises.values_list("scenario", "group__application__academy", "state"):
        if said.get((scenario, academy)) not in states.WAITING:
            said[scenario, academy] = state
    return [
        Line(
            row,
            tuple(
                _cell(code, counts.get((row.pk, code), 0), said.get((row.pk, code), ""), row, groups)
                for code, groups in academies.items()
            ),
        )
        for row in rows
    ]


def _cell(academy: str, tests: int, said: str, scenario: Scenario, groups: tuple[int, ...]) -> Cell:
    state = "kept" if tests else "declined" if said == "declined" else "missing"
    state = said if said in states.WAITING else state
    return Cell(academy, state, tests, academy == scenario.group.academy, groups)


def by_academy(theme: Theme) -> dict[str, int]:
    """How many scenarios of a theme each academy tested. One query."""
    held = ClassTest.objects.filter(scenario__group__application__theme=theme).order_by()
    rows = held.values("academy").annotate(n=Count("scenario", distinct=True))
    return {row["academy"]: row["n"] for row in rows}


def totals(themes: Sequence[Theme]) -> dict[int, Totals]:
    """The tests in class of each theme, by its number. Three queries, whatever the number of themes."""
    held: dict[int, list[tuple[int, str, str]]] = {}
    theme = "scenario__group__application__theme"
    tests = ClassTest.objects.filter(**{f"{theme}__in": themes})
    for pk, *row in tests.values_list(theme, "scenario", "academy", "scenario__group__application__academy"):
        held.setdefault(pk, []).append((row[0], row[1], row[2]))
    waiting = Promise.objects.filter(**{f"{theme}__in": themes}, state__in=states.WAITING).order_by()
    expected = {row[theme]: row["n"] for row in waiting.values(theme).annotate(n=Count("pk"))}
    known: dict[int, int] = {}
    for pk in tried(themes).order_by().values_list("group__application__theme", flat=True):
        known[pk] = known.get(pk, 0) + 1
    return {one.pk: _totals(held.get(one.pk, []), known.get(one.pk, 0), expected.get(one.pk, 0)) for one in themes}


def _totals(held: list[tuple[int, str, str]], scenarios: int, waiting: int) -> Totals:
    return Totals(
        scenarios=scenarios,
        untested=scenarios - len({scenario for scenario, _, _ in held}),
        elsewhere=len({scenario for scenario, academy, home in held if academy != home}),
        tests=len(held),
        academies=len({academy for _, academy, _ in held}),
        waiting=waiting,
    )


def of_campaign(campaign: Campaign) -> list[tuple[Theme, Totals]]:
    """The tests in class of a campaign, theme by theme."""
    themes = list(Theme.objects.filter(campaign=campaign).order_by("pk"))
    found = totals(themes)
    return [(theme, found[theme.pk]) for theme in themes]


def led(person: Person, at: datetime, *, everything: bool) -> list[Theme]:
    """The themes a person leads whose groups are open, or all of them, the latest campaign first."""
    rows = Theme.objects.filter(applications__group__isnull=False).select_related("campaign").distinct()
    if not everything:
        rows = rows.filter(pk__in=leading(person, at).values("theme"))
    return list(rows.order_by("-campaign__first_year", "pk"))


def waiting_for(person: Person, today: date) -> list[Promise]:
    """What waits for a person: the tests asked of the groups she answers for, those she promised whose day has passed.

    One query.
    """
    answers = Member.objects.filter(
        group=OuterRef("group"), person=person, role=Member.Role.REFERENT, until__isnull=True
    )
    asked = Q(state="asked") & Q(Exists(answers))
    late = Q(state="promised", person=person, planned_on__lt=today)
    rows = Promise.objects.filter(asked | late).select_related("scenario", "group__application")
    return list(rows.order_by("planned_on", "asked_at", "pk"))
