"""From the bytes of a workbook to typed rows."""

from collections.abc import Sequence

from traam.engines.sheets.bounded import Bounds, Cells, values
from traam.engines.sheets.grid import Facts
from traam.engines.sheets.layout import RESERVED, Layout
from traam.engines.sheets.package import BadFile, Package, unpack
from traam.engines.sheets.table import HEADER_WITHIN, Notes, Problem, Reading, header_score, read_table
from traam.engines.sheets.wording import fold, number

MAX_ROWS = 20_000
MAX_COLUMNS = 256
_MAX_SHEETS = 30


def read(
    data: bytes,
    layout: Layout,
    *,
    filename: str = "",
    max_rows: int = MAX_ROWS,
    bounds: Bounds | None = None,
) -> Reading:
    """The rows of an .xlsx or .ods, with every problem found, each with its place.

    Never raises for what the file holds. ``filename`` is only quoted. The values are read in another process,
    within ``bounds`` (the usual ones when None).
    """
    try:
        package = unpack(data, filename)
        return _read(data, package, layout, max_rows, bounds)
    except BadFile as bad:
        return Reading(problems=(Problem("", bad.sentence),))


def _read(data: bytes, package: Package, layout: Layout, max_rows: int, bounds: Bounds | None) -> Reading:
    named = [sheet for sheet in package.sheets if fold(sheet) == fold(layout.sheet)]
    candidates = named[:1] or [sheet for sheet in package.sheets if fold(sheet) not in RESERVED][:_MAX_SHEETS]
    facts = {sheet: package.facts(sheet) for sheet in candidates}
    oversize = {sheet: reading for sheet in candidates if (reading := _oversize(sheet, facts[sheet], max_rows))}
    if candidates and len(oversize) == len(candidates):
        return oversize[candidates[0]]
    legible = [sheet for sheet in candidates if sheet not in oversize]
    cells = values(data, legible, bounds) if legible else {}
    sheet = named[0] if named else _only_match(layout, cells)
    if sheet is None:
        return Reading(problems=(Problem("", _which_sheet(layout, list(package.sheets), cells)),))
    return read_table(sheet, cells[sheet], facts[sheet], layout, starts_in_1904=package.starts_in_1904)


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


def _matches(layout: Layout, cells: dict[str, Cells]) -> list[str]:
    """The sheets whose header names at least half of the columns."""
    return [name for name, rows in cells.items() if 2 * header_score(layout, rows)[0] >= len(layout.columns)]


def _only_match(layout: Layout, cells: dict[str, Cells]) -> str | None:
    matching = _matches(layout, cells)
    return matching[0] if len(matching) == 1 else None


def _which_sheet(layout: Layout, sheets: Sequence[str], cells: dict[str, Cells]) -> str:
    matching = _matches(layout, cells)
    found = ", ".join(f"« {name} »" for name in (matching or sheets)[:10]) or "aucune"
    if matching:
        return (
            f"plusieurs feuilles ont les colonnes attendues : {found} ; nommez « {layout.sheet} » celle qu'il faut lire"
        )
    return (
        f"la feuille « {layout.sheet} » est introuvable (feuilles du classeur : {found}) ; "
        "remplissez celle du modèle, sans la renommer"
    )
