"""A version of a production cut into the parts one reads, remarks on and compares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from traam.programme.productions import changes, phases, rules

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One part of a version as it is read. `key` is what a remark is anchored to, `text` its words."""

    key: str
    title: str
    text: str


def texts(titles: Mapping[str, str]) -> Callable[[Content], list[Part]]:
    """The parts of a kind whose content is fields and `sections`: those of `titles` that are written, in that order."""

    def parts(content: Content) -> list[Part]:
        written = changes.texts(content)
        return [Part(key, title, written[key]) for key, title in titles.items() if written.get(key, "").strip()]

    return parts


# What describes a scenario, read as one card; whether its rights were checked is for who judges the obligations.
_CARD = (
    "disciplines",
    "levels",
    "competences",
    "teacher_competences",
    "duration_minutes",
    "tools",
    "authors",
    "licence",
)


def of_scenario(content: Content) -> list[Part]:
    """Its title, summary and sections with the phases in their place, its pieces, then its card."""
    sections = phases.joined(content.get("sections", {}), content.get("phases") or [])
    found = [Part(key, title, sections.get(key, "")) for key, title in rules.SECTION_TITLES.items()]
    written = changes.texts(content)
    found = [Part(key, changes.TITLES[key], written.get(key, "")) for key in ("title", "summary")] + found
    found += [Part("pieces", "Pièces", written.get("pieces", "")), Part("card", "Fiche descriptive", _card(written))]
    return [part for part in found if part.text.strip()]


def _card(written: Mapping[str, str]) -> str:
    lines = ((changes.TITLES[key], ", ".join(written.get(key, "").splitlines())) for key in _CARD)
    return "\n".join(f"- {title} : {line}" for title, line in lines if line)
