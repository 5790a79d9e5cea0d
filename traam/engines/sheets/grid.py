"""Places in a sheet, and what the walk over its cells notes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

Place = tuple[int, int]
"""Row and column, both from 1."""

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})", re.ASCII)
MAX_NOTES = 20_000


class Damaged(Exception):
    """The XML of the sheet is not what the format says."""


def letters(column: int) -> str:
    """The name of a column: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def reference(place: Place) -> str:
    """The name of a cell: (12, 4) is D12."""
    return f"{letters(place[1])}{place[0]}"


def place(name: str) -> Place:
    """The place of a cell named ``D12``, or `Damaged`."""
    found = _REFERENCE.fullmatch(name)
    if found is None:
        raise Damaged(name)
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    return int(found.group(2)), column


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{reference((self.top, self.left))}:{reference((self.bottom, self.right))}"


@dataclass
class Facts:
    """What the walk over a sheet noted. Places are those of cells that hold a value."""

    lowest: Place = (0, 0)
    rightmost: Place = (0, 0)
    filled_rows: int = 0
    merged: list[Area] = field(default_factory=list)
    errors: dict[Place, str] = field(default_factory=dict)
    uncomputed: set[Place] = field(default_factory=set)

    def value_at(self, row: int, column: int) -> None:
        """Note a cell that holds something."""
        if row > self.lowest[0]:
            self.lowest = (row, column)
        if column > self.rightmost[1]:
            self.rightmost = (row, column)

    def error_at(self, where: Place, text: str) -> None:
        if len(self.errors) < MAX_NOTES:
            self.errors[where] = text

    def uncomputed_at(self, where: Place) -> None:
        if len(self.uncomputed) < MAX_NOTES:
            self.uncomputed.add(where)

    def merge(self, area: Area) -> None:
        if len(self.merged) < MAX_NOTES:
            self.merged.append(area)


def walk(
    part: bytes,
    *,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Run over an XML document with names stripped of their prefix; `Damaged` when it is not XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(_local(name))
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise Damaged("xml") from None


def _local(name: str) -> str:
    return name.rpartition(":")[2]
