"""The limits of the edition on a theme and on a campaign, counted over the decisions; what a dossier says of itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from traam import reference
from traam.engines.rulebook import Finding
from traam.engines.sheets import fold
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.selection.models import Decision, Pairing


def retained_academies(theme: Theme) -> set[str]:
    retained = Decision.objects.filter(application__theme=theme, state="retained")
    return set(retained.values_list("application__academy", flat=True))


def retained_teams(campaign: Campaign) -> int:
    return Decision.objects.filter(application__theme__campaign=campaign, state="retained").count()


def theme_facts(theme: Theme, academies: int) -> dict[str, object]:
    roles = [steward.role for steward in theme.stewards.all()]
    associates = _associates(theme)
    return {
        "academies": academies,
        "continuing_academies": _continuing_academies(theme),
        "year": theme.year,
        "experts": roles.count(Steward.Role.EXPERT),
        "general_inspectors": roles.count(Steward.Role.GENERAL_INSPECTOR),
        "associates_per_academy_min": min(associates) if associates else None,
        "associates_per_academy_max": max(associates) if associates else None,
    }


def _continuing_academies(theme: Theme) -> int | None:
    """How many of the retained academies were so the year before; None when no theme of last year goes on."""
    if theme.year == 1 or theme.continues_id is None:
        return None
    before = Decision.objects.filter(application__theme=theme.continues_id, state="retained")
    return len(retained_academies(theme) & set(before.values_list("application__academy", flat=True)))


def _associates(theme: Theme) -> list[int]:
    """With how many others each academy works; nothing until the pairing is decided."""
    pairing = Pairing.objects.filter(theme=theme).first()
    if pairing is None:
        return []
    partners: dict[str, set[str]] = {academy: set() for academy in retained_academies(theme)}
    for together in pairing.pairs:
        for academy in together:
            partners.setdefault(academy, set()).update(set(together) - {academy})
    return [len(others) for others in partners.values()]


def theme_findings(theme: Theme) -> tuple[Finding, ...]:
    return theme.campaign.edition.judge("theme", theme_facts(theme, len(retained_academies(theme))))


def campaign_findings(campaign: Campaign, teams: int) -> tuple[Finding, ...]:
    facts = {
        "teams": teams,
        "themes": campaign.themes.count(),
        "duration_years": campaign.edition.edition.duration_years,
    }
    return campaign.edition.judge("campaign", facts)


AT_STAKE = frozenset({"academies", "teams"})


def limits(theme: Theme, academies: int) -> list[Finding]:
    """What the edition says of the number of academies retained for a theme, put to this number. Asks no database."""
    unknown = dict.fromkeys(OTHER_FACTS)
    findings = theme.campaign.edition.judge("theme", {**unknown, "year": theme.year, "academies": academies})
    return [finding for finding in findings if finding.fact in AT_STAKE]


OTHER_FACTS = (
    "continuing_academies",
    "experts",
    "general_inspectors",
    "associates_per_academy_min",
    "associates_per_academy_max",
)


def campaign_limits(campaign: Campaign, teams: int, themes: int = 0) -> list[Finding]:
    """What the edition says of the number of teams retained in a campaign, put to this number."""
    facts = {"teams": teams, "themes": themes, "duration_years": campaign.edition.edition.duration_years}
    return [finding for finding in campaign.edition.judge("campaign", facts) if finding.fact in AT_STAKE]


def passed(findings: list[Finding]) -> list[Finding]:
    """The limits that may not be passed, and are."""
    return [finding for finding in findings if finding.severity == "blocking" and _passed(finding)]


def _passed(finding: Finding) -> bool:
    """Whether the rule is broken because there are too many, not because there are too few."""
    most = finding.expected[-1] if isinstance(finding.expected, (list, tuple)) else finding.expected
    return not finding.met and isinstance(finding.actual, int) and isinstance(most, int) and finding.actual > most


@dataclass(frozen=True)
class Telltale:
    """Words of a dossier that say whose it is. `where`: "titles" or "description"; `what`: what they are, in French."""

    where: str
    words: str
    what: str

    @property
    def sentence(self) -> str:
        place = "Un intitulé" if self.where == "titles" else "La description"
        return f"{place} écrit « {self.words} » ({self.what}) : un lecteur saurait de qui vient le dossier."


SCHOOL_NUMBER = re.compile(r"(?<!\w)\d{7}[A-Za-z](?!\w)")
SCHOOL_NAMED = re.compile(
    r"\b(?:[Cc]ollège|[Ll]ycée|[Éé]cole)(?: (?:professionnel|polyvalent|général|maternelle|élémentaire|primaire))?"
    r" (?:(?:d'|de la |de |du |des |Le |La |Les )?[A-ZÀ-Ý][\w'’-]+(?: [A-ZÀ-Ý][\w'’-]+)*)"
)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def names_itself(application: Application) -> list[Telltale]:
    """What, in the titles and the description, would tell a blind reader whose the dossier is.

    Looks for its academy, its region, its people, its school number, an address, a school called by its name.
    Forgives case and accents. What is not written there (a town nobody declared) cannot be found: a warning, no proof.
    """
    found: dict[tuple[str, str], Telltale] = {}
    for where, text in (("titles", " ; ".join(application.titles)), ("description", application.description)):
        for words, what in _telltales(application, text):
            found.setdefault((where, fold(words)), Telltale(where, words, what))
    return list(found.values())


def _telltales(application: Application, text: str) -> Iterator[tuple[str, str]]:
    folded = f" {fold(text)} "
    academy = reference.academies()[application.academy]
    known = [(academy.name, "le nom de l'académie"), (academy.region, "le nom de la région")]
    known += [(name, "le nom d'une personne") for name in _names(application.referent_name, application.inspector_name)]
    known += [(application.referent_school, "le numéro de l'établissement")]
    for words, what in known:
        if fold(words) and f" {fold(words)} " in folded:
            yield words, what
    for pattern, what in (
        (SCHOOL_NUMBER, "un numéro d'établissement"),
        (ADDRESS, "une adresse électronique"),
        (SCHOOL_NAMED, "le nom d'un établissement"),
    ):
        for match in pattern.finditer(text):
            yield match[0], what


def _names(*people: str) -> Iterator[str]:
    """The whole name of each, and its last word when it is long enough to be nobody else's."""
    for person in people:
        words = person.split()
        if len(words) > 1:
            yield person
            yield from (word for word in words[1:] if len(word) > 3)
