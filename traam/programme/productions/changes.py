"""What changed between two contents of a production (`Version.content`, or a snapshot), told field by field."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from traam import reference
from traam.engines.differences import Part, compare
from traam.engines.sharing import kind_of_name
from traam.programme.productions import rules

TITLES = {
    "title": "Titre",
    "summary": "Résumé",
    **rules.SECTION_TITLES,
    "phases": "Étapes de la séance",
    "duration_minutes": "Durée totale, en minutes",
    "disciplines": "Disciplines",
    "levels": "Niveaux",
    "competences": "Compétences numériques des élèves (CRCN)",
    "teacher_competences": "Compétences numériques des enseignants (CRCN-Édu)",
    "tools": "Outils",
    "pieces": "Pièces",
    "authors": "Auteurs à citer",
    "licence": "Licence",
    "terms_read": "Conditions d'utilisation lues",
    "personal_data_checked": "Données personnelles vérifiées",
}
"""The fields of a scenario, in the order of reading."""


@dataclass(frozen=True)
class Changed:
    """A field that differs: its name, its title, and its words that stayed, came or went."""

    name: str
    title: str
    parts: list[Part]


def changed(before: Mapping[str, Any], after: Mapping[str, Any], titles: Mapping[str, str] = TITLES) -> list[Changed]:
    """The fields of `titles` that differ, in their order. A field nobody named is told last, under its own name."""
    old, new = texts(before), texts(after)
    names = [*titles, *sorted((old.keys() | new.keys()) - titles.keys())]
    return [
        Changed(name, titles.get(name, name), compare(old.get(name, ""), new.get(name, "")))
        for name in names
        if old.get(name, "") != new.get(name, "")
    ]


def texts(content: Mapping[str, Any]) -> dict[str, str]:
    """Each field of a content as one text; those of `sections` stand among the others."""
    sections = content.get("sections")
    flat = {name: value for name, value in content.items() if name != "sections"}
    if isinstance(sections, Mapping):
        flat |= sections
    return {name: text(name, value) for name, value in flat.items()}


def text(name: str, value: Any) -> str:
    """A value as people read it: codes by their labels, a line for each element of a list."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Mapping):
        return " ; ".join(text("", each) for each in value.values() if each not in (None, "", [], {}))
    if isinstance(value, list | tuple):
        told = {"phases": _phase, "pieces": _piece}.get(name)
        lines = [told(each) if told else _label(name, each) for each in value]
        return "\n".join(lines)
    return _label(name, value)


def _phase(phase: Mapping[str, Any]) -> str:
    minutes = f" ({phase['minutes']} minutes)" if phase.get("minutes") else ""
    return f"{phase.get('title', '')}{minutes}\n{phase.get('text', '')}".strip()


def _piece(piece: Mapping[str, Any]) -> str:
    """A piece on one line of Markdown: its title leads to it, then what it is and what is known of its rights."""
    title = str(piece["title"]).replace("[", "(").replace("]", ")")
    kind = kind_of_name(piece["filename"])
    said = [
        f"{kind.label}, {max(1, round(piece['size'] / 1000))} ko" if kind else "",
        f"licence {_label('licence', piece['licence'])}" if piece["licence"] else "",
        piece["holder"],
        f"ce que montre l'image : {piece['alternative']}" if piece["alternative"] else "",
    ]
    address = piece["address"] or f"fichier:{piece['id']}"
    return " ; ".join([f"- [{title}](<{address}>)", *filter(None, said)])


def _label(name: str, value: Any) -> str:
    if isinstance(value, Mapping | list):
        return text("", value)
    found = known(name, str(value))
    return str(getattr(found, "full_label", None) or getattr(found, "label", value))


def known(name: str, code: str) -> Any:
    """The entry of the vocabulary of this field; None when the code left it, or when the field has none."""
    if name == "teacher_competences":
        return reference.competences("CRCN-Édu").get(code)
    return _VOCABULARIES[name]().get(code) if name in _VOCABULARIES else None


_VOCABULARIES: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "disciplines": reference.disciplines,
    "levels": reference.levels,
    "competences": reference.competences,
    "licence": reference.licences,
}


def count(changes: Iterable[Changed]) -> tuple[int, int]:
    """How many words came, and how many went."""
    parts = [part for change in changes for part in change.parts]
    came = sum(len(part.text.split()) for part in parts if part.kind == "added")
    return came, sum(len(part.text.split()) for part in parts if part.kind == "removed")
