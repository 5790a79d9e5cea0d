"""Every read of the pages of a group, by what it is about."""

from traam.programme.groups.queries.composition import (
    Compliance,
    compliance,
    group,
    member,
    of_campaign,
    of_person,
    of_theme,
    seat,
    visible_to,
)

__all__ = [
    "Compliance",
    "compliance",
    "group",
    "member",
    "of_campaign",
    "of_person",
    "of_theme",
    "seat",
    "visible_to",
]
