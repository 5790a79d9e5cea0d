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
    record_test,
    save,
    snapshot,
    submit,
)

__all__ = [
    "LONGEST",
    "LONGEST_LINE",
    "LONGEST_SECTION",
    "MOST_LINES",
    "Content",
    "Stale",
    "attest",
    "begin",
    "move",
    "record_test",
    "save",
    "snapshot",
    "submit",
]
