"""Who writes the rights sheet of a scenario, who signs it, who answers the checklist and who waives."""

from datetime import datetime

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.people.models import Person
from traam.programme.productions import policies
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import wrote
from traam.programme.productions.states import AUTHORS
from traam.programme.publication import sheet_queries
from traam.programme.publication.models import Resource, Waiver
from traam.programme.publication.sheet_rules import is_signed
from traam.programme.publication.states import PUBLISHERS


def may_see(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """Read the sheet: as the scenario itself."""
    return policies.may_see(person, scenario, at)


def may_write(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """Fill the sheet, whatever the state of the scenario: what is known of a service may be learned afterwards."""
    return allow_if(
        policies.standing(person, scenario, at) & AUTHORS,
        "La fiche de droits est remplie par les membres du groupe.",
    )


def may_write_resource(person: Person, resource: Resource, at: datetime) -> Verdict:
    return may_write(person, resource.sheet.scenario, at)


def may_declare(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """Sign what the sheet says of the validated version."""
    if "referent" not in policies.standing(person, scenario, at):
        return refuse("La fiche de droits est signée par le professeur référent du groupe.")
    if scenario.state != "validated":
        return refuse("La fiche se signe quand le scénario est validé : elle porte sur cette version.")
    sheet = sheet_queries.sheet(scenario)
    if sheet is None:
        return refuse("La fiche de droits n'est pas commencée : ajoutez d'abord ce que le scénario utilise.")
    return allow_if(not is_signed(sheet), "La fiche est déjà signée, et rien n'a changé depuis.")


def may_answer(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """Answer the checklist, once the sheet is signed."""
    verdict = _judges(person, scenario, at)
    if not verdict:
        return verdict
    if scenario.state != "validated":
        return refuse("Le contrôle porte sur la version validée : le scénario ne l'est pas encore.")
    sheet = sheet_queries.sheet(scenario)
    return allow_if(
        sheet is not None and is_signed(sheet),
        "Le contrôle se fait sur une fiche signée : le professeur référent la signe d'abord.",
    )


def may_grant(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    verdict = _judges(person, scenario, at)
    if not verdict:
        return verdict
    return allow_if(scenario.version, "Aucune version n'a encore été soumise : il n'y a rien à déroger.")


def may_end(person: Person, waiver: Waiver, at: datetime) -> Verdict:
    verdict = _judges(person, waiver.scenario, at)
    if not verdict:
        return verdict
    return allow_if(waiver.ended_at is None, "Cette dérogation a déjà pris fin.")


def _judges(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    held = policies.standing(person, scenario, at)
    if not held & PUBLISHERS:
        return refuse("Le contrôle et les dérogations reviennent à l'inspecteur du groupe et au bureau national.")
    return allow_if(
        not (held & AUTHORS or wrote(person, scenario)),
        "Qui a écrit le scénario ne le contrôle pas : laissez cette décision à une autre personne.",
    )
