from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from traam import reference
from traam.engines.workflow import Missing
from traam.programme.calls.models import Application, Upload
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.queries import campaign as find_campaign
from traam.programme.campaigns.queries import themes as all_themes
from traam.programme.people.queries import academy as find_academy


@dataclass(frozen=True)
class AcademyCall:
    """What one academy answers to one campaign: the object of its pages."""

    campaign: Campaign
    academy: reference.Academy


def academy_call(slug: str, campaign: int) -> AcademyCall:
    return AcademyCall(find_campaign(campaign), find_academy(slug))


def _applications() -> QuerySet[Application]:
    return Application.objects.select_related("theme__campaign").prefetch_related("theme__stewards")


def application(pk: int) -> Application:
    try:
        return _applications().get(pk=pk)
    except Application.DoesNotExist:
        raise Missing("Cette candidature n'existe pas.") from None


def published_themes(campaign: Campaign) -> list[Theme]:
    """The themes of the call, those closed since included: what an application may name."""
    return [theme for theme in all_themes(campaign) if theme.state != "draft"]


def open_themes(campaign: Campaign) -> list[Theme]:
    """The themes that still take applications: what a list offers."""
    return [theme for theme in all_themes(campaign) if theme.state == "open"]


def of_academy(campaign: Campaign, academy: str) -> list[Application]:
    """The applications of an academy, withdrawn ones last, by theme then rank."""
    rows = _applications().filter(theme__campaign=campaign, academy=academy)
    return sorted(rows, key=lambda a: (a.state == "withdrawn", a.theme_id, a.rank or 99, a.pk))


def drafts_of(campaign: Campaign, academy: str) -> list[Application]:
    return [a for a in of_academy(campaign, academy) if a.state == "draft"]


def forwarded(theme: Theme) -> list[Application]:
    """What the experts of a theme read."""
    return list(_applications().filter(theme=theme, state="forwarded").order_by("academy", "rank", "pk"))


def counts(campaign: Campaign) -> dict[tuple[str, int], int]:
    """How many applications were forwarded, by (academy, theme)."""
    rows = (
        Application.objects.filter(theme__campaign=campaign, state="forwarded")
        .values_list("academy", "theme_id")
        .annotate(n=Count("pk"))
    )
    return {(academy, theme): n for academy, theme, n in rows}


def counts_by_state(campaigns: Iterable[Campaign], academies: Iterable[str]) -> dict[tuple[int, str], Counter[str]]:
    """How many applications there are in each state, by (key of campaign, academy), in one query."""
    rows = (
        Application.objects.filter(theme__campaign__in=list(campaigns), academy__in=list(academies))
        .values_list("theme__campaign_id", "academy", "state")
        .annotate(n=Count("pk"))
    )
    counted: dict[tuple[int, str], Counter[str]] = {}
    for campaign, academy, state, n in rows:
        counted.setdefault((campaign, academy), Counter())[state] = n
    return counted


def upload(pk: int) -> Upload:
    try:
        return Upload.objects.select_related("campaign", "sent_by").get(pk=pk)
    except Upload.DoesNotExist:
        raise Missing(
            "Ce dépôt n'existe plus : il a été écrit, remplacé par un autre, ou il date de plus d'une semaine."
        ) from None


def lock(campaign: Campaign, academy: str) -> None:
    """Hold the applications of an academy until the end of the transaction."""
    rows = Application.objects.filter(theme__campaign=campaign, academy=academy)
    list(rows.select_for_update(of=("self",)).order_by("pk"))
