"""The independent check, rule by rule, on selections made by hand; and problems that contradict themselves."""

import pytest

from traam.engines.assignment import (
    BadProblem,
    Broken,
    Candidate,
    Limits,
    Pins,
    Problem,
    Theme,
    Weights,
    appraise,
    solve,
    verify,
)

AIX = Candidate("aix", "ia", "Aix", "paca", 1400, "second", True, 3)
AIX_TWO = Candidate("aix2", "ia", "Aix", "paca", 1300, "premier")
NICE = Candidate("nice", "ia", "Nice", "paca", 1200, "premier", True)
LILLE = Candidate("lille", "ia", "Lille", "hdf", 1100, "second")
ELSEWHERE = Candidate("mayotte", "ia", "Mayotte", "", 1000, "mixte")
OTHER = Candidate("lille-eps", "eps", "Lille", "hdf", 900, "second")
EVERYONE = (AIX, AIX_TWO, NICE, LILLE, ELSEWHERE, OTHER)


def call(
    limits: Limits | None = None,
    *,
    least: int = 0,
    most: int = 9,
    continuing: int = 0,
    pins: Pins | None = None,
    candidates: tuple[Candidate, ...] = EVERYONE,
) -> Problem:
    themes = (Theme("ia", least, most, continuing), Theme("eps", 0, 9))
    return Problem(candidates, themes, limits or Limits(), pins=pins or Pins())


def test_a_selection_that_keeps_every_rule_is_accepted() -> None:
    problem = call(Limits(3, 2, 2, 1), least=2, most=3, continuing=1)
    assert verify(problem, ["aix", "lille", "mayotte"]) == []


@pytest.mark.parametrize(
    ("problem", "retained", "broken"),
    [
        (call(Limits(places=1)), ["aix", "lille"], Broken("places", 1, 2)),
        (call(Limits(per_region_per_theme=1)), ["aix", "nice"], Broken("region_theme", 1, 2, "ia", region="paca")),
        (call(Limits(per_academy=1)), ["lille", "lille-eps"], Broken("academy_total", 1, 2, academy="Lille")),
        (call(), ["aix", "aix2"], Broken("academy_theme", 1, 2, "ia", academy="Aix")),
        (call(most=1), ["aix", "lille"], Broken("theme_most", 1, 2, "ia")),
        (call(least=2), ["aix"], Broken("theme_least", 2, 1, "ia")),
        (call(continuing=1), ["lille"], Broken("continuing_least", 1, 0, "ia")),
        (
            call(pins=Pins(retained=frozenset({"aix"}))),
            ["lille"],
            Broken("pin_retained", 1, 0, "ia", "paca", "Aix", "aix"),
        ),
        (
            call(pins=Pins(excluded=frozenset({"aix"}))),
            ["aix"],
            Broken("pin_excluded", 0, 1, "ia", "paca", "Aix", "aix"),
        ),
        (call(), ["nobody"], Broken("unknown_candidate", 0, 1, candidate="nobody")),
    ],
    ids=lambda one: one.rule if isinstance(one, Broken) else "",
)
def test_each_rule_is_checked(problem: Problem, retained: list[str], broken: Broken) -> None:
    assert verify(problem, retained) == [broken]


def test_a_minimum_asks_no_more_than_the_candidates_and_the_regions_allow() -> None:
    two = (AIX, AIX_TWO, NICE)
    assert verify(call(least=3, candidates=two), ["aix", "nice"]) == [], "two academies answered"
    assert verify(call(Limits(per_region_per_theme=1), least=3, candidates=two), ["aix"]) == [], "one region, one team"
    out = Pins(excluded=frozenset({"nice"}))
    assert verify(call(least=3, candidates=two, pins=out), ["aix"]) == [], "a person excluded one"
    assert verify(call(continuing=3), ["aix", "nice"]) == [], "two academies go on"


def test_an_academy_counts_once_in_its_theme_where_it_may_have_two_teams() -> None:
    problem = call(Limits(per_academy_per_theme=2), most=2)
    assert verify(problem, ["aix", "aix2", "lille"]) == []
    solution = solve(problem)
    assert set(solution.retained) == {"aix", "aix2", "nice", "lille-eps"}
    assert solution.terms.academies == ("Aix", "Lille", "Nice")


def test_an_empty_region_is_no_region() -> None:
    twins = (ELSEWHERE, Candidate("polynesie", "ia", "Polynésie", "", 800))
    assert verify(call(Limits(per_region_per_theme=1), candidates=twins), ["mayotte", "polynesie"]) == []
    asked = call(Limits(per_region_per_theme=1), least=2, candidates=twins)
    assert verify(asked, ["mayotte"]) == [Broken("theme_least", 2, 1, "ia")]


def test_the_value_is_scores_and_academies_served_less_what_the_themes_lack() -> None:
    terms = appraise(call(), ["aix", "lille", "lille-eps"])
    assert (terms.scores, terms.served, terms.missing, terms.value) == (3400, 800, 600, 3600)
    assert terms.academies == ("Aix", "Lille")
    assert terms.themes_missing_a_degree == ("ia",), "no premier degré; eps never had a candidate for it"
    assert appraise(call(), ["mayotte"]).missing == 0, "mixte counts for both degrees"


def test_the_best_selection_gives_up_score_for_a_degree_and_an_academy() -> None:
    solution = solve(call(Limits(places=2)))
    assert set(solution.retained) == {"aix", "nice"}
    assert solution.value == 1400 + 1200 + 2 * 400
    assert solution.binding == (Broken("places", 2, 2), Broken("academy_theme", 1, 1, "ia", academy="Aix"))


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (lambda: call(candidates=(AIX, AIX)), "The same candidate twice: aix."),
        (lambda: Problem((AIX,), ()), "A candidate of an unknown theme: ia."),
        (lambda: Problem((), (Theme("a", 0, 1), Theme("a", 0, 1))), "The same theme twice: a."),
        (lambda: Problem((), (Theme("a", 3, 2),)), "A theme whose minimums and maximum cross: a."),
        (lambda: Problem((), (Theme("a", 0, 2, 3),)), "A theme whose minimums and maximum cross: a."),
        (lambda: call(pins=Pins(frozenset({"x"}))), "A pin on an unknown candidate: x."),
        (
            lambda: call(pins=Pins(frozenset({"aix"}), frozenset({"aix"}))),
            "A candidate both retained and excluded: aix.",
        ),
        (lambda: call(candidates=(AIX, Candidate("b", "ia", "Aix", "hdf", 1))), "An academy in two regions: Aix."),
        (lambda: call(candidates=(Candidate("b", "ia", "Aix", "hdf", -1),)), "A negative number: b."),
        (lambda: call(candidates=(Candidate("b", "ia", "Aix", "hdf", 10**6),)), "More than 1 000 points: b."),
        (lambda: Problem((), (), weights=Weights(0, 10**6)), "More than 1 000 points: 1000000."),
        (lambda: call(Limits(per_academy=0)), "A limit under 1: 0."),
        (lambda: call(Limits(places=-1)), "A negative number of places: -1."),
        (lambda: Problem((), (), weights=Weights(-1, 0)), "A negative weight: -1."),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(made: object, sentence: str) -> None:
    with pytest.raises(BadProblem) as refused:
        made()  # type: ignore[operator]
    assert str(refused.value) == sentence
