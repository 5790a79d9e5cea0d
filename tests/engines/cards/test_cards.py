"""The card of a page: its size, its bytes, its words: whole, inside, readable, whatever was typed."""

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from traam.engines.cards import COLOURS, HEIGHT, MARGIN, WIDTH, Card, Fonts, clean, contrast, draw, face, lay_out

_DSFR = find_spec("dsfr")
assert _DSFR is not None and _DSFR.submodule_search_locations
FOLDER = Path(_DSFR.submodule_search_locations[0]) / "static" / "dsfr" / "dist" / "fonts"
FONTS = Fonts(
    (FOLDER.joinpath("Spectral-ExtraBold.woff2").read_bytes(),),
    (FOLDER.joinpath("Spectral-Regular.woff2").read_bytes(),),
)
MARIANNE = Fonts(
    (FOLDER.joinpath("Marianne-Bold.woff2").read_bytes(),), (FOLDER.joinpath("Marianne-Regular.woff2").read_bytes(),)
)
LINES = ("Académie de Lyon · Histoire-géographie", "2de générale · 55 min", "Testé dans 3 académies")
SENTENCE = (
    "Débattre d'un sujet de société avec un mur collaboratif : préparer, argumenter, garder une trace écrite, du cycle "
    "4 au lycée professionnel, en classe entière ou à distance, avec ou sans connexion, en une heure."
)


def card(title: str, lines: tuple[str, ...] = LINES) -> Card:
    return Card("TraAM – Travaux académiques mutualisés", title, lines, "traam.exemple.fr/notices/123")


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def title_of(card: Card, fonts: Fonts = FONTS) -> str:
    return " ".join(line.text for line in lay_out(card, fonts) if line.role == "title")


def check_inside(card: Card, fonts: Fonts = FONTS) -> None:
    """Every line is within the margins and above the next one; the edges of the drawing are bare."""
    lines = lay_out(card, fonts)
    for line in lines:
        left, top, right, bottom = line.opened().getbbox(line.text)
        assert line.x + right <= WIDTH - MARGIN + 2, line.text
        assert line.x + left >= MARGIN - 20 and line.y + top >= 30 and line.y + bottom <= HEIGHT - 8, line.text
    for above, below in zip(lines, lines[1:], strict=False):
        assert above.y + above.size <= below.y + 4, (above.text, below.text)


@pytest.mark.parametrize("fonts", [FONTS, MARIANNE], ids=["Spectral", "Marianne"])
def test_it_is_a_png_of_the_size_that_is_asked_everywhere(fonts: Fonts) -> None:
    image = opened(draw(card("Débattre en classe"), fonts))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(draw(card(SENTENCE), fonts)) < 100_000


def test_the_same_words_give_the_same_bytes() -> None:
    assert draw(card(SENTENCE), FONTS) == draw(card(SENTENCE), FONTS)
    assert draw(card(SENTENCE), FONTS) != draw(card(SENTENCE + "!"), FONTS)


@pytest.mark.parametrize("fonts", [FONTS, MARIANNE], ids=["Spectral", "Marianne"])
@pytest.mark.parametrize("length", [20, 60, 120, 200])
def test_a_title_of_200_characters_is_whole(fonts: Fonts, length: int) -> None:
    title = SENTENCE[:length].strip()
    assert title_of(card(title), fonts) == title
    check_inside(card(title), fonts)


def test_the_largest_letters_of_the_font_still_fit() -> None:
    wide = ("MAJUSCULES TRÈS LARGES " * 9)[:200].strip()
    assert title_of(card(wide), MARIANNE).replace(" ", "") == wide.replace(" ", "")
    check_inside(card(wide), MARIANNE)


def test_a_short_title_is_larger_than_a_long_one() -> None:
    sizes = [
        next(one.size for one in lay_out(card(text), FONTS) if one.role == "title") for text in ("Débat", SENTENCE)
    ]
    assert sizes[0] == 72 > sizes[1] >= 35


def test_what_cannot_hold_ends_with_an_ellipsis() -> None:
    long = card("mot " * 150, ("une ligne bien trop longue pour tenir " * 5,))
    assert title_of(long).endswith("mot…")
    assert [line.text for line in lay_out(long, FONTS) if line.role == "ink"][0].endswith("…")
    check_inside(long)


def test_a_word_longer_than_a_row_is_cut_not_lost() -> None:
    long = card("Anticonstitutionnellement" * 8)
    assert title_of(long).replace(" ", "") == "Anticonstitutionnellement" * 8
    check_inside(long)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "   ",
        "🎓👩‍🏫🇫🇷",
        "نقاش في القسم",
        "דיון בכיתה",
        "討論する教室",
        "a\u202eb\u0000c\u200bd\ud800e",
        "Z" + "\u0301" * 500,
        "\U000f0000\uffff",
        "<script>alert(1)</script> & {{ 7*7 }} %s",
        "e\u0301tude",
    ],
)
def test_hostile_words_are_drawn_or_left_out(title: str) -> None:
    assert opened(draw(card(title, (title, title)), FONTS)).size == (1200, 630)
    check_inside(card(title, (title, title)))


def test_what_nobody_sees_is_left_out() -> None:
    assert clean(" Un\u202e  titre\u200b\u0000 :\u202fici\n ") == "Un titre :\u00a0ici"
    assert clean("e\u0301") == "é"
    assert len(clean("z" + "\u0301" * 50)) == 3


def test_the_first_font_that_has_the_letters_draws_them() -> None:
    both = (MARIANNE.bold[0], FONTS.bold[0])
    assert face("Débattre", both).data == both[0]
    assert face("Дебаты", both).data == both[1]
    assert face("Débattre 討論", both).text == "Débattre"


def test_every_ink_is_readable_on_the_ground() -> None:
    inks = [colour for name, colour in COLOURS.items() if name != "ground"]
    assert inks and all(contrast(ink, COLOURS["ground"]) >= 7 for ink in inks)
    assert round(contrast("#ffffff", "#000000"), 1) == 21 and round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_bytes_that_are_no_font_are_refused() -> None:
    with pytest.raises(ValueError, match="not a font"):
        draw(card("Débattre"), Fonts((b"rien",), (b"rien",)))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300), st.text(max_size=200))
def test_no_words_break_it(title: str, line: str) -> None:
    check_inside(card(title, (line, line, line, line)))
