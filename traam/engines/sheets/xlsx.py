"""The walk over an Office Open XML workbook (ECMA-376 part 1, SpreadsheetML)."""

import posixpath
from collections.abc import Mapping

from traam.engines.sheets.grid import Area, Damaged, Facts, place, walk

WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_NO_NOTE = ("", "0", "false")


def sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Names of the sheets of cells, in order, with the path of their part."""
    targets: dict[str, str] = {}
    found: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = _path(attributes.get("Target", ""))

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name != "sheet":
            return
        identifier = next((v for k, v in attributes.items() if k.endswith(":id")), "")
        if identifier in targets:
            found[attributes.get("name", "")] = targets[identifier]

    if WORKBOOK not in parts or _RELATIONS not in parts:
        raise Damaged(WORKBOOK)
    walk(parts[_RELATIONS], start=relation)
    walk(parts[WORKBOOK], start=sheet)
    return found


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def starts_in_1904(parts: Mapping[str, bytes]) -> bool:
    """Whether the workbook counts its days from 1904."""
    answers: list[bool] = []

    def properties(name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            answers.append(attributes.get("date1904", "0") not in _NO_NOTE)

    walk(parts[WORKBOOK], start=properties)
    return any(answers)


def facts(part: bytes) -> Facts:
    """What the cells of a worksheet hold."""
    walker = _Walker()
    walk(part, start=walker.start, end=walker.end, text=walker.text)
    return walker.facts


class _Walker:
    """Cells and rows may leave out their reference: they then follow the one before."""

    def __init__(self) -> None:
        self.facts = Facts()
        self.row = 0
        self.column = 0
        self.row_is_filled = False
        self.kind = ""
        self.has_formula = False
        self.in_value = False
        self.value = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t"):
            self.in_value = True
        elif name == "f":
            self.has_formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            self.facts.merge(Area(*place(first), *place(last or first)))

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "")
        if given and not (given.isascii() and given.isdigit() and len(given) < 8):
            raise Damaged(given)
        self.row = int(given) if given else self.row + 1
        self.column = 0
        self.row_is_filled = False

    def _start_cell(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "")
        self.row, self.column = place(given) if given else (self.row, self.column + 1)
        self.kind = attributes.get("t", "n")
        self.has_formula = False
        self.value = ""

    def text(self, data: str) -> None:
        if self.in_value and len(self.value) < 40:
            self.value += data

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name in ("v", "t"):
            self.in_value = False
        elif name == "row" and self.row_is_filled:
            self.facts.filled_rows += 1

    def _end_cell(self) -> None:
        where = (self.row, self.column)
        if self.kind == "e":
            self.facts.error_at(where, self.value)
        elif self.has_formula and not self.value and self.kind != "str":
            self.facts.uncomputed_at(where)
        if self.value or self.has_formula:
            self.row_is_filled = True
            self.facts.value_at(*where)
