"""The verbs of the productions, by what they are about."""

from traam.programme.productions.actions.scenarios import (
    LONGEST,
    LONGEST_LINE,
    LONGEST_SECTION,
    MOST_LINES,
    Content,
    Stale,
    attest,
    begin,
    move,
    save,
    snapshot,
    submit,
)
from traam.programme.productions.actions.trials import correct_test, record_test, withdraw_test

__all__ = [
    "LONGEST",
    "LONGEST_LINE",
    "LONGEST_SECTION",
    "MOST_LINES",
    "Content",
    "Stale",
    "attest",
    "begin",
    "correct_test",
    "move",
    "record_test",
    "save",
    "snapshot",
    "submit",
    "withdraw_test",
]
