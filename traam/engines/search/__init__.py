"""French full-text search over a tantivy index: our own analysis, exact facet counts, errors forgiven.

Documents go in as values, identifiers come out: text is never stored, the caller draws extracts from its
own rows. The index is a derivative: lost or damaged, it is rebuilt (`rebuild`), nothing else depends on it.
A few texts are searched without it, in memory: `read` each once, then `ask`.
"""

from .analysis import Token, query_terms, terms, tokens
from .extracts import Segments, extract, highlight
from .few import Answer, Text, ask, read
from .index import Index
from .switch import folder_in_force, open_current, rebuild, stamp
from .values import LARGEST_PAGE, Document, IndexBusy, IndexUnavailable, Query, Results, Sort

__all__ = [
    "LARGEST_PAGE",
    "Answer",
    "Document",
    "Index",
    "IndexBusy",
    "IndexUnavailable",
    "Query",
    "Results",
    "Segments",
    "Sort",
    "Text",
    "Token",
    "ask",
    "extract",
    "folder_in_force",
    "highlight",
    "open_current",
    "query_terms",
    "read",
    "rebuild",
    "stamp",
    "terms",
    "tokens",
]
