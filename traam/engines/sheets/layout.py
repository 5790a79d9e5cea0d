"""What a sheet must hold: its columns, in order, and what each cell may say."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from traam.engines.sheets.wording import fold

Kind = Literal["text", "email", "phone", "date", "integer", "uai", "choice", "choices"]

SEPARATOR = ";"
"""Between the values of a cell of kind ``choices``."""

INSTRUCTIONS, LISTS, CORRECTIONS = "Mode d'emploi", "Listes", "À corriger"
"""The sheets that come with the one of the rows."""

RESERVED = frozenset(fold(name) for name in (INSTRUCTIONS, LISTS, CORRECTIONS))

EXCEL_TEXT = 32_767
"""Characters that a cell of a spreadsheet can hold."""


@dataclass(frozen=True)
class Column:
    """One column, or one field of a form: the same verdict is given on both.

    ``key`` is the name in the code, ``title`` the one people read. ``choices`` are the labels of the list
    (kinds ``choice`` and ``choices``). ``max_length`` counts characters; ``minimum`` and ``maximum`` bound an
    integer; ``min_items`` and ``max_items`` bound the values of ``choices``. ``aliases`` are other titles
    accepted on reading. ``width`` is in characters. A ``present`` column must be in the sheet, though its
    cells may be empty: without it, what was written before would be read as erased.
    """

    key: str
    title: str
    kind: Kind = "text"
    required: bool = False
    present: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    aliases: tuple[str, ...] = ()
    width: int = 20

    def __post_init__(self) -> None:
        if not self.key.isidentifier() or not self.key.isascii():
            raise ValueError(f"column key {self.key!r} is not an identifier")
        if (self.kind in ("choice", "choices")) != bool(self.choices):
            raise ValueError(f"column {self.key!r}: choices go with the kinds choice and choices, and only them")
        if len({fold(choice) for choice in self.choices}) < len(self.choices):
            raise ValueError(f"column {self.key!r}: two choices read the same")
        if self.kind == "choices" and any(SEPARATOR in choice for choice in self.choices):
            raise ValueError(f"column {self.key!r}: a choice holds the separator {SEPARATOR!r}")

    @cached_property
    def by_fold(self) -> Mapping[str, str]:
        """The choices by their folded label."""
        return MappingProxyType({fold(choice): choice for choice in self.choices})

    @cached_property
    def names(self) -> frozenset[str]:
        """The folded titles under which the column is recognised."""
        return frozenset(fold(name) for name in (self.title, *self.aliases))


@dataclass(frozen=True)
class Layout:
    """A kind of workbook: the sheet that holds the rows, and its columns. ``note`` opens the instructions."""

    name: str
    sheet: str
    columns: tuple[Column, ...]
    note: str = ""

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError(f"layout {self.name!r} has no column")
        if len({column.key for column in self.columns}) < len(self.columns):
            raise ValueError(f"layout {self.name!r}: two columns have the same key")
        names = [name for column in self.columns for name in column.names]
        if len(set(names)) < len(names):
            raise ValueError(f"layout {self.name!r}: two columns answer to the same title")
        if not 0 < len(self.sheet) <= 31 or set(self.sheet) & set("[]:*?/\\!'"):
            raise ValueError(f"layout {self.name!r}: {self.sheet!r} cannot name a sheet")
        if fold(self.sheet) in RESERVED:
            raise ValueError(f"layout {self.name!r}: {self.sheet!r} is the name of another sheet")

    def column(self, title: str) -> Column | None:
        """The column that a header names, forgiving case, accents, apostrophes and a final star."""
        folded = fold(title)
        return next((column for column in self.columns if folded in column.names), None)
