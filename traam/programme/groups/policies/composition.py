"""What a person is to a group, and who reads it, changes its members and moves it."""

from datetime import datetime

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.campaigns.policies import standing as theme_standing
from traam.programme.groups import states
from traam.programme.groups.models import Group
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import standing_in_academy
from traam.reference import Academy


def standing(person: Person, group: Group, at: datetime) -> frozenset[str]:
    """What the person is to a group: by membership, by her academy, or by its theme.

    "inspector" is the one who pilots the group, from any academy, or an inspector of the group's academy.
    """
    held = standing_in_academy(person, group.academy, at) - {"teacher"}
    held |= theme_standing(person, group.application.theme, at)
    for member in group.members.all():
        if member.person_id == person.pk and member.until is None:
            # Whoever validates the scenarios of a group does not write them.
            held |= {"inspector"} if member.role == "inspector" else {"member"} | ({member.role} & {"referent"})
    return held


def may_see(person: Person, group: Group, at: datetime) -> Verdict:
    return allow_if(
        standing(person, group, at) & states.READERS,
        "Ce groupe est lu par ses membres, par l'inspection et le DAN de son académie, et par le groupe national.",
    )


def may_compose(person: Person, group: Group, at: datetime) -> Verdict:
    """Change the members, record meetings and agreements."""
    if not standing(person, group, at) & states.KEEPERS:
        return refuse(
            "La composition et les réunions sont tenues par le professeur référent et l'inspecteur du groupe."
        )
    return allow_if(group.state != "ended", "Le groupe est terminé : il ne change plus.")


def may_follow_academy(person: Person, academy: Academy, at: datetime) -> Verdict:
    """Read what the groups of an academy still owe."""
    return allow_if(
        standing_in_academy(person, academy.code, at) & {Role.DAN, Role.INSPECTOR, Role.NATIONAL},
        "Les groupes d'une académie sont suivis par son DAN, ses inspecteurs et le bureau national.",
    )


def may_move(verb: str, person: Person, group: Group, at: datetime) -> Verdict:
    return states.GROUP.check(verb, group.state, standing(person, group, at))
