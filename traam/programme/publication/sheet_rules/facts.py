"""What the sheet says about one question of the checklist, so that the inspector has it under her eyes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from traam.engines.pageaudit.known import find
from traam.engines.pageaudit.networks import network
from traam.engines.sharing import IMAGES, kind_of_name
from traam.programme.productions import rules
from traam.programme.publication import licences
from traam.programme.publication.models import Resource, RightsSheet
from traam.programme.publication.sheet_rules.drawing import addresses

Account, Place, Framework = Resource.Account, Resource.Place, Resource.Framework
PUPILS = {Account.PUPIL, Account.BOTH}
INSIDE = {Framework.GAR, Framework.APPS, Framework.ENT}


@dataclass(frozen=True)
class Fact:
    """`alert`: a "yes" to the question needs a reason in spite of it. `lacks`: the sheet says it lacks, too.

    `address` is the one to open, "" when there is none.
    """

    sentence: str
    alert: bool = False
    lacks: bool = False
    resource: Resource | None = None
    address: str = ""


def facts(item: str, sheet: RightsSheet) -> list[Fact]:
    """What the sheet says about a line of the checklist, what alerts first; nothing for one unknown here. No query."""
    found = list(_ABOUT[item](sheet)) if item in _ABOUT else []
    return sorted(found, key=lambda fact: not fact.alert)


def _open(sheet: RightsSheet) -> Iterator[Fact]:
    asking = [one for one in sheet.resources.all() if one.account not in {"", Account.NONE}]
    for one in asking:
        said = f"« {one.name} » demande un compte : {_small(one.get_account_display())}."
        yield Fact(said, resource=one, address=one.address)
    for one in sheet.resources.all():
        if one.address and one not in asking:
            yield Fact(f"« {one.name} » :", resource=one, address=one.address)


def _terms(sheet: RightsSheet) -> Iterator[Fact]:
    for one in _services(sheet):
        if one.terms_read_on and one.terms_address:
            said = f"« {one.name} » : conditions lues le {one.terms_read_on:%d/%m/%Y}."
            yield Fact(said, resource=one, address=one.terms_address)
        else:
            yield Fact(f"« {one.name} » : la date ou l'adresse des conditions manque.", True, True, resource=one)


def _accounts(sheet: RightsSheet) -> Iterator[Fact]:
    for one in sheet.resources.all():
        if one.account in PUPILS:
            outside = one.framework not in INSIDE
            where = _small(one.get_framework_display()) if one.framework else "cadre non dit"
            yield Fact(
                f"« {one.name} » demande un compte de chaque élève, "
                + (f"hors du GAR, d'apps.education.fr et de l'ENT ({where})." if outside else f"{where}."),
                alert=outside,
                resource=one,
            )
        elif one.framework not in INSIDE and (known := find("accounts", one.address)):
            said = f"« {one.name} » : {known.name} demande souvent un compte aux élèves, la fiche dit le contraire."
            yield Fact(said, alert=True, resource=one, address=one.address)
        elif one.account == Account.TEACHER:
            yield Fact(f"« {one.name} » demande un compte de l'enseignant seul.", resource=one)


def _data(sheet: RightsSheet) -> Iterator[Fact]:
    for one in sheet.resources.all():
        if one.data_place:
            yield Fact(
                f"« {one.name} » : {_small(one.get_data_place_display())}.",
                alert=one.data_place in {Place.OUTSIDE, Place.UNKNOWN},
                resource=one,
            )


def _social(sheet: RightsSheet) -> Iterator[Fact]:
    scenario = sheet.scenario
    texts = [scenario.summary, *scenario.tools, *(text for _, text in rules.read(scenario.sections, scenario.phases))]
    texts += [one.address for one in sheet.resources.all()] + [piece.address for piece in scenario.pieces.all()]
    for address in dict.fromkeys(address for text in texts for address in addresses(text)):
        name, _ = network(address)
        if name:
            yield Fact(f"Une adresse de réseau social est citée ({name}) :", alert=True, address=address)


def _licence(sheet: RightsSheet) -> Iterator[Fact]:
    for one in sheet.resources.all():
        why = contradiction(one, sheet)
        if why:
            yield Fact(why, alert=True, resource=one)
    if sheet.scenario.licence:
        yield Fact(f"Licence du scénario : {sheet.scenario.licence_label}.")


def contradiction(resource: Resource, sheet: RightsSheet) -> str:
    """Why the licence of the resource and that of the scenario do not go together, "" when they do."""
    if resource.kind == Resource.Kind.SERVICE or resource.authorisation.strip():
        return ""
    why = licences.contradiction(resource.licence, sheet.scenario.licence)
    return f"« {resource.name} », sous licence {resource.licence} : elle {why}." if why else ""


def _media(sheet: RightsSheet) -> Iterator[Fact]:
    for one in sheet.resources.all():
        if one.kind != Resource.Kind.MEDIUM:
            continue
        right = licences.label(one.licence) if one.licence else ""
        if one.authorisation.strip():
            right = "; ".join(filter(None, [right, f"autorisation : {one.authorisation.strip()}"]))
        yield Fact(
            f"« {one.name} » : {right or 'ni licence ni autorisation'}{f', {one.holder}' if one.holder else ''}.",
            alert=not right,
            lacks=not right,
            resource=one,
        )


def _pupils(sheet: RightsSheet) -> Iterator[Fact]:
    if not sheet.pupils:
        yield Fact("La fiche ne le dit pas.", alert=True, lacks=True)
        return
    yield Fact(f"{sheet.get_pupils_display()}.")
    if sheet.pupils == RightsSheet.Pupils.AUTHORISED:
        yield Fact(f"Autorisations : {sheet.authorisations.strip()}")


def _access(sheet: RightsSheet) -> Iterator[Fact]:
    for piece in sheet.scenario.pieces.all():
        kind = kind_of_name(piece.filename)
        if piece.withdrawn_at is not None or kind is None:
            continue
        if kind.extension in IMAGES:
            told = "dite décorative" if piece.decorative else f"« {piece.alternative} »"
            yield Fact(f"Image « {piece.title} », alternative : {told}.")
        else:
            yield Fact(f"Document « {piece.title} » : {kind.label}.")


def _indexing(sheet: RightsSheet) -> Iterator[Fact]:
    scenario = sheet.scenario
    yield Fact(f"Résumé de {len(scenario.summary)} caractères.")
    yield Fact(f"Disciplines : {', '.join(scenario.discipline_labels) or 'aucune'}.", alert=not scenario.disciplines)
    yield Fact(f"Niveaux : {', '.join(scenario.level_labels) or 'aucun'}.", alert=not scenario.levels)


def _small(text: str) -> str:
    """In a sentence: "Hors de l'Union européenne" keeps its other capitals."""
    return text[0].lower() + text[1:]


def _services(sheet: RightsSheet) -> list[Resource]:
    return [one for one in sheet.resources.all() if one.kind == Resource.Kind.SERVICE]


_ABOUT: dict[str, Callable[[RightsSheet], Iterator[Fact]]] = {
    "open": _open,
    "terms": _terms,
    "accounts": _accounts,
    "data": _data,
    "social": _social,
    "licence": _licence,
    "media": _media,
    "pupils": _pupils,
    "access": _access,
    "indexing": _indexing,
}
