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
    """The rules that one more retained team would break."""
    theme, campaign = application.theme, application.theme.campaign
    academies = retained_academies(theme) | {application.academy}
    findings = [
        *campaign.edition.judge("theme", theme_facts(theme, len(academies))),
        *campaign_findings(campaign, retained_teams(campaign) + 1),
    ]
    at_stake = {"academies", "teams"}
    return [f for f in findings if not f.met and f.severity == "blocking" and f.fact in at_stake]
