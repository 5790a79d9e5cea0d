"""Where the words of a card stand: measured with the fonts that draw them, the title as large as it fits."""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import ImageFont

from traam.engines.cards.typefaces import Face, Fonts, face

WIDTH, HEIGHT, MARGIN = 1200, 630, 80
INSIDE = WIDTH - 2 * MARGIN
TITLE_TOP, TITLE_HEIGHT = 114, 272
TITLE_SIZES = (72, 66, 60, 55, 50, 46, 42, 38, 35)
SITE_TOP, SITE_SIZE = 54, 32
LINES_BOTTOM, LINE_SIZE, LINE_STEP, MOST_LINES = 540, 31, 44, 3
FOOT_TOP, FOOT_SIZE = 562, 28
ELLIPSIS = "…"


@dataclass(frozen=True)
class Card:
    """What a card says: the name of the site, a title, up to three short lines, and an address at its foot."""

    site: str
    title: str
    lines: tuple[str, ...] = ()
    foot: str = ""


@dataclass(frozen=True)
class Line:
    """A line of words at its place, in pixels from the top left corner; `role` names its colour."""

    text: str
    x: int
    y: int
    size: int
    role: str
    font: bytes

    def opened(self) -> ImageFont.FreeTypeFont:
        return Face(self.text, self.font).at(self.size)


def lay_out(card: Card, fonts: Fonts) -> list[Line]:
    """The lines of a card, from top to bottom; a text that cannot hold ends with an ellipsis."""
    lines = [_single(card.site, fonts.bold, SITE_TOP, SITE_SIZE, "brand"), *_title(face(card.title, fonts.bold))]
    said = [text for text in card.lines if face(text, fonts.regular).text][:MOST_LINES]
    top = LINES_BOTTOM - LINE_STEP * len(said)
    lines += [_single(text, fonts.regular, top + n * LINE_STEP, LINE_SIZE, "ink") for n, text in enumerate(said)]
    lines.append(_single(card.foot, fonts.bold, FOOT_TOP, FOOT_SIZE, "brand"))
    return [line for line in lines if line.text]


def _single(text: str, fonts: tuple[bytes, ...], y: int, size: int, role: str) -> Line:
    held = face(text, fonts)
    return Line(_fitted(held.text, held.at(size)), MARGIN, y, size, role, held.data)


def _title(held: Face) -> list[Line]:
    """At the largest size whose lines all hold; at the smallest, what does not hold is left out."""
    for size in TITLE_SIZES:
        font, step = held.at(size), round(size * 1.18)
        most = TITLE_HEIGHT // step
        rows = list(_wrapped(held.text, font, split=size == TITLE_SIZES[-1]))
        if len(rows) <= most and all(font.getlength(row) <= INSIDE for row in rows):
            break
    else:
        rows = [*rows[: most - 1], _fitted(" ".join(rows[most - 1 :]), font)]
    return [Line(row, MARGIN, TITLE_TOP + n * step, size, "title", held.data) for n, row in enumerate(rows) if row]


def _wrapped(text: str, font: ImageFont.FreeTypeFont, *, split: bool) -> Iterator[str]:
    """Words put in rows. With `split`, a word longer than a row is cut where the row ends."""
    row = ""
    for word in text.split(" "):
        longer = f"{row} {word}" if row else word
        if font.getlength(longer) <= INSIDE:
            row = longer
            continue
        if row:
            yield row
        row = word
        while split and font.getlength(row) > INSIDE:
            held = _most(row, font, INSIDE)
            yield row[:held]
            row = row[held:]
    if row:
        yield row


def _most(text: str, font: ImageFont.FreeTypeFont, width: float) -> int:
    """How many characters of a text hold in a width, one at least."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(text[:middle]) <= width else (low, middle - 1)
    return low


def _fitted(text: str, font: ImageFont.FreeTypeFont) -> str:
    """The text, or as many of its words as hold with an ellipsis."""
    if font.getlength(text) <= INSIDE:
        return text
    held = text[: _most(text, font, INSIDE - font.getlength(ELLIPSIS))]
    words = held.rpartition(" ")[0] if " " in held and text[len(held) : len(held) + 1] != " " else held
    return words.rstrip(" \u00a0,;:.-") + ELLIPSIS
