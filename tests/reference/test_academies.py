import pytest

from traam import reference


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("lyon", "de Lyon"),
        ("amiens", "d'Amiens"),
        ("orleans-tours", "d'Orléans-Tours"),
        ("la-reunion", "de La Réunion"),
    ],
)
def test_an_academy_is_named_after_a_noun(slug: str, words: str) -> None:
    names = {academy.slug: academy.of_name for academy in reference.academies().values()}
    assert names[slug] == words
