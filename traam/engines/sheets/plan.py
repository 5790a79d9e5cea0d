"""What to write into a workbook that is given back with its problems: the cells to mark, the list to add."""

from dataclasses import asdict, dataclass
from typing import Any

AUTHOR = "Plateforme TraAM"
FILL = "FFD8CC"
"""The colour of the cells at fault: also what tells our marks from the colours of others."""
INK = "161616"
OPENING = "À corriger : "
"""How our comments begin: some spreadsheets lose the author."""
BEFORE = "\n\nCommentaire qui était là :\n"
HEADS = ("Cellule", "Colonne", "Ce qui ne va pas", "Que faire")
WIDTHS = (16, 36, 70, 60)
"""Of the columns of the list, in characters."""


@dataclass(frozen=True)
class Mark:
    """A cell at fault; row and column from 1."""

    sheet: str
    row: int
    column: int
    sentence: str


@dataclass(frozen=True)
class Line:
    """A line of the list. ``sheet`` and ``cell`` are where its link goes; without a cell there is no link.

    ``wrong`` and ``todo`` are the halves of ``sentence``.
    """

    sheet: str
    cell: str
    place: str
    column: str
    wrong: str
    todo: str
    sentence: str

    @property
    def texts(self) -> tuple[str, str, str, str]:
        return self.place, self.column, self.wrong, self.todo


@dataclass(frozen=True)
class Plan:
    """``sheets`` are those to rid of old marks; ``name`` is the sheet of the list, ``intro`` its first lines."""

    sheets: tuple[str, ...]
    marks: tuple[Mark, ...]
    name: str
    title: str
    intro: tuple[str, ...]
    lines: tuple[Line, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, given: dict[str, Any]) -> "Plan":
        marks = tuple(Mark(**mark) for mark in given["marks"])
        lines = tuple(Line(**line) for line in given["lines"])
        return cls(tuple(given["sheets"]), marks, given["name"], given["title"], tuple(given["intro"]), lines)

    def of_sheet(self, sheet: str) -> dict[tuple[int, int], str]:
        """The sentences of the cells to mark in a sheet, by place."""
        return {(mark.row, mark.column): mark.sentence for mark in self.marks if mark.sheet == sheet}


def comment(sentence: str, former: str) -> str:
    """The text of the comment of a marked cell, which keeps the comment that was there."""
    return f"{OPENING}{sentence}{BEFORE}{former}" if former else f"{OPENING}{sentence}"


def is_ours(author: str, text: str) -> bool:
    return author == AUTHOR or text.startswith(OPENING)


def former(text: str) -> str:
    """The comment that one of ours had kept, or ""."""
    return text.partition(BEFORE)[2]
