"""An issue of a letter to readers: its HTML for mail, its plain text, and short texts for social accounts."""

from .html import html
from .plain import text
from .prose import Listing, Paragraph, read, spaced
from .short import LIMITS, Announcement, short
from .values import Issue, Links, Piece, day_of

__all__ = [
    "LIMITS",
    "Announcement",
    "Issue",
    "Links",
    "Listing",
    "Paragraph",
    "Piece",
    "day_of",
    "html",
    "read",
    "short",
    "spaced",
    "text",
]
