"""Marked segments: nothing lost, nothing invented, the right words marked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from traam.engines.search import extract, highlight, query_terms


def _marked(segments: list[tuple[str, bool]]) -> list[str]:
    return [text for text, marked in segments if marked]


def test_forms_of_the_words_asked_for_are_marked() -> None:
    segments = highlight("L’élève évalue ses pairs", query_terms("évaluation des élèves"))
    assert segments == [("L’", False), ("élève", True), (" ", False), ("évalue", True), (" ses pairs", False)]


def test_a_phrase_is_marked_whole_for_its_acronym() -> None:
    assert _marked(highlight("Penser l'intelligence artificielle", query_terms("IA"))) == ["intelligence artificielle"]


def test_the_extract_is_taken_where_most_words_are() -> None:
    text = "grille " + "bla " * 200 + "une grille pour évaluer " + "fin " * 200
    segments = extract(text, query_terms("grille évaluation"), width=120)
    assert _marked(segments) == ["grille", "évaluer"]
    assert segments[0] == ("… ", False)
    assert segments[-1] == (" …", False)
    assert sum(len(part) for part, _ in segments) <= 124


def test_a_short_text_is_given_whole() -> None:
    assert extract("Un  texte\ncourt", ["text"]) == [("Un ", False), ("texte", True), (" court", False)]
    assert extract("", ["text"]) == []


def test_markup_stays_text() -> None:
    assert "".join(part for part, _ in highlight("<b>carte</b>", ["cart"])) == "<b>carte</b>"


def test_one_endless_word_is_cut() -> None:
    assert sum(len(part) for part, _ in extract("x" * 5_000, ["y"], width=100)) <= 104


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=120), st.text(max_size=30))
def test_segments_joined_give_the_title_back(title: str, query: str) -> None:
    assert "".join(part for part, _ in highlight(title, query_terms(query))) == title
