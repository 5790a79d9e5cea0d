"""OpenDocument spreadsheet (OASIS OpenDocument 1.3 part 3), written straight into its package, a row at a time."""

import re
import zipfile
from datetime import date, datetime
from typing import IO, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from traam.engines.datasets.columns import Cell, Column, Row, plain, printable

MOST_ROWS = 1_048_576  # of a sheet, its heading included
_MEDIA = "application/vnd.oasis.opendocument.spreadsheet"
_DAY = (1980, 1, 1, 0, 0, 0)  # fixed: the same rows give the same bytes
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = (
    f'<?xml version="1.0" encoding="UTF-8"?><m:manifest xmlns:m="{_OASIS}:manifest:1.0" m:version="1.3">'
    f'<m:file-entry m:full-path="/" m:version="1.3" m:media-type="{_MEDIA}"/>'
    '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.3"'
    f' xmlns:office="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0" xmlns:text="{_OASIS}:text:1.0">'
    "<office:body><office:spreadsheet>"
)
_END = "</table:table>"
_SPACES = re.compile("  +")


class OpenDocument:
    """A table longer than a sheet goes on in the next one."""

    def __init__(self, stream: BinaryIO, columns: tuple[Column, ...], name: str, most_rows: int = MOST_ROWS) -> None:
        self._columns, self._name, self._most, self._sheets = columns, name, most_rows, 0
        self._package = zipfile.ZipFile(stream, "w")
        self._package.writestr(_part("mimetype", zipfile.ZIP_STORED), _MEDIA)
        self._package.writestr(_part("META-INF/manifest.xml"), _MANIFEST)
        self._content: IO[bytes] = self._package.open(_part("content.xml"), "w", force_zip64=True)
        self._write(_HEAD)
        self._begin()

    def _write(self, text: str) -> None:
        self._content.write(text.encode())

    def _begin(self) -> None:
        self._sheets += 1
        name = self._name if self._sheets == 1 else f"{self._name} {self._sheets}"
        heading = "".join(_cell(column.title) for column in self._columns)
        self._write(
            f"<table:table table:name={quoteattr(name)}>"
            f'<table:table-column table:number-columns-repeated="{len(self._columns)}"/>'
            f"<table:table-header-rows><table:table-row>{heading}</table:table-row></table:table-header-rows>"
        )
        self._line = 1

    def add(self, row: Row) -> None:
        if self._line == self._most:
            self._write(_END)
            self._begin()
        self._write(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>")
        self._line += 1

    def close(self) -> None:
        self._write(f"{_END}</office:spreadsheet></office:body></office:document-content>")
        self._content.close()
        self._package.close()


def _part(name: str, how: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, _DAY)
    part.compress_type = how
    return part


def _cell(cell: Cell) -> str:
    text = plain(cell)
    match cell:
        case None | "":
            return "<table:table-cell/>"
        case bool():
            kind = f'boolean" office:boolean-value="{text}'
        case int():
            kind = f'float" office:value="{text}'
        case date() if not isinstance(cell, datetime):
            kind = f'date" office:date-value="{text}'
        case _:
            kind = "string"
    lines = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in printable(text).splitlines() or [""])
    return f'<table:table-cell office:value-type="{kind}">{lines}</table:table-cell>'


def _spaced(line: str) -> str:
    """Several spaces are one in this format, and one at an end is none, unless written as elements."""
    text = escape(line).replace("\t", "<text:tab/>")
    text = _SPACES.sub(lambda found: f' <text:s text:c="{len(found[0]) - 1}"/>', text)
    return f"<text:s/>{text[1:]}" if text.startswith(" ") else text
