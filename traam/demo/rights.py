"""What the demonstration publishes is made ready: rights sheet filled, signed, checked line by line, page audited."""

from datetime import datetime, timedelta

from django.utils.timezone import localtime

from traam.engines.pageaudit.values import Fetched
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication import actions, licences, sheet_queries
from traam.programme.publication.actions import ResourceValues, SheetValues, auditing
from traam.programme.publication.models import Resource, RightsSheet
from traam.programme.publication.sheet_rules import checklist

TERMS = "https://www.education.gouv.fr/conditions-d-utilisation"
READ = timedelta(days=2)  # how long before the signature the terms were read


def fill(scenario: Scenario, referent: Person, at: datetime) -> RightsSheet:
    """A sheet on which nothing lacks, drawn from the scenario; what it does not say is invented."""
    known = sheet_queries.sheet(scenario)
    if known is None or not known.pupils:
        before = known or RightsSheet(scenario=scenario, revision=0)
        values = SheetValues(RightsSheet.Pupils.NONE, "", before.way, before.address, before.dated)
        actions.save_sheet(scenario, values, revision=before.revision, actor=referent, at=at)
    actions.draw_resources(scenario, actor=referent, at=at)
    drawn = sheet_queries.sheet(scenario)
    assert drawn is not None  # noqa: S101 - it was just saved
    for resource in drawn.resources.all():
        actions.change_resource(resource, _known(resource, at), actor=referent, at=at)
    return drawn


def _known(resource: Resource, at: datetime) -> ResourceValues:
    service = resource.kind == Resource.Kind.SERVICE
    inside = "ENT" in resource.name
    return ResourceValues(
        kind=resource.kind,
        name=resource.name,
        address=resource.address,
        holder=resource.holder or ("" if service else "Le groupe académique"),
        licence=resource.licence or ("" if service else licences.OWN),
        authorisation=resource.authorisation,
        terms_read_on=resource.terms_read_on or (localtime(at - READ).date() if service else None),
        terms_address=resource.terms_address or (TERMS if service else ""),
        account=resource.account or (Resource.Account.BOTH if inside else Resource.Account.NONE),
        data_place=resource.data_place or (Resource.Place.FRANCE if inside else Resource.Place.NONE),
        framework=resource.framework or (Resource.Framework.ENT if inside else Resource.Framework.OTHER),
    )


def sign(scenario: Scenario, referent: Person, at: datetime) -> None:
    actions.declare(scenario, actor=referent, at=at)


def check(scenario: Scenario, inspector: Person, at: datetime) -> None:
    """Every line answered yes, with a reason."""
    scenario = find_scenario(scenario.pk)
    sheet = sheet_queries.sheet(scenario)
    assert sheet is not None  # noqa: S101 - it was signed
    lines = checklist(sheet, [], localtime(at).date())
    answers = {line.question.id: ("yes", "Vérifié sur la fiche et dans le scénario.") for line in lines}
    if answers:
        actions.answer_all(sheet, answers, actor=inspector, at=at)


def audit(scenario: Scenario, inspector: Person, at: datetime) -> None:
    """An audit that found nothing: the worker makes the true one once the scenario is on line."""
    watched = auditing.ask_audit(find_scenario(scenario.pk), actor=inspector, at=at)
    page = Fetched(watched.address, watched.address, status=200)
    auditing.visit(watched, auditing.Seen(page, static_only="Audit de démonstration."), at=at)
