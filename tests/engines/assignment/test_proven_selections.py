"""The solver against every possible selection: value, choice among equals, explanations, what breaks."""

from itertools import product

import pytest
from exhaustive import best, ids, least_broken, nearest, problems, shuffled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from traam.engines.assignment import (
    Candidate,
    Limits,
    Pins,
    Problem,
    Solution,
    Theme,
    explain,
    explain_all,
    greedy,
    solve,
    verify,
)
from traam.engines.assignment.explaining import opposite

quick = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def equals_exhaustion(problem: Problem) -> Solution:
    """Solve, compare with every selection, and hand back the solution."""
    solution, known = solve(problem), best(problem)
    if known is None:
        assert solution.status == "infeasible"
        assert set(solution.fallback) == least_broken(problem)
        assert list(solution.broken) == verify(problem, solution.fallback) != []
        return solution
    top, equals = known
    assert solution.status == "optimal"
    assert solution.value == top
    assert verify(problem, solution.retained) == []
    assert set(solution.retained) == ids(equals[0])
    assert solution.tie.unique == (len(equals) == 1)
    if len(equals) > 1:
        other = set(solution.retained) - set(solution.tie.without) | set(solution.tie.instead)
        assert other == nearest(problem, set(solution.retained), equals[1:])
        fewest = [sum(one.places_last_year for one in chosen) for chosen in equals]
        assert solution.tie.rule == ("places_last_year" if fewest.count(min(fewest)) == 1 else "draw")
    return solution


@quick
@given(problems())
def test_the_solver_equals_every_selection_tried(problem: Problem) -> None:
    equals_exhaustion(problem)


@pytest.mark.parametrize("places", [None, 0, 1, 2, 3])
def test_the_solver_equals_every_selection_over_a_grid_of_limits(places: int | None) -> None:
    candidates = (
        Candidate("a1", "t", "Aix", "sud", 900, "second", True, 2),
        Candidate("a2", "t", "Aix", "sud", 900, "premier", False, 0),
        Candidate("b1", "t", "Nice", "sud", 500, "premier", True, 1),
        Candidate("b2", "u", "Nice", "sud", 500, "second", False, 1),
        Candidate("c1", "u", "Lille", "nord", 500, "second", True, 0),
    )
    for region, academy, same, least, more in product((None, 1), (None, 1), (1, 2, None), (0, 1, 2), (0, 1)):
        themes = (Theme("t", least, least + more, min(1, least)), Theme("u", 0, 2))
        equals_exhaustion(Problem(candidates, themes, Limits(places, region, academy, same), seed=least))


@settings(quick, max_examples=40)
@given(problems(most_candidates=6))
def test_an_explanation_equals_every_selection_tried_with_the_opposite_decision(problem: Problem) -> None:
    solution = solve(problem)
    if solution.status != "optimal":
        return
    kept = set(solution.retained)
    for found in explain_all(problem, solution):
        other = opposite(problem, found.candidate, retained=found.retained)
        known = best(other)
        assert found.retained == (found.candidate in kept)
        assert found.pinned == (found.candidate in problem.pins.retained | problem.pins.excluded)
        if known is None:
            assert found.kind == "impossible"
            assert list(found.broken) == verify(other, least_broken(other))
            continue
        top, equals = known
        assert found.cost == solution.value - top
        assert found.kind == ("tie" if found.cost == 0 and not found.pinned else "cost")
        moved = nearest(other, kept, equals)
        assert set(found.entering) == moved - kept - {found.candidate}
        assert set(found.leaving) == kept - moved - {found.candidate}


@settings(quick, max_examples=40)
@given(problems(), st.data())
def test_the_order_of_the_input_changes_nothing(problem: Problem, data: st.DataObject) -> None:
    again = shuffled(problem, data.draw(st.permutations(range(len(problem.candidates)))))
    solution = solve(problem)
    assert solve(again) == solution
    if solution.status == "optimal":
        backwards = [one.id for one in reversed(problem.candidates)]
        assert [explain(again, solution, name) for name in backwards] == list(explain_all(problem, solution))[::-1]


@quick
@given(problems())
def test_the_baseline_never_does_better_and_says_when_it_breaks_a_rule(problem: Problem) -> None:
    by_hand, solution = greedy(problem), solve(problem)
    if by_hand.status == "optimal":
        assert verify(problem, by_hand.retained) == []
        assert solution.status == "optimal"
        assert by_hand.value <= solution.value
    else:
        assert by_hand.broken


def middling(count: int) -> Problem:
    """A problem too large to try everything, with scores that tie."""
    candidates = tuple(
        Candidate(
            f"c{n:03}",
            f"t{n % 8}",
            f"a{n * 7 % 13:02}",
            f"r{n * 7 % 13 // 2}",
            600 + n * 37 % 11 * 100,
            ("premier", "second", "second", "")[n % 4],
            n % 5 == 0,
            n % 3,
        )
        for n in range(count)
    )
    themes = tuple(Theme(f"t{n}", 2, 5, n % 2 * 2) for n in range(8))
    return Problem(candidates, themes, Limits(24, 2, 4), pins=Pins(frozenset({"c003"}), frozenset({"c010"})), seed=11)


def test_each_explanation_is_what_solving_again_with_the_opposite_pin_gives() -> None:
    problem = middling(80)
    solution = solve(problem)
    assert (solution.status, len(solution.retained)) == ("optimal", 24)
    told: list[tuple[int, int]] = []
    for found in explain_all(problem, solution, lambda done, total: told.append((done, total))):
        again = solve(opposite(problem, found.candidate, retained=found.retained))
        if found.kind == "impossible":
            assert (again.status, again.broken) == ("infeasible", found.broken)
        else:
            assert again.value == solution.value - found.cost
            moved = set(solution.retained) - set(found.leaving) | set(found.entering)
            moved ^= {found.candidate}
            assert verify(opposite(problem, found.candidate, retained=found.retained), moved) == []
    assert told == [(n, 80) for n in range(1, 81)]
