"""The selection of teams: the proven optimum beside the best-candidate-first baseline, in the same run.

`python -m bench.assignment` prints two tables: selections (a national call, then a hundred times as much), pairings.
"""

import random
import time
from collections.abc import Callable
from itertools import combinations
from typing import TypeVar

from traam.engines.assignment import (
    Candidate,
    Limits,
    Member,
    Problem,
    Solution,
    Theme,
    explain_all,
    greedy,
    link,
    pair,
    solve,
)

SEED = 2009
ACADEMIES = [f"A{number:02d}" for number in range(30)]
REGIONS = 18
SIZES = ((25, (6, 20)), (2_500, (5, 18)))
"""Themes, and the least and most academies that answer each: 324 candidates, and about 28 000."""
EXPLAINED = 200
T = TypeVar("T")


def call(themes: int, answers: tuple[int, int]) -> Problem:
    """A call of that many themes: 6 academies each at most, 4 places each on average, one theme in two in year 2."""
    chance = random.Random(SEED)
    last_year = {academy: chance.randint(0, 6) for academy in ACADEMIES}
    candidates = [
        Candidate(
            f"T{theme:04d}-{academy}",
            f"T{theme:04d}",
            academy,
            f"R{ACADEMIES.index(academy) * REGIONS // len(ACADEMIES):02d}",
            score=chance.randint(600, 1900),
            degree=chance.choice(("premier", "second", "second", "second", "mixte")),
            continuing=theme % 2 == 1 and chance.random() < 0.4,
            places_last_year=last_year[academy],
        )
        for theme in range(themes)
        for academy in chance.sample(ACADEMIES, chance.randint(*answers))
    ]
    limits = Limits(places=4 * themes, per_region_per_theme=2, per_academy=max(4, themes // 6))
    names = [Theme(f"T{theme:04d}", 3, 6, 3 if theme % 2 else 0) for theme in range(themes)]
    return Problem(tuple(candidates), tuple(names), limits, seed=SEED)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    begin = time.perf_counter()
    return work(), time.perf_counter() - begin


def line(problem: Problem, method: str, solution: Solution, seconds: float, ratio: str) -> None:
    size = f"{spaced(len(problem.candidates))} ({spaced(len(problem.themes))} thèmes)"
    served, tie = len(solution.terms.academies), solution.tie.rule or "—"
    print(f"| {size} | {method} | {spaced(solution.value)} | {served} | {tie} | {seconds:.2f} s | {ratio} |")


def spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def selections() -> None:
    print("| Candidatures | Méthode | Valeur (centièmes) | Académies servies | Égalité | Temps | Valeur / base |")
    print("|---|---|---|---|---|---|---|")
    for themes, answers in SIZES:
        problem = call(themes, answers)
        by_hand, by_hand_seconds = timed(lambda problem=problem: greedy(problem))  # type: ignore[misc]
        best, seconds = timed(lambda problem=problem: solve(problem))  # type: ignore[misc]
        ratio = f"{best.value / by_hand.value:.4f}".replace(".", ",") if by_hand.value else "—"
        line(problem, f"glouton, {by_hand.status}", by_hand, by_hand_seconds, "1")
        line(problem, "optimum prouvé, égalités départagées", best, seconds, ratio)


def explanations() -> None:
    problem = call(*SIZES[0])
    solution = solve(problem)
    refused = [one.id for one in problem.candidates if one.id not in solution.retained][:EXPLAINED]
    found, seconds = timed(lambda: list(explain_all(problem, solution, only=refused)))
    once, again = timed(lambda: solve(problem))
    print(f"\n{len(found)} refus expliqués en {seconds:.2f} s ; {len(found)} × résoudre : {again * len(found):.2f} s.")


def team(count: int, chance: random.Random) -> list[Member]:
    return [
        Member(
            academy,
            f"R{ACADEMIES.index(academy) * REGIONS // len(ACADEMIES):02d}",
            frozenset(chance.sample(range(1, 6), chance.randint(1, 3))),
            chance.choice(("collège", "LGT", "LP", "école")),
            chance.choice(("premier", "second", "second")),
        )
        for academy in chance.sample(ACADEMIES, count)
    ]


def by_hand(members: list[Member]) -> int:
    """The best link first, and the last one left joins the last pair."""
    links = sorted((link(a, b) for a, b in combinations(members, 2)), key=lambda one: (-one.value, one.academies))
    left = {one.academy for one in members}
    value, last = 0, (0, ("", ""))
    for one in links:
        if left.issuperset(one.academies):
            left -= set(one.academies)
            value, last = value + 2 * one.value, (one.value, one.academies)
    for alone in left:
        joined = [one.value for one in links if alone in one.academies and set(one.academies) & set(last[1])]
        value += sum(joined) - last[0]
    return value


def pairings() -> None:
    print("\n| Thèmes | Académies par thème | Par le meilleur lien | Exact | Rapport | Temps par l'exact |")
    print("|---|---|---|---|---|---|")
    for themes, count in ((25, 6), (25, 8), (2_500, 4), (2_500, 5)):
        chance = random.Random(SEED)
        teams = [team(count, chance) for _ in range(themes)]
        greedy_value = sum(by_hand(members) for members in teams)
        found, seconds = timed(lambda teams=teams: sum(pair(members).value for members in teams))  # type: ignore[misc]
        ratio = f"{found / greedy_value:.3f}".replace(".", ",")
        print(f"| {themes} | {count} | {greedy_value} | {found} | {ratio} | {seconds:.3f} s |")


def main() -> int:
    selections()
    explanations()
    pairings()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
