"""From the cells of a sheet to typed rows, every problem with its place. Pure: no file here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from traam.engines.sheets.bounded import Cells
from traam.engines.sheets.cells import CellProblem, as_text, empty, parse
from traam.engines.sheets.grid import Area, Facts, Place, letters, reference
from traam.engines.sheets.layout import Column, Layout
from traam.engines.sheets.wording import fold, nearest, short

HEADER_WITHIN = 15
"""The header is looked for in that many first rows: people add a title above it."""

_MOST_MERGED = 200
_ERROR = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|NOM\?|VALEUR!|NOMBRE!|NUL!|SPILL!|CALC!)|Err:5\d\d")
_IN_FRENCH = {"#NAME?": "#NOM?", "#VALUE!": "#VALEUR!", "#NUM!": "#NOMBRE!", "#NULL!": "#NUL!"}


@dataclass(frozen=True)
class Problem:
    """What is wrong and where: ``Candidatures!D12``, ``Candidatures`` or ``""`` (whole file)."""

    ref: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.ref} : {self.sentence}" if self.ref else self.sentence


@dataclass(frozen=True)
class Row:
    """A filled row: its number in the sheet, its values by key, and where each was read (key to ``D12``).

    The value of a cell with a problem is the empty one of its kind.
    """

    number: int
    values: dict[str, object]
    cells: dict[str, str]


@dataclass(frozen=True)
class Reading:
    """What a file holds. Nothing of it should be kept while ``problems`` is not empty. ``sheet`` is the one read."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    sheet: str = ""

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass
class Notes:
    """Problems and warnings as they are found, given back in the order of the sheet."""

    sheet: str
    problems: list[tuple[Place, Problem]] = field(default_factory=list)
    warnings: list[tuple[Place, Problem]] = field(default_factory=list)

    def problem(self, where: Place | None, sentence: str) -> None:
        self.problems.append(self._at(where, sentence))

    def warning(self, where: Place | None, sentence: str) -> None:
        self.warnings.append(self._at(where, sentence))

    def _at(self, where: Place | None, sentence: str) -> tuple[Place, Problem]:
        if where is None:
            return (0, 0), Problem(self.sheet, sentence)
        return where, Problem(f"{self.sheet}!{reference(where)}", sentence)

    def reading(self, rows: Sequence[Row] = ()) -> Reading:
        return Reading(
            tuple(rows),
            tuple(problem for _, problem in sorted(self.problems, key=lambda noted: noted[0])),
            tuple(warning for _, warning in sorted(self.warnings, key=lambda noted: noted[0])),
            self.sheet,
        )


def header_score(layout: Layout, cells: Cells) -> tuple[int, int]:
    """How many columns the best header row names, and that row's number (0 when there is none)."""
    best, number = 0, 0
    for position, row in enumerate(cells[:HEADER_WITHIN], start=1):
        named = {column.key for cell in row if (column := _named(layout, cell)) is not None}
        if len(named) > best:
            best, number = len(named), position
    return best, number


def _named(layout: Layout, cell: object) -> Column | None:
    return layout.column(cell) if isinstance(cell, str) and len(cell) < 300 else None


def read_table(sheet: str, cells: Cells, facts: Facts, layout: Layout, *, starts_in_1904: bool = False) -> Reading:
    """The typed rows of ``cells`` (from A1), with what the walk over the sheet noted."""
    notes = Notes(sheet)
    _, header = header_score(layout, cells)
    if not header:
        titles = ", ".join(f"« {column.title} »" for column in layout.columns)
        notes.problem(
            None,
            f"la ligne des titres est introuvable dans les {HEADER_WITHIN} premières lignes ; "
            f"remettez les colonnes du modèle : {titles}",
        )
        return notes.reading()
    columns = _match(layout, cells, header, notes)
    body = _Body(columns, cells, facts, header, notes, 1462 if starts_in_1904 else 0)
    return notes.reading(body.rows())


def _match(layout: Layout, cells: Cells, header: int, notes: Notes) -> dict[int, Column]:
    """The column of the layout that each column of the sheet is, with a note for all the others."""
    found: dict[int, Column] = {}
    unknown: list[int] = []
    for position, title in enumerate(cells[header - 1], start=1):
        column = _named(layout, title)
        if column is None:
            unknown.append(position)
        elif column in found.values():
            first = next(letters(place) for place, one in found.items() if one == column)
            notes.problem(
                (header, position),
                f"la colonne « {column.title} » figure deux fois, en {first} et en {letters(position)} : "
                "supprimez celle qui est en trop",
            )
        else:
            found[position] = column
    missing = [column for column in layout.columns if column not in found.values()]
    likely = _note_unknown(cells, header, unknown, missing, notes)
    _note_missing(missing, likely, notes)
    return found


def _note_unknown(
    cells: Cells, header: int, unknown: Sequence[int], missing: Sequence[Column], notes: Notes
) -> dict[str, str]:
    """Warn of every column that is ignored; gives, by key, the title that a missing column was renamed to."""
    likely: dict[str, str] = {}
    for position in unknown:
        title = as_text(cells[header - 1][position - 1] or "")
        if not title:
            if any(len(row) >= position and row[position - 1] is not None for row in cells[header:]):
                notes.warning((header, position), "cette colonne n'a pas de titre : elle est ignorée")
            continue
        guess = nearest(title, [column.title for column in missing])
        hint = f" ; vouliez-vous dire « {guess} » ?" if guess else ""
        notes.warning((header, position), f"la colonne « {short(title)} » n'est pas attendue : elle est ignorée{hint}")
        likely.update({column.key: short(title) for column in missing if column.title == guess})
    return likely


def _note_missing(missing: Sequence[Column], likely: Mapping[str, str], notes: Notes) -> None:
    for column in missing:
        if column.key in likely:
            notes.problem(
                None,
                f"colonne « {column.title} » introuvable : rendez ce titre à la colonne « {likely[column.key]} »",
            )
        elif column.required or column.present:
            notes.problem(None, f"colonne « {column.title} » introuvable : remettez-la dans la ligne des titres")
        else:
            notes.warning(None, f"la colonne « {column.title} » manque : elle est lue comme vide")


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
    return cell is not None and not (isinstance(cell, str) and not fold(cell))
