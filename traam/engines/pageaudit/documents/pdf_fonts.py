"""From the codes a PDF draws to letters: what a font says of them (`ToUnicode`), or the plain Latin encoding."""

import re
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_MOST_OF_A_MAP = 2_000_000
_MOST_CODES = 70_000
_PAIRS = re.compile(rb"<([0-9A-Fa-f\s]{1,16})>\s*<([0-9A-Fa-f\s]{0,256})>")
_RANGES = re.compile(
    rb"<([0-9A-Fa-f\s]{1,16})>\s*<([0-9A-Fa-f\s]{1,16})>\s*(?:<([0-9A-Fa-f\s]{0,256})>|\[([^\]]{0,20000})\])"
)
_STRONG = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)


@dataclass
class Font:
    """`width` is how many bytes a code takes. `letters` is empty for a font that says nothing of them."""

    width: int = 1
    letters: dict[int, str] = field(default_factory=dict)
    latin: bool = True
    strong: bool = False

    def decoded(self, codes: bytes) -> str:
        """The words drawn; U+FFFD for each code that says no letter."""
        if not self.letters and self.latin and self.width == 1:
            return codes.decode("cp1252", "replace")
        found = []
        for at in range(0, len(codes), self.width):
            code = int.from_bytes(codes[at : at + self.width], "big")
            plain = bytes([code]).decode("cp1252", "replace") if self.latin and self.width == 1 else "\ufffd"
            found.append(self.letters.get(code, plain))
        return "".join(found)


def read_font(font: Any) -> Font:
    if not isinstance(font, pikepdf.Dictionary):
        return Font(latin=False)
    composite = font.get("/Subtype") == "/Type0"
    read = Font(
        2 if composite else 1,
        latin=not composite and font.get("/Subtype") != "/Type3",
        strong=bool(_STRONG.search(str(font.get("/BaseFont", "")))),
    )
    said = font.get("/ToUnicode")
    if isinstance(said, pikepdf.Stream):
        try:
            read.letters = _letters(said.read_bytes()[:_MOST_OF_A_MAP])
        except (pikepdf.PdfError, NotImplementedError, ValueError):
            read.letters = {}
    return read


def _letters(said: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", said, re.DOTALL):
        for code, letters in _PAIRS.findall(block):
            found[_code(code)] = _unicode(letters)
            if len(found) > _MOST_CODES:
                return found
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", said, re.DOTALL):
        for first, last, start, several in _RANGES.findall(block):
            _range(found, _code(first), _code(last), start, several)
            if len(found) > _MOST_CODES:
                return found
    return found


def _range(found: dict[int, str], first: int, last: int, start: bytes, several: bytes) -> None:
    last = min(last, first + 0xFFFF)
    if several:
        for code, one in enumerate(re.findall(rb"<([0-9A-Fa-f\s]*)>", several)[: last - first + 1], first):
            found[code] = _unicode(one)
        return
    base = _unicode(start)
    for code in range(first, last + 1):
        step = ord(base[-1]) + code - first if base else 0xFFFD
        found[code] = base[:-1] + (chr(step) if step < 0x110000 else "\ufffd")


def _code(digits: bytes) -> int:
    return int(b"".join(digits.split()) or b"0", 16)


def _unicode(digits: bytes) -> str:
    digits = b"".join(digits.split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()).decode("utf-16-be", "replace")
