"""The verbs of a group's year, by what they are about."""

from traam.programme.groups.actions.composition import (
    add_member,
    complete_inspector,
    end_member,
    enter,
    move,
    record_dasen_agreement,
    record_meeting,
)

__all__ = [
    "add_member",
    "end_member",
    "enter",
    "move",
    "record_dasen_agreement",
    "record_meeting",
    "complete_inspector",
]
