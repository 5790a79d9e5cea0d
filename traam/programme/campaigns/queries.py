from datetime import datetime

from django.db.models import Prefetch, QuerySet

from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Amendment, Campaign, ResearchLink, Steward, Theme
from traam.programme.people.models import Person
from traam.programme.people.policies import roles


def campaigns() -> list[Campaign]:
    return list(Campaign.objects.order_by("-first_year", "-pk"))


def latest() -> Campaign | None:
    """The last campaign whose call was opened: the one to begin the next from."""
    return Campaign.objects.exclude(state="draft").order_by("-first_year", "-pk").first()


def campaign(pk: int) -> Campaign:
    try:
        return Campaign.objects.get(pk=pk)
    except Campaign.DoesNotExist:
        raise Missing("Cette campagne n'existe pas.") from None


def current() -> list[Campaign]:
    """The campaigns whose call is open or being judged, latest first."""
    return list(Campaign.objects.filter(state__in=["open", "closed"]).order_by("-first_year", "-pk"))


def open_calls() -> list[Campaign]:
    return list(Campaign.objects.filter(state="open").order_by("-first_year", "-pk"))


def amendments(campaign: Campaign) -> list[Amendment]:
    """The amendments of a campaign with who signed them, latest first."""
    return list(campaign.amendments.select_related("signed_by").order_by("-signed_at", "-pk"))


def carriable_into(campaign: Campaign) -> list[Theme]:
    """The themes proposed for their first year one year before this campaign: it may carry them on."""
    before = Theme.objects.filter(campaign__first_year=campaign.first_year - 1, year=1).exclude(state="draft")
    return list(before.exclude(campaign=campaign).select_related("campaign").order_by("campaign_id", "pk"))


def carried_on(campaign: Campaign) -> set[int]:
    """The numbers of its themes whose second year was already begun."""
    return set(Theme.objects.filter(continues__campaign=campaign).values_list("continues_id", flat=True))


def _themes() -> QuerySet[Theme]:
    stewards = Prefetch("stewards", Steward.objects.select_related("person").order_by("role", "pk"))
    return Theme.objects.select_related("campaign", "continues").prefetch_related(stewards)


def themes(campaign: Campaign) -> list[Theme]:
    """The themes of a campaign with their stewards, in the order they were written."""
    return list(_themes().filter(campaign=campaign).order_by("pk"))


def theme(pk: int) -> Theme:
    try:
        return _themes().get(pk=pk)
    except Theme.DoesNotExist:
        raise Missing("Ce thème n'existe pas.") from None


def theme_of(campaign_pk: int, pk: int) -> Theme:
    found = theme(pk)
    if found.campaign_id != campaign_pk:
        raise Missing("Ce thème n'est pas de cette campagne.")
    return found


def leading(person: Person, at: datetime) -> QuerySet[Steward]:
    """The themes a person leads, as long as her appointment lasts (`policies.standing` says the same of one theme)."""
    return Steward.objects.filter(person=person, role__in=roles(person, at))


def research(theme: Theme) -> list[ResearchLink]:
    return list(theme.research.order_by("name"))


def research_link(theme_pk: int, pk: int) -> ResearchLink:
    rows = ResearchLink.objects.select_related("theme__campaign").prefetch_related("theme__stewards")
    try:
        return rows.get(pk=pk, theme_id=theme_pk)
    except ResearchLink.DoesNotExist:
        raise Missing("Ce groupe de recherche n'est pas relié à ce thème.") from None
