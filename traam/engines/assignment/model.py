"""The selection as an integer programme: columns, costs and rows, in plain lists. Nothing here solves.

The first columns are the candidates, in canonical order: 1 when retained. Then come columns that follow from them:
an academy is served, a theme lacks a degree, an academy is in a theme (only where it may have several teams).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .terms import mixable
from .values import Problem, Rule, Theme

INFINITY = float("inf")


@dataclass(slots=True)
class Row:
    """lower ≤ Σ coefficient × column ≤ upper. `rule` is None for the rows that only define a column."""

    lower: float
    upper: float
    entries: dict[int, int]
    rule: Rule | None = None


@dataclass(slots=True)
class Programme:
    """Maximise Σ cost × column, every column a whole number between its bounds."""

    count: int
    costs: list[int]
    lower: list[int]
    upper: list[int]
    rows: list[Row] = field(default_factory=list)
    floors: dict[tuple[str, Rule], int] = field(default_factory=dict)
    """(theme, rule) → the row that holds its minimum."""

    def column(self, cost: int = 0, upper: int = 1) -> int:
        self.costs.append(cost)
        self.lower.append(0)
        self.upper.append(upper)
        return len(self.costs) - 1

    def row(self, entries: Mapping[int, int], lower: float = -INFINITY, upper: float = INFINITY) -> Row:
        self.rows.append(Row(lower, upper, dict(entries)))
        return self.rows[-1]

    def at_most(self, rule: Rule, columns: Iterable[int], most: int | None) -> None:
        """A limit, written only where it can bite: in the other cases it would only weigh."""
        names = list(columns)
        if most is not None and len(names) > most:
            self.row(dict.fromkeys(names, 1), upper=most).rule = rule


class Builder:
    """Writes the programme of a problem, rule by rule.

    `elastic`: the rules may be broken, so the academies of a theme are counted even where two teams of one are kept.
    """

    def __init__(self, problem: Problem, *, elastic: bool = False) -> None:
        self.problem = problem
        self.counts_teams = problem.limits.per_academy_per_theme == 1 and not elastic
        kept, out = problem.pins.retained, problem.pins.excluded
        self.programme = Programme(
            count=len(problem.candidates),
            costs=[one.score for one in problem.candidates],
            lower=[int(one.id in kept) for one in problem.candidates],
            upper=[int(one.id not in out) for one in problem.candidates],
        )
        self.by_theme: defaultdict[str, list[int]] = defaultdict(list)
        self.by_academy: defaultdict[str, list[int]] = defaultdict(list)
        for column, one in enumerate(problem.candidates):
            self.by_theme[one.theme].append(column)
            self.by_academy[one.academy].append(column)

    def build(self) -> Programme:
        limits = self.problem.limits
        self.programme.at_most("places", range(self.programme.count), limits.places)
        mixed = mixable(self.problem)
        for theme in self.problem.themes:
            self._theme(theme)
            if theme.id in mixed and self.problem.weights.missing_degree:
                self._degrees(self.by_theme[theme.id])
        for columns in self.by_academy.values():
            self.programme.at_most("academy_total", columns, limits.per_academy)
            if self.problem.weights.served_academy:
                served = self.programme.column(self.problem.weights.served_academy)
                self.programme.row({served: 1, **dict.fromkeys(columns, -1)}, upper=0)
        return self.programme

    def _theme(self, theme: Theme) -> None:
        columns = self.by_theme[theme.id]
        academies, continuing = self._academies(columns), self._academies(self._continuing(columns))
        for columns_of_one in self._grouped(columns, "region").values():
            self.programme.at_most("region_theme", columns_of_one, self.problem.limits.per_region_per_theme)
        for columns_of_one in self._grouped(columns, "academy").values():
            self.programme.at_most("academy_theme", columns_of_one, self.problem.limits.per_academy_per_theme)
        self.programme.at_most("theme_most", academies, theme.most)
        self._floor(theme, "theme_least", academies)
        self._floor(theme, "continuing_least", continuing)

    def _floor(self, theme: Theme, rule: Rule, counted: list[int]) -> None:
        if counted and (theme.least if rule == "theme_least" else theme.continuing_least):
            self.programme.floors[theme.id, rule] = len(self.programme.rows)
            least = floor(self.problem, theme, rule, self.problem.pins.excluded, self.by_theme[theme.id])
            self.programme.row(dict.fromkeys(counted, 1), lower=least).rule = rule

    def _academies(self, columns: list[int]) -> list[int]:
        """Columns whose sum is the number of academies among these candidates."""
        if self.counts_teams:
            return columns
        counted = []
        for teams in self._grouped(columns, "academy").values():
            counted.append(teams[0] if len(teams) == 1 else self._any_of(teams))
        return counted

    def _any_of(self, teams: list[int]) -> int:
        """A column that is 1 exactly when one of these is."""
        present = self.programme.column()
        self.programme.row({present: 1, **dict.fromkeys(teams, -1)}, upper=0)
        for team in teams:
            self.programme.row({team: 1, present: -1}, upper=0)
        return present

    def _degrees(self, columns: list[int]) -> None:
        missing = self.programme.column(-self.problem.weights.missing_degree)
        for degree in ("premier", "second"):
            bringing = [column for column in columns if degree in self.problem.candidates[column].degrees]
            self.programme.row({missing: 1, **dict.fromkeys(bringing, 1)}, lower=1)

    def _continuing(self, columns: list[int]) -> list[int]:
        return [column for column in columns if self.problem.candidates[column].continuing]

    def _grouped(self, columns: list[int], name: str) -> dict[str, list[int]]:
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for column in columns:
            if key := getattr(self.problem.candidates[column], name):
                groups[key].append(column)
        return groups


def floor(problem: Problem, theme: Theme, rule: Rule, excluded: frozenset[str], columns: Iterable[int]) -> int:
    """A minimum capped by the academies that can be reached: those not excluded, as many as each region may have."""
    wanted = theme.least if rule == "theme_least" else theme.continuing_least
    open_to: defaultdict[str, set[str]] = defaultdict(set)
    for one in (problem.candidates[column] for column in columns):
        if one.id not in excluded and (rule == "theme_least" or one.continuing):
            open_to[one.region or f"academy {one.academy}"].add(one.academy)
    cap = problem.limits.per_region_per_theme
    return min(wanted, sum(len(found) if cap is None else min(cap, len(found)) for found in open_to.values()))


def build(problem: Problem) -> Programme:
    """The integer programme of the problem."""
    return Builder(problem).build()


def elastic(problem: Problem) -> tuple[Programme, dict[Rule, list[int]]]:
    """The same programme where every rule but the pins may be broken; and, for each rule, the columns that say by how
    much each of its rows is."""
    programme = Builder(problem, elastic=True).build()
    breaches: defaultdict[Rule, list[int]] = defaultdict(list)
    for row in programme.rows:
        if row.rule is not None:
            breach = programme.column(upper=len(row.entries))
            row.entries[breach] = 1 if row.upper == INFINITY else -1
            breaches[row.rule].append(breach)
    return programme, breaches
