from collections.abc import Callable
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traam.editions import book
from traam.engines.rulebook import PROPOSAL_WORDS, BadMarks, Mark, Proposal, Selection, Setting, load

Writer = Callable[..., Path]


@pytest.fixture
def selection(write_edition: Writer) -> Selection:
    return load(write_edition()).selection


def test_what_a_selection_holds(selection: Selection) -> None:
    assert (selection.article, selection.blind, selection.readers_min) == ("B.2", False, 2)
    assert [(criterion.id, criterion.weight) for criterion in selection.criteria] == [("idea", 2), ("team", 1)]
    idea = selection.criterion("idea")
    assert idea is not None and (idea.label, idea.question, idea.article) == ("Idée", "L'idée tient-elle ?", "A.1")
    assert selection.criterion("ideas") is None
    assert (selection.lowest, selection.highest) == (Mark(1, "Non"), Mark(4, "Oui, très"))
    assert selection.label_of(2) == "Oui"


def test_the_numbers_of_the_proposal_come_from_the_limits_or_from_their_own_article(selection: Selection) -> None:
    proposal = selection.proposal
    assert proposal.academies_most == Setting(5, "B.2", "academies_max")
    assert proposal.served_academy == Setting(40, "A.1")
    assert (proposal.places, proposal.continuing_least) == (None, None)
    assert list(proposal.settings) == [
        "academies_most",
        "academies_least",
        "per_region_most",
        "per_academy_most",
        "mixed_degrees",
        "served_academy",
    ]
    assert set(PROPOSAL_WORDS) == {field.name for field in fields(Proposal)}


@pytest.mark.parametrize(
    ("idea", "team", "score"),
    [(1, 1, 100), (4, 4, 400), (2, 1, 167), (1, 2, 133), (4, 1, 300), (1, 4, 200), (2, 4, 267)],
)
def test_a_score_is_the_weighted_mean_in_hundredths(selection: Selection, idea: int, team: int, score: int) -> None:
    assert selection.score({"idea": idea, "team": team}) == score


def test_a_half_goes_up(write_edition: Writer) -> None:
    even = load(write_edition(("rules.toml", "weight = 2", "weight = 199"))).selection
    assert even.score({"idea": 1, "team": 2}) == 101  # 100.5
    assert even.score({"idea": 2, "team": 1}) == 200  # 199.5
    assert even.mean([100, 101]) == 101


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        ({"idea": 2}, "Il manque une note ; donnez aussi la vôtre pour : Équipe."),
        ({}, "Idée, Équipe"),
        ({"idea": 2, "team": 3}, "La note 3 n'est pas sur l'échelle ; choisissez parmi : 1 (Non), 2 (Oui)"),
        ({"idea": 2, "team": 2, "teams": 2}, "Le critère « teams » n'existe pas ; vouliez-vous dire « team » ?"),
    ],
)
def test_marks_that_are_not_those_of_the_edition_are_refused(
    selection: Selection, marks: dict[str, int], reason: str
) -> None:
    with pytest.raises(BadMarks) as caught:
        selection.score(marks)
    assert reason in caught.value.sentence


def test_nobody_has_read_yet(selection: Selection) -> None:
    assert selection.mean([]) is None
    assert selection.mean(iter([375])) == 375


SCALE = [mark.value for mark in book("traam-2022").selection.marks]
CRITERIA = [criterion.id for criterion in book("traam-2022").selection.criteria]


@given(st.fixed_dictionaries({name: st.sampled_from(SCALE) for name in CRITERIA}), st.sampled_from(CRITERIA))
def test_a_better_mark_never_lowers_a_score(marks: dict[str, int], raised: str) -> None:
    selection = book("traam-2022").selection
    score = selection.score(marks)
    assert 100 * min(marks.values()) <= score <= 100 * max(marks.values())
    assert selection.score({**marks, raised: SCALE[-1]}) >= score


@given(st.lists(st.integers(0, 400), min_size=1, max_size=7))
def test_a_mean_is_the_nearest_whole_number(scores: list[int]) -> None:
    found = book("traam-2022").selection.mean(scores)
    assert found is not None
    assert -Fraction(1, 2) < found - Fraction(sum(scores), len(scores)) <= Fraction(1, 2)
