"""The reads of the productions, by what they are about."""

from traam.programme.productions.queries.scenarios import (
    as_submitted,
    counts,
    deliverables,
    in_hand,
    last_version,
    listed,
    of_groups,
    of_inspector,
    of_theme,
    reads_somewhere,
    scenario,
    tests,
    to_mend,
    to_review,
    turns,
)

__all__ = [
    "as_submitted",
    "counts",
    "deliverables",
    "in_hand",
    "last_version",
    "listed",
    "of_groups",
    "of_inspector",
    "of_theme",
    "reads_somewhere",
    "scenario",
    "tests",
    "to_mend",
    "to_review",
    "turns",
]
