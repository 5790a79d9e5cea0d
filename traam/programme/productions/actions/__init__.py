"""The verbs of the productions, by what they are about."""

from traam.programme.productions.actions.reviewing import (
    answer,
    close,
    move,
    note_reading,
    remark,
    submit,
    withdraw_remark,
)
from traam.programme.productions.actions.scenarios import (
    LONGEST,
    LONGEST_LINE,
    LONGEST_SECTION,
    MOST_LINES,
    Content,
    Stale,
    attest,
    begin,
    save,
    snapshot,
)
from traam.programme.productions.actions.trials import correct_test, record_test, withdraw_test

__all__ = [
    "LONGEST",
    "LONGEST_LINE",
    "LONGEST_SECTION",
    "MOST_LINES",
    "Content",
    "Stale",
    "answer",
    "attest",
    "begin",
    "close",
    "correct_test",
    "move",
    "note_reading",
    "record_test",
    "remark",
    "save",
    "snapshot",
    "submit",
    "withdraw_remark",
    "withdraw_test",
]
