"""Who may do what in a group, by what it is about; its meetings and its service fait are modules of their own."""

from traam.programme.groups.policies.composition import (
    may_compose,
    may_follow_academy,
    may_move,
    may_see,
    standing,
)
from traam.programme.groups.policies.national import (
    in_national_group,
    may_compose_national,
    may_follow_theme,
    may_see_national,
)
from traam.programme.groups.policies.network import may_name_relays
from traam.programme.groups.policies.sharing import (
    may_change_document,
    may_change_note,
    may_download,
    may_read_shared,
    may_read_watch,
    may_remove_watch,
    may_share,
    may_write_note,
)

__all__ = [
    "in_national_group",
    "may_change_document",
    "may_change_note",
    "may_compose",
    "may_compose_national",
    "may_download",
    "may_follow_academy",
    "may_follow_theme",
    "may_move",
    "may_name_relays",
    "may_read_shared",
    "may_read_watch",
    "may_remove_watch",
    "may_see",
    "may_see_national",
    "may_share",
    "may_write_note",
    "standing",
]
