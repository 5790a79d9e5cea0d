from datetime import datetime

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.groups.models import Group
from traam.programme.groups.policies import standing as group_standing
from traam.programme.groups.states import READERS
from traam.programme.people.models import Person
from traam.programme.people.policies import roles
from traam.programme.productions import queries, states
from traam.programme.productions.models import Scenario


def standing(person: Person, scenario: Scenario, at: datetime) -> frozenset[str]:
    """What the person is to a scenario: what she is to its group."""
    return group_standing(person, scenario.group, at)


def may_see(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    return allow_if(
        standing(person, scenario, at) & READERS,
        "Un scénario non publié est lu par son groupe, l'inspection et le DAN de l'académie, et le groupe national.",
    )


def may_review(person: Person, at: datetime) -> Verdict:
    """Come to the pages of those who read and judge."""
    return allow_if(
        roles(person, at) & {"national", "expert", "general_inspector", "inspector"} or queries.reads_somewhere(person),
        "Cette page est celle des experts, des inspecteurs et du bureau national, qui lisent et donnent leur avis.",
    )


def may_write(person: Person, group: Group, at: datetime) -> Verdict:
    """Begin a scenario in a group."""
    if not group_standing(person, group, at) & states.AUTHORS:
        return refuse("Les scénarios sont écrits par les membres du groupe.")
    return allow_if(group.state != "ended", "Le groupe est terminé : on n'y commence plus de scénario.")


def is_author(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """Whether the person writes in this scenario, in whatever state it is."""
    return allow_if(
        standing(person, scenario, at) & states.AUTHORS, "Un scénario est écrit par les membres de son groupe."
    )


def may_edit(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    verdict = is_author(person, scenario, at)
    if not verdict:
        return verdict
    label = states.SCENARIO.states[scenario.state]
    return allow_if(
        scenario.state in states.EDITABLE,
        f"Le scénario est à l'état « {label} » : il ne se modifie pas. Le professeur référent peut le reprendre.",
    )


def may_record_test(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    return allow_if(
        standing(person, scenario, at) & states.AUTHORS,
        "Les tests en classe sont notés par les membres du groupe.",
    )


def may_move(verb: str, person: Person, scenario: Scenario, at: datetime) -> Verdict:
    return states.SCENARIO.check(verb, scenario.state, standing(person, scenario, at))
