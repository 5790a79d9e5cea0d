"""The verbs of a synthesis, by what they are about."""

from traam.programme.valorisation.syntheses.actions.lists import save_list, send
from traam.programme.valorisation.syntheses.actions.reviewing import (
    add_erratum,
    answer,
    close,
    move,
    publish,
    remark,
    withdraw,
)
from traam.programme.valorisation.syntheses.actions.writing import (
    StaleSynthesis,
    cite,
    join_themes,
    open_synthesis,
    remove_citation,
    save_synthesis,
)

__all__ = [
    "StaleSynthesis",
    "add_erratum",
    "answer",
    "cite",
    "close",
    "join_themes",
    "move",
    "open_synthesis",
    "publish",
    "remark",
    "remove_citation",
    "save_synthesis",
    "save_list",
    "send",
    "withdraw",
]
