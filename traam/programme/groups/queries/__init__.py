"""Every read of the pages of a group, by what it is about."""

from traam.programme.groups.queries.accounts import Account, accounts
from traam.programme.groups.queries.composition import (
    group,
    group_alone,
    member,
    of_campaign,
    of_person,
    of_theme,
    reasons,
    seat,
    visible_to,
)
from traam.programme.groups.queries.documents import document, documents, files_wanted, weight
from traam.programme.groups.queries.national import correspondent, national_group, national_themes
from traam.programme.groups.queries.network import (
    RelayOfTheme,
    relay,
    relay_for,
    relays_of_academy,
    relays_of_disciplines,
    relays_of_theme,
)
from traam.programme.groups.queries.obligations import Table, owed_in_academy, owed_in_campaign, owed_to
from traam.programme.groups.queries.progress import note, notes, progress_of_campaign, progress_of_theme
from traam.programme.groups.queries.watch import watch_item, watch_of_theme

__all__ = [
    "Account",
    "accounts",
    "correspondent",
    "national_group",
    "national_themes",
    "reasons",
    "RelayOfTheme",
    "Table",
    "document",
    "documents",
    "files_wanted",
    "group",
    "group_alone",
    "member",
    "note",
    "notes",
    "of_campaign",
    "of_person",
    "of_theme",
    "owed_in_academy",
    "owed_in_campaign",
    "owed_to",
    "progress_of_campaign",
    "progress_of_theme",
    "relay",
    "relay_for",
    "relays_of_academy",
    "relays_of_disciplines",
    "relays_of_theme",
    "seat",
    "visible_to",
    "watch_item",
    "watch_of_theme",
    "weight",
]
