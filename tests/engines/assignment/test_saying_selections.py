"""What people read: why a team is not there, what a rule forbids, what a tie was broken by; and what is stored."""

import json

import pytest

from traam.engines.assignment import (
    RELAXATION,
    BadProblem,
    Broken,
    Candidate,
    Explanation,
    Fact,
    Limits,
    Link,
    Member,
    Names,
    Pairing,
    Pins,
    Problem,
    Solution,
    Terms,
    Theme,
    Tie,
    explain,
    explanation_from_json,
    explanation_sentence,
    link_sentence,
    pair,
    pairing_from_json,
    pairing_sentence,
    points,
    problem_from_json,
    sentence,
    solution_from_json,
    solution_sentence,
    solve,
    tie_sentence,
    to_json,
)

NAMES = Names(
    candidates={"a": "Lyon", "b": "Amiens", "c": "Nice"},
    themes={"t": "L'IA en classe"},
    academies={"10": "Lyon", "20": "Amiens"},
    regions={"R": "Hauts-de-France"},
)


def problem(scores: tuple[int, int, int] = (1400, 1080, 900), **changes: object) -> Problem:
    candidates = tuple(
        Candidate(name, "t", name.upper(), name, score, places_last_year=last)
        for name, score, last in zip("abc", scores, (2, 1, 0), strict=True)
    )
    given = {"limits": Limits(places=1), **changes}
    return Problem(candidates, (Theme("t", 0, 3),), **given)  # type: ignore[arg-type]


def said(problem: Problem, candidate: str) -> str:
    return explanation_sentence(explain(problem, solve(problem), candidate), NAMES)


def test_a_refusal_says_what_the_team_would_cost_and_whom_it_would_set_aside() -> None:
    assert said(problem(), "b") == "Retenir Amiens coûterait 3,2 points et écarterait Lyon."
    assert said(problem(), "a") == "Se passer de Lyon coûterait 3,2 points et ferait entrer Amiens."


def test_what_would_change_is_listed_in_one_sentence() -> None:
    found = Explanation("a", False, False, "cost", 250, entering=("c",), leaving=("b", "d"))
    assert explanation_sentence(found, NAMES) == (
        "Retenir Lyon coûterait 2,5 points, écarterait Amiens et d et ferait entrer Nice."
    )
    assert explanation_sentence(Explanation("a", True, True, "cost")) == "Se passer de a donnerait le même total."


def test_a_tie_says_the_published_rule_that_decided() -> None:
    equal = problem((900, 900, 500))
    solution = solve(equal)
    assert solution.retained == ("b",)
    assert solution.tie == Tie("places_last_year", without=("b",), instead=("a",))
    assert said(equal, "a") == (
        "À égalité : retenir Lyon donnerait le même total et écarterait Amiens ; la règle publiée retient les "
        "académies qui avaient le moins d'équipes l'an dernier."
    )
    assert tie_sentence(solution.tie, NAMES) == (
        "Une autre sélection atteint le même total (sans Amiens, avec Lyon) : la règle publiée retient les académies "
        "qui avaient le moins d'équipes l'an dernier."
    )


def test_the_draw_is_public_and_another_seed_draws_again() -> None:
    twins = tuple(Candidate(name, "t", name, name, 900) for name in "abcdefgh")
    chosen = set()
    for seed in range(12):
        solution = solve(Problem(twins, (Theme("t", 0, 9),), Limits(places=1), seed=seed))
        assert solution.tie.rule == "draw"
        chosen |= set(solution.retained)
    assert len(chosen) > 3


def test_a_pin_against_a_limit_names_the_rule_that_forbids_it() -> None:
    pinned = problem(pins=Pins(retained=frozenset("ab")))
    solution = solve(pinned)
    assert (solution.status, solution.retained) == ("infeasible", ())
    assert solution.broken == (Broken("places", 1, 2),)
    assert solution.fallback == ("a", "b")
    assert solution_sentence(solution, NAMES) == (
        "Aucune sélection ne respecte à la fois toutes les règles et les décisions d'office. Trop d'équipes : 2 "
        "pour 1 place en tout. Ajoutez des places, ou retirez une équipe retenue d'office."
    )


def test_an_impossible_team_says_the_rule_that_forbids_it() -> None:
    pinned = problem(pins=Pins(retained=frozenset("c")))
    assert said(pinned, "a") == (
        "Retenir Lyon est impossible. Trop d'équipes : 2 pour 1 place en tout. Ajoutez des places, ou retirez une "
        "équipe retenue d'office."
    )
    assert said(pinned, "c") == "Se passer de Nice rapporterait 5 points et ferait entrer Lyon."


def test_the_first_rule_of_the_published_order_is_the_first_to_yield() -> None:
    candidates = tuple(Candidate(f"{t}{n}", t, f"{t}{n}", "", 100) for t in "tuv" for n in range(3))
    themes = tuple(Theme(t, 2, 3) for t in "tuv")
    solution = solve(Problem(candidates, themes, Limits(places=5)))
    assert [one.rule for one in solution.broken] == ["theme_least"]
    assert len(solution.fallback) == 5
    assert RELAXATION[0] == "theme_least"


