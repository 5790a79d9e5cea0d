import random

import pytest

from traam.engines.differences import Part, compare, merge

WORDS = ["élève", "le", "la", "tablette", "sonde", "mesure", "groupe", "et", "\n", ".", ","]


def spelt(parts: list[Part], *kinds: str) -> str:
    return "".join(part.text for part in parts if part.kind in kinds)


def test_one_word_changed_is_told_alone() -> None:
    assert compare("Les élèves mesurent la vitesse.", "Les élèves estiment la vitesse.") == [
        Part("same", "Les élèves "),
        Part("removed", "mesurent"),
        Part("added", "estiment"),
        Part("same", " la vitesse."),
    ]


def test_a_space_alone_between_two_changes_belongs_to_them() -> None:
    assert compare("un deux fin", "trois quatre fin") == [
        Part("removed", "un deux"),
        Part("added", "trois quatre"),
        Part("same", " fin"),
    ]


@pytest.mark.parametrize(("before", "after"), [("", ""), ("", "a"), ("a", ""), ("a", "a"), ("a\n", "a"), ("a\nb", "b")])
def test_the_smallest_texts(before: str, after: str) -> None:
    parts = compare(before, after)
    assert (spelt(parts, "same", "removed"), spelt(parts, "same", "added")) == (before, after)
    assert all(part.text for part in parts)


def test_both_texts_are_always_spelt_again() -> None:
    chance = random.Random(5)
    for _ in range(200):
        before = " ".join(chance.choices(WORDS, k=chance.randrange(60)))
        after = " ".join(chance.choices(WORDS, k=chance.randrange(60)))
        parts = compare(before, after)
        assert spelt(parts, "same", "removed") == before
        assert spelt(parts, "same", "added") == after
        assert all(one.kind != other.kind for one, other in zip(parts, parts[1:], strict=False))


def test_a_paragraph_put_in_leaves_the_others_alone() -> None:
    paragraphs = [f"Étape {n} : les élèves travaillent.\n" for n in range(50)]
    after = [*paragraphs[:20], "Une étape de plus.\n", *paragraphs[20:]]
    assert [part for part in compare("".join(paragraphs), "".join(after)) if part.kind != "same"] == [
        Part("added", "Une étape de plus.\n")
    ]


def test_the_longest_texts_take_a_bounded_number_of_steps() -> None:
    """A whole section written anew, on one line, of words that come again and again: the worst there is."""
    chance = random.Random(6)
    before = " ".join(chance.choices(WORDS[:8], k=8_000))[:40_000]
    after = " ".join(chance.choices(WORDS[:8], k=8_000))[:40_000]
    parts = compare(before, after)
    assert spelt(parts, "same", "added") == after
    assert len(parts) < 5


def test_who_changed_a_field_alone_is_followed() -> None:
    base = {"title": "A", "steps": "1", "levels": ["6e"]}
    merged = merge(base, base | {"steps": "2"}, base | {"title": "B"})
    assert (merged.fields, merged.conflicts) == ({"title": "B", "steps": "2", "levels": ["6e"]}, ())


def test_a_field_both_changed_is_left_to_people() -> None:
    merged = merge({"steps": "1", "title": "A"}, {"steps": "2", "title": "C"}, {"steps": "3", "title": "C"})
    assert (merged.fields, merged.conflicts) == ({"steps": "2", "title": "C"}, ("steps",))


def test_a_field_nobody_knew_before_is_a_conflict_when_it_differs() -> None:
    assert merge({}, {"steps": ""}, {"steps": "x"}).conflicts == ("steps",)
