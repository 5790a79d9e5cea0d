"""A training module word for word, as each submission keeps it, and cut into the parts that are read."""

import re
from collections.abc import Mapping
from typing import Any

from traam.programme.productions.courses import DOCUMENTS
from traam.programme.productions.models import Module, ModuleActivity, ModuleSection
from traam.programme.productions.parts import Part

TEXTS = {
    "title": "Titre",
    "summary": "Résumé",
    "objectives": "Objectifs",
    "audience": "Public",
    **{name: title for name, title, _ in DOCUMENTS},
}
_CODES = ("minutes", "disciplines", "levels", "competences", "teacher_competences", "keywords")
_RIGHTS = ("licence", "authors", "terms_read", "personal_data_checked")
_ACTIVITY = ("kind", "title", "body", "address", "transcript", "questions", "minutes", "licence")
_FILE = ("file", "filename", "size", "screened")


def snapshot(module: Module) -> dict[str, Any]:
    """The whole of a module read whole, as plain JSON: texts, sections, activities with the digests of their files.

    `pieces` are the images of the pages, as the texts name them.
    """
    texts = {name: getattr(module, name) for name in (*TEXTS, *_CODES, *_RIGHTS)}
    outline = [_section(section) for section in module.sections.all()]
    images = [
        {"id": one["number"], "file": one["file"], "alternative": "", "decorative": False}
        for section in outline
        for one in section["activities"]
        if one["kind"] == "page" and one["file"]
    ]
    return texts | {"outline": outline, "pieces": images}


def _section(section: ModuleSection) -> dict[str, Any]:
    """`number` names the section in remarks, wherever it is moved."""
    activities = [_activity(activity) for activity in section.activities.all()]
    return {"number": section.pk, "title": section.title, "summary": section.summary, "activities": activities}


def _activity(activity: ModuleActivity) -> dict[str, Any]:
    return {"number": activity.pk, **{name: getattr(activity, name) for name in (*_ACTIVITY, *_FILE)}}


def files(content: Mapping[str, Any]) -> set[str]:
    """The digests of the files of a version: as long as it is kept, so are they."""
    found = {activity["file"] for section in content.get("outline", []) for activity in section["activities"]}
    return found - {""}


def key(section: Mapping[str, Any]) -> str:
    """What a remark on this section is anchored to."""
    return f"section-{section['number']}"


def parts(content: Mapping[str, Any]) -> list[Part]:
    """The parts of a version that are written, in the order they are read: texts, sections, documents."""
    texts = [Part(name, title, text) for name, title in TEXTS.items() if (text := content.get(name, "")).strip()]
    documents = {name for name, _, _ in DOCUMENTS}
    sections = [_read_section(place, each) for place, each in enumerate(content.get("outline", []), 1)]
    before = [part for part in texts if part.key not in documents]
    return before + sections + [part for part in texts if part.key in documents]


def _read_section(place: int, section: Mapping[str, Any]) -> Part:
    minutes = sum(activity["minutes"] for activity in section["activities"])
    blocks = [section["summary"], *(_read_activity(activity) for activity in section["activities"])]
    return Part(key(section), f"Partie {place} : {section['title']} ({minutes} min)", _blocks(blocks))


def _read_activity(activity: Mapping[str, Any]) -> str:
    label = ModuleActivity.Kind(activity["kind"]).label
    blocks = [f"# {activity['title']}", f"*{label}, {activity['minutes']} min*"]
    if activity["address"]:
        blocks.append(f"<{activity['address']}>")
    if activity["filename"] and activity["kind"] != "page":
        blocks.append(f"Fichier : {activity['filename']}")
    blocks.append(_under(activity["body"]))
    if activity["transcript"]:
        blocks += ["**Transcription**", _under(activity["transcript"])]
    return _blocks(blocks + [_read_question(n, each) for n, each in enumerate(activity["questions"], 1)])


def _read_question(number: int, question: Mapping[str, Any]) -> str:
    answers = [
        f"- {'juste' if answer['right'] else 'faux'} : {answer['text']}"
        + (f" ({answer['feedback']})" if answer["feedback"] else "")
        for answer in question["answers"]
    ]
    said = f"Retour : {question['feedback']}" if question["feedback"] else ""
    return _blocks([f"**Question {number}**", question["text"], "\n".join(answers), said])


def _under(text: str) -> str:
    """A Markdown text one level down: its headings stand under the one of its activity."""
    return re.sub(r"^(#{1,5}) ", r"#\1 ", text, flags=re.MULTILINE)


def _blocks(blocks: list[str]) -> str:
    return "\n\n".join(block for block in blocks if block.strip())
