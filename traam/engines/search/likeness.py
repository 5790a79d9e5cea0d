"""Records that look like one: those that hold most of its telling words."""

from collections import Counter
from typing import Any

import tantivy
from tantivy import Occur

from .analysis import terms
from .asking import rarity, term_query
from .snapshot import Snapshot
from .values import LARGEST_PAGE, Document

_WEIGHTS = {"title": 3.0, "lead": 1.0, "keywords": 0.5}
_READ = 2_000
"""Characters of a text that are read: what a record is about is said at its beginning."""
_TELLING = 16
_SHARED = 3
"""Words that a record has in common with another, at the least, to look like it."""
_COMMON = 4
"""A word that one record in so many holds tells nothing."""


def similar(snapshot: Snapshot, document: Document, count: int) -> list[int]:
    """Ids of at most `count` other records, the likest first; none when nothing has `_SHARED` words in common."""
    telling = _telling(snapshot, document)
    if len(telling) < _SHARED:
        return []
    wanted: list[Any] = [(Occur.Should, term_query(snapshot, term)) for term in telling]
    query = tantivy.Query.boolean_query(wanted, minimum_number_should_match=_SHARED)
    hits = snapshot.searcher.search(query, min(max(count, 1), LARGEST_PAGE) + 1, count=False).hits
    if not hits:
        return []
    ids = snapshot.searcher.fast_field_values("id", [address for _, address in hits])
    return [number for number in ids if number != document.id][:count]


def _telling(snapshot: Snapshot, document: Document) -> list[str]:
    """The words that set the record apart: often said in it, and rare elsewhere, but not in it alone."""
    weights: Counter[str] = Counter()
    for field, weight in _WEIGHTS.items():
        for term in terms(getattr(document, field)[:_READ]):
            weights[term] += weight  # type: ignore[assignment]
    scores: dict[str, float] = {}
    for term, weight in weights.items():
        held = snapshot.frequency(term)
        if 1 < held <= max(snapshot.count // _COMMON, _SHARED):
            scores[term] = weight * max(rarity(snapshot, field, term) for field in ("title", "lead"))
    return sorted(scores, key=lambda term: (-scores[term], term))[:_TELLING]
