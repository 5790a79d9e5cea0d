"""The walk over an OpenDocument spreadsheet (OASIS OpenDocument 1.3 part 3)."""

import re

from traam.engines.sheets.grid import Area, Damaged, Facts, walk

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_BREAK = re.compile(rb"<text:(tab|line-break)\b[^>]*?(?:/>|>\s*</text:\1>)")


def sheets(content: bytes) -> dict[str, str]:
    """Names of the tables, in order."""
    walker = _Walker(None)
    walk(content, start=walker.start, end=walker.end, text=walker.text)
    return {name: name for name in walker.names}


def facts(content: bytes, sheet: str) -> Facts:
    """What the cells of the table named ``sheet`` hold."""
    walker = _Walker(sheet)
    walk(content, start=walker.start, end=walker.end, text=walker.text)
    return walker.facts


def with_plain_breaks(content: bytes) -> bytes:
    """The document with the characters that its elements for tabs and line breaks stand for."""
    return _BREAK.sub(lambda found: b"\t" if found[1] == b"tab" else b"\n", content)


def _count(attributes: dict[str, str], name: str, most: int) -> int:
    given = attributes.get(name, "1")
    if not (given.isascii() and given.isdigit() and 0 < len(given) < 12):
        raise Damaged(given)
    return max(1, min(int(given), most))


class _Walker:
    """Rows and cells say how many times they repeat: positions are counted, never unrolled."""

    def __init__(self, wanted: str | None) -> None:
        self.wanted = wanted
        self.names: list[str] = []
        self.facts = Facts()
        self.tables = 0
        self.notes = 0
        self.row = self.rows = 0
        self.column = self.columns = 0
        self.in_wanted = False
        self.row_is_filled = False
        self.cell: dict[str, str] | None = None
        self.value = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self._start_table(attributes)
        elif name == "annotation":
            self.notes += 1
        elif self.in_wanted and self.tables == 1:
            if name == "table-row":
                self.row, self.rows = (
                    self.row + self.rows,
                    _count(attributes, "table:number-rows-repeated", _LAST_ROW),
                )
                self.column, self.columns = 1, 0
                self.row_is_filled = False
            elif name in ("table-cell", "covered-table-cell"):
                self._start_cell(attributes)

    def _start_table(self, attributes: dict[str, str]) -> None:
        self.tables += 1
        if self.tables == 1:
            name = attributes.get("table:name", "")
            self.in_wanted = name == self.wanted and name not in self.names
            self.names.append(name)
            self.row, self.rows = 1, 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.column += self.columns
        self.columns = _count(attributes, "table:number-columns-repeated", _LAST_COLUMN)
        self.cell, self.value = attributes, ""
        right = _count(attributes, "table:number-columns-spanned", _LAST_COLUMN) - 1
        down = _count(attributes, "table:number-rows-spanned", _LAST_ROW) - 1
        if right or down:
            self.facts.merge(Area(self.row, self.column, self.row + down, self.column + right))

    def text(self, data: str) -> None:
        if self.cell is not None and not self.notes and len(self.value) < 40:
            self.value += data

    def end(self, name: str) -> None:
        if name == "table":
            self.tables -= 1
        elif name == "annotation":
            self.notes -= 1
        elif self.in_wanted and self.tables == 1:
            if name == "table-row" and self.row_is_filled:
                self.facts.filled_rows += self.rows
            elif name in ("table-cell", "covered-table-cell") and self.cell is not None:
                self._end_cell(self.cell)
                self.cell = None

    def _end_cell(self, cell: dict[str, str]) -> None:
        where = (self.row, self.column)
        has_value = "office:value-type" in cell
        if cell.get("calcext:value-type") == "error":
            self.facts.error_at(where, self.value.strip())
        elif "table:formula" in cell and not has_value:
            self.facts.uncomputed_at(where)
        if has_value or "table:formula" in cell:
            self.row_is_filled = True
            self.facts.value_at(
                min(self.row + self.rows - 1, _LAST_ROW), min(self.column + self.columns - 1, _LAST_COLUMN)
            )
