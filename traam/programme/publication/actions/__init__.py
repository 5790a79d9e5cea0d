"""The verbs of the step, gathered by what they are about."""

from .controls import answer, answer_all, end_waiver, grant
from .releasing import add_erratum, note_edubase, release, withdraw
from .sheets import (
    ResourceValues,
    SheetValues,
    StaleResource,
    StaleSheet,
    add_resource,
    change_resource,
    declare,
    draw_resources,
    move_resource,
    remove_resource,
    save_sheet,
)

__all__ = [
    "ResourceValues",
    "SheetValues",
    "StaleResource",
    "StaleSheet",
    "add_erratum",
    "add_resource",
    "answer",
    "answer_all",
    "change_resource",
    "declare",
    "draw_resources",
    "end_waiver",
    "grant",
    "move_resource",
    "note_edubase",
    "release",
    "remove_resource",
    "save_sheet",
    "withdraw",
]
