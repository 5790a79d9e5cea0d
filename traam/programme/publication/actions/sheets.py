"""The rights sheet: filled by the authors, signed by the référent."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime

from traam.engines.sharing import BadAddress, normal
from traam.engines.workflow import Invalid
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication import licences, sheet_policies, sheet_queries, sheet_telling
from traam.programme.publication.models import Resource, RightsSheet, Way
from traam.programme.publication.sheet_rules import Proposal, lacks, proposals, signed_digest
from traam.programme.publication.sheet_rules.lacking import campaign_of, wrong_address, wrong_day, wrong_reading
from traam.programme.publication.sheet_rules.signing import said, seal_of

LONGEST = {"name": 200, "holder": 200, "authorisation": 2_000}
LONGEST_AUTHORISATIONS = 2_000
MOST_RESOURCES = 100
Errors = dict[str, list[str]]


@dataclass(frozen=True)
class SheetValues:
    """What is typed of a sheet beside its resources. `address` and `dated` are only for a scenario read elsewhere."""

    pupils: str = ""
    authorisations: str = ""
    way: str = Way.HERE
    address: str = ""
    dated: date | None = None


@dataclass(frozen=True)
class ResourceValues:
    """What is typed of a resource: codes are those of `Resource` and of `licences`; what is not known may wait."""

    kind: str
    name: str
    address: str = ""
    holder: str = ""
    licence: str = ""
    authorisation: str = ""
    terms_read_on: date | None = None
    terms_address: str = ""
    account: str = ""
    data_place: str = ""
    framework: str = ""


class StaleSheet(Exception):
    """Somebody saved after this page was opened. `stored` is what they saved: show both."""

    def __init__(self, stored: RightsSheet) -> None:
        super().__init__("La fiche de droits a été modifiée pendant que vous l'écriviez.")
        self.stored = stored


class StaleResource(Exception):
    """As `StaleSheet`, for one resource."""

    def __init__(self, stored: Resource) -> None:
        super().__init__("Cette ressource a été modifiée pendant que vous l'écriviez.")
        self.stored = stored


@transaction.atomic
def save_sheet(scenario: Scenario, values: SheetValues, *, revision: int, actor: Person, at: datetime) -> RightsSheet:
    """Keep what was typed. `revision` is the one the page was opened on, 0 when there was no sheet."""
    scenario = _locked(scenario)
    sheet_policies.may_write(actor, scenario, at).require()
    found = sheet_queries.sheet(scenario)
    if found is not None and revision != found.revision:
        raise StaleSheet(found)
    sheet = found or RightsSheet(scenario=scenario, revision=0)
    values = _checked_sheet(values, sheet, at)
    for name, value in asdict(values).items():
        setattr(sheet, name, value)
    _keep(sheet, at)
    record("save_sheet", scenario, actor=actor, at=at, data={"revision": sheet.revision})
    return sheet


@transaction.atomic
def draw_resources(
    scenario: Scenario, keys: Collection[str] | None = None, *, actor: Person, at: datetime
) -> list[Resource]:
    """Put on the sheet what the scenario already says it uses: the proposals of these keys, or all of them."""
    sheet = _open(scenario, actor, at)
    drawn = [each for each in proposals(sheet.scenario, sheet) if keys is None or each.key in keys]
    _check_room(sheet, len(drawn))
    position = _last_position(sheet)
    made = [
        Resource.objects.create(**_drawn(each), sheet=sheet, position=position + n, added_by=actor, added_at=at)
        for n, each in enumerate(drawn, 1)
    ]
    if made:
        _keep(sheet, at)
        record("draw_resources", sheet.scenario, actor=actor, at=at, data={"resources": [said(one) for one in made]})
    return made


@transaction.atomic
def add_resource(scenario: Scenario, values: ResourceValues, *, actor: Person, at: datetime) -> Resource:
    sheet = _open(scenario, actor, at)
    values = _checked_resource(values, sheet, at)
    _check_room(sheet, 1)
    made = Resource.objects.create(
        **asdict(values), sheet=sheet, position=_last_position(sheet) + 1, added_by=actor, added_at=at
    )
    _keep(sheet, at)
    record("add_resource", sheet.scenario, actor=actor, at=at, data=said(made))
    return made


@transaction.atomic
def change_resource(
    resource: Resource, values: ResourceValues, *, seal: str = "", actor: Person, at: datetime
) -> Resource:
    """Correct a resource. `seal` is the one of the page (`seal_of`): `StaleResource` when somebody changed it since."""
    stored = _writable(resource, actor, at)
    if seal and seal != seal_of(stored):
        raise StaleResource(stored)
    before = said(stored)
    for name, value in asdict(_checked_resource(values, stored.sheet, at)).items():
        setattr(stored, name, value)
    if said(stored) == before:
        return stored
    stored.save()
    _keep(stored.sheet, at)
    record("change_resource", stored.sheet.scenario, actor=actor, at=at, data={"before": before, "after": said(stored)})
    return stored


@transaction.atomic
def move_resource(resource: Resource, *, up: bool, actor: Person, at: datetime) -> Resource:
    """Move a resource before the one above it, or after the one below: what is signed stays so."""
    stored = _writable(resource, actor, at)
    ordered = list(stored.sheet.resources.order_by("position", "pk"))
    here = next(n for n, each in enumerate(ordered) if each.pk == stored.pk)
    there = here + (-1 if up else 1)
    if 0 <= there < len(ordered):
        ordered[here], ordered[there] = ordered[there], ordered[here]
        for position, each in enumerate(ordered, 1):
            each.position = position
        Resource.objects.bulk_update(ordered, ["position"])
        record("move_resource", stored.sheet.scenario, actor=actor, at=at, data={"resource": stored.pk, "up": up})
    return stored


@transaction.atomic
def remove_resource(resource: Resource, *, actor: Person, at: datetime) -> None:
    """Take a resource off the sheet; the journal keeps what it said."""
    stored = _writable(resource, actor, at)
    gone = said(stored)
    stored.delete()
    _keep(stored.sheet, at)
    record("remove_resource", stored.sheet.scenario, actor=actor, at=at, data=gone)


@transaction.atomic
def declare(scenario: Scenario, *, shown: str = "", actor: Person, at: datetime) -> RightsSheet:
    """Sign what the sheet says of the validated version. `shown` is the digest of what the page showed."""
    scenario = _locked(scenario)
    sheet_policies.may_declare(actor, scenario, at).require()
    sheet = sheet_queries.sheet(scenario)
    assert sheet is not None  # noqa: S101 - the policy has just seen it
    missing = lacks(sheet, localtime(at).date())
    if missing:
        raise Invalid({"": [lack.sentence for lack in missing]})
    digest = signed_digest(sheet)
    if shown and shown != digest:
        raise Invalid({"": ["La fiche a changé depuis que vous avez ouvert cette page : relisez-la, puis signez."]})
    sheet.declared, sheet.declared_by, sheet.declared_at = digest, actor, at
    sheet.save(update_fields=["declared", "declared_by", "declared_at"])
    record("declare", scenario, actor=actor, at=at, data={"digest": digest, "version": scenario.version})
    sheet_telling.tell_signed(sheet, actor, at)
    return sheet


def _locked(scenario: Scenario) -> Scenario:
    Scenario.objects.select_for_update().get(pk=scenario.pk)
    return find_scenario(scenario.pk)


def _open(scenario: Scenario, actor: Person, at: datetime) -> RightsSheet:
    """The sheet, begun when it was not."""
    scenario = _locked(scenario)
    sheet_policies.may_write(actor, scenario, at).require()
    found = sheet_queries.sheet(scenario)
    if found is None:
        RightsSheet.objects.create(scenario=scenario, revision=0, changed_at=at)
        found = sheet_queries.sheet(scenario)
    assert found is not None  # noqa: S101 - it was just written
    return found


def _writable(resource: Resource, actor: Person, at: datetime) -> Resource:
    _locked(resource.sheet.scenario)
    stored = sheet_queries.resource(resource.sheet.scenario_id, resource.pk)
    sheet_policies.may_write_resource(actor, stored, at).require()
    return stored


def _keep(sheet: RightsSheet, at: datetime) -> None:
    sheet.revision += 1
    sheet.changed_at = at
    sheet.save()


def _last_position(sheet: RightsSheet) -> int:
    return sheet.resources.aggregate(last=Max("position"))["last"] or 0


def _check_room(sheet: RightsSheet, more: int) -> None:
    if sheet.resources.count() + more > MOST_RESOURCES:
        raise Invalid({"": [f"Une fiche compte {MOST_RESOURCES} ressources au plus : retirez-en, ou groupez-les."]})


def _drawn(proposal: Proposal) -> dict[str, object]:
    return {
        "piece": proposal.piece,
        "kind": proposal.kind,
        "name": proposal.name,
        "address": proposal.address,
        "holder": proposal.holder,
        "licence": proposal.licence,
        "terms_read_on": proposal.terms_read_on,
        "framework": proposal.framework,
        "data_place": proposal.place,
    }


def _checked_sheet(values: SheetValues, sheet: RightsSheet, at: datetime) -> SheetValues:
    errors: Errors = {}
    if values.pupils and values.pupils not in RightsSheet.Pupils.values:
        errors["pupils"] = ["Choisissez une réponse dans la liste."]
    if values.way not in Way.values:
        errors["way"] = ["Choisissez où le scénario sera lu."]
    if len(values.authorisations) > LONGEST_AUTHORISATIONS:
        errors["authorisations"] = [_too_long(values.authorisations, LONGEST_AUTHORISATIONS)]
    elsewhere = values.way == Way.ELSEWHERE
    address = _address(values.address, "address", errors) if elsewhere else ""
    dated = values.dated if elsewhere else None
    if address:
        wrong = wrong_address(address)
        if not wrong and sheet_queries.taken_by_another(address, sheet.scenario):
            wrong = "Un autre scénario donne déjà cette adresse : chaque scénario a la sienne."
        if wrong:
            errors["address"] = [wrong]
    wrong = wrong_day(dated, campaign_of(sheet), localtime(at).date()) if dated else ""
    if wrong:
        errors["dated"] = [wrong]
    if errors:
        raise Invalid(errors)
    return SheetValues(values.pupils, values.authorisations.strip(), values.way, address, dated)


def _checked_resource(values: ResourceValues, sheet: RightsSheet, at: datetime) -> ResourceValues:
    errors = _text_errors(values) | _code_errors(values)
    address = _address(values.address, "address", errors)
    terms = _address(values.terms_address, "terms_address", errors)
    if values.terms_read_on:
        wrong = wrong_reading(values.terms_read_on, campaign_of(sheet), localtime(at).date())
        if wrong:
            errors["terms_read_on"] = [wrong]
    if errors:
        raise Invalid(errors)
    clean = {name: getattr(values, name).strip() for name in ("name", "holder", "authorisation")}
    return replace(values, **clean, address=address, terms_address=terms)


def _text_errors(values: ResourceValues) -> Errors:
    errors: Errors = {}
    if not values.name.strip():
        errors["name"] = ["Nommez la ressource ou le service : c'est ce nom que lira l'inspecteur."]
    for name, longest in LONGEST.items():
        text = getattr(values, name).strip()
        if len(text) > longest:
            errors[name] = [_too_long(text, longest)]
    return errors


def _code_errors(values: ResourceValues) -> Errors:
    lists = {
        "kind": set(Resource.Kind.values),
        "licence": {"", *licences.known()},
        "account": {"", *Resource.Account.values},
        "data_place": {"", *Resource.Place.values},
        "framework": {"", *Resource.Framework.values},
    }
    return {
        name: ["Choisissez une réponse dans la liste."]
        for name, codes in lists.items()
        if getattr(values, name) not in codes
    }


def _address(typed: str, field: str, errors: Errors) -> str:
    if not typed.strip():
        return ""
    try:
        address = normal(typed)
    except BadAddress as bad:
        errors[field] = [str(bad)]
        return ""
    if len(address) > 500:
        errors[field] = ["Cette adresse est trop longue : 500 caractères au plus."]
    return address


def _too_long(text: str, longest: int) -> str:
    return f"Ce texte compte {len(text)} caractères : {longest} au plus."
