"""What a bilan académique must hold before it is submitted."""

from traam.engines.rulebook import Finding
from traam.programme.productions.models import Bilan
from traam.programme.productions.rules import SOCIAL

# Key, title, whether the bilan cannot be submitted without it, what to write there.
SECTIONS = (
    ("presentation", "Le projet", True, "En quelques lignes : ce que le groupe a cherché à savoir, et pourquoi."),
    ("work", "La mise en œuvre", True, "Comment le groupe a travaillé, ce qui a changé en route, avec quels outils."),
    ("pupils", "Ce que les élèves y ont gagné", True, "Ce qu'ils ont appris, et à quoi on le voit."),
    ("teachers", "Ce que les enseignants y ont gagné", True, "Gestes, outils, collaborations qui resteront."),
    ("difficulties", "Difficultés et obstacles", True, "Ce qui a résisté, et ce qu'il faudrait pour le lever."),
    ("partners", "Partenaires", False, "Avec qui le groupe a travaillé : services, associations, chercheurs…"),
    ("outlook", "Perspectives", True, "À quelles conditions ces pratiques peuvent s'étendre à d'autres classes."),
)
TITLES = {key: title for key, title, _, _ in SECTIONS}


def missing(bilan: Bilan) -> list[str]:
    return [title for key, title, asked, _ in SECTIONS if asked and not bilan.sections.get(key, "").strip()]


def findings(bilan: Bilan, tests: int) -> tuple[Finding, ...]:
    """Every obligation of the bilan, met or not, each with its article."""
    theme = bilan.group.application.theme
    facts = {
        "kind": "bilan",
        "title": str(bilan),
        "summary": bilan.sections.get("presentation", ""),
        "disciplines": theme.disciplines,
        "levels": [],
        "crcn": [],
        "licence": bilan.licence,
        "sections_missing": missing(bilan),
        "open_access": True,  # a public page, once published
        "rights_checked": bilan.nobody_named,
        "tests": tests,
        "social_links": len(SOCIAL.findall("\n".join(bilan.sections.values()))),
    }
    return theme.campaign.edition.judge("production", facts)


def breaches(bilan: Bilan) -> list[Finding]:
    """What must be mended before the bilan is submitted."""
    return [finding for finding in findings(bilan, 0) if not finding.met and finding.severity == "blocking"]
