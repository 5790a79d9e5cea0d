"""The reads of the rights sheet of a scenario, of what the inspector answered and of the waivers."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.timezone import localtime

from traam.engines.workflow import Missing
from traam.programme.groups.models import Member
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario, Version
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication.models import Control, Release, Resource, RightsSheet, Waiver


def sheet(scenario: Scenario) -> RightsSheet | None:
    """The sheet with its resources and its answers, None when nobody began it. Three queries."""
    found = (
        RightsSheet.objects.filter(scenario=scenario)
        .select_related("declared_by")
        .prefetch_related(
            Prefetch("resources", Resource.objects.select_related("piece").order_by("position", "pk")),
            Prefetch("controls", Control.objects.select_related("answered_by").order_by("pk")),
        )
        .first()
    )
    if found is not None:
        found.scenario = scenario
    return found


def to_sign(person: Person) -> list[Scenario]:
    """The validated scenarios of the groups this person is the référent of, whose version was never published and
    whose sheet nobody signed as it is. One query."""
    mine = Q(group__members__person=person, group__members__role=Member.Role.REFERENT, group__members__until=None)
    newer = Version.objects.filter(
        review=OuterRef("review"), number=OuterRef("version"), made_at__gt=OuterRef("rights_sheet__declared_at")
    )
    published = Release.objects.filter(scenario=OuterRef("pk"), version=OuterRef("version"))
    unsigned = Q(rights_sheet=None) | Q(rights_sheet__declared="") | Q(newer=True)
    unsigned |= Q(rights_sheet__declared_at__lt=F("rights_sheet__changed_at"))
    rows = Scenario.objects.annotate(newer=Exists(newer)).filter(mine, unsigned, ~Exists(published), state="validated")
    rows = rows.exclude(group__state="ended").select_related("group__application__theme__campaign", "rights_sheet")
    return list(rows.distinct().order_by("changed_at", "pk"))


def resource(pk: int, resource: int) -> Resource:
    """A resource by its number and that of its scenario; `resource.sheet.scenario` is read whole."""
    try:
        found = Resource.objects.select_related("sheet", "piece").get(pk=resource, sheet__scenario_id=pk)
    except Resource.DoesNotExist:
        raise Missing("Cette ressource n'est plus sur la fiche de droits.") from None
    found.sheet.scenario = find_scenario(pk)
    return found


def controls(sheet: RightsSheet) -> dict[str, Control]:
    """The last answer to each line, by the line's id."""
    return {control.item: control for control in sheet.controls.all()}


def waivers(scenario: Scenario) -> list[Waiver]:
    """All those of a scenario, the latest first."""
    rows = Waiver.objects.filter(scenario=scenario).select_related("granted_by", "ended_by")
    return list(rows.order_by("-granted_at", "-pk"))


def waivers_at_stake(scenario: Scenario, sheet: RightsSheet | None) -> list[Waiver]:
    """Those that may lift a line answered no: none are read when there is no such line."""
    refused = sheet is not None and any(one.answer == Control.Answer.NO for one in sheet.controls.all())
    return waivers(scenario) if refused else []


def in_force(scenario: Scenario, at: datetime) -> list[Waiver]:
    return list(_in_force(at).filter(scenario=scenario).select_related("granted_by").order_by("pk"))


def lifted(scenario: Scenario, of: str, at: datetime) -> set[tuple[str, str]]:
    """What a waiver in force lifts of a scenario: (code, key of a finding, "" for all those of the code)."""
    return set(_in_force(at).filter(scenario=scenario, of=of).values_list("code", "finding"))


def _in_force(at: datetime) -> QuerySet[Waiver]:
    return Waiver.objects.filter(ended_at=None, until__gte=localtime(at).date())


def waiver(pk: int) -> Waiver:
    """A waiver, its scenario read whole."""
    try:
        found = Waiver.objects.select_related("granted_by").get(pk=pk)
    except Waiver.DoesNotExist:
        raise Missing("Cette dérogation n'existe pas.") from None
    found.scenario = find_scenario(found.scenario_id)
    return found


def taken_by_another(address: str, scenario: Scenario) -> bool:
    """Whether another scenario says it is read at this address."""
    sheets = RightsSheet.objects.filter(address=address).exclude(scenario=scenario)
    return sheets.exists() or Release.objects.filter(address=address).exclude(scenario=scenario).exists()
