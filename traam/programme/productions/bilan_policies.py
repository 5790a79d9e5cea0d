from datetime import datetime

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.groups.models import Group
from traam.programme.groups.policies import standing as group_standing
from traam.programme.groups.states import READERS
from traam.programme.people.models import Person
from traam.programme.productions import states


def asked(group: Group) -> Verdict:
    """Whether the cahier des charges of this group asks a bilan of it."""
    edition = group.application.theme.campaign.edition
    return allow_if(
        edition.production_kind("bilan") is not None,
        f"Le cahier des charges de cette campagne ({edition.edition.years}) ne demande pas de bilan académique.",
    )


def may_see_bilan(person: Person, group: Group, at: datetime) -> Verdict:
    """Read the bilan of a group, written or not."""
    return allow_if(
        group_standing(person, group, at) & READERS,
        "Avant sa publication, le bilan est lu par son groupe, l'inspection et le DAN de l'académie, et le groupe "
        "national.",
    )


def may_write_bilan(person: Person, group: Group, at: datetime) -> Verdict:
    """Begin the bilan of a group. A group that has ended still owes its bilan."""
    if not group_standing(person, group, at) & states.AUTHORS:
        return refuse("Le bilan académique est écrit par les membres du groupe.")
    return asked(group)
