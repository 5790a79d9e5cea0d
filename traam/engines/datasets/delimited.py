"""CSV as RFC 4180 has it: commas, UTF-8, quotes where needed."""

import csv
import io
import re
from typing import BinaryIO

from traam.engines.datasets.columns import Cell, Column, Row, plain

# What a spreadsheet would run: such a text is given with an apostrophe before it.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


class Delimited:
    def __init__(self, stream: BinaryIO, columns: tuple[Column, ...]) -> None:
        self._text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
        self._lines = csv.writer(self._text, lineterminator="\r\n")
        self._lines.writerow([column.name for column in columns])

    def add(self, row: Row) -> None:
        self._lines.writerow([harmless(cell) for cell in row])

    def close(self) -> None:
        self._text.detach()


def harmless(cell: Cell) -> str:
    """A text that no spreadsheet runs."""
    text = plain(cell)
    if isinstance(cell, int) or not _FORMULA.match(text):
        return text
    return f"'{text}"
