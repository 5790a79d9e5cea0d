"""From the bytes of a workbook, or of a delimited text, to typed rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from traam.engines.sheets import delimited
from traam.engines.sheets.bounded import Bounds, Cells, values
from traam.engines.sheets.grid import Facts, Place
from traam.engines.sheets.headings import HEADER_WITHIN, Titles, header_score
from traam.engines.sheets.layout import RESERVED, Layout
from traam.engines.sheets.package import BadFile, Package, is_delimited, unpack
from traam.engines.sheets.problems import Notes, Problem, Reading
from traam.engines.sheets.table import read_table
from traam.engines.sheets.wording import fold, number

MAX_ROWS = 20_000
MAX_COLUMNS = 256
_MAX_SHEETS = 30


@dataclass(frozen=True)
class Found:
    """The sheet that holds the rows, before anything in it is judged. ``kind`` is xlsx, ods or csv."""

    kind: str
    sheet: str
    cells: Cells
    facts: Facts
    starts_in_1904: bool = False


def read(
    data: bytes,
    layout: Layout,
    *,
    filename: str = "",
    mapping: Mapping[str, str] | None = None,
    max_rows: int = MAX_ROWS,
    bounds: Bounds | None = None,
) -> Reading:
    """The rows of an .xlsx, an .ods or a .csv, with every problem found, each with its place.

    Never raises for what the file holds. ``filename`` is only quoted. ``mapping`` says what titles that the
    layout does not know mean (`Heading.folded` to the key of a column, "" to ignore the column); it never
    overrides a title of the layout. The values of a workbook are read in another process, within ``bounds``
    (the usual ones when None).
    """
    titles = Titles(layout, mapping or {})
    found = find(data, titles, filename=filename, max_rows=max_rows, bounds=bounds)
    if isinstance(found, Reading):
        return found
    return read_table(found.sheet, found.cells, found.facts, titles, starts_in_1904=found.starts_in_1904)


def find(data: bytes, titles: Titles, *, filename: str, max_rows: int, bounds: Bounds | None) -> Found | Reading:
    """The sheet of the rows, or the reading of a file in which it cannot be reached."""
    try:
        if is_delimited(data, filename):
            return _find_text(data, titles, max_rows)
        return _find_sheet(data, unpack(data, filename), titles, max_rows, bounds)
    except BadFile as bad:
        return Reading(problems=(Problem("", bad.sentence),))


def _find_text(data: bytes, titles: Titles, max_rows: int) -> Found | Reading:
    """The cells of a text, under the name of the sheet they would have."""
    try:
        cells = delimited.read(data, lambda first: header_score(titles, first)[0])
    except delimited.NotDelimited as bad:
        raise BadFile(bad.sentence) from None
    facts = _facts(cells)
    sheet = titles.layout.sheet
    return _oversize(sheet, facts, max_rows) or Found("csv", sheet, cells, facts)


def _facts(cells: Cells) -> Facts:
    facts = Facts()
    for line, row in enumerate(cells, start=1):
        filled: list[Place] = [(line, place) for place, cell in enumerate(row, start=1) if cell is not None]
        facts.filled_rows += bool(filled)
        for where in filled[-1:]:
            facts.value_at(*where)
    return facts


def _find_sheet(data: bytes, package: Package, titles: Titles, max_rows: int, bounds: Bounds | None) -> Found | Reading:
    layout = titles.layout
    named = [sheet for sheet in package.sheets if fold(sheet) == fold(layout.sheet)]
    candidates = named[:1] or [sheet for sheet in package.sheets if fold(sheet) not in RESERVED][:_MAX_SHEETS]
    facts = {sheet: package.facts(sheet) for sheet in candidates}
    oversize = {sheet: reading for sheet in candidates if (reading := _oversize(sheet, facts[sheet], max_rows))}
    if candidates and len(oversize) == len(candidates):
        return oversize[candidates[0]]
    legible = [sheet for sheet in candidates if sheet not in oversize]
    cells = values(package.plain(data), legible, bounds) if legible else {}
    sheet = named[0] if named else _only_match(titles, cells)
    if sheet is None:
        return Reading(problems=(Problem("", _which_sheet(titles, list(package.sheets), cells)),))
    return Found(package.kind, sheet, cells[sheet], facts[sheet], package.starts_in_1904)


def _oversize(sheet: str, facts: Facts, max_rows: int) -> Reading | None:
    """The refusal of a sheet too large to be read, or None."""
    notes = Notes(sheet)
    if facts.filled_rows > max_rows + HEADER_WITHIN:
        notes.problem(
            None,
            f"la feuille compte {number(facts.filled_rows)} lignes remplies "
            f"pour {number(max_rows)} au plus : partagez-la en plusieurs fichiers",
        )
    elif facts.lowest[0] > max_rows + HEADER_WITHIN:
        notes.problem(facts.lowest, "une valeur se trouve loin sous le tableau : effacez-la, ou remontez-la")
    if facts.rightmost[1] > MAX_COLUMNS:
        notes.problem(facts.rightmost, "une valeur se trouve loin à droite du tableau : effacez-la")
    return notes.reading() if notes.problems else None


def _matches(titles: Titles, cells: dict[str, Cells]) -> list[str]:
    """The sheets whose header names at least half of the columns."""
    return [name for name, rows in cells.items() if 2 * header_score(titles, rows)[0] >= len(titles.layout.columns)]


def _only_match(titles: Titles, cells: dict[str, Cells]) -> str | None:
    matching = _matches(titles, cells)
    return matching[0] if len(matching) == 1 else None


def _which_sheet(titles: Titles, sheets: Sequence[str], cells: dict[str, Cells]) -> str:
    layout, matching = titles.layout, _matches(titles, cells)
    found = ", ".join(f"« {name} »" for name in (matching or sheets)[:10]) or "aucune"
    if matching:
        return (
            f"plusieurs feuilles ont les colonnes attendues : {found} ; nommez « {layout.sheet} » celle qu'il faut lire"
        )
    return (
        f"la feuille « {layout.sheet} » est introuvable (feuilles du classeur : {found}) ; "
        "remplissez celle du modèle, sans la renommer"
    )
