"""Whom the platform proposes to ask for a test: by table, the same facts always giving the same list."""

import pytest

from traam.programme.productions.testers import Candidate, propose

AUTHORS = Candidate(1, "10", "Lyon", axes=("Différenciation", "Oral"), school="Collège")
FOURTH, FIFTH = "021", "020"


def one(group: int, academy: str = "09", **more: object) -> Candidate:
    return Candidate(group, academy, f"Académie {academy}", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (one(2), "même thème"),
        (one(2, paired=True), "académie associée"),
        (one(2, axes=("Différenciation",)), "même axe : Différenciation"),
        (one(2, axes=("Oral", "Différenciation")), "mêmes axes : Oral, Différenciation"),
        (one(2, axes=("Écrit",)), "même thème"),
        (one(2, levels=frozenset({FOURTH})), "classe de 4e"),
        (one(2, levels=frozenset({FOURTH, FIFTH})), "classes de 5e et 4e"),
        (one(2, levels=frozenset({"620"})), "même niveau : cycle 3 (2016)"),
        (one(2, school="Collège"), "même type d'établissement : collège"),
        (one(2, load=1), "déjà un test en attente"),
        (one(2, load=3), "déjà 3 tests en attente"),
        (one(2, academy="10"), "même académie que les auteurs"),
        (
            one(2, paired=True, axes=("Oral",), levels=frozenset({FOURTH}), load=2),
            "académie associée ; même axe : Oral ; classe de 4e ; déjà 2 tests en attente",
        ),
    ],
)
def test_each_reason_is_said(candidate: Candidate, reason: str) -> None:
    assert propose(AUTHORS, frozenset({FOURTH, FIFTH, "620"}), [candidate])[0].sentence == reason


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (one(9, "33", paired=True, load=5), one(2, axes=("Oral", "Différenciation"), levels=frozenset({FOURTH}))),
        (one(9, "33"), one(2, "10", axes=("Oral",))),
        (one(9, "33", axes=("Oral", "Différenciation")), one(2, axes=("Oral",), levels=frozenset({FOURTH}))),
        (one(9, "33", levels=frozenset({FOURTH, FIFTH})), one(2, levels=frozenset({FOURTH}))),
        (one(9, "33", levels=frozenset({FOURTH})), one(2, school="Collège")),
        (one(9, "33", school="Collège"), one(2, school="Lycée professionnel")),
        (one(9, "33"), one(2, load=1)),
        (one(9, "09"), one(2, "33")),
        (one(2, "09"), one(9, "09")),
    ],
    ids=["paired", "elsewhere", "axes", "levels", "level over school", "school", "load", "academy", "number"],
)
def test_who_comes_first(first: Candidate, second: Candidate) -> None:
    levels = frozenset({FOURTH, FIFTH})
    for given in ([first, second], [second, first]):
        assert [tester.group for tester in propose(AUTHORS, levels, given)] == [first.group, second.group]


def test_nobody_to_ask() -> None:
    assert propose(AUTHORS, frozenset({FOURTH}), []) == []
