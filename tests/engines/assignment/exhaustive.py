"""The answer found by trying every selection: what the solver must equal. Also the small problems of the tests."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from hypothesis import strategies as st

from traam.engines.assignment import RELAXATION, Candidate, Limits, Pins, Problem, Theme, Weights, draw, verify
from traam.engines.assignment.draw import LOT_BITS, lot

Key = tuple[int, ...]


def selections(problem: Problem) -> Iterator[tuple[Candidate, ...]]:
    for size in range(len(problem.candidates) + 1):
        yield from combinations(problem.candidates, size)


def value(problem: Problem, chosen: tuple[Candidate, ...]) -> int:
    """The published formula, written another way than the product does."""
    total = sum(one.score for one in chosen) + problem.weights.served_academy * len({one.academy for one in chosen})
    for theme in problem.themes:
        for degrees in ({"premier", "mixte"}, {"second", "mixte"}):
            if not any(one.theme == theme.id and one.degree in degrees for one in problem.candidates):
                break
        else:
            inside = {one.degree for one in chosen if one.theme == theme.id}
            if "mixte" not in inside and not {"premier", "second"} <= inside:
                total -= problem.weights.missing_degree
    return total


def published(problem: Problem, chosen: tuple[Candidate, ...]) -> Key:
    """What chooses among equals, the smaller the better."""
    ids = [one.id for one in problem.candidates]
    turns = [dict(zip(ids, draw(problem, turn), strict=True)) for turn in range(1, 6)]
    return (
        sum(one.places_last_year for one in chosen),
        *(sum(places[one.id] for one in chosen) for places in turns),
    )


def best(problem: Problem) -> tuple[int, list[tuple[Candidate, ...]]] | None:
    """The greatest value and all the selections that have it, the published choice first; None when there is none."""
    allowed = [(value(problem, chosen), chosen) for chosen in selections(problem) if not verify(problem, ids(chosen))]
    if not allowed:
        return None
    top = max(found for found, _ in allowed)
    return top, sorted((c for found, c in allowed if found == top), key=lambda chosen: published(problem, chosen))


def least_broken(problem: Problem) -> set[str]:
    """The selection that breaks as little as possible, when none is allowed."""

    def key(chosen: tuple[Candidate, ...]) -> Key:
        broken = verify(problem, ids(chosen))
        by = [sum(abs(b.wanted - b.found) for b in broken if b.rule == rule) for rule in reversed(RELAXATION)]
        return (*by, -value(problem, chosen), *published(problem, chosen))

    pins = problem.pins
    possible = [one for one in selections(problem) if pins.retained <= ids(one) and not pins.excluded & ids(one)]
    return ids(min(possible, key=key))


def nearest(problem: Problem, reference: set[str], among: list[tuple[Candidate, ...]]) -> set[str]:
    """Among equal selections, the one that changes least, as an explanation shows it."""

    def key(chosen: tuple[Candidate, ...]) -> Key:
        lots = sum(lot(problem.seed, one.id) >> (64 - LOT_BITS) for one in chosen)
        return (len(ids(chosen) ^ reference), *published(problem, chosen)[:2], lots)

    return ids(min(among, key=key))


def ids(chosen: tuple[Candidate, ...]) -> set[str]:
    return {one.id for one in chosen}


REGIONS = {"Aix": "sud", "Nice": "sud", "Lille": "nord", "Brest": ""}


@st.composite
def problems(draw_: st.DrawFn, most_candidates: int = 7) -> Problem:
    """Small problems with many ties: few different scores, tight limits, pins."""
    count = draw_(st.integers(0, most_candidates))
    themes = draw_(st.integers(1, 3))
    candidates = tuple(
        Candidate(
            id=f"c{number}",
            theme=f"t{draw_(st.integers(1, themes))}",
            academy=(academy := draw_(st.sampled_from(sorted(REGIONS)))),
            region=REGIONS[academy],
            score=draw_(st.sampled_from((0, 100, 500, 500, 900, 1000))),
            degree=draw_(st.sampled_from(("premier", "second", "mixte", ""))),
            continuing=draw_(st.booleans()),
            places_last_year=draw_(st.sampled_from((0, 0, 1, 2))),
        )
        for number in range(count)
    )
    marks = [draw_(st.sampled_from((0, 0, 0, 0, 1, 2))) for _ in candidates]
    maybe = st.one_of(st.none(), st.integers(1, 2))
    return Problem(
        candidates,
        tuple(_theme(draw_, f"t{number + 1}") for number in range(themes)),
        Limits(draw_(st.one_of(st.none(), st.integers(0, 4))), draw_(maybe), draw_(maybe), draw_(maybe)),
        Weights(draw_(st.sampled_from((0, 400, 600))), draw_(st.sampled_from((0, 400)))),
        Pins(
            frozenset(one.id for one, mark in zip(candidates, marks, strict=True) if mark == 1),
            frozenset(one.id for one, mark in zip(candidates, marks, strict=True) if mark == 2),
        ),
        seed=draw_(st.integers(0, 3)),
    )


def _theme(draw_: st.DrawFn, name: str) -> Theme:
    most = draw_(st.integers(0, 3))
    return Theme(name, draw_(st.integers(0, most)), most, draw_(st.integers(0, most)))


def shuffled(problem: Problem, order: list[int]) -> Problem:
    return replace(
        problem, candidates=tuple(problem.candidates[n] for n in order), themes=tuple(reversed(problem.themes))
    )
