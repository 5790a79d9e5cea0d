"""The verbs of a group's year, by what they are about."""

from traam.programme.groups.actions.composition import (
    add_member,
    enter,
    move,
    record_dasen_agreement,
    record_meeting,
)
from traam.programme.groups.actions.places import (
    complete_inspector,
    correct_member,
    end_member,
    invite_member_again,
    replace_member,
)

__all__ = [
    "add_member",
    "complete_inspector",
    "correct_member",
    "end_member",
    "enter",
    "invite_member_again",
    "move",
    "record_dasen_agreement",
    "record_meeting",
    "replace_member",
]
