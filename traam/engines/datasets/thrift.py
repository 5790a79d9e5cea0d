"""The compact protocol of Apache Thrift, as far as the footer of a Parquet file needs it: written, never read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_INTEGERS = {"i32": 5, "i64": 6}
_BINARY, _LIST, _STRUCT = 8, 9, 12


@dataclass(frozen=True)
class I32:
    value: int


@dataclass(frozen=True)
class I64:
    value: int


Struct = Mapping[int, Any]
"""Fields by number, in order: I32, I64, str, a list of one kind of these, or a structure."""


def varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def struct(fields: Struct) -> bytes:
    found, last = bytearray(), 0
    for number, value in fields.items():
        found.append((number - last) << 4 | _type(value))  # no two of our fields are more than 15 apart
        found += _value(value)
        last = number
    return bytes(found) + b"\0"


def _type(value: Any) -> int:
    match value:
        case I32():
            return _INTEGERS["i32"]
        case I64():
            return _INTEGERS["i64"]
        case str():
            return _BINARY
        case Mapping():
            return _STRUCT
        case _:
            return _LIST


def _value(value: Any) -> bytes:
    match value:
        case I32(number) | I64(number):
            return varint(number << 1 if number >= 0 else (-number << 1) - 1)
        case str():
            data = value.encode()
            return varint(len(data)) + data
        case Mapping():
            return struct(value)
        case _:
            return _list(value)


def _list(values: Sequence[Any]) -> bytes:
    kind = _type(values[0]) if values else _STRUCT
    head = bytes([len(values) << 4 | kind]) if len(values) < 15 else bytes([0xF0 | kind]) + varint(len(values))
    return head + b"".join(map(_value, values))
