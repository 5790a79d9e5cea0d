"""What people share, judged before it is kept: what a file is, an address in one form, words to find it again."""

from .addresses import BadAddress, likeness, normal
from .captions import Cue, cues
from .files import Judged, check_weight, judge, kind_of
from .kinds import ACCEPTED, IMAGES, KINDS, MOST_BYTES, MOST_OF_H5P, BadFile, Kind, kind_of_name, safe_name
from .pictures import Named, images_named
from .tags import BadTags, folded, read_tags

__all__ = [
    "ACCEPTED",
    "IMAGES",
    "KINDS",
    "MOST_BYTES",
    "MOST_OF_H5P",
    "BadAddress",
    "BadFile",
    "BadTags",
    "Cue",
    "Judged",
    "Kind",
    "Named",
    "check_weight",
    "cues",
    "folded",
    "images_named",
    "judge",
    "kind_of",
    "kind_of_name",
    "likeness",
    "normal",
    "read_tags",
    "safe_name",
]
