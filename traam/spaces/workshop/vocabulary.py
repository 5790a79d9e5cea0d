"""The official lists as the editor offers them: the usual codes first, and those a scenario already keeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from traam import reference


@dataclass(frozen=True)
class Shelf:
    """Some choices (code, label) under one title. `folded` shelves wait behind a button."""

    title: str
    choices: tuple[tuple[str, str], ...]
    folded: bool = False


SCHOOLS = (
    "École maternelle",
    "École élémentaire",
    "Collège",
    "Lycée général et technologique",
    "Lycée professionnel",
    "Section BTS",
    "Voie CPGE",
)
LYCEE = {"2de": 1, "1re": 2, "terminale": 3, "voie": 4}

LICENCE_HINTS = {
    "CC-BY": "Tout est permis, à condition de citer les auteurs.",
    "CC-BY-SA": "Tout est permis, à condition de citer les auteurs et de partager les adaptations de la même façon. "
    "C'est le choix le plus fréquent.",
    "CC-BY-NC": "Reprendre et adapter, en citant les auteurs, sans but commercial.",
    "CC-BY-NC-SA": "Reprendre et adapter, en citant les auteurs, sans but commercial, et partager de la même façon.",
    "CC-BY-ND": "Reprendre tel quel, en citant les auteurs : les collègues ne peuvent pas l'adapter.",
    "CC0": "Tout est permis, même sans citer les auteurs.",
    "LO-2.0": "Tout est permis, à condition de citer la source et la date. C'est la licence des données publiques.",
}


def disciplines(kept: Iterable[str] = ()) -> list[Shelf]:
    known = reference.disciplines()
    shelf = Shelf("", tuple((d.code, d.label) for d in known.values()))
    return [shelf, *_old(kept, known)]


def levels(kept: Iterable[str] = ()) -> list[Shelf]:
    """The levels offered first, by school, then all the others, folded."""
    known = reference.levels()
    offered: dict[str, list[tuple[str, str]]] = {}
    others: dict[str, list[tuple[str, str]]] = {}
    for level in known.values():
        top, _, rest = level.path.partition(" > ")
        place, label = (offered, level.label) if level.offered else (others, rest or level.label)
        place.setdefault(_capital(top), []).append((level.code, label))
    rows = [
        Shelf(title, tuple(sorted(choices, key=_year)))
        for title, choices in sorted(offered.items(), key=lambda entry: _school(entry[0]))
    ]
    rows += [Shelf(title, tuple(choices), folded=True) for title, choices in others.items()]
    return [*_old(kept, known), *rows]


def competences(kept: Iterable[str] = (), framework: str = "CRCN") -> list[Shelf]:
    """The competences of the CRCN, or of the CRCN-Édu, by domain."""
    known = reference.competences(framework)
    domains = [entry for entry in reference.frameworks()[framework].values() if not entry.domain]
    rows = [
        Shelf(domain.full_label, tuple((c.code, c.full_label) for c in known.values() if c.domain == domain.code))
        for domain in domains
    ]
    return [*_old(kept, known), *rows]


def licences(kept: str = "") -> list[tuple[str, str]]:
    choices = [(licence.code, f"{licence.label} ({licence.code})") for licence in reference.licences().values()]
    if kept and kept not in reference.licences():
        choices.insert(0, (kept, f"{kept} (ancienne valeur)"))
    return choices


def academies() -> list[tuple[str, str]]:
    return [(a.code, a.name) for a in reference.academies().values() if a.current]


def select_levels() -> list[tuple[str, list[tuple[str, str]]]]:
    """The same levels for a drop-down list."""
    shelves = levels()
    groups = [(shelf.title, list(shelf.choices)) for shelf in shelves if not shelf.folded]
    return groups + [(f"Autres : {shelf.title}", list(shelf.choices)) for shelf in shelves if shelf.folded]


def flat(shelves: Iterable[Shelf]) -> list[tuple[str, str]]:
    return [choice for shelf in shelves for choice in shelf.choices]


def _old(kept: Iterable[str], known: Mapping[str, object]) -> list[Shelf]:
    """Codes stored before they left the list: they may stay, nobody can choose them anew."""
    old = tuple((code, f"{code} (ancienne valeur)") for code in kept if code not in known)
    return [Shelf("Anciennes valeurs, qui ne sont plus dans la liste", old)] if old else []


def _school(title: str) -> int:
    """From the youngest pupils to the eldest; what is not a school comes last."""
    return SCHOOLS.index(title) if title in SCHOOLS else len(SCHOOLS)


def _year(choice: tuple[str, str]) -> int:
    """The years of a lycée in the order of pupils: the official list begins with the last one."""
    return LYCEE.get(choice[1].split()[0], 0)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
