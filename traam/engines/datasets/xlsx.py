"""Office Open XML, a row at a time."""

from datetime import UTC, date, datetime
from typing import BinaryIO

import xlsxwriter

from traam.engines.datasets.columns import Column, Row, plain, printable

MOST_ROWS = 1_048_576  # of a sheet, its heading included
LONGEST = 32_767  # characters of a cell
_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # fixed: the same rows give the same bytes


class OfficeOpen:
    """A table longer than a sheet goes on in the next one; a text longer than a cell ends with an ellipsis."""

    def __init__(self, stream: BinaryIO, columns: tuple[Column, ...], name: str, most_rows: int = MOST_ROWS) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(stream, options)
        self._book.set_properties({"title": name, "created": _CREATED})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._bold = self._book.add_format({"bold": True})
        self._columns, self._name, self._most, self._sheets = columns, name, most_rows, 0
        self._begin()

    def _begin(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet(self._name if self._sheets == 1 else f"{self._name} {self._sheets}")
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            self._sheet.write_string(0, place, column.title, self._bold)
        self._line = 1

    def add(self, row: Row) -> None:
        if self._line == self._most:
            self._begin()
        for place, cell in enumerate(row):
            match cell:
                case None:
                    continue
                case bool():
                    self._sheet.write_boolean(self._line, place, cell)
                case int():
                    self._sheet.write_number(self._line, place, cell)
                case date() if not isinstance(cell, datetime):
                    self._sheet.write_datetime(self._line, place, cell, self._date)
                case _:
                    self._sheet.write_string(self._line, place, _cut(printable(plain(cell))))
        self._line += 1

    def close(self) -> None:
        self._book.close()


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
