"""What a selection is worth: the published formula, in plain Python."""

from collections import defaultdict
from collections.abc import Iterable

from .values import Problem, Terms

BOTH = frozenset({"premier", "second"})


def mixable(problem: Problem) -> frozenset[str]:
    """Themes where both degrees were candidates, pins or not: a pin must not change the formula it is judged by."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in problem.candidates:
        found[one.theme] |= one.degrees
    return frozenset(theme for theme, degrees in found.items() if degrees >= BOTH)


def appraise(problem: Problem, retained: Iterable[str]) -> Terms:
    """The value of any set of candidates, allowed or not."""
    kept = set(retained)
    chosen = [one for one in problem.candidates if one.id in kept]
    degrees: defaultdict[str, set[str]] = defaultdict(set)
    for one in chosen:
        degrees[one.theme] |= one.degrees
    academies = tuple(sorted({one.academy for one in chosen}))
    missing = tuple(sorted(theme for theme in mixable(problem) if not degrees[theme] >= BOTH))
    return Terms(
        scores=sum(one.score for one in chosen),
        served=problem.weights.served_academy * len(academies),
        missing=problem.weights.missing_degree * len(missing),
        academies=academies,
        themes_missing_a_degree=missing,
    )
