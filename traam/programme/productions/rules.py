"""What a scenario must hold before it is submitted, and before it is published."""

import re
from collections.abc import Mapping

from traam.engines.rulebook import Finding
from traam.programme.productions import phases
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries.pieces import pieces_of

# Key, title, whether a scenario cannot be submitted without it, what to write there.
SECTIONS = (
    ("context", "Contexte", True, "La classe, le moment de l'année, l'équipement."),
    (
        "objectives",
        "Objectifs et points du programme",
        True,
        "Ce que les élèves apprennent, et où le programme le dit.",
    ),
    ("steps", "Déroulement", True, "Le fil de la séance. Ses étapes et leurs durées se notent juste après."),
    ("materials", "Matériel et supports", False, "Ce qu'il faut préparer."),
    (
        "added_value",
        "Plus-value du numérique",
        True,
        "Ce que le numérique permet ici, et qu'on ne ferait pas sans lui.",
    ),
    ("differentiation", "Différenciation", False, "Ce qui est prévu pour les élèves aux besoins différents."),
    ("evaluation", "Évaluation", False, "Comment on sait que les élèves ont appris."),
    ("limits", "Réussites, obstacles et limites", False, "Ce qui a marché, ce qui a résisté."),
)
SECTION_TITLES = {key: title for key, title, _, _ in SECTIONS}

SOCIAL = re.compile(
    r"https?://(?:[\w-]+\.)*(?:facebook|instagram|tiktok|x|twitter|snapchat|linkedin|pinterest)\.com\b",
    re.IGNORECASE,
)


def sections_missing(scenario: Scenario) -> list[str]:
    written = phases.joined(scenario.sections, scenario.phases)
    return [title for key, title, asked, _ in SECTIONS if asked and not written.get(key, "").strip()]


def read(sections: Mapping[str, str], steps: phases.Phases) -> list[tuple[str, str]]:
    """Title and Markdown of the sections that are written, in their order, as every page reads them."""
    written = phases.joined(sections, steps)
    return [(title, written[key]) for key, title, _, _ in SECTIONS if written.get(key, "").strip()]


def facts(scenario: Scenario, tests: int) -> dict[str, object]:
    """The facts of a scenario, as the rules know them."""
    written = phases.joined(scenario.sections, scenario.phases)
    addresses = (piece["address"] for piece in pieces_of(scenario))
    text = "\n".join([scenario.summary, *written.values(), *scenario.tools, *addresses])
    return {
        "kind": "scenario",
        "title": scenario.title,
        "summary": scenario.summary,
        "disciplines": scenario.disciplines,
        "levels": scenario.levels,
        "crcn": scenario.competences,
        "licence": scenario.licence,
        "sections_missing": sections_missing(scenario),
        "open_access": True,  # hosted here, on a public page
        "rights_checked": scenario.terms_read and scenario.personal_data_checked,
        "tests": tests,
        "social_links": len(SOCIAL.findall(text)),
    }


def findings(scenario: Scenario, text: Scenario | None = None) -> tuple[Finding, ...]:
    """Every obligation of the scenario, met or not, each with its article (tests are read prefetched).

    `text` is the version to judge (`queries.as_submitted`), when it is not the one being written.
    """
    edition = scenario.group.application.theme.campaign.edition
    return edition.judge("production", facts(text or scenario, len(scenario.tests.all())))


def breaches(scenario: Scenario) -> list[Finding]:
    """What must be mended before the scenario is submitted."""
    return [f for f in findings(scenario) if not f.met and f.severity == "blocking"]
