"""Delimited text (.csv): the rows alone, as Excel opens them by a double click in French.

A text that a spreadsheet would take for a formula is written with an apostrophe before it; reading takes it
away again. A text that already begins with apostrophes before such a sign gets one more, so that nothing is lost.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice

from traam.engines.sheets.layout import Layout
from traam.engines.sheets.presenting import Stored, shown
from traam.engines.sheets.wording import number

Cells = list[list[object]]

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_SEPARATORS = ";,\t"
_LOOKED_AT = 15
"""Lines that tell which separator is used: those where the header is looked for."""
_ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class NotDelimited(ValueError):
    """The text cannot be cut into cells; ``sentence`` says in French why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def write(layout: Layout, cells: Sequence[Sequence[Stored]]) -> bytes:
    """The rows under their titles: UTF-8 with its mark, semicolons, CRLF between the lines."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(column.title) for column in layout.columns])
    writer.writerows([_harmless(cell) for cell in row] for row in cells)
    return codecs.BOM_UTF8 + stream.getvalue().encode()


def _harmless(cell: Stored) -> str:
    if isinstance(cell, date):
        return shown(cell)
    if isinstance(cell, int):
        return str(cell)
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _as_written(text: str) -> str | None:
    """What the cell said before it was made harmless; None when it is empty."""
    return (text[1:] if text.startswith("'") and _FORMULA.match(text) else text) or None


def read(data: bytes, score: Callable[[Cells], int]) -> Cells:
    """The cells of a text, or `NotDelimited`. ``score`` says how many titles the first lines name."""
    text = decode(data)
    best = max(_SEPARATORS, key=lambda separator: score(_first_lines(text, separator)))
    return [[_as_written(cell) for cell in line] for line in _lines(text, best)]


def decode(data: bytes) -> str:
    """The text, in UTF-8, in the UTF-16 that Excel marks, or in the code page of Windows in French."""
    marked = next((name for mark, name in _ENCODINGS.items() if data.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotDelimited("les lettres du fichier ne se lisent pas : enregistrez-le en « CSV UTF-8 », puis déposez-le")


def _first_lines(text: str, separator: str) -> Cells:
    found: Cells = []
    try:
        for line in islice(_lines(text, separator), _LOOKED_AT):
            found.append([_as_written(cell) for cell in line])
    except NotDelimited:
        pass
    return found


def _lines(text: str, separator: str) -> Iterator[list[str]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from lines
    except csv.Error:
        raise NotDelimited(
            f"un guillemet s'ouvre ou se ferme au mauvais endroit, à la ligne {number(lines.line_num)} du texte : "
            "ouvrez le fichier dans un tableur et enregistrez-le en .xlsx ou .ods"
        ) from None
