"""The words and colours of the states, as the steering pages show them."""

from datetime import date

from traam.engines.rulebook import Finding
from traam.programme.campaigns.states import CAMPAIGN, THEME
from traam.programme.groups.states import GROUP
from traam.programme.selection.queries import Stand
from traam.programme.selection.states import DECISION

Badge = tuple[str, str]

CAMPAIGN_KINDS = {"draft": "new", "open": "success", "closed": "info", "archived": ""}
THEME_KINDS = {"draft": "new", "open": "success", "closed": ""}
DECISION_KINDS = {"pending": "new", "retained": "success", "waiting": "info", "refused": ""}
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
