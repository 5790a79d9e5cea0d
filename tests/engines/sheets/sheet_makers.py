"""Workbooks made for the tests: .xlsx as a spreadsheet saves them, .ods and hostile zips by hand."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

from traam.engines.sheets import Column, Layout

ACADEMY = Column(
    "academy",
    "Académie",
    "choice",
    required=True,
    choices=("Lille", "Lyon", "Orléans-Tours", "Aix-Marseille"),
)
PROJECT = Column("project", "Intitulé du projet", required=True, max_length=40, aliases=("Titre",))
SCHOOL = Column("school", "Établissement (UAI)", "uai")
EMAIL = Column("email", "Courriel du référent", "email", required=True)
PHONE = Column("phone", "Téléphone", "phone")
START = Column("start", "Date de début", "date")
SIZE = Column("size", "Nombre d'enseignants", "integer", minimum=3, maximum=50)
AXES = Column("axes", "Axes traités", "choices", choices=("Évaluer", "Différencier", "Coopérer"), max_items=2)
COLUMNS = (ACADEMY, PROJECT, SCHOOL, EMAIL, PHONE, START, SIZE, AXES)
LAYOUT = Layout("candidatures", "Candidatures", COLUMNS, note="Une ligne par projet.")
TITLES = tuple(column.title for column in COLUMNS)

GOOD: dict[str, object] = {
    "academy": "Lille",
    "project": "Écrire avec des sources",
    "school": "0590119J",
    "email": "referent@ac-lille.fr",
    "phone": "+33 3 20 00 00 00",
    "start": date(2026, 9, 1),
    "size": 4,
    "axes": ("Évaluer", "Coopérer"),
}
GOOD_CELLS: tuple[object, ...] = (
    "Lille",
    "Écrire avec des sources",
    "0590119J",
    "referent@ac-lille.fr",
    "03 20 00 00 00",
    "01/09/2026",
    4,
    "Évaluer ; Coopérer",
)


def line(**cells: object) -> list[object]:
    """The cells of a good row, with some changed by key."""
    return [cells.get(column.key, good) for column, good in zip(COLUMNS, GOOD_CELLS, strict=True)]


def xlsx(
    *rows: Sequence[object],
    sheet: str = "Candidatures",
    others: Mapping[str, Sequence[Sequence[object]]] | None = None,
    then: Callable[[Any, Any], None] | None = None,
) -> bytes:
    """A workbook whose sheet holds ``rows`` from A1; ``then(book, sheet)`` adds what it wants."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        dates = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, lines in {sheet: rows, **(others or {})}.items():
            page = book.add_worksheet(name)
            for number, cells in enumerate(lines):
                for position, cell in enumerate(cells):
                    if isinstance(cell, date):
                        page.write_datetime(number, position, cell, dates)
                    elif cell is not None:
                        page.write(number, position, cell)
        if then is not None:
            then(book, book.get_worksheet_by_name(sheet))
    return stream.getvalue()


def rezip(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """The zip with parts replaced, added, or taken out (None)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


SHEET_PART = "xl/worksheets/sheet1.xml"


def with_sheet_data(rows: str) -> bytes:
    """A workbook of one sheet « Candidatures » whose rows are the given XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    return rezip(xlsx(), {SHEET_PART: content.encode()})


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


_ODS_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {"office": "office", "table": "table", "text": "text"}.items()
)
_CALCEXT = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def ods_cell(value: object, extra: str = "") -> str:
    if value is None:
        return f"<table:table-cell {extra}/>"
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, (int, float)):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind} {extra}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def ods_row(*cells: object, extra: str = "") -> str:
    """Cells given as values, or as ready XML (a text that begins with ``<``)."""
    made = (cell if isinstance(cell, str) and cell.startswith("<") else ods_cell(cell) for cell in cells)
    return f"<table:table-row {extra}>{''.join(made)}</table:table-row>"


def ods(*rows: str, sheet: str = "Candidatures", parts: Mapping[str, bytes] | None = None) -> bytes:
    """An OpenDocument workbook of one sheet, with the endless empty rows that LibreOffice writes."""
    empty = ods_row(
        ods_cell(None, 'table:number-columns-repeated="16384"'), extra='table:number-rows-repeated="1048000"'
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {_ODS_NAMES} {_CALCEXT}><office:body>'
        f"<office:spreadsheet><table:table table:name={quoteattr(sheet)}>{''.join(rows)}{empty}</table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        made = {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest,
            **(parts or {}),
        }
        for name, bytes_ in made.items():
            archive.writestr(name, bytes_)
    return stream.getvalue()
