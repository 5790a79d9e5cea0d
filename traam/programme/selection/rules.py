"""The limits of the edition on a theme and on a campaign, counted over the decisions."""

from traam.engines.rulebook import Finding
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.selection.models import Decision


def retained_academies(theme: Theme) -> set[str]:
    retained = Decision.objects.filter(application__theme=theme, state="retained")
    return set(retained.values_list("application__academy", flat=True))


def retained_teams(campaign: Campaign) -> int:
    return Decision.objects.filter(application__theme__campaign=campaign, state="retained").count()


def theme_facts(theme: Theme, academies: int) -> dict[str, object]:
    roles = [steward.role for steward in theme.stewards.all()]
    return {
        "academies": academies,
        "continuing_academies": None,
        "year": 1,
        "experts": roles.count(Steward.Role.EXPERT),
        "general_inspectors": roles.count(Steward.Role.GENERAL_INSPECTOR),
        "associates_per_academy_min": None,
        "associates_per_academy_max": None,
    }


def theme_findings(theme: Theme) -> tuple[Finding, ...]:
    return theme.campaign.edition.judge("theme", theme_facts(theme, len(retained_academies(theme))))


def campaign_findings(campaign: Campaign, teams: int) -> tuple[Finding, ...]:
    facts = {
        "teams": teams,
        "themes": campaign.themes.count(),
        "duration_years": campaign.edition.edition.duration_years,
    }
    return campaign.edition.judge("campaign", facts)


def breaches_if_retained(application: Application) -> list[Finding]:
    """The limits that one more retained team would pass.

    A further team of an academy already retained makes no new academy; and a theme that is still too small is no
    reason to refuse one more.
    """
    theme, campaign = application.theme, application.theme.campaign
    before = retained_academies(theme)
    findings = campaign_limits(campaign, retained_teams(campaign) + 1)
    if application.academy not in before:
        findings += limits(theme, len(before) + 1)
    return passed(findings)


AT_STAKE = frozenset({"academies", "teams"})


def limits(theme: Theme, academies: int) -> list[Finding]:
    """What the edition says of the number of academies retained for a theme, put to this number."""
    findings = theme.campaign.edition.judge("theme", theme_facts(theme, academies))
    return [finding for finding in findings if finding.fact in AT_STAKE]


def campaign_limits(campaign: Campaign, teams: int) -> list[Finding]:
    """What the edition says of the number of teams retained in a campaign, put to this number."""
    return [finding for finding in campaign_findings(campaign, teams) if finding.fact in AT_STAKE]


def passed(findings: list[Finding]) -> list[Finding]:
    """The limits that may not be passed, and are."""
    return [finding for finding in findings if finding.severity == "blocking" and _passed(finding)]


def _passed(finding: Finding) -> bool:
    """Whether the rule is broken because there are too many, not because there are too few."""
    most = finding.expected[-1] if isinstance(finding.expected, (list, tuple)) else finding.expected
    return not finding.met and isinstance(finding.actual, int) and isinstance(most, int) and finding.actual > most
