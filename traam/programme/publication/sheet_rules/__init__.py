"""What a rights sheet must say, what it draws by itself, what is signed, what keeps a scenario from the public."""

from traam.programme.publication.sheet_rules.drawing import Proposal, proposals
from traam.programme.publication.sheet_rules.facts import Fact, facts
from traam.programme.publication.sheet_rules.lacking import Lack, lacks
from traam.programme.publication.sheet_rules.obstacles import (
    Line,
    Obstacle,
    article_of,
    checklist,
    obstacles,
    obstacles_of,
)
from traam.programme.publication.sheet_rules.progress import Progress, progress
from traam.programme.publication.sheet_rules.signing import is_signed, signed_digest

__all__ = [
    "Fact",
    "Lack",
    "Line",
    "Obstacle",
    "Progress",
    "Proposal",
    "article_of",
    "checklist",
    "facts",
    "is_signed",
    "lacks",
    "obstacles",
    "obstacles_of",
    "progress",
    "proposals",
    "signed_digest",
]
