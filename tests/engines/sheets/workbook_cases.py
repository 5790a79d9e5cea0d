"""A filled workbook of the call as data, written in three formats: what the mutations change, and what was typed."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from sheet_makers import ods, ods_cell, ods_row

from traam.engines.sheets import Column, Layout
from traam.engines.sheets.cells import as_text
from traam.engines.sheets.wording import clean

THEMES = ("Apprendre à vérifier l'information", "Calculer, coder, comprendre", "Les sciences à l'école & au collège")
CALL = Layout(
    "candidatures",
    "Candidatures",
    (
        Column("theme", "Thème", "choice", choices=THEMES, required=True, present=True),
        Column("degree", "Degré", "choice", choices=("Premier degré", "Second degré", "Inter-degrés"), present=True),
        Column("titles", "Intitulé(s) du ou des projets", max_length=1000, present=True, aliases=("Projet",)),
        Column("axes", "Axes traités", "choices", choices=tuple(f"Axe {n}" for n in range(1, 6)), present=True),
        Column("description", "Description", max_length=10_000, present=True, aliases=("Résumé",)),
        Column("inspector_name", "Inspecteur référent : nom", max_length=150, present=True, aliases=("IA-IPR",)),
        Column("inspector_email", "Inspecteur référent : courriel", "email", present=True),
        Column("inspector_phone", "Inspecteur référent : téléphone", "phone", present=True),
        Column("referent_name", "Professeur référent : nom", max_length=150, present=True),
        Column("referent_school", "Professeur référent : établissement (UAI)", "uai", present=True),
        Column("referent_email", "Professeur référent : courriel", "email", present=True),
        Column("referent_since", "Professeur référent : depuis le", "date", present=True),
        Column("dasen_agreement", "Accord du DASEN", "choice", choices=("Oui", "Non"), present=True),
        Column("rank", "Rang donné par l'académie", "integer", minimum=1, maximum=99, present=True),
    ),
)
"""The kinds and limits of the columns of a call, with a date besides."""

BY_KEY = {column.key: column for column in CALL.columns}
GOOD: dict[str, object] = {
    "theme": THEMES[0],
    "degree": "Second degré",
    "titles": "Écrire avec des sources",
    "axes": "Axe 1 ; Axe 3",
    "description": "Les élèves vérifient ce qu'ils lisent.",
    "inspector_name": "Inspectrice de Lyon",
    "inspector_email": "inspection@ac-exemple.fr",
    "inspector_phone": "01 99 00 00 00",
    "referent_name": "Professeur référent",
    "referent_school": "0699901M",
    "referent_email": "referent@ac-exemple.fr",
    "referent_since": date(2025, 9, 1),
    "dasen_agreement": "Oui",
    "rank": 1,
}


@dataclass(frozen=True)
class Formula:
    """A cell that is computed: ``shown`` is its result, None when nothing computed it, or an error."""

    shown: object

    @property
    def is_fault(self) -> bool:
        return self.shown is None or str(self.shown).startswith("#")


@dataclass(frozen=True)
class Rich:
    """A text with a word in bold."""

    parts: tuple[str, str, str]


@dataclass
class Case:
    """What somebody typed. A column is its heading and its key (None: not ours). Rows are cells by column."""

    rng: Random
    form: str
    columns: list[tuple[str, str | None]]
    rows: list[list[object]]
    above: list[list[object]] = field(default_factory=list)
    gaps: set[int] = field(default_factory=set)
    sheet: str = CALL.sheet
    others: dict[str, list[list[object]]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    faults: set[tuple[int, int]] = field(default_factory=set)
    finishing: list[Callable[[Any, Any], None]] = field(default_factory=list)
    after: list[Callable[[bytes], bytes]] = field(default_factory=list)
    filename: str = "envoi"
    separator: str = ";"
    encoding: str = "utf-8-sig"
    options: dict[str, object] = field(default_factory=dict)
    dangerous: bool = False
    spoilt: bool = False

    @property
    def header(self) -> int:
        return len(self.above) + 1

    def number(self, row: int) -> int:
        """The line of the sheet on which a row stands; a gap is an empty line before a row."""
        return self.header + 1 + row + sum(gap <= row for gap in self.gaps)

    def lines(self) -> list[list[object]]:
        made: list[list[object]] = [*self.above, [heading for heading, _ in self.columns]]
        for index, row in enumerate(self.rows):
            made += [[]] * (self.number(index) - len(made) - 1)
            made.append(row)
        return made

    def data(self) -> bytes:
        made = {"xlsx": xlsx, "ods": open_document, "csv": delimited}[self.form](self)
        for change in self.after:
            made = change(made)
        return made


def good(rng: Random) -> Case:
    """A workbook that nothing is wrong with."""
    count = rng.randint(1, 4)
    rows = [{**GOOD, "theme": rng.choice(THEMES), "rank": n + 1} for n in range(count)]
    columns: list[tuple[str, str | None]] = [(column.title, column.key) for column in CALL.columns]
    form = rng.choice(["xlsx", "xlsx", "ods", "csv"])
    return Case(rng, form, columns, [[row[key] for _, key in columns if key] for row in rows])


def shown(value: object) -> object:
    """What the cell holds for who reads it."""
    if isinstance(value, Formula):
        return value.shown
    return "".join(value.parts) if isinstance(value, Rich) else value


def is_blank(value: object) -> bool:
    return value is None or clean(as_text(value)) == ""


_UNCOMPUTED = 987_654_321


def xlsx(case: Case) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_urls": False, **case.options}) as book:
        formats = {"day": book.add_format({"num_format": "dd/mm/yyyy"}), "bold": book.add_format({"bold": True})}
        for name, lines in {case.sheet: case.lines(), **case.others}.items():
            page = book.add_worksheet(name)
            for row, cells in enumerate(lines):
                for column, cell in enumerate(cells):
                    _write(page, formats, (row, column), cell)
        page = book.get_worksheet_by_name(case.sheet)
        for top, left, bottom, right in case.merged:
            page.merge_range(top - 1, left - 1, bottom - 1, right - 1, shown(case.lines()[top - 1][left - 1]))
        for finish in case.finishing:
            finish(book, page)
    return _without_results(stream.getvalue())


def _write(page: Any, formats: dict[str, Any], where: tuple[int, int], cell: object) -> None:
    if isinstance(cell, Formula):
        page.write_formula(*where, "=A1&B1", None, _UNCOMPUTED if cell.shown is None else cell.shown)
    elif isinstance(cell, Rich):
        page.write_rich_string(*where, cell.parts[0], formats["bold"], cell.parts[1], cell.parts[2])
    elif isinstance(cell, date):
        page.write_datetime(*where, cell, formats["day"])
    elif isinstance(cell, str):
        page.write_string(*where, cell)
    elif cell is not None:
        page.write(*where, cell)


def _without_results(data: bytes) -> bytes:
    result = f"<v>{_UNCOMPUTED}</v>".encode()
    return changed(data, "xl/worksheets/sheet1.xml", lambda part: part.replace(result, b""))


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The zip with one part changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        if name not in old.namelist() or change(old.read(name)) == old.read(name):
            return data
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == name else old.read(one))
    return stream.getvalue()


def open_document(case: Case) -> bytes:
    """Cells and rows that repeat are written once, as LibreOffice does."""
    rows: list[tuple[str, int]] = []
    for number, line in enumerate(case.lines(), start=1):
        cells: list[tuple[str, int]] = []
        for place, cell in enumerate(line, start=1):
            _repeat(cells, _open_cell(cell, _span(case, number, place)))
        _repeat(rows, "".join(_with_count(xml, "columns", count) for xml, count in cells))
    return ods(
        *(ods_row(xml or "<table:table-cell/>", extra=_count("rows", count)) for xml, count in rows), sheet=case.sheet
    )


def _repeat(listed: list[tuple[str, int]], xml: str) -> None:
    if listed and listed[-1][0] == xml and "spanned" not in xml:
        listed[-1] = (xml, listed[-1][1] + 1)
    else:
        listed.append((xml, 1))


def _count(what: str, count: int) -> str:
    return f'table:number-{what}-repeated="{count}"' if count > 1 else ""


def _with_count(xml: str, what: str, count: int) -> str:
    return re.sub(r"^<table:(covered-)?table-cell", rf"\g<0> {_count(what, count)}", xml)


def _span(case: Case, row: int, column: int) -> str:
    for top, left, bottom, right in case.merged:
        if (row, column) == (top, left):
            down, across = bottom - top + 1, right - left + 1
            return f'table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
    return ""


def _open_cell(cell: object, extra: str) -> str:
    if isinstance(cell, Formula):
        if cell.shown is None:
            return f'<table:table-cell table:formula="of:=[.A1]" {extra}/>'
        error = 'calcext:value-type="error"' if cell.is_fault else ""
        return ods_cell(cell.shown, f'table:formula="of:=[.A1]" {error} {extra}')
    if isinstance(cell, Rich):
        first, bold, last = map(_spaced, cell.parts)
        said = f"<text:p>{first}<text:span>{bold}</text:span>{last}</text:p>"
        return f'<table:table-cell office:value-type="string" {extra}>{said}</table:table-cell>'
    if isinstance(cell, bool):
        said = f'office:value-type="boolean" office:boolean-value="{str(cell).lower()}"'
        return f"<table:table-cell {said} {extra}><text:p>{as_text(cell)}</text:p></table:table-cell>"
    if isinstance(cell, str):
        said = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in cell.split("\n"))
        return f'<table:table-cell office:value-type="string" {extra}>{said}</table:table-cell>'
    return ods_cell(cell, extra)


def _spaced(text: str) -> str:
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
    return escape(text).replace("  ", ' <text:s text:c="1"/>').replace("\t", "<text:tab/>")


def delimited(case: Case) -> bytes:
    stream = io.StringIO()
    dialect: type[csv.Dialect] = case.rng.choice([csv.excel, csv.unix_dialect])
    writer = csv.writer(stream, dialect, delimiter=case.separator)
    for line in case.lines():
        writer.writerow([_as_saved(cell) for cell in line])
    try:
        return stream.getvalue().encode(case.encoding)
    except UnicodeEncodeError:
        return stream.getvalue().encode("utf-8-sig")


def _as_saved(cell: object) -> str:
    """What a spreadsheet writes of a cell in a delimited text."""
    value = shown(cell)
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    return "" if value is None else as_text(value)
