"""The verbs of a group's year, by what they are about."""

from traam.programme.groups.actions.composition import (
    add_member,
    enter,
    move,
    record_dasen_agreement,
    record_meeting,
)
from traam.programme.groups.actions.documents import complete_rights, share_document, withdraw_document
from traam.programme.groups.actions.national import (
    end_correspondent,
    invite_correspondent,
    invite_correspondent_again,
)
from traam.programme.groups.actions.network import end_relay, invite_relay, name_relay
from traam.programme.groups.actions.places import (
    complete_inspector,
    correct_member,
    end_member,
    invite_member_again,
    replace_member,
)
from traam.programme.groups.actions.progress import change_note, write_note
from traam.programme.groups.actions.watch import remove_watch, share_watch

__all__ = [
    "end_correspondent",
    "invite_correspondent",
    "invite_correspondent_again",
    "add_member",
    "change_note",
    "complete_inspector",
    "complete_rights",
    "correct_member",
    "end_member",
    "end_relay",
    "enter",
    "invite_relay",
    "name_relay",
    "invite_member_again",
    "move",
    "record_dasen_agreement",
    "record_meeting",
    "remove_watch",
    "replace_member",
    "share_document",
    "share_watch",
    "withdraw_document",
    "write_note",
]
