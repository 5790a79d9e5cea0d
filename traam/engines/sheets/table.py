"""From the cells of a sheet to typed rows, every problem with its place. Pure: no file here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from traam.engines.sheets.bounded import Cells
from traam.engines.sheets.cells import CellProblem, empty, parse
from traam.engines.sheets.grid import Area, Facts, Place, reference
from traam.engines.sheets.headings import HEADER_WITHIN, Titles, header_score, match
from traam.engines.sheets.layout import Column
from traam.engines.sheets.problems import Notes, Reading, Row
from traam.engines.sheets.wording import clean

_MOST_MERGED = 200
_ERROR = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|NOM\?|VALEUR!|NOMBRE!|NUL!|SPILL!|CALC!)|Err:5\d\d")
_IN_FRENCH = {"#NAME?": "#NOM?", "#VALUE!": "#VALEUR!", "#NUM!": "#NOMBRE!", "#NULL!": "#NUL!"}


def read_table(sheet: str, cells: Cells, facts: Facts, titles: Titles, *, starts_in_1904: bool = False) -> Reading:
    """The typed rows of ``cells`` (from A1), with what the walk over the sheet noted."""
    notes = Notes(sheet)
    _, header = header_score(titles, cells)
    if not header:
        listed = ", ".join(f"« {column.title} »" for column in titles.layout.columns)
        notes.problem(
            None,
            f"la ligne des titres est introuvable dans les {HEADER_WITHIN} premières lignes ; "
            f"remettez les colonnes du modèle : {listed}",
        )
        return notes.reading()
    matched = match(titles, cells, header, notes)
    body = _Body(matched.columns, cells, facts, header, notes, 1462 if starts_in_1904 else 0)
    return replace(notes.reading(body.rows()), unknown=matched.unknown, missing=matched.missing, header=header)


@dataclass
class _Body:
    """The rows under the header."""

    columns: Mapping[int, Column]
    cells: Cells
    facts: Facts
    header: int
    notes: Notes
    days: int  # to add to bare numbers of days

    def rows(self) -> list[Row]:
        covered = self._merged()
        marked = {row for row, column in (*self.facts.errors, *self.facts.uncomputed) if column in self.columns}
        last = max([len(self.cells), *marked])
        rows = []
        for number in range(self.header + 1, last + 1):
            given = self.cells[number - 1] if number <= len(self.cells) else []
            raw = {place: given[place - 1] if place <= len(given) else None for place in self.columns}
            if number in marked or any(_is_filled(cell) for cell in raw.values()):
                rows.append(self._row(number, raw, covered))
        return rows

    def _row(self, number: int, raw: Mapping[int, object], covered: set[Place]) -> Row:
        values: dict[str, object] = {}
        for position, column in self.columns.items():
            where = (number, position)
            values[column.key] = empty(column)
            if where not in covered and not self._is_faulty(where, raw[position]):
                values[column.key] = self._value(where, column, raw[position])
        cells = {column.key: reference((number, position)) for position, column in self.columns.items()}
        return Row(number, values, cells)

    def _value(self, where: Place, column: Column, raw: object) -> object:
        if column.kind == "date" and isinstance(raw, (int, float)) and not isinstance(raw, bool):
            raw = float(raw) + self.days
        try:
            return parse(column, raw)
        except CellProblem as problem:
            for sentence in problem.sentences:
                self.notes.problem(where, sentence)
            return empty(column)

    def _is_faulty(self, where: Place, raw: object) -> bool:
        error = self.facts.errors.get(where)
        if error is None and isinstance(raw, str) and _ERROR.fullmatch(raw.strip()):
            error = raw.strip()
        if error is not None:
            said = f"{error} ({_IN_FRENCH[error]})" if error in _IN_FRENCH else error
            self.notes.problem(where, f"la formule donne l'erreur {said} : corrigez-la, ou tapez la valeur à sa place")
        elif where in self.facts.uncomputed:
            self.notes.problem(
                where,
                "la formule n'a pas été calculée : ouvrez le fichier dans un tableur et enregistrez-le, "
                "ou tapez la valeur à sa place",
            )
            return True
        return error is not None

    def _merged(self) -> set[Place]:
        """Note the merged cells of the table; gives the places that they cover, which are not read."""
        covered: set[Place] = set()
        noted = 0
        for area in self.facts.merged:
            inside = self._inside(area)
            if not inside:
                continue
            noted += 1
            if noted > _MOST_MERGED:
                self.notes.problem(None, "d'autres cellules sont fusionnées : défusionnez tout le tableau")
                break
            self.notes.problem(
                (area.top, area.left),
                f"les cellules {area} sont fusionnées : défusionnez-les et remplissez chacune",
            )
            covered.update(inside)
        return covered

    def _inside(self, area: Area) -> list[Place]:
        rows = range(max(area.top, self.header), min(area.bottom, len(self.cells)) + 1)
        positions = [position for position in self.columns if area.left <= position <= area.right]
        return [(row, position) for row in rows for position in positions]


def _is_filled(cell: object) -> bool:
    return cell is not None and not (isinstance(cell, str) and not clean(cell))
