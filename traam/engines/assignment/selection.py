"""The best selection, proven; which published rule chose it among equals; and what to say when there is none."""

from .binding import binding
from .checking import verify
from .draw import LOT_BITS, draw, lot
from .model import Programme, build, elastic
from .solver import NAME, Levels, Optimum, Search, SolverRefused
from .terms import appraise
from .values import RELAXATION, Broken, Problem, Solution, Terms, Tie, TieRule

TURNS = 20
"""Draws before giving up: two selections that add up to the same in two draws are already a rarity."""


def solve(problem: Problem) -> Solution:
    """The selection of greatest value that keeps every rule and pin; the same whatever the order of the input.

    Among selections of the same value: the least places last year in all, then the least sum of places in the public
    draw. Raises `SolverRefused` if HiGHS stops without a proof, or proves what the independent check rejects.
    """
    if not problem.candidates:
        return Solution("optimal", (), appraise(problem, ()), solver=NAME)
    programme = build(problem)
    best = Search(programme).best()
    if best is None:
        return _infeasible(problem)
    columns, rule = separate(problem, programme, best)
    tie = nearest_equal(problem, programme, best, columns, rule) if rule else Tie()
    retained = names(problem, columns)
    terms = appraise(problem, retained)
    if terms.value != best.value or verify(problem, retained):
        raise SolverRefused("The independent check rejects what HiGHS answered.")
    return Solution("optimal", retained, terms, tie, binding(problem, retained), solver=NAME)


def names(problem: Problem, columns: list[int]) -> tuple[str, ...]:
    """The retained candidates, in canonical order."""
    return tuple(one.id for one, taken in zip(problem.candidates, columns, strict=False) if taken)


def widened(programme: Programme, costs: list[int]) -> list[int]:
    """Costs of the candidates, and nothing for the columns that follow from them."""
    return costs + [0] * (len(programme.costs) - len(costs))


def separate(problem: Problem, programme: Programme, best: Optimum) -> tuple[list[int], TieRule]:
    """The selection that the published rules choose among those of the best value, and the last rule it took."""
    levels = Levels(programme, best.settled)
    levels.keep(programme.costs, best.value)
    if levels.other_than(best.columns) is None:
        return best.columns, ""
    last_year = [-one.places_last_year for one in problem.candidates]
    goals = ((last_year if turn == 0 else [-one for one in draw(problem, turn)], turn) for turn in range(TURNS))
    for goal, turn in goals:
        levels.reach(widened(programme, goal))
        columns = found(levels)
        if levels.other_than(columns) is None:
            return columns, "draw" if turn else "places_last_year"
    raise SolverRefused(f"Two selections are still equal after {TURNS - 1} draws.")


def found(levels: Levels) -> list[int]:
    """The selection the levels came to. There is always one: each keeps what the ones before it reached."""
    if levels.columns is None:
        raise SolverRefused("HiGHS lost a selection it had found.")
    return levels.columns


def nearest(
    problem: Problem, programme: Programme, best: Optimum, reference: list[int], *, different: bool
) -> list[int]:
    """Among the selections of the best value, the one that changes least from `reference`.

    Then the published rules, then lots, so that only one can be the answer whatever way the solver came.
    """
    levels = Levels(programme, best.settled)
    levels.keep(programme.costs, best.value)
    if different:
        levels.forbid(reference)
    elif levels.other_than(best.columns) is None:
        return best.columns
    count = programme.count
    lots = [lot(problem.seed, one.id) >> (64 - LOT_BITS) for one in problem.candidates]
    goals = (
        [2 * one - 1 for one in reference[:count]],
        [-one.places_last_year for one in problem.candidates],
        [-one for one in draw(problem)],
        [-one for one in lots],
    )
    for goal in goals:
        levels.reach(widened(programme, goal))
    return found(levels)


def nearest_equal(problem: Problem, programme: Programme, best: Optimum, columns: list[int], rule: TieRule) -> Tie:
    """The tie, with the equal selection that differs least."""
    other = nearest(problem, programme, best, columns, different=True)
    ours, theirs = names(problem, columns), names(problem, other)
    return Tie(rule, _less(ours, theirs), _less(theirs, ours))


def _less(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    taken = set(others)
    return tuple(one for one in some if one not in taken)


def _infeasible(problem: Problem) -> Solution:
    fallback, broken = relax(problem)
    return Solution("infeasible", (), Terms(), broken=broken, fallback=fallback, solver=NAME)


def relax(problem: Problem) -> tuple[tuple[str, ...], tuple[Broken, ...]]:
    """The selection that breaks as little as possible, the firmest rule first (`RELAXATION` from its end); then the
    greatest value, the published rules and lots. Answers it with what it breaks, as the independent check says."""
    programme, breaches = elastic(problem)
    levels = Levels(programme)
    goals = []
    for rule in reversed(RELAXATION):
        given_up = set(breaches.get(rule, ()))
        goals.append([-int(column in given_up) for column in range(len(programme.costs))])
    goals.append(programme.costs)
    goals.append(widened(programme, [-one.places_last_year for one in problem.candidates]))
    goals += [widened(programme, [-one for one in draw(problem, turn)]) for turn in (1, 2)]
    for goal in goals:
        if any(goal):
            levels.reach(goal)
    fallback = names(problem, found(levels))
    return fallback, tuple(verify(problem, fallback))
