"""From typed rows to an .xlsx that people fill offline: drop-downs, checks as they type, instructions."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from traam.engines.sheets.layout import EXCEL_TEXT, INSTRUCTIONS, LISTS, SEPARATOR, Column, Layout
from traam.engines.sheets.wording import clean

_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # fixed: the same rows give the same bytes
_SPARE_ROWS = 500
_BLUE, _GREY = "#000091", "#F6F6F6"
_DATE = "dd/mm/yyyy"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

_EXPECTED = {
    "text": "Texte",
    "email": "Adresse électronique, une seule",
    "phone": "Numéro de téléphone",
    "date": "Date, jj/mm/aaaa",
    "integer": "Nombre entier",
    "uai": "Numéro d'établissement (UAI) : sept chiffres et une lettre",
    "choice": "Une valeur de la liste déroulante",
    "choices": f"Une ou plusieurs valeurs de la liste, séparées par « {SEPARATOR} »",
}


def write(
    layout: Layout,
    rows: Iterable[Mapping[str, object]] = (),
    *,
    title: str,
    notice: Sequence[str] = (),
) -> bytes:
    """The workbook of ``layout``, filled with ``rows`` (values by key, as `read` gives them).

    ``title`` heads the instructions, ``notice`` are their paragraphs. The same arguments give the same bytes.
    No text is ever written as a formula or a link. Raises `ValueError` for a text too long for a cell.
    """
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": title, "subject": layout.name, "created": _CREATED})
        styles = _Styles(book, {})
        instructions = book.add_worksheet(INSTRUCTIONS)
        sheet = book.add_worksheet(layout.sheet)
        _write_instructions(instructions, styles, layout, title, notice)
        names = _write_lists(book, layout)
        count = _write_rows(sheet, styles, layout, list(rows))
        _write_header(sheet, styles, layout)
        for position, column in enumerate(layout.columns):
            _validate(sheet, position, column, names, last=count + _SPARE_ROWS)
        instructions.activate()
    return stream.getvalue()


@dataclass
class _Styles:
    """Formats of the workbook, each made once."""

    book: Any
    made: dict[tuple[tuple[str, object], ...], Any]

    def get(self, **properties: object) -> Any:
        wanted = {"font_name": "Arial", "font_size": 11, "valign": "top", **properties}
        key = tuple(sorted(wanted.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(wanted)
        return self.made[key]

    def cell(self, column: Column, text: str = "") -> Any:
        """The format of a value; a text that looks like a formula also gets Excel's text prefix."""
        number = {"date": _DATE, "integer": "0"}.get(column.kind, "@")
        wrap = column.kind in ("text", "choices")
        if text.startswith(_FORMULA_SIGNS):
            return self.get(num_format=number, text_wrap=wrap, quote_prefix=True)
        return self.get(num_format=number, text_wrap=wrap)

    def header(self) -> Any:
        return self.get(bold=True, font_color="white", bg_color=_BLUE, text_wrap=True, border=1)


def _label(column: Column) -> str:
    return f"{column.title} *" if column.required else column.title


def _help(column: Column) -> str:
    parts = ["Obligatoire." if column.required else "", f"{_EXPECTED[column.kind]}.", column.help]
    if column.max_length is not None:
        parts.append(f"{column.max_length} caractères au plus.")
    return " ".join(part for part in parts if part)


def _write_header(sheet: Any, styles: _Styles, layout: Layout) -> None:
    for position, column in enumerate(layout.columns):
        sheet.set_column(position, position, column.width, styles.cell(column))
        sheet.write_string(0, position, _label(column), styles.header())
        sheet.write_comment(0, position, _help(column), {"author": "", "x_scale": 2, "font_size": 10})
    sheet.set_row(0, 34)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_rows(sheet: Any, styles: _Styles, layout: Layout, rows: Sequence[Mapping[str, object]]) -> int:
    for number, row in enumerate(rows, start=1):
        for position, column in enumerate(layout.columns):
            _write_cell(sheet, styles, column, (number, position), row.get(column.key))
    return len(rows)


