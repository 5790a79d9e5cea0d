"""The tables of the productions, by what they are about."""

from traam.programme.productions.models.bilans import Bilan
from traam.programme.productions.models.drafts import Draft
from traam.programme.productions.models.files import Filed
from traam.programme.productions.models.modules import Module, ModuleActivity, ModuleSection
from traam.programme.productions.models.production import Production, theme_of, written_by
from traam.programme.productions.models.reviews import Reading, Remark, Review, Turn, Version
from traam.programme.productions.models.scenarios import Piece, Scenario
from traam.programme.productions.models.supports import Support
from traam.programme.productions.models.trials import ClassTest, Promise

__all__ = [
    "Bilan",
    "ClassTest",
    "Draft",
    "Filed",
    "Module",
    "ModuleActivity",
    "ModuleSection",
    "Piece",
    "Production",
    "Reading",
    "Remark",
    "Review",
    "Scenario",
    "Support",
    "Promise",
    "Turn",
    "Version",
    "theme_of",
    "written_by",
]
