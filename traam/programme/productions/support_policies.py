"""May they begin a communication support; who writes and judges it is in `policies`, as for every production."""

from datetime import datetime

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.groups.models import Group
from traam.programme.groups.policies import standing as group_standing
from traam.programme.people.models import Person
from traam.programme.productions import policies, states
from traam.programme.productions.queries.supports import SupportFile


def asked(group: Group) -> Verdict:
    """Whether the cahier des charges of this group has supports among its productions."""
    edition = group.application.theme.campaign.edition
    return allow_if(
        edition.production_kind("support") is not None,
        f"Le cahier des charges de cette campagne ({edition.edition.years}) ne prévoit pas de support de "
        "communication.",
    )


def may_begin(person: Person, group: Group, at: datetime) -> Verdict:
    """Begin a support in a group."""
    if not group_standing(person, group, at) & states.AUTHORS:
        return refuse("Les supports de communication d'un groupe sont faits par ses membres.")
    return asked(group) and allow_if(
        group.state != "ended", "Le groupe est terminé : on n'y commence plus de support de communication."
    )


def may_read_file(person: Person, file: SupportFile, at: datetime) -> Verdict:
    return policies.may_see(person, file.support, at)
