"""French full-text search over a tantivy index: our own analysis, exact facet counts, errors forgiven.

Documents go in as values, identifiers come out: text is never stored, the caller draws extracts from its
own rows. The index is a derivative: lost or damaged, it is rebuilt (`rebuild`), nothing else depends on it.
"""

from .analysis import Token, query_terms, terms, tokens
from .extracts import extract, highlight
from .index import Index
from .switch import folder_in_force, open_current, rebuild, stamp
from .values import LARGEST_PAGE, Document, IndexBusy, IndexUnavailable, Query, Results, Sort

__all__ = [
    "LARGEST_PAGE",
    "Document",
    "Index",
    "IndexBusy",
    "IndexUnavailable",
    "Query",
    "Results",
    "Sort",
    "Token",
    "extract",
    "folder_in_force",
    "highlight",
    "open_current",
    "query_terms",
    "rebuild",
    "stamp",
    "terms",
    "tokens",
]
