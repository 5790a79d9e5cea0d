"""One commit of the index, as a reader sees it until the next reload; threads may share it."""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import tantivy

from .values import TEXTS, IndexUnavailable
from .vocabulary import Vocabulary

_NEWER = 64
"""The vocabulary is read again once more than one record in so many has come or gone."""


class Snapshot:
    """A tantivy searcher with what is known about it: number of records, facet sizes, vocabulary."""

    def __init__(self, searcher: Any, schema: Any, facets: tuple[str, ...], earlier: "Snapshot | None" = None) -> None:
        self.searcher = searcher
        self.schema = schema
        self.facets = facets
        self.mark = int(self.state_of(searcher, schema)["mark"])
        self.count: int = searcher.num_docs - 1  # the state is a record too
        # The counts of every facet over every record, and the total, once somebody asked for them.
        self.everything: tuple[dict[str, dict[str, int]], int] | None = None
        self._vocabulary: Vocabulary | None = earlier._vocabulary if earlier else None
        self._read_at: int = earlier._read_at if earlier else -1
        self._changed_from: int = earlier._changed_from if earlier else -1

    @staticmethod
    def state_of(searcher: Any, schema: Any) -> dict[str, Any]:
        """Mark, facets and version of the analysis, written in the same commit as the records."""
        found = searcher.search(tantivy.Query.term_query(schema, "kind", "state", index_option="basic"), 1)
        if not found.hits:
            raise IndexUnavailable("The index has lost its state. Rebuild it.")
        state: dict[str, Any] = json.loads(searcher.doc(found.hits[0][1])["state"][0])
        return state

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """Facet → number of different codes: an aggregation that asks for fewer is not exact."""
        return {
            name: len(self.searcher.terms_with_prefix(f"facet{number}", "")) for number, name in enumerate(self.facets)
        }

    @property
    def vocabulary(self) -> Vocabulary:
        if self._vocabulary is None or abs(self.count - self._read_at) * _NEWER > self.count or self._small:
            self._vocabulary = Vocabulary(self.searcher.terms_with_prefix("word", ""))
            self._read_at, self._changed_from = self.count, self.mark
        return self._vocabulary

    @property
    def _small(self) -> bool:
        """Small indexes are read again after each change."""
        return self.count < 2_000 and self._changed_from != self.mark

    def words_starting(self, prefix: str) -> dict[str, int]:
        """Folded words of the documents that start so, with numbers of documents."""
        found: dict[str, int] = {}
        for entry, count in self.searcher.terms_with_prefix("word", prefix):
            folded = entry.partition("|")[0]
            found[folded] = found.get(folded, 0) + count
        return found

    def frequency(self, term: str) -> int:
        """Documents that hold `term` in one field at least, deleted ones perhaps included: 0 is certain."""
        return int(max(self.searcher.doc_freq(field, term) for field in TEXTS))

    def count_of(self, ids: Iterable[int]) -> int:
        """How many of `ids` are in the index."""
        query = tantivy.Query.term_set_query(self.schema, "id", list(ids))
        return int(self.searcher.search(query, 1).count)
