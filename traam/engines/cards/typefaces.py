"""The characters a font can draw, and the font that draws a text best."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from fontTools.ttLib import TTFont, TTLibError
from PIL import ImageFont

LONGEST = 600
_MARKS = 2  # more marks on one letter would climb over the line above
_KEPT_SIZES = 256


@dataclass(frozen=True)
class Fonts:
    """The bytes of font files (TrueType, OpenType, WOFF or WOFF2), in order of preference: the first that has all the
    letters of a text draws it."""

    bold: tuple[bytes, ...]
    regular: tuple[bytes, ...]


@dataclass(frozen=True)
class Face:
    """A text as it can be drawn, and the font that draws it."""

    text: str
    data: bytes

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        return _opened(self.data, size)


def clean(text: str) -> str:
    """One line of characters that are seen: no control, no mark of direction, no heap of accents."""
    found: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text[:LONGEST]):
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if char in "\u202f\u2007":
            found.append("\u00a0")  # fonts have seldom the narrow ones
        elif char == "\u2011":
            found.append("-")
        elif char.isspace() and char != "\u00a0":
            found.append(" ")
        elif kind[0] != "C" and marks <= _MARKS:
            found.append(char)
    return re.sub(r" +", " ", "".join(found)).strip(" \u00a0")


def face(text: str, fonts: Sequence[bytes]) -> Face:
    """The text cleaned, with the font that has most of its letters; those it has not are left out."""
    words = clean(text)
    best = min(fonts, key=lambda data: sum(not _has(data, char) for char in words))
    drawn = "".join(char for char in words if _has(best, char))
    return Face(re.sub(r" +", " ", drawn).strip(" \u00a0"), best)


def _has(data: bytes, char: str) -> bool:
    return char in " \u00a0" or ord(char) in _covered(data)


@lru_cache(maxsize=16)
def _covered(data: bytes) -> frozenset[int]:
    try:
        return frozenset(TTFont(BytesIO(data), lazy=True).getBestCmap() or {})
    except TTLibError as problem:
        raise ValueError("these bytes are not a font") from problem


@lru_cache(maxsize=_KEPT_SIZES)
def _opened(data: bytes, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(data), size)
