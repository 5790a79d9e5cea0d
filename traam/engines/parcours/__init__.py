"""Training modules that leave for other platforms: judged, then written as a Moodle backup or a Common Cartridge."""

from traam.engines.parcours.cartridge import cartridge, losses
from traam.engines.parcours.checking import check_cartridge, check_mbz
from traam.engines.parcours.judging import Fault, NotExportable, judge
from traam.engines.parcours.model import (
    Activity,
    Answer,
    Completion,
    Course,
    Document,
    File,
    Kind,
    Question,
    QuestionKind,
    Section,
    address_of,
)
from traam.engines.parcours.moodle import mbz

__all__ = [
    "Activity",
    "Answer",
    "Completion",
    "Course",
    "Document",
    "Fault",
    "File",
    "Kind",
    "NotExportable",
    "Question",
    "QuestionKind",
    "Section",
    "address_of",
    "cartridge",
    "check_cartridge",
    "check_mbz",
    "judge",
    "losses",
    "mbz",
]
