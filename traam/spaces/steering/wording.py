"""The words and colours of the states, as the steering pages show them."""

from dataclasses import dataclass
from datetime import date

from traam.design.typography import date_fr, number_fr
from traam.engines.rulebook import Finding
from traam.programme.campaigns import rules
from traam.programme.campaigns.models import Amendment, Campaign
from traam.programme.campaigns.states import CAMPAIGN, THEME
from traam.programme.groups.states import GROUP
from traam.programme.selection.queries import Stand
from traam.programme.selection.states import DECISION

Badge = tuple[str, str]

CAMPAIGN_KINDS = {"draft": "new", "open": "success", "closed": "info", "archived": ""}
THEME_KINDS = {"draft": "new", "open": "success", "closed": ""}
DECISION_KINDS = {"pending": "new", "retained": "success", "waiting": "info", "refused": "", "dropped": ""}
GROUP_KINDS = {"forming": "new", "working": "success", "ended": ""}

# What comes next, and the page where it is done.
NEXT_STEPS = {
    "themes": ("Ajouter les thèmes de la campagne.", "steering:new_theme", "Ajouter un thème"),
    "open": ("Relire les thèmes et le calendrier, puis ouvrir l'appel.", "steering:campaign", "Préparer l'ouverture"),
    "follow": ("Suivre les remontées des académies.", "steering:followup", "Suivre les remontées"),
    "close": ("La date limite est passée : clore l'appel.", "steering:campaign", "Clore l'appel"),
    "decide": ("Décider de chaque candidature remontée.", "steering:selection", "Décider des candidatures"),
    "announce": ("Tout est décidé : annoncer les résultats.", "steering:announce", "Annoncer les résultats"),
    "work": ("Suivre le travail des groupes.", "steering:groups", "Suivre les groupes"),
    "archive": ("Les travaux sont finis : archiver la campagne.", "steering:campaign", "Archiver la campagne"),
    "over": ("Rien : la campagne est archivée.", "", ""),
}


def campaign_badge(stand: Stand) -> Badge:
    if stand.announced and stand.campaign.state == "closed":
        return "résultats annoncés", "success"
    return CAMPAIGN.states[stand.campaign.state], CAMPAIGN_KINDS[stand.campaign.state]


def theme_badge(state: str) -> Badge:
    return THEME.states[state], THEME_KINDS[state]


def decision_badge(state: str) -> Badge:
    return DECISION.states[state], DECISION_KINDS[state]


def group_badge(state: str) -> Badge:
    return GROUP.states[state], GROUP_KINDS[state]


def next_step(stand: Stand, today: date) -> tuple[str, str, str]:
    """Sentence, name of the page, label of its button ("" when there is nothing to do)."""
    return NEXT_STEPS[stand.step(today)]


def most(finding: Finding) -> int:
    """The greatest number a limit allows."""
    expected = finding.expected[-1] if isinstance(finding.expected, list | tuple) else finding.expected
    return expected if isinstance(expected, int) else 0


def value(kind: str, stored: str) -> str:
    """A value of an amendment in words: a date, a number, "oui" or "non"; "aucune date" when there was none."""
    if kind == Amendment.Kind.LIMIT:
        return number_fr(int(stored))
    if kind != Amendment.Kind.DATE:
        return stored
    return date_fr(date.fromisoformat(stored)) if stored else "aucune date"


@dataclass(frozen=True)
class Amended:
    """An amendment in words."""

    label: str
    before: str
    after: str
    article: str


def amended(campaign: Campaign, row: Amendment) -> Amended:
    clause = rules.clause(campaign, row.kind, row.name)
    return Amended(clause.label, value(row.kind, row.before), value(row.kind, row.after), clause.article)
