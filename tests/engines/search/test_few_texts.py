"""A few texts searched without an index: the same French as the index, every word asked for, the title first."""

import pytest

from traam.engines.search import Answer, ask, highlight, read

TEXTS = {
    3: read("Le retour parlé", "Les élèves ont **vérifié** leurs sources. Un casque pour chacun, dans un lieu calme."),
    1: read("Élèves et robots", "Le numérique éducatif : des robots, des chevaux, l'intelligence artificielle."),
    2: read("Bilan", "Trois tests en classe de 6e. Les élèves reprennent leur travail, puis leur travail encore."),
}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("casques", (3,)),
        ("verifier une source", (3,)),
        ("cheval", (1,)),
        ("IA", (1,)),
        ("sixième", (2,)),
        ("élève", (1, 2, 3)),  # in the title first; then as often as it comes
        ("travail", (2,)),
        ("casque robot", ()),
        ("ornithorynque", ()),
        ("les des", ()),
        ("", ()),
    ],
)
def test_inflected_and_unaccented_words_find_the_texts(query: str, ids: tuple[int, ...]) -> None:
    found = ask(TEXTS, query).ids
    assert found[:1] == ids[:1] and set(found) == set(ids)


def test_texts_of_the_same_words_stay_in_the_order_given() -> None:
    same = {pk: read("T", "un casque") for pk in (5, 9, 7)}
    assert ask(same, "casque").ids == (5, 9, 7)


def test_a_word_being_typed_finds_those_that_it_begins() -> None:
    assert ask(TEXTS, "robots artifi").ids == ()
    found = ask(TEXTS, "robots artifi", prefix=True)
    assert found.ids == (1,)
    assert ("artificielle", True) in highlight("une intelligence artificielle", found.terms)
    assert ask(TEXTS, "robots artifi ", prefix=True).ids == (), "a space ends the word"
    assert ask(TEXTS, "r", prefix=True).ids == (), "one letter tells nothing"


def test_a_query_of_any_length_is_answered() -> None:
    assert ask(TEXTS, "casque " * 10_000).ids == (3,)
    assert ask({}, "casque") == Answer((), frozenset({"casqu"}))
