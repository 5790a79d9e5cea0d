"""The line of titles: which column of the sheet is which column of the layout. Pure: no file here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from traam.engines.sheets.bounded import Cells
from traam.engines.sheets.cells import as_text
from traam.engines.sheets.grid import letters, reference
from traam.engines.sheets.layout import Column, Layout
from traam.engines.sheets.problems import Heading, Notes
from traam.engines.sheets.wording import clean, fold, short

HEADER_WITHIN = 15
"""The header is looked for in that many first rows: people add a title above it."""

_SAMPLES = 3
_LONGEST_TITLE = 300


@dataclass(frozen=True)
class Titles:
    """How titles are understood: those of the layout first, then those that somebody explained once.

    ``mapping`` goes from a folded title to the key of a column, or to "" for a column to ignore.
    """

    layout: Layout
    mapping: Mapping[str, str] = field(default_factory=dict)

    def exact(self, cell: object) -> Column | None:
        return self.layout.column(cell) if isinstance(cell, str) and len(cell) < _LONGEST_TITLE else None

    def explained(self, cell: object) -> Column | None:
        """The column that the mapping gives to a title, when the layout still has it."""
        key = self._key(cell)
        return next((column for column in self.layout.columns if column.key == key), None) if key else None

    def ignored(self, cell: object) -> bool:
        return self.exact(cell) is None and self._key(cell) == ""

    def column(self, cell: object) -> Column | None:
        return self.exact(cell) or self.explained(cell)

    def _key(self, cell: object) -> str | None:
        if not isinstance(cell, str) or not 0 < len(cell) < _LONGEST_TITLE:
            return None
        return self.mapping.get(fold(cell))


def header_score(titles: Titles, cells: Cells) -> tuple[int, int]:
    """How many columns the best header row names, and that row's number (0 when there is none)."""
    best, number = 0, 0
    for position, row in enumerate(cells[:HEADER_WITHIN], start=1):
        named = {column.key for cell in row if (column := titles.column(cell)) is not None}
        if len(named) > best:
            best, number = len(named), position
    return best, number


@dataclass(frozen=True)
class Matched:
    """The columns found by position (from 1), the headings that none is, and the keys of those not found."""

    columns: Mapping[int, Column]
    unknown: tuple[Heading, ...]
    missing: tuple[str, ...]


def match(titles: Titles, cells: Cells, header: int, notes: Notes) -> Matched:
    """Match the line of titles, with a note for all that is not as expected."""
    line = cells[header - 1]
    found: dict[int, Column] = {}
    _claim(found, [(n, titles.exact(cell)) for n, cell in enumerate(line, start=1)], header, notes)
    rest = [(n, titles.explained(cell)) for n, cell in enumerate(line, start=1) if titles.exact(cell) is None]
    _claim(found, rest, header, notes)
    _note_explained(titles, found, line, header, notes)
    missing = [column for column in titles.layout.columns if column not in found.values()]
    unknown = [n for n, cell in enumerate(line, start=1) if titles.column(cell) is None and not titles.ignored(cell)]
    width = max([len(line), *(len(row) for row in cells[header:])])
    headings = _note_unknown(cells, header, [*unknown, *range(len(line) + 1, width + 1)], missing, notes)
    _note_missing(missing, headings, notes)
    return Matched(dict(sorted(found.items())), tuple(headings), tuple(column.key for column in missing))


def _claim(found: dict[int, Column], named: Iterable[tuple[int, Column | None]], header: int, notes: Notes) -> None:
    """Give each column to the first title that names it; another one is a problem."""
    for position, column in named:
        if column is None:
            continue
        first = next((place for place, one in found.items() if one == column), None)
        if first is None:
            found[position] = column
            continue
        notes.problem(
            (header, position),
            f"la colonne « {column.title} » figure deux fois, en {letters(first)} et en {letters(position)} : "
            "supprimez celle qui est en trop",
        )


def _note_explained(
    titles: Titles, found: Mapping[int, Column], line: Sequence[object], header: int, notes: Notes
) -> None:
    """Say again what was once explained: the person who sends the file may not be the one who explained it."""
    for position, cell in enumerate(line, start=1):
        said = short(as_text(cell)) if cell is not None else ""
        if titles.ignored(cell):
            notes.warning((header, position), f"la colonne « {said} » est ignorée, comme il a été demandé")
        elif position in found and titles.exact(cell) is None:
            title = found[position].title
            notes.warning(
                (header, position), f"la colonne « {said} » est lue comme « {title} », comme il a été demandé"
            )


def _note_unknown(
    cells: Cells, header: int, unknown: Sequence[int], missing: Sequence[Column], notes: Notes
) -> list[Heading]:
    """Warn of every column that is ignored; gives those that have a title, with what they most likely are."""
    headings: list[Heading] = []
    for position in unknown:
        title = _text(cells[header - 1], position)
        samples = _samples(cells, header, position)
        if not title:
            if samples:
                notes.warning((header, position), "cette colonne n'a pas de titre : elle est ignorée")
            continue
        taken = {heading.suggestion for heading in headings}
        guess = _likely(title, [column for column in missing if column.key not in taken])
        hint = f" ; vouliez-vous dire « {guess.title} » ?" if guess else ""
        notes.warning((header, position), f"la colonne « {short(title)} » n'est pas attendue : elle est ignorée{hint}")
        where = f"{notes.sheet}!{reference((header, position))}"
        headings.append(Heading(clean(title), where, samples, guess.key if guess else ""))
    return headings


def _likely(title: str, columns: Sequence[Column]) -> Column | None:
    """The column whose title, or one of its other names, is nearest."""
    by_name = {name: column for column in columns for name in column.names}
    found = get_close_matches(fold(title)[:200], list(by_name), n=1, cutoff=0.6)
    return by_name[found[0]] if found else None


def _text(row: Sequence[object], position: int) -> str:
    cell = row[position - 1] if position <= len(row) else None
    return "" if cell is None else as_text(cell)


def _samples(cells: Cells, header: int, position: int) -> tuple[str, ...]:
    """The first different values under a title."""
    found: dict[str, None] = {}
    for row in cells[header:]:
        if text := short(_text(row, position)):
            found[text] = None
        if len(found) == _SAMPLES:
            break
    return tuple(found)


def _note_missing(missing: Sequence[Column], headings: Sequence[Heading], notes: Notes) -> None:
    likely = {heading.suggestion: heading.title for heading in headings}
    for column in missing:
        if column.key in likely:
            title = short(likely[column.key])
            notes.problem(None, f"colonne « {column.title} » introuvable : rendez ce titre à la colonne « {title} »")
        elif column.required or column.present:
            notes.problem(None, f"colonne « {column.title} » introuvable : remettez-la dans la ligne des titres")
        else:
            notes.warning(None, f"la colonne « {column.title} » manque : elle est lue comme vide")
