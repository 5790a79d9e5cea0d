"""How a column and its values are shown, the same in the three formats that are written."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from traam.engines.sheets.layout import EXCEL_TEXT, SEPARATOR, Column, Layout
from traam.engines.sheets.wording import clean

EXPECTED = {
    "text": "Texte",
    "email": "Adresse électronique, une seule",
    "phone": "Numéro de téléphone",
    "date": "Date, jj/mm/aaaa",
    "integer": "Nombre entier",
    "uai": "Numéro d'établissement (UAI) : sept chiffres et une lettre",
    "choice": "Une valeur de la liste déroulante",
    "choices": f"Une ou plusieurs valeurs de la liste, séparées par « {SEPARATOR} »",
}
HEADS = ("Colonne à remplir", "Obligatoire", "Ce qu'il faut écrire")
"""The titles of the table of the instructions."""


def label(column: Column) -> str:
    """The title above the column: a star marks what is required."""
    return f"{column.title} *" if column.required else column.title


def advice(column: Column) -> str:
    """What the column asks for, for its comment and its input message."""
    return f"Obligatoire. {told(column)}" if column.required else told(column)


def told(column: Column) -> str:
    """What must be written in the column."""
    parts = [f"{EXPECTED[column.kind]}.", column.help]
    if column.max_length is not None:
        parts.append(f"{column.max_length} caractères au plus.")
    return " ".join(part for part in parts if part)


def instructions(layout: Layout) -> list[tuple[str, str, str]]:
    """The table of the instructions: a line for each column, under `HEADS`."""
    return [(c.title, "oui" if c.required else "non", told(c)) for c in layout.columns]


Stored = str | int | date
"""A value as a cell stores it: a text, a whole number, or a day since 1900."""


def stored(value: object) -> Stored:
    """The value of a cell; ``""`` leaves it empty. What no format can type is written as a text."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date) and value.year >= 1900:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        return value
    return shown(value)


def shown(value: object) -> str:
    """The text of a value."""
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, (list, tuple)):
        return f"{SEPARATOR} ".join(shown(one) for one in value)
    return "" if value is None else clean(str(value))


def lines(layout: Layout, rows: Sequence[Mapping[str, object]]) -> list[list[Stored]]:
    """The cells of the rows, in the order of the columns. A row that holds nothing is left out: it is no row.

    Raises `ValueError` for a text that no cell can hold.
    """
    made = []
    for number, row in enumerate(rows, start=1):
        cells = [stored(row.get(column.key)) for column in layout.columns]
        for column, cell in zip(layout.columns, cells, strict=True):
            if isinstance(cell, str) and len(cell) > EXCEL_TEXT:
                raise ValueError(f"row {number}, {column.key!r}: a cell holds {EXCEL_TEXT} characters at most")
        if any(cell != "" for cell in cells):
            made.append(cells)
    return made
