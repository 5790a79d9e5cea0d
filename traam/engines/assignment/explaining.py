"""Why one candidate is retained or not: the whole selection solved again with the opposite decision."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from .checking import verify
from .model import build, floor
from .selection import names, nearest, relax
from .solver import Optimum, Search
from .terms import appraise
from .values import BadProblem, Explanation, Pins, Problem, Rule, Solution, TieRule

Progress = Callable[[int, int], None]
"""Told how many explanations are done, of how many."""


def explain(problem: Problem, solution: Solution, candidate: str) -> Explanation:
    """What retaining this refused candidate (or doing without this retained one) would do to the selection."""
    return Explainer(problem, solution).explain(candidate)


def explain_all(
    problem: Problem, solution: Solution, progress: Progress | None = None, *, only: Iterable[str] | None = None
) -> Iterator[Explanation]:
    """The explanations of all candidates, or of `only` these, in canonical order. One model serves them all."""
    asked = None if only is None else set(only)
    wanted = [one.id for one in problem.candidates if asked is None or one.id in asked]
    explainer = Explainer(problem, solution)
    for done, name in enumerate(wanted, 1):
        yield explainer.explain(name)
        if progress is not None:
            progress(done, len(wanted))


def opposite(problem: Problem, candidate: str, *, retained: bool) -> Problem:
    """The same problem with the candidate pinned against the decision `retained`."""
    kept, out = problem.pins.retained - {candidate}, problem.pins.excluded - {candidate}
    pins = Pins(kept, out | {candidate}) if retained else Pins(kept | {candidate}, out)
    return replace(problem, pins=pins)


class Explainer:
    """The model of one solution, asked again and again with one bound changed, then put back."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        if solution.status != "optimal":
            raise BadProblem("Only a proven selection can be explained.")
        if appraise(problem, solution.retained) != solution.terms or verify(problem, solution.retained):
            raise BadProblem("This solution is not the solution of this problem: solve it again.")
        self.problem, self.solution = problem, solution
        self.numbers = {one.id: column for column, one in enumerate(problem.candidates)}
        self.themes = {one.id: one for one in problem.themes}
        self.kept = set(solution.retained)
        self.reference = [int(one.id in self.kept) for one in problem.candidates]
        self.programme = build(problem)
        self.search = Search(self.programme)

    def explain(self, candidate: str) -> Explanation:
        """See `explain`. Raises KeyError for an unknown candidate."""
        column, retained = self.numbers[candidate], candidate in self.kept
        other = opposite(self.problem, candidate, retained=retained)
        before = self.programme.lower[column], self.programme.upper[column]
        self.search.bound(column, int(not retained), int(not retained))
        self._floors(other, column)
        try:
            return self._answer(other, candidate, self.search.best())
        finally:
            self.search.bound(column, *before)
            self._floors(self.problem, column)

    def _floors(self, problem: Problem, column: int) -> None:
        """Minimums are capped by who can still come: excluding or readmitting a candidate may move its theme's."""
        name = problem.candidates[column].theme
        rules: tuple[Rule, ...] = ("theme_least", "continuing_least")
        for rule in rules:
            row = self.programme.floors.get((name, rule))
            if row is not None:
                same = [number for number, one in enumerate(problem.candidates) if one.theme == name]
                self.search.floor(row, floor(problem, self.themes[name], rule, problem.pins.excluded, same))

    def _answer(self, other: Problem, candidate: str, best: Optimum | None) -> Explanation:
        retained = candidate in self.kept
        pinned = candidate in self.problem.pins.retained | self.problem.pins.excluded
        if best is None:
            return Explanation(candidate, retained, pinned, "impossible", broken=relax(other)[1])
        columns = nearest(other, self.programme, best, self.reference, different=False)
        others = set(names(other, columns))
        entering = tuple(one for one in names(other, columns) if one not in self.kept and one != candidate)
        leaving = tuple(one for one in self.solution.retained if one not in others and one != candidate)
        cost = self.solution.value - best.value
        found = Explanation(candidate, retained, pinned, "cost", cost, entering, leaving)
        return replace(found, kind="tie", rule=self._rule(others)) if cost == 0 and not pinned else found

    def _rule(self, others: set[str]) -> TieRule:
        ours = sum(one.places_last_year for one in self.problem.candidates if one.id in self.kept)
        theirs = sum(one.places_last_year for one in self.problem.candidates if one.id in others)
        return "places_last_year" if theirs > ours else "draw"
