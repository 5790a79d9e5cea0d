"""What goes in and out of the index: documents, queries, results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Sort = Literal["pertinence", "date", "titre"]

LARGEST_ID = 2**36 - 1
LARGEST_PAGE = 100
BEST = 3
TEXTS = ("title", "lead", "body", "keywords")
"""The fields of a document that are searched."""
DEEPEST = 10_000
"""Results past this rank are counted, never listed."""


class IndexUnavailable(Exception):
    """The index is absent, damaged or of another version: rebuild it from the records."""


class IndexBusy(Exception):
    """Another process, or another `Index`, holds the only writer of the folder: nothing was written."""


@dataclass(frozen=True, slots=True)
class Document:
    """One record to find.

    `id`: 0 … `LARGEST_ID`. `facets`: name → codes, each counted once. `date`: yyyymmdd, it orders pages
    without a text and breaks ties; then the larger id comes first. What is searched, from what counts most:
    `title`; `lead`, a summary; `body`, whose length is no fault; `keywords`, names that others share.
    `quality`: 0 … `BEST`, a small advantage at equal words.
    """

    id: int
    title: str
    body: str
    facets: Mapping[str, tuple[str, ...]]
    date: int
    lead: str = ""
    keywords: str = ""
    quality: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.id <= LARGEST_ID:
            raise ValueError(f"Document {self.id}: the id must be between 0 and {LARGEST_ID}.")
        if not 0 <= self.date <= 99_991_231:
            raise ValueError(f"Document {self.id}: the date {self.date} is not yyyymmdd.")
        if not 0 <= self.quality <= BEST:
            raise ValueError(f"Document {self.id}: the quality must be between 0 and {BEST}.")

    @property
    def recency(self) -> int:
        """Date, then id, in one number: larger comes first."""
        return self.date << 36 | self.id


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asks. An empty text lists everything by date. `page` starts at 1, `size` is 1 … 100.

    `chosen`: facet → accepted codes (any of them); several facets must all agree. `prefix`: the last word
    is still being typed.
    """

    text: str = ""
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: Sort = "pertinence"
    page: int = 1
    size: int = 20
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """One page. `total` and `facets` (name → code → count, its own choice left out) are exact.

    `corrected`: the text that was searched instead of the reader's, when typing errors were forgiven.
    `relaxed`: no record held all the words, those shown hold some. `terms`: for `extract` and `highlight`.
    """

    total: int
    ids: list[int]
    facets: dict[str, dict[str, int]]
    terms: frozenset[str]
    corrected: str | None = None
    relaxed: bool = False
