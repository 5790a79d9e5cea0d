"""From typed rows to a file that people fill offline; the .xlsx has drop-downs, checks as they type, instructions."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from traam.engines.sheets import delimited, ods_writing
from traam.engines.sheets.layout import INSTRUCTIONS, LISTS, Column, Layout
from traam.engines.sheets.presenting import EXPECTED, HEADS, Stored, advice, instructions, label, lines

Form = Literal["xlsx", "ods", "csv"]

_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # fixed: the same rows give the same bytes
_SPARE_ROWS = 500
_BLUE, _GREY = "#000091", "#F6F6F6"
_DATE = "dd/mm/yyyy"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write(
    layout: Layout,
    rows: Iterable[Mapping[str, object]] = (),
    *,
    title: str,
    notice: Sequence[str] = (),
    form: Form = "xlsx",
) -> bytes:
    """The file of ``layout``, filled with ``rows`` (values by key, as `read` gives them).

    ``title`` heads the instructions, ``notice`` are their paragraphs; a .csv has neither. The same arguments
    give the same bytes, and what `read` gives back writes the same file again. No text is ever written as a
    formula or a link. Raises `ValueError` for a text too long for a cell.
    """
    cells = lines(layout, list(rows))
    if form == "csv":
        return delimited.write(layout, cells)
    if form == "ods":
        return ods_writing.write(layout, cells, title=title, notice=notice)
    return _write_xlsx(layout, cells, title, notice)


def _write_xlsx(layout: Layout, cells: Sequence[Sequence[Stored]], title: str, notice: Sequence[str]) -> bytes:
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": title, "subject": layout.name, "created": _CREATED})
        styles = _Styles(book, {})
        guide = book.add_worksheet(INSTRUCTIONS)
        sheet = book.add_worksheet(layout.sheet)
        _write_instructions(guide, styles, layout, title, notice)
        names = _write_lists(book, layout)
        _write_rows(sheet, styles, layout, cells)
        _write_header(sheet, styles, layout)
        for position, column in enumerate(layout.columns):
            _validate(sheet, position, column, names, last=len(cells) + _SPARE_ROWS)
        guide.activate()
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


def _write_header(sheet: Any, styles: _Styles, layout: Layout) -> None:
    for position, column in enumerate(layout.columns):
        sheet.set_column(position, position, column.width, styles.cell(column))
        sheet.write_string(0, position, label(column), styles.header())
        sheet.write_comment(0, position, advice(column), {"author": "", "x_scale": 2, "font_size": 10})
    sheet.set_row(0, 34)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_rows(sheet: Any, styles: _Styles, layout: Layout, cells: Sequence[Sequence[Stored]]) -> None:
    for number, row in enumerate(cells, start=1):
        for position, (column, value) in enumerate(zip(layout.columns, row, strict=True)):
            _write_cell(sheet, styles, column, (number, position), value)


def _write_cell(sheet: Any, styles: _Styles, column: Column, where: tuple[int, int], value: Stored) -> None:
    if isinstance(value, date):
        sheet.write_datetime(*where, datetime(value.year, value.month, value.day), styles.cell(column))  # noqa: DTZ001
    elif isinstance(value, int):
        sheet.write_number(*where, value, styles.cell(column))
    elif value:
        sheet.write_string(*where, value, styles.cell(column, value))


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
        "input_message": advice(column)[:255],
        "error_title": column.title[:32],
        "error_message": f"{EXPECTED[column.kind]}. {column.help}"[:255],
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
    for position, head in enumerate(HEADS):
        sheet.write_string(row + 1, position, head, styles.header())
    for number, told in enumerate(instructions(layout), start=row + 2):
        shade = styles.get(text_wrap=True, border=1, **({"bg_color": _GREY} if number % 2 else {}))
        for position, text in enumerate(told):
            sheet.write_string(number, position, text, shade)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
