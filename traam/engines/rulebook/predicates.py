"""What a rule may ask of a fact: a closed table of named tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from traam.engines.rulebook.facts import Kind


class Takes(StrEnum):
    """What a predicate is compared with."""

    NOTHING = "rien"
    NUMBER = "un nombre entier"
    PAIR = "deux nombres entiers, le plus petit d'abord"
    WORDS = "une liste de mots"
    SAME = "une valeur du même type que le fait"
    FACT = "le nom d'un autre fait de même type"


@dataclass(frozen=True)
class Predicate:
    """A test of a fact of one of `kinds`. `when_none` is its answer for a fact not given yet."""

    kinds: frozenset[Kind]
    takes: Takes
    when_none: bool
    test: Callable[[Any, Any], bool]

    def holds(self, actual: object, expected: object) -> bool:
        """Whether the test passes. A comparison with a fact not given yet passes: nothing is broken."""
        if actual is None:
            return self.when_none
        if expected is None and self.takes is Takes.FACT:
            return True
        return self.test(actual, expected)


def _given(actual: object, _: object) -> bool:
    return bool(actual.strip() if isinstance(actual, str) else actual)


def _among(actual: object, words: list[object]) -> bool:
    """A list is among the words as soon as one of its items is: a group needs one of the inspectors."""
    items = actual if isinstance(actual, list | tuple) else [actual]
    return any(item in words for item in items)


_WHOLE = frozenset({Kind.WHOLE})
_SIZED = frozenset({Kind.TEXT, Kind.LIST})
_WORDS = frozenset({Kind.TEXT, Kind.LIST})

PREDICATES: Mapping[str, Predicate] = {
    "at_least": Predicate(_WHOLE, Takes.NUMBER, False, lambda actual, low: actual >= low),
    "at_most": Predicate(_WHOLE, Takes.NUMBER, True, lambda actual, high: actual <= high),
    "exactly": Predicate(
        frozenset({Kind.WHOLE, Kind.TEXT, Kind.FLAG}),
        Takes.SAME,
        False,
        lambda actual, value: actual == value,
    ),
    "between": Predicate(_WHOLE, Takes.PAIR, False, lambda actual, pair: pair[0] <= actual <= pair[1]),
    "required": Predicate(_SIZED, Takes.NOTHING, False, _given),
    "is_true": Predicate(frozenset({Kind.FLAG}), Takes.NOTHING, False, lambda actual, _: actual is True),
    "one_of": Predicate(_WORDS, Takes.WORDS, False, _among),
    "none_of": Predicate(_WORDS, Takes.WORDS, True, lambda actual, words: not _among(actual, words)),
    "empty": Predicate(_SIZED, Takes.NOTHING, True, lambda actual, _: not _given(actual, _)),
    "not_after": Predicate(frozenset({Kind.DAY}), Takes.FACT, True, lambda actual, other: actual <= other),
    "max_length": Predicate(_SIZED, Takes.NUMBER, True, lambda actual, high: len(actual) <= high),
}
