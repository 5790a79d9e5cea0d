"""What a synthesis shows, once its figures are counted: the same thing on its pages, in its files and on line."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from traam.engines.wordprocessing import from_markdown
from traam.engines.wordprocessing.blocks import plain

Cell = str | int
ANCHOR = "chiffre-"
"""A figure cited in a text is a link to its definition: this, then its key."""
_CITED = re.compile(rf"\[([^\]]+)\]\(#{ANCHOR}[^)]+\)")


@dataclass(frozen=True)
class Figure:
    """A number, what it counts in its own number ("3 tests en classe"), and how it is counted. `cited`: in the text;
    `essential`: read first."""

    key: str
    value: int
    label: str
    definition: str
    cited: bool = False
    essential: bool = False

    @property
    def anchor(self) -> str:
        return ANCHOR + self.key


@dataclass(frozen=True)
class Drawn:
    """A table that is also drawn: `drawn` is its column to draw, `matrix` draws all of its columns but the first."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    definition: str
    drawn: int | None = None
    matrix: bool = False

    @property
    def lines(self) -> list[tuple[Cell, tuple[Cell, ...]]]:
        """Each row as its heading and its values, as a matrix is drawn."""
        return [(row[0], row[1:]) for row in self.rows]


@dataclass(frozen=True)
class Quote:
    """Words of somebody else, word for word, and where they were read. `address` is "" when the public has no page."""

    number: int
    words: str
    source: str
    address: str = ""


@dataclass(frozen=True)
class Block:
    """A piece of a section: Markdown (`text`), a table (`table`, its key) or words cited (`quote`, their number)."""

    text: str = ""
    table: str = ""
    quote: int = 0


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Content:
    """`themes` are rows (title, years); `notes` say how things are counted over several themes."""

    title: str
    themes: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    tables: tuple[Drawn, ...]
    quotes: tuple[Quote, ...]
    counted_on: str  # ISO day
    notes: tuple[str, ...] = ()

    @property
    def essential(self) -> list[Figure]:
        """What one reads first; nothing of what was not done."""
        return [figure for figure in self.figures if figure.essential and figure.value]

    def table(self, key: str) -> Drawn | None:
        return next((one for one in self.tables if one.key == key), None)

    def quote(self, number: int) -> Quote | None:
        return next((one for one in self.quotes if one.number == number), None)

    @property
    def apart(self) -> list[Drawn]:
        """The tables that the text does not show itself."""
        shown = {block.table for section in self.sections for block in section.blocks}
        return [one for one in self.tables if one.key not in shown]

    def stored(self) -> dict[str, Any]:
        """As plain JSON."""
        return asdict(self)

    @classmethod
    def known(cls, values: Mapping[str, Any]) -> Self:
        """From what was stored."""
        sections = (
            Section(one["key"], one["title"], tuple(Block(**block) for block in one["blocks"]))
            for one in values["sections"]
        )
        tables = (
            Drawn(**{**one, "columns": tuple(one["columns"]), "rows": tuple(map(tuple, one["rows"]))})
            for one in values["tables"]
        )
        return cls(
            title=values["title"],
            themes=tuple((title, years) for title, years in values["themes"]),
            sections=tuple(sections),
            figures=tuple(Figure(**one) for one in values["figures"]),
            tables=tuple(tables),
            quotes=tuple(Quote(**one) for one in values["quotes"]),
            counted_on=values["counted_on"],
            notes=tuple(values.get("notes", ())),
        )


def unlinked(text: str) -> str:
    """A text whose figures no longer lead to their definitions: for where these are not."""
    return _CITED.sub(r"\1", text)


def paragraphs(content: Content) -> list[str]:
    """Every word of a synthesis, as it was typed, a paragraph after the other: its sections, then what it cites."""
    found = []
    for section in content.sections:
        found.append(section.title)
        for block in section.blocks:
            found += [part for part in unlinked(block.text).split("\n\n") if part.strip()]
    return [*found, *(quote.words for quote in content.quotes)]


def spoken(text: str) -> str:
    """The words of a Markdown text without their dress, a line for each paragraph; each ends as a sentence does."""
    lines = (plain(block.text).strip() for block in from_markdown(text) if block.text)
    return "\n".join(line if line[-1:] in ".!?:;…»" else f"{line}." for line in lines if line)


def opening(content: Content) -> str:
    """The first paragraph of a synthesis, without its dress: what it is about."""
    texts = (block.text for section in content.sections for block in section.blocks if block.text)
    return spoken(next(texts, "")).partition("\n")[0]
