"""What people share, judged before it is kept: what a file is, an address in one form, words to find it again."""

from .addresses import BadAddress, likeness, normal
from .files import ACCEPTED, MOST_BYTES, BadFile, Kind, kind_of, kind_of_name, safe_name
from .tags import BadTags, folded, read_tags

__all__ = [
    "ACCEPTED",
    "MOST_BYTES",
    "BadAddress",
    "BadFile",
    "BadTags",
    "Kind",
    "folded",
    "kind_of",
    "kind_of_name",
    "likeness",
    "normal",
    "read_tags",
    "safe_name",
]
