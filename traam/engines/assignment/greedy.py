"""The baseline: what a careful person does by hand, the best candidate first. Quick, allowed, not the best."""

from collections import Counter, defaultdict

from .checking import verify
from .terms import appraise
from .values import Candidate, Problem, Solution

NAME = "glouton"


class Hand:
    """A selection being made, with its counts."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.themes = {one.id: one for one in problem.themes}
        self.kept: set[str] = set()
        self.academies: defaultdict[str, set[str]] = defaultdict(set)
        self.continuing: defaultdict[str, set[str]] = defaultdict(set)
        self.counts: Counter[tuple[str, str]] = Counter()

    def take(self, one: Candidate) -> None:
        self.kept.add(one.id)
        self.academies[one.theme].add(one.academy)
        if one.continuing:
            self.continuing[one.theme].add(one.academy)
        self.counts.update(((one.theme, one.region), (one.theme, one.academy), ("", one.academy)))

    def may_take(self, one: Candidate) -> bool:
        limits, inside = self.problem.limits, self.academies[one.theme]
        if one.id in self.kept or one.id in self.problem.pins.excluded:
            return False
        counts = [
            (len(self.kept), limits.places),
            (self.counts[one.theme, one.region] if one.region else 0, limits.per_region_per_theme),
            (self.counts[one.theme, one.academy], limits.per_academy_per_theme),
            (self.counts["", one.academy], limits.per_academy),
            (0 if one.academy in inside else len(inside), self.themes[one.theme].most),
        ]
        return all(most is None or count < most for count, most in counts)

    def lacks(self, one: Candidate) -> bool:
        """Whether its theme is under a minimum that this candidate would help to meet."""
        theme = self.themes[one.theme]
        going_on = one.continuing and len(self.continuing[one.theme]) < theme.continuing_least
        return going_on or len(self.academies[one.theme]) < theme.least


def greedy(problem: Problem) -> Solution:
    """Pins first, then the minimums of each theme, then whoever fits, always by score (then the canonical order).

    `infeasible` when a rule is broken in the end: it may still be possible to keep them all.
    """
    hand = Hand(problem)
    for one in problem.candidates:
        if one.id in problem.pins.retained:
            hand.take(one)
    ranked = sorted(problem.candidates, key=lambda one: (not one.continuing, -one.score))
    for one in [one for one in ranked if one.continuing] + sorted(ranked, key=lambda one: -one.score):
        if hand.lacks(one) and hand.may_take(one):
            hand.take(one)
    for one in sorted(ranked, key=lambda one: -one.score):
        if hand.may_take(one):
            hand.take(one)
    retained = tuple(one.id for one in problem.candidates if one.id in hand.kept)
    if broken := tuple(verify(problem, retained)):
        return Solution("infeasible", (), appraise(problem, ()), broken=broken, fallback=retained, solver=NAME)
    return Solution("optimal", retained, appraise(problem, retained), solver=NAME)
