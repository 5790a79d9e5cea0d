"""A workbook given back with what is wrong in it: cells marked and explained, and a list that leads to them."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import xlsxwriter

from traam.engines.sheets import bounded
from traam.engines.sheets.bounded import Bounds
from traam.engines.sheets.cells import as_text
from traam.engines.sheets.grid import Damaged, Place, letters, place
from traam.engines.sheets.headings import Titles, header_score
from traam.engines.sheets.layout import CORRECTIONS, EXCEL_TEXT, Column, Layout
from traam.engines.sheets.package import BadFile
from traam.engines.sheets.plan import Line, Mark, Plan
from traam.engines.sheets.presenting import told
from traam.engines.sheets.problems import Problem, Reading
from traam.engines.sheets.reading import MAX_ROWS, Found, find
from traam.engines.sheets.wording import number, short
from traam.engines.sheets.writing import Form

MOST_MARKS = 2_000
"""Cells marked and lines listed at most: beyond, the same mistake was copied, and the list would hide it."""

_NEW = (
    "Ce classeur est nouveau : le fichier envoyé n'a pas pu être annoté tel quel.",
    "Les valeurs lues y sont, aux mêmes cellules ; les autres feuilles et la mise en forme n'y sont pas.",
)
_HOW = (
    "Corrigez les cellules colorées : chacune porte un commentaire, et les liens de la première colonne y mènent.",
    "Déposez ensuite ce même fichier ; cette feuille peut rester, elle n'est pas lue.",
)


def mark(
    data: bytes,
    layout: Layout,
    problems: Iterable[Problem],
    *,
    title: str = "",
    filename: str = "",
    mapping: Mapping[str, str] | None = None,
    max_rows: int = MAX_ROWS,
    bounds: Bounds | None = None,
) -> bytes:
    """The workbook that was sent, with ``problems`` in it (those of `read`, and the caller's own).

    An .xlsx gives an .xlsx, an .ods an .ods; a .csv, or a workbook that cannot be edited, gives a new .xlsx with the
    values that were read, at the same cells, and says so. `form_of` tells which. The marks of a former passage are
    replaced. ``title`` heads the list. Raises `BadFile`, with a sentence, when the rows themselves cannot be reached.
    """
    titles = Titles(layout, mapping or {})
    found = find(data, titles, filename=filename, max_rows=max_rows, bounds=bounds)
    if isinstance(found, Reading):
        raise BadFile(found.problems[0].sentence)
    listed = tuple(problems)
    if found.kind != "csv":
        try:
            return bounded.mark(data, found.kind, _plan(found, titles, listed, title), bounds)
        except BadFile:
            pass
    found, listed = _nameable(found, listed)
    return bounded.mark(_copied(found), "xlsx", _plan(found, titles, listed, title, *_NEW), bounds)


def form_of(data: bytes) -> Form:
    """The format of a file that `write` or `mark` made."""
    if not data.startswith(b"PK"):
        return "csv"
    return "ods" if data[30:38] == b"mimetype" else "xlsx"


def _plan(found: Found, titles: Titles, problems: Sequence[Problem], title: str, *intro: str) -> Plan:
    headings = _headings(found, titles)
    lines = tuple(_line(problem, found, headings) for problem in problems[:MOST_MARKS])
    left = len(problems) - len(lines)
    more = (f"Seules les {number(MOST_MARKS)} premières corrections sont listées : il y en a {number(left)} autres.",)
    count = f"{number(len(problems))} point{'s' if len(problems) > 1 else ''} à corriger"
    return Plan(
        sheets=tuple(dict.fromkeys([found.sheet, *(line.sheet for line in lines if line.sheet)])),
        marks=_marks(lines),
        name=CORRECTIONS,
        title=f"{title} : {count}" if title else count,
        intro=(*intro, *_HOW, *(more if left else ())),
        lines=lines,
    )


def _marks(lines: Iterable[Line]) -> tuple[Mark, ...]:
    """One mark for each cell, with all that is wrong in it."""
    said: dict[tuple[str, Place], list[str]] = {}
    for line in lines:
        if line.cell:
            said.setdefault((line.sheet, place(line.cell)), []).append(line.sentence)
    return tuple(Mark(sheet, *where, "\n".join(sentences)) for (sheet, where), sentences in said.items())


def _headings(found: Found, titles: Titles) -> dict[int, tuple[str, Column | None]]:
    """The title people read above each column of the sheet, and the column that it is."""
    header = header_score(titles, found.cells)[1]
    line = found.cells[header - 1] if header else []
    named = {n: (titles.column(cell), as_text(cell)) for n, cell in enumerate(line, start=1) if cell is not None}
    return {n: (column.title if column else short(text), column) for n, (column, text) in named.items()}


def _line(problem: Problem, found: Found, headings: Mapping[int, tuple[str, Column | None]]) -> Line:
    sheet, _, cell = problem.ref.rpartition("!")
    where = _place(cell) if sheet else None
    if where is None:
        asked = "Toute la feuille" if problem.ref else "Tout le fichier"
        return Line("", "", asked, "", *_halves(problem.sentence, None), problem.sentence)
    title, column = headings.get(where[1], (letters(where[1]), None))
    shown = cell if sheet == found.sheet else problem.ref
    return Line(sheet, cell, shown, title, *_halves(problem.sentence, column), problem.sentence)


def _place(cell: str) -> Place | None:
    try:
        return place(cell)
    except Damaged:
        return None


_ADVICE = re.compile(r"(?:ou )?(?:n')?\w+ez\b")
_BETWEEN = re.compile(r" [:;] |\. ")


def _halves(sentence: str, column: Column | None) -> tuple[str, str]:
    """What is wrong, and what to do: the sentence is cut where it begins to advise."""
    for cut in _BETWEEN.finditer(sentence):
        if _outside_quotes(sentence, cut.start()) and _ADVICE.match(sentence[cut.end() :]):
            return _capital(sentence[: cut.start()]), _capital(sentence[cut.end() :])
    return _capital(
        sentence
    ), f"Attendu : {told(column)}" if column else "Corrigez, puis déposez de nouveau le fichier."


def _outside_quotes(sentence: str, end: int) -> bool:
    return sentence.count("«", 0, end) == sentence.count("»", 0, end)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _nameable(found: Found, problems: Sequence[Problem]) -> tuple[Found, tuple[Problem, ...]]:
    """The same under a name that a sheet of Excel can have."""
    name = re.sub(r"[\[\]:*?/\\]", "-", found.sheet)[:31].strip("'") or "Feuille"
    moved = (
        replace(one, ref=name + one.ref[len(found.sheet) :]) if one.ref.startswith(found.sheet) else one
        for one in problems
    )
    return replace(found, sheet=name), tuple(moved)


def _copied(found: Found) -> bytes:
    """A new workbook with the cells that were read, at their places."""
    stream = io.BytesIO()
    options: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, {**options, "date_1904": found.starts_in_1904}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
        sheet = book.add_worksheet(found.sheet)
        styles = {"date": book.add_format({"num_format": "dd/mm/yyyy"}), "text": book.add_format({"num_format": "@"})}
        for row, cells in enumerate(found.cells):
            for column, cell in enumerate(cells):
                error = found.facts.errors.get((row + 1, column + 1))
                _copy(sheet, styles, (row, column), error if error is not None else cell)
    return stream.getvalue()


def _copy(sheet: Any, styles: Mapping[str, Any], where: tuple[int, int], cell: object) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(*where, cell)
    elif isinstance(cell, date) and cell.year >= 1900:
        sheet.write_datetime(*where, cell, styles["date"])
    elif isinstance(cell, (int, float)):
        sheet.write_number(*where, cell)
    elif cell is not None:
        sheet.write_string(*where, as_text(cell)[:EXCEL_TEXT], styles["text"])
