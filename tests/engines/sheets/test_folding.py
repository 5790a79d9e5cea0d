from hypothesis import given
from hypothesis import strategies as st

from traam.engines.sheets import fold, fold_all


@given(st.lists(st.text(max_size=40), max_size=6))
def test_texts_folded_together_are_those_folded_one_by_one(texts: list[str]) -> None:
    together = fold_all(texts)
    assert len(together) == len(texts)
    for text, folded in zip(texts, together, strict=True):
        assert folded == (fold(text.replace("\ua66e", " ")) if any(map(_is_word, text)) else "")


def _is_word(sign: str) -> bool:
    return sign != "\ua66e" and fold(f"a{sign}") != "a"


def test_marks_and_capitals_go_in_every_script() -> None:
    assert fold("L'ÉTÉ à Œdipe, ἄνθρωπος") == fold("l ete a oedipe ανθρωπος")
