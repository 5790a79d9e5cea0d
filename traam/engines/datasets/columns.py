"""The columns of a table, and what every form does with a cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, Protocol

Kind = Literal["text", "texts", "integer", "boolean", "date", "moment"]
Cell = str | Sequence[str] | int | bool | date | datetime | None
Row = Sequence[Cell]
SEPARATOR = " | "  # between the values of one cell

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Column:
    """`says` explains it; `required`: never empty. Cells are None, or of the Python type of the kind.

    text: str; texts: a list of str; integer: int; boolean: bool; date: date; moment: an aware datetime.
    """

    name: str
    title: str
    kind: Kind
    says: str
    required: bool = False


class Writer(Protocol):
    def add(self, row: Row) -> None: ...

    def close(self) -> None: ...


def plain(cell: Cell) -> str:
    """A cell as text: dates in ISO form, moments in UTC, several values joined by `SEPARATOR`."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return cell.isoformat()
        case str() | int():
            return str(cell)
        case _:
            return SEPARATOR.join(cell)


def printable(text: str) -> str:
    """Without what XML cannot hold."""
    return _NOT_XML.sub("", text)
