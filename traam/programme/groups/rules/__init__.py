"""The facts of a group, judged by its cahier des charges; what is not known of the rights of its documents."""

from traam.programme.groups.rules.composition import (
    COMPOSITION,
    HELD,
    TEACHING,
    Counts,
    Seat,
    composition_breaches,
    facts,
    facts_of,
    facts_of_counts,
    findings,
    needs_dasen_agreement,
)

__all__ = [
    "COMPOSITION",
    "HELD",
    "TEACHING",
    "Counts",
    "Seat",
    "composition_breaches",
    "facts",
    "facts_of",
    "facts_of_counts",
    "findings",
    "needs_dasen_agreement",
]