def _write_cell(sheet: Any, styles: _Styles, column: Column, where: tuple[int, int], value: object) -> None:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date) and value.year >= 1900:
        sheet.write_datetime(*where, datetime(value.year, value.month, value.day), styles.cell(column))  # noqa: DTZ001
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        sheet.write_number(*where, value, styles.cell(column))
    elif text := _shown(value):
        if len(text) > EXCEL_TEXT:
            raise ValueError(f"row {where[0]}, {column.key!r}: a cell holds {EXCEL_TEXT} characters at most")
        sheet.write_string(*where, text, styles.cell(column, text))


def _shown(value: object) -> str:
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, (list, tuple)):
        return f"{SEPARATOR} ".join(_shown(one) for one in value)
    return "" if value is None else clean(str(value))


def _write_lists(book: Any, layout: Layout) -> dict[str, str]:
    """The choices on a hidden sheet, under a defined name each: a list in a cell stops at 255 characters."""
    listed = [column for column in layout.columns if column.choices]
    if not listed:
        return {}
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    names = {}
    for position, column in enumerate(listed):
        sheet.write_string(0, position, f"Liste : {column.title}")
        for row, choice in enumerate(column.choices, start=1):
            sheet.write_string(row, position, choice)
        names[column.key] = f"liste_{column.key}"
        letter = xl_col_to_name(position)
        book.define_name(names[column.key], f"={LISTS}!${letter}$2:${letter}${len(column.choices) + 1}")
    return names


def _validate(sheet: Any, position: int, column: Column, names: Mapping[str, str], *, last: int) -> None:
    rule = _rule(column, names)
    if rule is None:
        return
    message = {
        "input_title": column.title[:32],
        "input_message": _help(column)[:255],
        "error_title": column.title[:32],
        "error_message": f"{_EXPECTED[column.kind]}. {column.help}"[:255],
        "ignore_blank": True,
    }
    sheet.data_validation(1, position, last, position, {**message, **rule})


def _rule(column: Column, names: Mapping[str, str]) -> dict[str, object] | None:
    if column.kind == "choice":
        return {"validate": "list", "source": f"={names[column.key]}"}
    if column.kind == "choices":  # the list helps; several values must remain possible
        return {"validate": "list", "source": f"={names[column.key]}", "show_error": False}
    if column.kind == "date":
        bounds = {"minimum": date(1930, 1, 1), "maximum": date(2150, 12, 31)}
        return {"validate": "date", "criteria": "between", **bounds}
    if column.kind == "integer":
        low = column.minimum if column.minimum is not None else -(10**9)
        high = column.maximum if column.maximum is not None else 10**9
        return {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high}
    if column.max_length is not None:
        return {"validate": "length", "criteria": "<=", "value": column.max_length, "error_type": "warning"}
    return None


def _write_instructions(sheet: Any, styles: _Styles, layout: Layout, title: str, notice: Sequence[str]) -> None:
    plain = styles.get(text_wrap=True)
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 2, 80)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, title, styles.get(bold=True, font_size=16, font_color=_BLUE))
    row = 2
    for line in (layout.note, *notice):
        if line:
            sheet.merge_range(row, 0, row, 2, "", plain)
            sheet.write_string(row, 0, line, plain)
            sheet.set_row(row, 15 * (1 + len(line) // 120))
            row += 1
    for position, head in enumerate(("Colonne à remplir", "Obligatoire", "Ce qu'il faut écrire")):
        sheet.write_string(row + 1, position, head, styles.header())
    for number, column in enumerate(layout.columns, start=row + 2):
        told = (column.title, "oui" if column.required else "non", _told(column))
        shade = styles.get(text_wrap=True, border=1, **({"bg_color": _GREY} if number % 2 else {}))
        for position, text in enumerate(told):
            sheet.write_string(number, position, text, shade)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _told(column: Column) -> str:
    return _help(column).removeprefix("Obligatoire. ")
