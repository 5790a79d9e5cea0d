"""What lacks in a rights sheet before it can be signed: each says where, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings

from traam.engines.pageaudit.networks import network
from traam.programme.campaigns.models import Campaign
from traam.programme.publication import licences
from traam.programme.publication.models import Resource, RightsSheet, Way
from traam.programme.publication.sheet_queries import taken_by_another
from traam.programme.publication.sheet_rules.drawing import proposals

OLDEST = 2  # school years before the campaign: terms read earlier are to be read again


@dataclass(frozen=True)
class Lack:
    """`resource` is None when it is about the sheet itself; `field` is the one to fill, "" for the whole."""

    sentence: str
    field: str = ""
    resource: Resource | None = None


def lacks(sheet: RightsSheet, today: date) -> list[Lack]:
    """Everything that lacks, the sheet first, then each resource in its order. One query at most."""
    found = [*_of_the_sheet(sheet, today), *_not_listed(sheet)]
    for resource in sheet.resources.all():
        found += _of_a_resource(resource, sheet, today)
    return found


def campaign_of(sheet: RightsSheet) -> Campaign:
    return sheet.scenario.group.application.theme.campaign


def earliest_terms(campaign: Campaign) -> date:
    return date(campaign.first_year - OLDEST, 9, 1)


def began(campaign: Campaign) -> date:
    """The first day a scenario of this campaign may have been put on line."""
    return campaign.on("launch") or date(campaign.first_year, 9, 1)


def _of_the_sheet(sheet: RightsSheet, today: date) -> Iterator[Lack]:
    if not sheet.pupils:
        yield Lack("Dites si des élèves sont nommés, montrés ou entendus dans le scénario et ses pièces.", "pupils")
    if sheet.pupils == RightsSheet.Pupils.AUTHORISED and not sheet.authorisations.strip():
        yield Lack("Dites où sont gardées les autorisations écrites des responsables, et par qui.", "authorisations")
    if sheet.way != Way.ELSEWHERE:
        return
    wrong = wrong_address(sheet.address) if sheet.address else "Donnez l'adresse de la page sur le site de l'académie."
    if wrong:
        yield Lack(wrong, "address")
    elif taken_by_another(sheet.address, sheet.scenario):
        yield Lack("Un autre scénario donne déjà cette adresse : chaque scénario a la sienne.", "address")
    wrong = wrong_day(sheet.dated, campaign_of(sheet), today) if sheet.dated else "Donnez le jour de la mise en ligne."
    if wrong:
        yield Lack(wrong, "dated")


def wrong_address(address: str) -> str:
    """Why a page may not be published at this address, "" when it may."""
    if not address.startswith("https://"):
        return "L'adresse de la page commence par https:// : une page publique est servie ainsi."
    if network(address)[0]:
        return "Un réseau social n'est pas un lieu de publication : donnez une page du site de l'académie."
    if urlsplit(address).hostname == urlsplit(settings.SITE_ADDRESS).hostname:
        return "Cette adresse est celle de la plateforme : choisissez plutôt « Sur la plateforme »."
    return ""


def wrong_day(day: date, campaign: Campaign, today: date) -> str:
    """Why a scenario cannot have been put on line this day, "" when it can."""
    if day > today:
        return "Ce jour n'est pas encore venu : donnez celui de la mise en ligne."
    if day < began(campaign):
        return (
            f"La campagne a commencé le {began(campaign):%d/%m/%Y} : la mise en ligne ne peut pas être plus ancienne."
        )
    return ""


def wrong_reading(day: date, campaign: Campaign, today: date) -> str:
    """Why terms cannot be said to have been read this day, "" when they can."""
    if day > today:
        return "Ce jour n'est pas encore venu : donnez celui où les conditions ont été lues."
    if day < earliest_terms(campaign):
        return "Ces conditions ont été lues bien avant la campagne : relisez-les, et donnez le nouveau jour."
    return ""


def _not_listed(sheet: RightsSheet) -> Iterator[Lack]:
    for proposal in proposals(sheet.scenario, sheet):
        if proposal.needed:
            yield Lack(f"« {proposal.name} » ({proposal.source}) n'est pas sur la fiche : ajoutez cette ressource.")


def _of_a_resource(resource: Resource, sheet: RightsSheet, today: date) -> Iterator[Lack]:
    for field, said in _said(resource, sheet, today):
        yield Lack(f"« {resource.name} » : {said}", field, resource)


def _said(resource: Resource, sheet: RightsSheet, today: date) -> Iterator[tuple[str, str]]:
    campaign, service = campaign_of(sheet), resource.kind == Resource.Kind.SERVICE
    terms = licences.known().get(resource.licence)
    if not service:
        if not resource.licence and not resource.authorisation.strip():
            yield "licence", "dites sa licence, l'autorisation reçue, ou qu'elle n'est que citée par un lien."
        if terms and terms.asks and not resource.authorisation.strip():
            yield "authorisation", "dites qui a donné l'autorisation écrite, quand, et où elle est gardée."
        if terms and terms.code not in {licences.LINK, licences.OWN} and not resource.holder.strip():
            yield "holder", "nommez le titulaire des droits."
    name, certain = network(resource.address)
    if name and certain:
        yield "address", f"un scénario publié ne renvoie pas vers un réseau social ({name}) : retirez cette adresse."
    if resource.terms_read_on:
        wrong = wrong_reading(resource.terms_read_on, campaign, today)
        if wrong:
            yield "terms_read_on", wrong[0].lower() + wrong[1:]
    if service:
        yield from _of_a_service(resource)


def _of_a_service(resource: Resource) -> Iterator[tuple[str, str]]:
    if resource.terms_read_on is None:
        yield "terms_read_on", "lisez ses conditions d'utilisation, et donnez le jour où vous les avez lues."
    if not resource.terms_address:
        yield "terms_address", "donnez l'adresse de ses conditions d'utilisation."
    if not resource.account:
        yield "account", "dites si un compte est demandé, et à qui."
    if not resource.data_place:
        yield "data_place", "dites où vivent les données."
    if not resource.framework:
        yield "framework", "dites s'il est ouvert par le GAR, apps.education.fr, l'ENT, ou autrement."
