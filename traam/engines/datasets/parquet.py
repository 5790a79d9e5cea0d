"""Apache Parquet, as far as a table of ours needs it: groups of rows, plain values, pages packed by gzip.

Shape: https://parquet.apache.org/docs/file-format/. Written here because the library that all use weighs 55 MB, for a
file a day. A list is a group that repeats; what may be empty has a level that says so: every level is one bit.
"""

import struct as binary
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, BinaryIO

from traam.engines.datasets.columns import Column, Row
from traam.engines.datasets.thrift import I32, I64, Struct, struct, varint

ROWS_IN_GROUP = 10_000
_MAGIC = b"PAR1"
_GZIP, _PLAIN, _RLE = 2, 0, 3
_REQUIRED, _OPTIONAL, _REPEATED = 0, 1, 2
_UTF8, _AS_LIST = 0, 3
_FIRST_DAY = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Kind:
    """The physical type, what it stands for (None: itself), and how values of it are written one after the other."""

    physical: int
    stands_for: int | None
    write: Callable[[Sequence[Any]], bytes]


def _texts(values: Sequence[Any]) -> bytes:
    data = [value.encode() for value in values]
    return b"".join(binary.pack("<I", len(one)) + one for one in data)


def _integers(values: Sequence[Any]) -> bytes:
    return binary.pack(f"<{len(values)}q", *values)


def _days(values: Sequence[Any]) -> bytes:
    return binary.pack(f"<{len(values)}i", *((value - _FIRST_DAY).days for value in values))


def _moments(values: Sequence[Any]) -> bytes:
    spans = [value - _EPOCH for value in values]
    return _integers([(one.days * 86_400 + one.seconds) * 1_000_000 + one.microseconds for one in spans])


def _bits(values: Sequence[Any]) -> bytes:
    found = bytearray(-(-len(values) // 8))
    for place, value in enumerate(values):
        found[place // 8] |= bool(value) << place % 8
    return bytes(found)


_KINDS = {
    "text": _Kind(6, _UTF8, _texts),
    "texts": _Kind(6, _UTF8, _texts),
    "integer": _Kind(2, None, _integers),
    "boolean": _Kind(0, None, _bits),
    "date": _Kind(1, 6, _days),
    "moment": _Kind(2, 10, _moments),
}


class Parquet:
    def __init__(self, stream: BinaryIO, columns: tuple[Column, ...], rows_in_group: int = ROWS_IN_GROUP) -> None:
        self._stream, self._columns, self._most = stream, columns, rows_in_group
        self._rows: list[Row] = []
        self._groups: list[Struct] = []
        self._count, self._offset = 0, 0
        self._put(_MAGIC)

    def _put(self, data: bytes) -> None:
        self._stream.write(data)
        self._offset += len(data)

    def add(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) == self._most:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        chunks = [self._chunk(column, [row[n] for row in self._rows]) for n, column in enumerate(self._columns)]
        size = sum(chunk[3][6].value for chunk in chunks)
        self._groups.append({1: chunks, 2: I64(size), 3: I64(len(self._rows))})
        self._count += len(self._rows)
        self._rows = []

    def _chunk(self, column: Column, cells: Sequence[Any]) -> Struct:
        """Write one page with all the cells of a column; what the footer says of it."""
        levels, values = _levels(column, cells)
        kind = _KINDS[column.kind]
        body = b"".join(_packed(level) for level in levels) + kind.write(values)
        pack = zlib.compressobj(6, zlib.DEFLATED, 31)
        packed = pack.compress(body) + pack.flush()
        count = len(levels[0]) if levels else len(values)
        page = {1: I32(count), 2: I32(_PLAIN), 3: I32(_RLE), 4: I32(_RLE)}
        head = struct({1: I32(0), 2: I32(len(body)), 3: I32(len(packed)), 5: page})
        start = self._offset
        self._put(head + packed)
        told = {
            1: I32(kind.physical),
            2: [I32(_PLAIN), I32(_RLE)],
            3: [column.name, "list", "element"] if column.kind == "texts" else [column.name],
            4: I32(_GZIP),
            5: I64(count),
            6: I64(len(head) + len(body)),
            7: I64(len(head) + len(packed)),
            9: I64(start),
        }
        return {2: I64(start), 3: told}

    def close(self) -> None:
        self._flush()
        schema: list[Struct] = [{4: "schema", 5: I32(len(self._columns))}]
        for column in self._columns:
            schema += _schema(column)
        footer = struct({1: I32(1), 2: schema, 3: I64(self._count), 4: self._groups, 6: "TraAM"})
        self._put(footer + binary.pack("<I", len(footer)) + _MAGIC)


def _levels(column: Column, cells: Sequence[Any]) -> tuple[list[list[int]], list[Any]]:
    """The levels of the column (repetition, definition), and the values that are there."""
    if column.kind == "texts":
        repeated, there, values = [], [], []
        for cell in cells:
            repeated += [0, *[1] * (len(cell) - 1)]
            there += [1] * len(cell) or [0]
            values += cell
        return [repeated, there], values
    if column.required:
        return [], list(cells)
    return [[int(cell is not None) for cell in cells]], [cell for cell in cells if cell is not None]


def _packed(levels: Sequence[int]) -> bytes:
    """Levels of one bit, as one run of packed groups of eight, behind its length."""
    data = _bits(levels)
    run = varint(len(data) << 1 | 1) + data
    return binary.pack("<I", len(run)) + run


def _schema(column: Column) -> list[Struct]:
    kind = _KINDS[column.kind]
    if column.kind == "texts":
        return [
            {3: I32(_REQUIRED), 4: column.name, 5: I32(1), 6: I32(_AS_LIST)},
            {3: I32(_REPEATED), 4: "list", 5: I32(1)},
            {1: I32(kind.physical), 3: I32(_REQUIRED), 4: "element", 6: I32(_UTF8)},
        ]
    told: dict[int, Any] = {1: I32(kind.physical), 3: I32(_REQUIRED if column.required else _OPTIONAL), 4: column.name}
    if kind.stands_for is not None:
        told[6] = I32(kind.stands_for)
    return [told]
