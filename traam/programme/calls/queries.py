from django.db.models import Count, Q, QuerySet

from traam.engines.workflow import Missing
from traam.programme.calls.models import Application, Upload
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.queries import themes as all_themes


def _applications() -> QuerySet[Application]:
    return Application.objects.select_related("theme__campaign").prefetch_related("theme__stewards")


def application(pk: int) -> Application:
    try:
        return _applications().get(pk=pk)
    except Application.DoesNotExist:
        raise Missing("Cette candidature n'existe pas.") from None


def open_themes(campaign: Campaign) -> list[Theme]:
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


def counts_by_state(campaign: Campaign, academy: str) -> dict[str, int]:
    counted = Application.objects.filter(theme__campaign=campaign, academy=academy).aggregate(
        draft=Count("pk", filter=Q(state="draft")),
        forwarded=Count("pk", filter=Q(state="forwarded")),
        withdrawn=Count("pk", filter=Q(state="withdrawn")),
    )
    return dict(counted)


def tally(campaigns: list[Campaign], academies: list[str]) -> dict[tuple[int, str], dict[str, int]]:
    """How many applications are in each state, by (campaign, academy); pairs with none are absent."""
    rows = (
        Application.objects.filter(theme__campaign__in=[c.pk for c in campaigns], academy__in=academies)
        .values_list("theme__campaign_id", "academy", "state")
        .annotate(n=Count("pk"))
    )
    counted: dict[tuple[int, str], dict[str, int]] = {}
    for campaign, academy, state, n in rows:
        counted.setdefault((campaign, academy), {})[state] = n
    return counted


def upload(pk: int) -> Upload:
    try:
        return Upload.objects.select_related("campaign", "sent_by").get(pk=pk)
    except Upload.DoesNotExist:
        raise Missing("Ce dépôt n'existe plus : il a été écrit, ou il date de plus d'une semaine.") from None
