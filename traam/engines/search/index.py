"""The tantivy index of one folder: created, opened, changed, asked.

tantivy-py 0.27, learnt the hard way: deleting by a term of an unsigned field deletes nothing, silently (ids
are signed, and records are counted after each batch); a limit of 0 panics with something that is no
`Exception`; a terms aggregation whose size is under the number of values counts approximately; its
tie-breaker field keeps 32 bits; every writer opened costs 60 ms and a segment (each `Index` keeps one).
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tantivy

from . import analysis, asking, likeness
from .snapshot import Snapshot
from .stems import fold
from .values import TEXTS, Document, IndexBusy, IndexUnavailable, Query, Results
from .vocabulary import entries

_HEAP = 64_000_000
_LONGEST_CODE = 200
_TITLE_KEY = 60


@contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """tantivy's errors, its panics included, become `IndexUnavailable`."""
    try:
        yield
    except IndexUnavailable:
        raise
    except (ValueError, OSError, RuntimeError) as error:
        raise IndexUnavailable(f"Index {folder}: {error}. Rebuild it.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexUnavailable(f"Index {folder}: {error}. Rebuild it.") from error


def committed(folder: Path) -> tuple[int, ...]:
    """What changes with each commit: tantivy writes this file anew and puts it in the place of the former."""
    there = (folder / "meta.json").stat()
    return there.st_mtime_ns, there.st_ino, there.st_size


def _schema(facets: tuple[str, ...]) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("recency", fast=True)
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("quality", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("word", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("order", tokenizer_name="raw", fast=True, index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
    for number in range(len(facets)):
        builder.add_text_field(f"facet{number}", tokenizer_name="raw", fast=True, index_option="basic")
    return builder.build()


class Index:
    """One folder. Asking is safe from several threads; `apply` belongs to one thread of one process."""

    def __init__(self, folder: Path, inner: tantivy.Index, facets: tuple[str, ...]) -> None:
        """Use `create` or `open`."""
        self.folder = folder
        self.facets = facets
        self._inner = inner
        self._writer: Any = None
        self._seen: tuple[int, ...] = ()
        self._snapshot: Snapshot

    @classmethod
    def create(cls, folder: Path, facets: tuple[str, ...]) -> "Index":
        """A new empty index with mark 0. The folder is made; it must hold no index."""
        with guarded(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if tantivy.Index.exists(str(folder)):
                raise IndexUnavailable(f"Index {folder}: it already exists.")
            inner = tantivy.Index(_schema(facets), path=str(folder), reuse=False)
            inner.config_reader("manual")
            index = cls(folder, inner, facets)
            index._commit((), (), mark=0)
        index.reload()
        return index

    @classmethod
    def open(cls, folder: Path) -> "Index":
        """The index of `folder`; `IndexUnavailable` when absent, damaged or made by another analysis."""
        with guarded(folder):
            inner = tantivy.Index.open(str(folder))
            inner.config_reader("manual")
            inner.reload()
            state = Snapshot.state_of(inner.searcher(), inner.schema)
            if state.get("analysis") != analysis.VERSION:
                raise IndexUnavailable(f"Index {folder}: made by another version of the analysis. Rebuild it.")
            index = cls(folder, inner, tuple(state["facets"]))
        index.reload()
        return index

    @property
    def mark(self) -> int:
        """The last change number, as of the last `reload` or `apply`."""
        return self._snapshot.mark

    def count(self) -> int:
        """The number of documents."""
        return self._snapshot.count

    def reload(self) -> None:
        """See what other processes have committed. Searches under way finish on what they started with."""
        with guarded(self.folder):
            seen = committed(self.folder)
            if seen == self._seen:
                return
            self._inner.reload()
            self._seen = seen  # read before: a commit made meanwhile is seen next time
            earlier = getattr(self, "_snapshot", None)
            self._snapshot = Snapshot(self._inner.searcher(), self._inner.schema, self.facets, earlier)

    def search(self, query: Query) -> Results:
        """One page of results. An unknown facet or sort is a `ValueError`."""
        unknown = set(query.chosen) - set(self.facets)
        if unknown or query.sort not in ("pertinence", "date", "titre"):
            raise ValueError(f"Unknown facet or sort: {', '.join(sorted(unknown)) or query.sort}.")
        with guarded(self.folder):
            return asking.answer(self._snapshot, query)

    def meant(self, text: str, count: int = 3) -> list[str]:
        """Texts one may have meant by `text`, when it finds nothing: `count` for each of its first unknown words."""
        with guarded(self.folder):
            return asking.meant(self._snapshot, text, count)

    def similar(self, document: Document, count: int = 4) -> list[int]:
        """Ids of the records most like `document`, which need not be in the index itself; the likest first."""
        with guarded(self.folder):
            return likeness.similar(self._snapshot, document, count)

    def apply(self, upserts: Iterable[Document], deletions: Iterable[int], *, mark: int) -> None:
        """Delete, then add or replace, and record `mark`, in one commit: all of it is seen, or none.

        Of two documents with one id, the last stays. Unknown ids are deleted without a word. A value that
        is not valid raises `ValueError` before anything is written.
        """
        documents = {document.id: document for document in upserts}
        gone = set(deletions) | set(documents)
        prepared = [self._prepared(document) for document in documents.values()]
        self.reload()
        expected = self.count() - self._snapshot.count_of(gone) + len(documents)
        with guarded(self.folder):
            self._commit(prepared, gone, mark=mark)
        self.reload()
        if self.count() != expected:
            raise IndexUnavailable(f"Index {self.folder}: {self.count()} records, {expected} expected. Rebuild it.")

    def close(self) -> None:
        """Wait for merges and give the writer back, so that another process may write."""
        if self._writer is not None:
            with guarded(self.folder):
                self._writer.wait_merging_threads()
            self._writer = None

    def _commit(self, documents: Iterable[tantivy.Document], gone: Iterable[int], *, mark: int) -> None:
        self._write()
        try:
            for identifier in gone:
                self._writer.delete_documents_by_term("id", identifier)
            self._writer.delete_documents_by_term("kind", "state")
            for document in documents:
                self._writer.add_document(document)
            self._writer.add_document(self._state(mark))
            self._writer.commit()
        except BaseException:
            self._writer, writer = None, self._writer
            writer.rollback()
            raise

    def _write(self) -> None:
        """Take the folder's only writer, and keep it until `close`."""
        if self._writer is not None:
            return
        try:
            self._writer = self._inner.writer(_HEAP, 1)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise
            raise IndexBusy(f"Index {self.folder}: another process is writing to it.") from error

    def _state(self, mark: int) -> tantivy.Document:
        state = {"mark": mark, "facets": list(self.facets), "analysis": analysis.VERSION}
        document = tantivy.Document()
        document.add_text("kind", "state")
        document.add_text("state", json.dumps(state))
        return document

    def _prepared(self, source: Document) -> tantivy.Document:
        unknown = set(source.facets) - set(self.facets)
        if unknown:
            raise ValueError(f"Document {source.id}: unknown facet {', '.join(sorted(unknown))}.")
        document = tantivy.Document()
        document.add_text("kind", "record")
        document.add_integer("id", source.id)
        document.add_integer("recency", source.recency)
        kept: set[str] = set()
        for field in TEXTS:
            text = getattr(source, field)
            words = analysis.words(text)
            document.add_text(field, " ".join(token.term for token in analysis.tokens_of(words)))
            kept.update(entries(text, words))
        document.add_text("word", " ".join(kept))
        for number in range(1, source.quality + 1):
            document.add_text("quality", str(number))
        document.add_text("order", title_key(source.title))
        for number, name in enumerate(self.facets):
            for code in dict.fromkeys(source.facets.get(name, ())):
                if not (0 < len(code) <= _LONGEST_CODE and code.isprintable()):
                    raise ValueError(
                        f"Document {source.id}: a code of {name} has 1 to {_LONGEST_CODE} printable characters."
                    )
                document.add_text(f"facet{number}", code)
        return document


def title_key(title: str) -> str:
    """What titles are sorted by: their words folded, stop words included, so « Œuvre » comes at o."""
    return " ".join(fold(part) for part in analysis.all_words(title[:300]))[:_TITLE_KEY]
