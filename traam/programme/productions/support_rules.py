"""What a communication support must hold before it is submitted, and the parts it is read in."""

from collections.abc import Mapping
from typing import Any

from traam.engines.rulebook import Finding
from traam.engines.sharing import IMAGES, kind_of_name
from traam.programme.productions.models import Support
from traam.programme.productions.parts import Part, texts
from traam.programme.productions.rules import SOCIAL

VISUAL = frozenset({"infographic", "mind_map"})
ACCEPTED: Mapping[str, frozenset[str]] = {
    "infographic": IMAGES | {"pdf"},
    "mind_map": IMAGES | {"pdf"},
    "video": frozenset(),
    "other": IMAGES | {"pdf", "odt", "odp", "docx", "pptx", "mp3"},
}
"""The files each kind of support may be, by extension. A video is put on line elsewhere: only its address is kept."""

_TITLES = {
    "title": "Titre",
    "summary": "Résumé",
    "address": "Adresse",
    "file": "Fichier",
    "alternative": "Ce que montre l'image",
    "captions": "Sous-titres",
    "no_speech": "Pourquoi il n'y a pas de sous-titres",
    "transcript": "Transcription",
    "authors": "Auteurs à citer",
    "licence": "Licence",
}


def is_image(support: Support) -> bool:
    kind = kind_of_name(support.filename)
    return bool(support.file) and kind is not None and kind.extension in IMAGES


def shows(support: Support) -> bool:
    """Whether one must see it to know what it says."""
    return support.kind in VISUAL or is_image(support)


def parts(content: Mapping[str, Any]) -> list[Part]:
    """The parts of a version; a file is told by its name, its weight and the beginning of its digest."""
    told = dict(content)
    if content.get("file"):
        kilobytes = max(1, round(content.get("size", 0) / 1000))
        told["file"] = f"{content.get('filename', '')}, {kilobytes} ko (empreinte {content['file'][:8]})"
    if content.get("captions"):
        told["captions"] = f"Fichier WebVTT (empreinte {content['captions'][:8]})"
    return texts(_TITLES)(told)


def findings(support: Support) -> tuple[Finding, ...]:
    """Every obligation of the edition on this support, met or not, each with its article."""
    theme = support.group.application.theme
    said = "\n".join([support.summary, support.address, support.alternative, support.transcript])
    facts = {
        "kind": "support",
        "title": support.title,
        "summary": support.summary,
        "disciplines": theme.disciplines,
        "levels": [],
        "crcn": [],
        "licence": support.licence,
        "sections_missing": [],
        "open_access": True,  # hosted here, on a public page
        "rights_checked": support.rights_checked,
        "tests": 0,
        "social_links": len(SOCIAL.findall(said)),
    }
    return theme.campaign.edition.judge("production", facts)


def to_mend(support: Support) -> list[Finding]:
    """What the platform asks so that everyone can use it, each as a finding of an article of the edition."""
    lacking = _of_video(support) if support.kind == Support.Kind.VIDEO else _of_image(support)
    edition = support.group.application.theme.campaign.edition
    return [
        Finding(
            rule_id=f"support-{fact}",
            fact=fact,
            label="Un support dont chacun peut se servir",
            article=edition.topic("support").anchor,
            severity="blocking",
            met=False,
            actual=None,
            expected=None,
            message=message,
            todo=todo,
            due="",
        )
        for fact, message, todo in lacking
    ]


def _of_image(support: Support) -> list[tuple[str, str, str]]:
    lacking = []
    if not support.file and not support.address:
        lacking.append(("file", "Le support n'est pas encore là.", "Déposez son fichier, ou donnez son adresse."))
    if shows(support) and not support.alternative.strip():
        lacking.append(
            (
                "alternative",
                "Rien ne dit ce que montre l'image.",
                "Écrivez-le pour qui ne la voit pas : le message, puis ce qui l'appuie.",
            )
        )
    return lacking


def _of_video(support: Support) -> list[tuple[str, str, str]]:
    lacking = []
    if not support.address.startswith("https://"):
        lacking.append(
            ("address", "La vidéo n'a pas d'adresse.", "Donnez celle de sa page, qui commence par https://.")
        )
    if not support.captions and not support.no_speech.strip():
        lacking.append(
            (
                "captions",
                "La vidéo n'a pas de sous-titres.",
                "Déposez-les en WebVTT, ou dites pourquoi il n'y a rien à sous-titrer.",
            )
        )
    if not support.transcript.strip():
        lacking.append(
            (
                "transcript",
                "La vidéo n'a pas de transcription.",
                "Écrivez ce qu'on y entend et ce qu'il faut y voir, dans l'ordre.",
            )
        )
    return lacking


def breaches(support: Support) -> list[Finding]:
    """What must be mended before the support is submitted."""
    return [found for found in findings(support) if not found.met and found.severity == "blocking"] + to_mend(support)
