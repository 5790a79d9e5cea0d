"""Which rules hold something back: met exactly, with a team that would come in, or go, without them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from .model import floor
from .values import Broken, Candidate, Problem, Rule, Theme


def binding(problem: Problem, retained: tuple[str, ...]) -> tuple[Broken, ...]:
    """Limits that are full while another candidate waits under them, minimums met without one to spare.

    In each, `wanted` equals `found`.
    """
    kept = set(retained)
    limits = problem.limits
    chosen = [one for one in problem.candidates if one.id in kept]
    waiting = [one for one in problem.candidates if one.id not in kept | problem.pins.excluded]
    found: list[Broken] = []
    if limits.places == len(chosen) and waiting:
        found.append(Broken("places", len(chosen), len(chosen)))
    found += _full("academy_total", limits.per_academy, chosen, waiting, lambda one: ("", "", one.academy))
    found += _full(
        "region_theme", limits.per_region_per_theme, chosen, waiting, lambda one: (one.theme, one.region, "")
    )
    found += _full(
        "academy_theme", limits.per_academy_per_theme, chosen, waiting, lambda one: (one.theme, "", one.academy)
    )
    return (*found, *_themes(problem, chosen, waiting))


def _full(
    rule: Rule,
    most: int | None,
    chosen: list[Candidate],
    waiting: list[Candidate],
    place: Callable[[Candidate], tuple[str, str, str]],
) -> Iterator[Broken]:
    counts = Counter(map(place, chosen))
    for theme, region, academy in sorted(set(map(place, waiting))):
        if counts[theme, region, academy] == most and (region or academy):
            yield Broken(rule, most, most, theme, region, academy)


def _themes(problem: Problem, chosen: list[Candidate], waiting: list[Candidate]) -> Iterator[Broken]:
    inside: defaultdict[str, list[Candidate]] = defaultdict(list)
    outside: defaultdict[str, set[str]] = defaultdict(set)
    columns: defaultdict[str, list[int]] = defaultdict(list)
    for one in chosen:
        inside[one.theme].append(one)
    for one in waiting:
        outside[one.theme].add(one.academy)
    for column, one in enumerate(problem.candidates):
        columns[one.theme].append(column)
    for theme in problem.themes:
        academies = {one.academy for one in inside[theme.id]}
        if len(academies) == theme.most and outside[theme.id] - academies:
            yield Broken("theme_most", theme.most, theme.most, theme.id)
        yield from _floors(problem, theme, inside[theme.id], columns[theme.id])


def _floors(problem: Problem, theme: Theme, inside: list[Candidate], columns: list[int]) -> Iterator[Broken]:
    rules: tuple[Rule, ...] = ("theme_least", "continuing_least")
    for rule in rules:
        academies = {one.academy for one in inside if rule == "theme_least" or one.continuing}
        least = floor(problem, theme, rule, problem.pins.excluded, columns)
        if academies and len(academies) == least:
            yield Broken(rule, least, least, theme.id)
