from datetime import date

import pytest

from traam.engines.rulebook.facts import SUBJECTS, Kind
from traam.engines.rulebook.predicates import PREDICATES


@pytest.mark.parametrize(
    ("check", "actual", "expected", "holds"),
    [
        ("at_least", 3, 3, True),
        ("at_least", 2, 3, False),
        ("at_most", 6, 6, True),
        ("at_most", 7, 6, False),
        ("exactly", 1, 1, True),
        ("exactly", 2, 1, False),
        ("exactly", "mixte", "mixte", True),
        ("between", 1, (1, 2), True),
        ("between", 2, [1, 2], True),
        ("between", 0, (1, 2), False),
        ("between", 3, (1, 2), False),
        ("required", "un titre", None, True),
        ("required", " \n", None, False),
        ("required", [], None, False),
        ("required", ["axe"], None, True),
        ("is_true", True, None, True),
        ("is_true", False, None, False),
        ("one_of", "premier", ["premier", "mixte"], True),
        ("one_of", "second", ["premier", "mixte"], False),
        ("one_of", ["IEN-1D", "IA-IPR"], ["IA-IPR"], True),
        ("one_of", [], ["IA-IPR"], False),
        ("none_of", ["IEN-1D"], ["IA-IPR"], True),
        ("none_of", ["IA-IPR"], ["IA-IPR"], False),
        ("empty", [], None, True),
        ("empty", ["Déroulement"], None, False),
        ("empty", "  ", None, True),
        ("not_after", date(2026, 5, 15), date(2026, 5, 15), True),
        ("not_after", date(2026, 5, 16), date(2026, 5, 15), False),
        ("not_after", date(2026, 5, 16), None, True),
        ("max_length", "abc", 3, True),
        ("max_length", "abcd", 3, False),
        ("max_length", ["a", "b"], 1, False),
    ],
)
def test_a_predicate(check: str, actual: object, expected: object, holds: bool) -> None:
    assert PREDICATES[check].holds(actual, expected) is holds


@pytest.mark.parametrize("check", PREDICATES)
def test_nothing_given_yet_breaks_what_asks_for_something_and_only_that(check: str) -> None:
    asks = {"at_least", "exactly", "between", "required", "is_true", "one_of"}
    assert PREDICATES[check].holds(None, None) is (check not in asks)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Kind.WHOLE, 0, True),
        (Kind.WHOLE, -3, "3"),
        (Kind.TEXT, "", ["a"]),
        (Kind.FLAG, False, 0),
        (Kind.LIST, [1, "deux"], "abc"),
        (Kind.LIST, (), [date(2026, 1, 1)]),
        (Kind.DAY, date(2026, 1, 1), "2026-01-01"),
    ],
)
def test_the_types_of_facts(kind: Kind, good: object, bad: object) -> None:
    assert kind.accepts(good)
    assert not kind.accepts(bad)


def test_every_kind_of_fact_can_be_judged_and_every_fact_is_explained() -> None:
    assert {kind for predicate in PREDICATES.values() for kind in predicate.kinds} == set(Kind)
    for facts in SUBJECTS.values():
        assert all(fact.meaning for fact in facts.values())
