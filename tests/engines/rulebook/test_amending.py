from collections.abc import Callable
from pathlib import Path

import pytest

from traam.editions import books
from traam.engines.rulebook import BadAmendment, Rulebook, amended, compare, load, touched

Writer = Callable[..., Path]
GROUP = {"degree": "second", "teachers": 4, "dasen_agreement": False}
EVERY_LIMIT = [
    pytest.param(found, name, id=f"{found.id}: {name}") for found in books().values() for name in found.limits
]


@pytest.fixture
def book(write_edition: Writer) -> Rulebook:
    return load(write_edition())


def test_a_number_is_raised_and_the_rule_its_label_and_its_sentences_follow(book: Rulebook) -> None:
    after = amended(book, {"teachers_min": 6})
    (breach,) = after.breaches("group", GROUP)
    assert (breach.expected, breach.label) == (6, "Au moins 6\u00a0enseignants")
    assert breach.sentence == "Le groupe compte 4\u00a0enseignants, au lieu de 6 (article A.1)."
    limit = after.limit("teachers_min")
    assert limit is not None and (limit.value, limit.article) == (6, "A.1")


def test_the_edition_as_written_does_not_change(book: Rulebook) -> None:
    amended(book, {"teachers_min": 6, "academies_max": 9}, blind=True)
    assert book.breaches("group", GROUP) == ()
    assert [rule.asked for rule in book.rules_on("theme")] == ["2 à 5\u00a0académies"]
    assert book.selection.blind is False


def test_one_number_of_a_pair_is_amended(book: Rulebook) -> None:
    after = amended(book, {"academies_max": 3})
    (finding,) = after.judge("theme", {"academies": 3})
    assert (finding.met, finding.expected, finding.label) == (True, (2, 3), "2 ou 3\u00a0académies")
    assert after.breaches("theme", {"academies": 4})
    assert [rule.asked for rule in amended(book, {"academies_max": 2}).rules_on("theme")] == ["2\u00a0académies"]


def test_the_proposal_follows_the_limit_it_names(book: Rulebook) -> None:
    most = amended(book, {"academies_max": 7}).selection.proposal.academies_most
    assert most is not None and (most.value, most.limit, most.article) == (7, "academies_max", "B.2")


def test_the_reading_is_made_blind_or_left_as_written(book: Rulebook) -> None:
    assert amended(book, blind=True).selection.blind is True
    assert amended(amended(book, blind=True), blind=False).selection.blind is False
    assert amended(amended(book, blind=True)).selection.blind is True


def test_no_amendment_gives_the_same_edition(book: Rulebook) -> None:
    assert amended(book) == book
    assert amended(amended(book, {"teachers_min": 6}), {"teachers_min": 4}) == book


def test_the_rules_an_amendment_changes(book: Rulebook) -> None:
    assert [rule.id for rule in touched(book, "teachers_min")] == ["group-teachers"]
    assert [rule.id for rule in touched(book, "academies_min")] == ["theme-academies"]
    with pytest.raises(BadAmendment, match="vouliez-vous dire « teachers_min »"):
        touched(book, "teacher_min")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"teacher_min": 3}, "ne fixe pas de nombre « teacher_min » ; vouliez-vous dire « teachers_min » ?"),
        ({"teachers_min": -1}, "« Enseignants, au moins »\u00a0: donnez un nombre entier, positif ou nul"),
        ({"teachers_min": True}, "donnez un nombre entier"),
        ({"academies_min": 6}, "« Académies, au moins » vaudrait 6, plus que « Académies, au plus », qui vaut 5."),
        ({"academies_max": 1}, "« Académies, au moins » vaudrait 2, plus que « Académies, au plus », qui vaut 1."),
    ],
)
def test_what_cannot_be_amended(book: Rulebook, limits: dict[str, int], reason: str) -> None:
    with pytest.raises(BadAmendment) as caught:
        amended(book, limits)
    assert reason in caught.value.sentence


def test_two_numbers_move_together(book: Rulebook) -> None:
    assert amended(book, {"academies_min": 6, "academies_max": 8}).breaches("theme", {"academies": 7}) == ()


def test_numbers_of_one_rule_are_held_together_whatever_their_names(write_edition: Writer) -> None:
    renamed = [("rules.toml", "academies_min", "few"), ("rules.toml", "academies_min", "few")]
    named = load(write_edition(*renamed))
    with pytest.raises(BadAmendment, match="« Académies, au moins » vaudrait 6"):
        amended(named, {"few": 6})


MOST = """
[limits.crew]
value = 9
article = "A.1"
label = "Équipage"

[[rule]]
id = "group-crew"
on = "group"
fact = "teachers"
check = "at_most"
limit = "crew"
article = "A.1"
severity = "blocking"
label = "{value} au plus"
message = "Plus de {value}."
todo = "Moins."
"""


def test_numbers_of_one_fact_are_held_together(write_edition: Writer) -> None:
    book = load(write_edition(("rules.toml", "\n[[production_kind]]", f"{MOST}\n[[production_kind]]")))
    with pytest.raises(BadAmendment, match="« Enseignants, au moins » vaudrait 4, plus que « Équipage », qui vaut 3"):
        amended(book, {"crew": 3})


def test_rules_that_never_apply_together_are_not_held_together(write_edition: Writer) -> None:
    first, second = (f'when = [{{ fact = "degree", check = "exactly", value = "{d}" }}]' for d in ("premier", "second"))
    book = load(
        write_edition(
            ("rules.toml", "\n[[production_kind]]", f"{MOST}{first}\n\n[[production_kind]]"),
            ("rules.toml", 'limit = "teachers_min"', f'limit = "teachers_min"\n{second}'),
        )
    )
    assert amended(book, {"crew": 3}).breaches("group", {**GROUP, "degree": "premier"})


def test_fewer_academies_than_must_go_on_is_refused() -> None:
    with pytest.raises(BadAmendment, match="poursuivent en seconde année"):
        amended(books()["traam-2022"], {"academies_per_theme_max": 2})


def test_fewer_associates_at_most_than_at_least_is_refused() -> None:
    """Two rules, on two facts, that name the least and the greatest number."""
    with pytest.raises(BadAmendment, match="Académies associées à chacune, au moins"):
        amended(books()["traam-2014"], {"pairing_max": 0})


@pytest.mark.parametrize(("found", "name"), EVERY_LIMIT)
def test_every_number_of_every_edition_can_be_amended(found: Rulebook, name: str) -> None:
    """What a person reads of a rule changes with its number: no sentence may have it in words."""
    value = found.limits[name].value + (-1 if name.endswith("_min") else 1)
    after = amended(found, {name: value})
    assert {rule.id for rule in touched(found, name)} == {
        rule.id for rule, other in zip(found.rules, after.rules, strict=True) if rule != other
    }
    for rule in touched(after, name):
        assert "{value" in rule.label and "{value" in rule.message
        assert not set(rule.todo.lower().split()) & {"deux", "trois", "six", "huit", "binôme", "mille"}
    told = [change for change in compare(found, after) if change.topic == "Nombre"]
    assert [change.label for change in told] == [found.limits[name].label]
