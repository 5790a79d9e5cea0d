"""What changed between two texts, word by word, and how two changes of one text join. Pure, and bounded."""

from .comparing import Part, compare
from .merging import Merged, merge

__all__ = ["Merged", "Part", "compare", "merge"]
