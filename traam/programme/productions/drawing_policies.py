"""Who draws a new scenario from another, and who takes one in from elsewhere."""

from datetime import datetime

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.groups.models import Group
from traam.programme.groups.policies import standing as group_standing
from traam.programme.people.models import Person
from traam.programme.productions import states
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import drawing

HOSTS = frozenset({"referent", "inspector", "national"})


def may_decline(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """Begin the same scenario for other levels, whatever state this one is in."""
    if not group_standing(person, scenario.group, at) & states.AUTHORS:
        return refuse("Un scénario se décline par les membres du groupe qui l'a écrit.")
    return _going(scenario.group)


def may_read_first_year(person: Person, group: Group, at: datetime) -> Verdict:
    """Read what the first year of the theme left to this group."""
    if not group_standing(person, group, at) & (states.AUTHORS | HOSTS):
        return refuse("Les scénarios de la première année se reprennent par les membres du groupe.")
    return allow_if(
        group.application.theme.continues_id is not None,
        "Le thème de ce groupe n'en poursuit pas un autre : il n'a pas de première année à reprendre.",
    )


def may_carry_on(person: Person, scenario: Scenario, group: Group, at: datetime) -> Verdict:
    """Begin from a scenario of the first year of the theme, whatever its academy."""
    verdict = may_read_first_year(person, group, at)
    if not verdict:
        return verdict
    if not group_standing(person, group, at) & states.AUTHORS:
        return refuse("On repart d'un scénario en membre du groupe qui l'écrira.")
    if scenario.group.application.theme_id != group.application.theme.continues_id:
        return refuse("Ce scénario n'est pas de la première année de votre thème.")
    if not drawing.was_validated(scenario):
        return refuse("Ce scénario n'a pas encore été validé : il se reprend après cela.")
    return _going(group)


def may_take_in(person: Person, group: Group, at: datetime) -> Verdict:
    """Bring a scenario written before the platform into the workshop of a group."""
    if not group_standing(person, group, at) & HOSTS:
        return refuse(
            "Un scénario d'avant la plateforme entre dans l'atelier d'un groupe par son professeur référent, "
            "par son inspecteur ou par le bureau national."
        )
    return _going(group)


def may_reuse(person: Person, group: Group, at: datetime) -> Verdict:
    """Begin a scenario of the group from one that is published, of whatever academy."""
    if not group_standing(person, group, at) & (states.AUTHORS | HOSTS):
        return refuse("Un scénario publié se reprend dans un groupe dont on est membre.")
    return _going(group)


def _going(group: Group) -> Verdict:
    return allow_if(group.state != "ended", "Le groupe est terminé : on n'y commence plus de scénario.")
