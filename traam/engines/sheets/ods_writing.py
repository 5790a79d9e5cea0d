"""From typed rows to an OpenDocument spreadsheet, by hand: OASIS OpenDocument 1.3 parts 2 and 3."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from traam.engines.sheets.grid import letters
from traam.engines.sheets.layout import INSTRUCTIONS, LISTS, Column, Layout
from traam.engines.sheets.presenting import EXPECTED, HEADS, Stored, advice, instructions, label, shown

_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_DAY = (1980, 1, 1, 0, 0, 0)  # fixed: the same rows give the same bytes
_SPARE_ROWS = 500
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = {
    **{name: f"{_OASIS}:{name}:1.0" for name in ("office", "style", "text", "table", "meta")},
    "fo": f"{_OASIS}:xsl-fo-compatible:1.0",
    "number": f"{_OASIS}:datastyle:1.0",
    "of": f"{_OASIS}:of:1.2",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def write(layout: Layout, cells: Sequence[Sequence[Stored]], *, title: str, notice: Sequence[str]) -> bytes:
    """The workbook, with the sheets of the .xlsx: instructions, rows, and the hidden lists."""
    tables = (_instructions(layout, title, notice), _rows(layout, cells), _lists(layout))
    rules = _rules(layout, last=len(cells) + _SPARE_ROWS)
    body = f"<office:body><office:spreadsheet>{rules}{''.join(tables)}</office:spreadsheet></office:body>"
    styles = f"<office:automatic-styles>{_STYLES}{_widths(layout)}</office:automatic-styles>"
    return pack(
        {
            "content.xml": _document("content", styles + body),
            "styles.xml": _document("styles", _DEFAULTS),
            "meta.xml": _document("meta", f"<office:meta><dc:title>{escape(title)}</dc:title></office:meta>"),
        }
    )


def pack(documents: Mapping[str, bytes]) -> bytes:
    """The package of an OpenDocument spreadsheet: its type first and unpacked, then its documents."""
    stream = io.BytesIO()
    listed = "".join(f'<m:file-entry m:full-path="{name}" m:media-type="text/xml"/>' for name in documents)
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><m:manifest xmlns:m="{_OASIS}:manifest:1.0" m:version="1.3">'
        f'<m:file-entry m:full-path="/" m:version="1.3" m:media-type="{_MIMETYPE}"/>{listed}</m:manifest>'
    )
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", _DAY), _MIMETYPE, zipfile.ZIP_STORED)
        for name, content in {**documents, "META-INF/manifest.xml": manifest.encode()}.items():
            archive.writestr(zipfile.ZipInfo(name, _DAY), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _document(kind: str, inside: str) -> bytes:
    names = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _NAMES.items())
    root = f"office:document-{kind}"
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} {names} office:version="1.3">{inside}</{root}>'.encode()


_DEFAULTS = (
    '<office:styles><style:default-style style:family="table-cell"><style:text-properties fo:font-family="Arial" '
    'fo:font-size="11pt" fo:language="fr" fo:country="FR"/></style:default-style></office:styles>'
)


def _style(name: str, cell: str = "", text: str = "", extra: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="table-cell" {extra}>'
        f'<style:table-cell-properties style:vertical-align="top" {cell}/>'
        f"{f'<style:text-properties {text}/>' if text else ''}</style:style>"
    )


_WRAP = 'fo:wrap-option="wrap"'
_STYLES = (
    '<number:date-style style:name="day"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
    '</number:date-style><number:number-style style:name="whole"><number:number number:min-integer-digits="1" '
    'number:decimal-places="0"/></number:number-style><number:text-style style:name="as-typed">'
    "<number:text-content/></number:text-style>"
    + _style(
        "head",
        f'{_WRAP} fo:background-color="#000091" fo:border="0.5pt solid #000000"',
        'fo:color="#ffffff" fo:font-weight="bold"',
    )
    + _style("title", text='fo:color="#000091" fo:font-weight="bold" fo:font-size="16pt"')
    + _style("text", _WRAP, extra='style:data-style-name="as-typed"')
    + _style("date", extra='style:data-style-name="day"')
    + _style("integer", extra='style:data-style-name="whole"')
    + '<style:style style:name="shown" style:family="table"><style:table-properties table:display="true"/>'
    '</style:style><style:style style:name="hidden" style:family="table"><style:table-properties '
    'table:display="false"/></style:style>'
)


def _widths(layout: Layout) -> str:
    widths = sorted({column.width for column in layout.columns} | {14, 20, 38, 80})
    return "".join(
        f'<style:style style:name="w{width}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{width * 0.2:.1f}cm"/></style:style>'
        for width in widths
    )


def paragraphs(text: str) -> str:
    """A text as the paragraphs of a cell. Spaces that XML would merge, and tabs, have elements of their own."""
    return "".join(f"<text:p>{_SPACES.sub(_space, escape(line))}</text:p>" for line in text.split("\n"))


_SPACES = re.compile(r"\t|^ +| +$|(?<= ) +")


def _space(found: re.Match[str]) -> str:
    return "<text:tab/>" if found.group() == "\t" else f'<text:s text:c="{len(found.group())}"/>'


def _cell(value: Stored, style: str, extra: str = "") -> str:
    opened = f'<table:table-cell table:style-name="{style}" {extra}'
    if value == "":
        return f"{opened}/>"
    if isinstance(value, date):
        typed = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int):
        typed = f'office:value-type="float" office:value="{value}"'
    else:
        typed = 'office:value-type="string"'
    text = value if isinstance(value, str) else shown(value)
    return f"{opened} {typed}>{paragraphs(text)}</table:table-cell>"


def _row(cells: Iterable[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _table(name: str, columns: str, rows: Iterable[str], style: str = "shown") -> str:
    opened = f'<table:table table:name={quoteattr(name)} table:style-name="{style}">'
    return f"{opened}{columns}{''.join(rows)}</table:table>"


def _column(width: int, style: str = "text") -> str:
    return f'<table:table-column table:style-name="w{width}" table:default-cell-style-name="{style}"/>'


def _kind(column: Column) -> str:
    return column.kind if column.kind in ("date", "integer") else "text"


def _rows(layout: Layout, cells: Sequence[Sequence[Stored]]) -> str:
    columns = "".join(_column(column.width, _kind(column)) for column in layout.columns)
    head = _row(_cell(label(column), "head") for column in layout.columns)
    ruled = [
        f'table:content-validation-name="rule_{column.key}"' if _has_rule(column) else "" for column in layout.columns
    ]
    styles = [_kind(column) for column in layout.columns]
    filled = [_row(map(_cell, row, styles, ruled)) for row in cells]
    spare = _row(_cell("", style, rule) for style, rule in zip(styles, ruled, strict=True))
    spare = spare.replace("<table:table-row>", f'<table:table-row table:number-rows-repeated="{_SPARE_ROWS}">')
    rows = [f"<table:table-header-rows>{head}</table:table-header-rows>", *filled, spare]
    return _table(layout.sheet, columns, rows)


def _instructions(layout: Layout, title: str, notice: Sequence[str]) -> str:
    spanned = 'table:number-columns-spanned="3" table:number-rows-spanned="1"'
    covered = '<table:covered-table-cell table:number-columns-repeated="2"/>'
    told = [line for line in (layout.note, *notice) if line]
    rows = [
        _row([_cell(title, "title")]),
        _row([_cell("", "text")]),
        *(_row([_cell(line, "text", spanned), covered]) for line in told),
        _row([_cell("", "text")]),
        _row(_cell(head, "head") for head in HEADS),
        *(_row(_cell(text, "text") for text in line) for line in instructions(layout)),
    ]
    return _table(INSTRUCTIONS, _column(38) + _column(14) + _column(80), rows)


def _listed(layout: Layout) -> list[Column]:
    return [column for column in layout.columns if column.choices]


def _lists(layout: Layout) -> str:
    listed = _listed(layout)
    if not listed:
        return ""
    deepest = max(len(column.choices) for column in listed)
    rows = [_row(_cell(f"Liste : {column.title}", "text") for column in listed)]
    for number in range(deepest):
        choices = (column.choices[number] if number < len(column.choices) else "" for column in listed)
        rows.append(_row(_cell(choice, "text") for choice in choices))
    return _table(LISTS, _column(20) * len(listed), rows, "hidden")


def _has_rule(column: Column) -> bool:
    return column.kind in ("choice", "choices", "date", "integer") or column.max_length is not None


def _rules(layout: Layout, *, last: int) -> str:
    """What the sheet checks as people type; several choices in a cell stay possible."""
    sources = {
        column.key: f"[${LISTS}.${letters(place)}$2:.${letters(place)}${len(column.choices) + 1}]"
        for place, column in enumerate(_listed(layout), start=1)
    }
    rules = [_rule(layout, column, _condition(column, sources)) for column in layout.columns if _has_rule(column)]
    return f"<table:content-validations>{''.join(rules)}</table:content-validations>" if rules else ""


def _condition(column: Column, sources: Mapping[str, str]) -> str:
    if column.choices:
        return f"of:cell-content-is-in-list({sources[column.key]})"
    if column.kind == "date":
        return "of:cell-content-is-date() and cell-content-is-between(10959,91676)"  # 1930 to 2150
    if column.kind == "integer":
        low = column.minimum if column.minimum is not None else -(10**9)
        high = column.maximum if column.maximum is not None else 10**9
        return f"of:cell-content-is-whole-number() and cell-content-is-between({low},{high})"
    return f"of:cell-content-text-length()<={column.max_length}"


def _rule(layout: Layout, column: Column, condition: str) -> str:
    refuses = "false" if column.kind == "choices" else "true"
    kind = "warning" if column.max_length is not None and not column.choices else "stop"
    said = f"{EXPECTED[column.kind]}. {column.help}"
    base = f"${layout.sheet}.A1" if layout.sheet.isalnum() else f"$'{layout.sheet}'.A1"
    return (
        f'<table:content-validation table:name="rule_{column.key}" table:condition={quoteattr(condition)} '
        f'table:allow-empty-cell="true" table:base-cell-address={quoteattr(base)}>'
        f'<table:help-message table:title={quoteattr(column.title)} table:display="true">'
        f"<text:p>{escape(advice(column))}</text:p></table:help-message>"
        f'<table:error-message table:message-type="{kind}" table:title={quoteattr(column.title)} '
        f'table:display="{refuses}"><text:p>{escape(said)}</text:p></table:error-message>'
        "</table:content-validation>"
    )
