"""The independent check: the rules read once more, in plain Python, sharing nothing with the integer programme.

What the solver answers passes here before anyone sees it, and a selection decided by hand can be checked the same way.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from .values import Broken, Candidate, Problem, Rule, Theme


def verify(problem: Problem, retained: Iterable[str]) -> list[Broken]:
    """The rules these candidates break together, in a stable order; empty when the selection is allowed."""
    kept = set(retained)
    teams = [one for one in problem.candidates if one.id in kept]
    return [*_names(problem, kept), *_whole(problem, teams), *_by_theme(problem, teams)]


def _names(problem: Problem, kept: set[str]) -> Iterator[Broken]:
    for name in sorted(kept - {one.id for one in problem.candidates}):
        yield Broken("unknown_candidate", 0, 1, candidate=name)
    for one in problem.candidates:
        if one.id in problem.pins.retained and one.id not in kept:
            yield Broken("pin_retained", 1, 0, one.theme, one.region, one.academy, one.id)
        if one.id in problem.pins.excluded and one.id in kept:
            yield Broken("pin_excluded", 0, 1, one.theme, one.region, one.academy, one.id)


def _whole(problem: Problem, teams: list[Candidate]) -> Iterator[Broken]:
    places = problem.limits.places
    if places is not None and len(teams) > places:
        yield Broken("places", places, len(teams))
    yield from _over("academy_total", problem.limits.per_academy, teams, lambda one: one.academy)


def _by_theme(problem: Problem, teams: list[Candidate]) -> Iterator[Broken]:
    inside: dict[str, list[Candidate]] = {one.id: [] for one in problem.themes}
    asking: dict[str, list[Candidate]] = {one.id: [] for one in problem.themes}
    for one in teams:
        inside[one.theme].append(one)
    for one in problem.candidates:
        if one.id not in problem.pins.excluded:
            asking[one.theme].append(one)
    for theme in problem.themes:
        yield from _theme(problem, theme, inside[theme.id], asking[theme.id])


def _theme(problem: Problem, theme: Theme, inside: list[Candidate], asking: list[Candidate]) -> Iterator[Broken]:
    limits = problem.limits
    academies = len({one.academy for one in inside})
    if academies > theme.most:
        yield Broken("theme_most", theme.most, academies, theme.id)
    least = min(theme.least, _reachable(asking, limits.per_region_per_theme))
    if academies < least:
        yield Broken("theme_least", least, academies, theme.id)
    going_on = [one for one in asking if one.continuing]
    least = min(theme.continuing_least, _reachable(going_on, limits.per_region_per_theme))
    continuing = len({one.academy for one in inside if one.continuing})
    if continuing < least:
        yield Broken("continuing_least", least, continuing, theme.id)
    yield from _over("region_theme", limits.per_region_per_theme, inside, lambda one: one.region, theme.id)
    yield from _over("academy_theme", limits.per_academy_per_theme, inside, lambda one: one.academy, theme.id)


def _reachable(candidates: list[Candidate], per_region: int | None) -> int:
    """How many academies these candidates can bring at most, with so many teams of one region."""
    regions = Counter({one.academy: one.region for one in candidates}.values())
    return sum(
        count if per_region is None or not region else min(count, per_region) for region, count in regions.items()
    )


def _over(
    rule: Rule, most: int | None, teams: list[Candidate], key: Callable[[Candidate], str], theme: str = ""
) -> Iterator[Broken]:
    if most is None:
        return
    for name, count in sorted(Counter(key(one) for one in teams if key(one)).items()):
        if count > most and rule == "region_theme":
            yield Broken(rule, most, count, theme, region=name)
        elif count > most:
            yield Broken(rule, most, count, theme, academy=name)
