"""Where the parts of a drawn figure go: the macros of `dsfr/figures.html` draw them, and write them in a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from traam.design.typography import NO_BREAK, number_fr, plural

CELL = 32  # px: a figure of three digits, a finger
LINE = 28
LETTER = 7  # px for a character of 12 px, at most
ASLANT = 0.71  # what a label written at 45 degrees takes of its length, upwards and sideways
LONGEST = 26  # characters of a label beside the drawing; the table has it whole
LEVELS = 5


@dataclass(frozen=True)
class Mark:
    """A text of the drawing; `level` from 0 (nothing) to 5 (the most) for a cell."""

    x: int
    y: int
    text: str
    level: int = 0


@dataclass(frozen=True)
class Heat:
    """A matrix: sizes in px, and what the drawing says in one sentence."""

    width: int
    height: int
    columns: list[Mark]
    rows: list[Mark]
    lines: list[list[Mark]]
    legend: list[tuple[int, str]]
    description: str


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"


def level(value: float, most: float) -> int:
    """0 for nothing, else from 1 to 5 by equal parts of the greatest value."""
    return 0 if value <= 0 or most <= 0 else min(LEVELS, int(value * LEVELS / most + 0.999999))


def heat(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]]) -> Heat:
    """`rows`: (label, one value for each column). Every label of a column is written aslant above it."""
    values = [value for _, line in rows for value in line]
    most = max(values, default=0)
    left = max((len(_short(label)) for label, _ in rows), default=0) * LETTER + 12
    reaches = [int(len(_short(label)) * LETTER * ASLANT) for label in columns]
    top = max(reaches, default=0) + 20
    ends = [left + CELL * n + CELL // 2 + reach + 12 for n, reach in enumerate(reaches)]
    return Heat(
        width=max([left + CELL * len(columns) + 2, *ends]),
        height=top + LINE * len(rows) + 2,
        columns=[Mark(left + CELL * n + CELL // 2, top - 8, _short(label)) for n, label in enumerate(columns)],
        rows=[Mark(left - 8, top + LINE * n + LINE // 2, _short(label)) for n, (label, _) in enumerate(rows)],
        lines=[
            [
                Mark(left + CELL * m, top + LINE * n, number_fr(value), level(value, most))
                for m, value in enumerate(line)
            ]
            for n, (_, line) in enumerate(rows)
        ],
        legend=_legend(most),
        description=_description(columns, rows, most),
    )


def _legend(most: float) -> list[tuple[int, str]]:
    """The levels that whole numbers reach, with the numbers of each."""
    if most != int(most) or most < 1:
        return []
    spans: dict[int, list[int]] = {}
    for value in range(int(most) + 1):
        spans.setdefault(level(value, most), []).append(value)
    return [
        (one, number_fr(span[0]) if len(span) == 1 else f"{number_fr(span[0])} à {number_fr(span[-1])}")
        for one, span in spans.items()
    ]


def _description(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]], most: float) -> str:
    size = f"{plural(len(rows), 'ligne')} et {plural(len(columns), 'colonne')}."
    first = next(((label, columns[line.index(most)]) for label, line in rows if most in line), None) if most else None
    if first is None:
        return f"{size} Toutes les cases sont vides."
    empty = sum(1 for _, line in rows for value in line if not value)
    greatest = f"La plus grande valeur, {number_fr(most)}, est celle de «{NO_BREAK}{first[0]}{NO_BREAK}»"
    return f"{size} {greatest} pour «{NO_BREAK}{first[1]}{NO_BREAK}». {plural(empty, 'case vide', 'cases vides')}."