@pytest.mark.parametrize("rule", [*RELAXATION, "pin_retained", "pin_excluded", "unknown_candidate"])
def test_each_broken_rule_has_a_sentence(rule: str) -> None:
    text = sentence(Broken(rule, 2, 3, "t", "R", "20", "b"), NAMES)  # type: ignore[arg-type]
    assert text[0].isupper()
    assert text.endswith(".")
    assert "None" not in text


def test_a_broken_rule_says_where_and_how_much() -> None:
    assert sentence(Broken("academy_theme", 1, 2, "t", academy="20"), NAMES) == (
        "Thème « L'IA en classe », académie d'Amiens : 2 équipes pour 1 au plus. Retirez-en une retenue d'office."
    )
    assert sentence(Broken("region_theme", 2, 3, "t", region="R"), NAMES).startswith(
        "Thème « L'IA en classe », région académique Hauts-de-France : 3 équipes pour 2 au plus."
    )
    assert sentence(Broken("theme_least", 3, 1, "x")).startswith("Thème « x » : 1 académie possible, il en faut 3.")
    assert sentence(Broken("continuing_least", 3, 2, "x")).startswith(
        "Thème « x » : 2 académies possibles pour poursuivre la première année, il en faut 3."
    )


def test_a_solution_is_summed_up_in_a_paragraph() -> None:
    one = Solution("optimal", ("a",), Terms(1400, 400, 0, ("10",)))
    assert solution_sentence(one) == (
        "1 équipe retenue, de 1 académie, pour 18 points. Cette sélection est la seule à atteindre ce total."
    )


@pytest.mark.parametrize(
    ("hundredths", "text"),
    [
        (320, "3,2 points"),
        (100, "1 point"),
        (200, "2 points"),
        (5, "0,05 point"),
        (-150, "−1,5 point"),
        (0, "0 point"),
        (1000, "10 points"),
    ],
)
def test_points_are_written_as_in_french(hundredths: int, text: str) -> None:
    assert points(hundredths) == text


def test_a_pairing_says_its_groups_and_its_reasons() -> None:
    assert pairing_sentence(Pairing(())) == "Aucune académie n'est retenue dans ce thème."
    assert pairing_sentence(Pairing((("20",),)), NAMES) == (
        "L'académie d'Amiens est seule dans ce thème : associez-la à un thème voisin."
    )
    three = Pairing((("10", "20", "30"),), equals=2)
    assert pairing_sentence(three, NAMES) == (
        "Lyon, Amiens et 30. À égalité : 2 autres appariements valent autant, le premier par ordre alphabétique est "
        "proposé."
    )
    facts = (Fact("axes", 300, (1, 4)), Fact("school_kind", 150, school_kind="collège"), Fact("already_paired", -50))
    assert link_sentence(Link(("10", "20"), facts), NAMES) == (
        "Lyon et Amiens : axes communs 1 et 4, même type d'établissement (collège), déjà associées dans un autre thème."
    )
    assert link_sentence(Link(("10", "20"), ()), NAMES) == "Lyon et Amiens : rien de connu ne les rapproche."


def test_a_run_is_stored_with_its_inputs_and_played_again_byte_for_byte() -> None:
    given = problem((900, 900, 500), pins=Pins(excluded=frozenset("c")), seed=2**40)
    solution = solve(given)
    kept = json.dumps([to_json(given), to_json(solution)], sort_keys=True)
    again = problem_from_json(json.loads(kept)[0])
    assert again == given
    assert solution_from_json(json.loads(kept)[1]) == solution
    assert json.dumps([to_json(again), to_json(solve(again))], sort_keys=True) == kept
    assert solution.solver.startswith("HiGHS ")
    names = frozenset({"a", "b", "c"})
    assert to_json(problem(pins=Pins(excluded=names)))["pins"] == {"retained": [], "excluded": ["a", "b", "c"]}


def test_a_solution_of_another_problem_is_not_explained() -> None:
    solution = solve(problem())
    with pytest.raises(BadProblem):
        explain(problem((1300, 1080, 900)), solution, "a")
    with pytest.raises(BadProblem):
        explain(problem(pins=Pins(excluded=frozenset("a"))), solution, "b")
    refused = problem(pins=Pins(retained=frozenset("ab")))
    with pytest.raises(BadProblem):
        explain(refused, solve(refused), "a")


def test_every_answer_comes_back_from_json() -> None:
    refused = solve(problem(pins=Pins(retained=frozenset("ab"))))
    assert solution_from_json(json.loads(json.dumps(to_json(refused)))) == refused
    found = Explanation("a", False, True, "impossible", broken=(Broken("places", 1, 2),), entering=("b",))
    assert explanation_from_json(json.loads(json.dumps(to_json(found)))) == found
    made = pair([Member("Lyon", "A", frozenset({2, 1}), "LP", "second"), Member("Nice", "B", frozenset({1}), "LP")])
    assert made.links[0].facts
    assert pairing_from_json(json.loads(json.dumps(to_json(made)))) == made


def test_a_stored_answer_with_an_unknown_field_is_refused() -> None:
    stored = to_json(solve(problem())) | {"surprise": 1}
    with pytest.raises(TypeError, match="surprise"):
        solution_from_json(stored)
