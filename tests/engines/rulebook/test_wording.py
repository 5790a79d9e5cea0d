from datetime import date

import pytest

from traam.engines.rulebook.wording import faults, in_french, write

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1240, f"1{NBSP}240"),
        (True, "oui"),
        (False, "non"),
        (date(2026, 5, 1), f"1er{NBSP}mai 2026"),
        (date(2026, 8, 15), f"15{NBSP}août 2026"),
        (["a", "b", "c"], "a, b ou c"),
        ([], "rien"),
        (None, "rien"),
        ("", "rien"),
        ("IEN-1D", "IEN-1D"),
    ],
)
def test_values_in_french(value: object, words: str) -> None:
    assert in_french(value) == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 équipe"), (1, "1 équipe"), (2, "2 équipes"), (None, "0 équipe")])
def test_the_noun_agrees_with_the_number(count: int | None, words: str) -> None:
    assert write("{actual:équipe|équipes}", actual=count) == words.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{actuel} enseignants", "« {actuel} » n'est pas un emplacement connu"),
        ("{} enseignants", "« {} » n'est pas un emplacement connu"),
        ("{actual!r} enseignants", "n'est pas un emplacement connu"),
        ("{actual.__class__}", "n'est pas un emplacement connu"),
        ("{value:enseignants}", "un accord s'écrit « singulier|pluriel »"),
        ("{words:mot|mots}", "après un nombre"),
        ("{actual", "les accolades ne vont pas par paires"),
    ],
)
def test_a_bad_template_is_explained(template: str, reason: str) -> None:
    found = list(faults(template, {"actual": True, "value": True, "words": False}))
    assert len(found) == 1
    assert reason in found[0]


def test_a_good_template_has_no_fault() -> None:
    assert list(faults("{actual:an|ans} au lieu de {value}", {"actual": True, "value": True})) == []
