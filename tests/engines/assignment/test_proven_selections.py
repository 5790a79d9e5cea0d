"""The solver against every possible selection: value, choice among equals, explanations, what breaks."""

import random
from itertools import product

import highspy
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
from traam.engines.assignment.model import build
from traam.engines.assignment.solver import Machine
from traam.engines.assignment.values import Degree

DEGREES: tuple[Degree, ...] = ("premier", "second", "second", "")
SEEDS = (0, 10, 12, 53, 71, 89, 111, 148, 190, 247)

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


@pytest.mark.parametrize("places", [None, 0, 1, 3])
def test_the_solver_equals_every_selection_over_a_grid_of_limits(places: int | None) -> None:
    candidates = (
        Candidate("a1", "t", "Aix", "sud", 900, "second", True, 2),
        Candidate("a2", "t", "Aix", "sud", 900, "premier", False, 0),
        Candidate("b1", "t", "Nice", "sud", 500, "premier", True, 1),
        Candidate("b2", "u", "Nice", "sud", 500, "second", False, 1),
        Candidate("c1", "u", "Lille", "nord", 500, "second", True, 0),
    )
    for region, academy, same, least, more in product((None, 1), (None, 1), (1, 2), (0, 1, 2), (0, 1)):
        themes = (Theme("t", least, least + more, min(1, least)), Theme("u", 0, 2))
        equals_exhaustion(Problem(candidates, themes, Limits(places, region, academy, same), seed=least))


def tight(seed: int) -> Problem:
    """Ten candidates so held that the relaxation is worth more than any selection (half teams…)."""
    chance = random.Random(seed)
    candidates = []
    for n in range(10):
        academy, theme = chance.randrange(6), chance.randrange(2)
        score, degree = chance.choice((500, 600, 700)), chance.choice(DEGREES)
        candidates.append(
            Candidate(
                f"c{n}",
                f"t{theme}",
                f"a{academy}",
                f"r{academy // 2}",
                score,
                degree,
                chance.random() < 0.3,
                chance.randrange(3),
            )
        )
    return Problem(tuple(candidates), (Theme("t0", 1, 3), Theme("t1", 1, 3, 1)), Limits(3, 1, 2), seed=seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_set_aside_as_settled_never_hides_an_equal_selection(seed: int) -> None:
    problem = tight(seed)
    relaxed = Machine(build(problem), whole=False)
    relaxed.solve()
    assert equals_exhaustion(problem).value < relaxed.objective - 1, "the relaxation must be worth more, or no test"


@settings(quick, max_examples=30)
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


@settings(quick, max_examples=20)
@given(problems(most_candidates=6), st.data())
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
            DEGREES[n % 4],
            n % 5 == 0,
            n % 3,
        )
        for n in range(count)
    )
    themes = tuple(Theme(f"t{n}", 2, 5, n % 2 * 2) for n in range(8))
    return Problem(candidates, themes, Limits(24, 2, 4), pins=Pins(frozenset({"c003"}), frozenset({"c010"})), seed=11)


def test_each_explanation_is_what_solving_again_with_the_opposite_pin_gives() -> None:
    problem = middling(56)
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
    assert told == [(n, 56) for n in range(1, 57)]


def test_an_explanation_moves_as_few_teams_as_it_can() -> None:
    candidates = (
        Candidate("a", "t", "A", "", 900),
        Candidate("c", "t", "C", "", 500),
        Candidate("b1", "u", "B", "", 500, places_last_year=2),
        Candidate("b2", "u", "A", "", 500, places_last_year=0),
    )
    themes = (Theme("t", 0, 1), Theme("u", 0, 1))
    problem = Problem(candidates, themes, Limits(per_academy=1))
    solution = solve(problem)
    assert set(solution.retained) == {"a", "b1"}
    found = explain(problem, solution, "c")
    assert (found.leaving, found.entering) == (("a",), ()), "b2 would do as well as b1, but nothing asks for it"


def test_academies_without_a_region_are_not_of_one_region() -> None:
    candidates = (
        Candidate("a", "t", "A", "", 100),
        Candidate("b", "t", "B", "", 100),
        Candidate("c", "u", "C", "", 900),
    )
    problem = Problem(candidates, (Theme("t", 2, 2), Theme("u", 0, 1)), Limits(2, per_region_per_theme=1))
    assert solve(problem).retained == ("a", "b")


def test_two_teams_of_one_academy_kept_against_its_limit_still_count_as_one_academy() -> None:
    candidates = tuple(Candidate(n, "t", academy, "", 500) for n, academy in (("a1", "A"), ("a2", "A"), ("b", "B")))
    problem = Problem(candidates, (Theme("t", 0, 2),), pins=Pins(frozenset({"a1", "a2"})))
    solution = solve(problem)
    assert [one.rule for one in solution.broken] == ["academy_theme"]
    assert solution.fallback == ("a1", "a2", "b"), "two academies for two: there is room for B"


def test_the_baseline_leaves_out_who_is_excluded_and_keeps_who_is_retained() -> None:
    candidates = tuple(Candidate(n, "t", n, "", score) for n, score in (("a", 900), ("b", 500), ("c", 100)))
    problem = Problem(candidates, (Theme("t", 0, 2),), pins=Pins(frozenset("c"), frozenset("a")))
    assert greedy(problem).retained == ("b", "c")


def test_a_limit_that_holds_nobody_back_is_not_said_to_bind() -> None:
    candidates = tuple(Candidate(n, "t", n, "", 500) for n in "ab")
    assert solve(Problem(candidates, (Theme("t", 0, 2),), Limits(2))).binding == ()
    three = solve(Problem(candidates, (Theme("t", 2, 2),), Limits(2), pins=Pins(excluded=frozenset("b"))))
    assert [one.rule for one in three.binding] == ["theme_least"]


def test_another_user_of_the_solver_in_the_same_process_changes_nothing() -> None:
    problem = middling(56)
    before = solve(problem)
    highspy.Highs.resetGlobalScheduler(True)
    other = highspy.Highs()  # type: ignore[no-untyped-call]
    other.setOptionValue("output_flag", False)
    other.setOptionValue("threads", 2)
    other.addVar(0.0, 1.0)
    other.run()
    assert solve(problem) == before, "HiGHS answers « Not Set » once the number of threads has changed"
