"""What a synthesis is made of, and what it must hold before it is submitted or published."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from traam.programme.catalogue.syntheses.content import Figure
from traam.programme.valorisation.syntheses.models import Synthesis

# Key, title, whether it cannot be submitted without it, what to write there.
SECTIONS = (
    ("question", "La question posée", True, "Ce que le thème demandait, et pourquoi maintenant."),
    ("work", "Ce que les équipes ont fait", True, "Les chiffres et les dessins se posent ici par un bouton."),
    (
        "findings",
        "Ce qui compte pour les usages du numérique",
        True,
        "Ce que l'on sait maintenant, et à quoi on le voit.",
    ),
    ("pupils", "Ce que les élèves y gagnent", False, "Appuyez-vous sur les retours de classe, cités mot pour mot."),
    ("difficulties", "Ce qui a résisté", False, "Les obstacles que plusieurs académies ont rencontrés."),
    ("conditions", "À quelles conditions cela s'étend", True, "Temps, équipement, formation, accompagnement."),
    ("recommendations", "Recommandations", True, "À qui elles s'adressent, et ce qu'elles demandent."),
)
TITLES = {key: title for key, title, _, _ in SECTIONS}
LONGEST_SECTION = 30_000
LONGEST_TITLE = 200

TOKEN = re.compile(r"\{\{\s*([a-zà-ÿ0-9.:_-]*)\s*\}\}", re.IGNORECASE)
"""What stands in a text for a figure, a table (`tableau:niveaux`) or words cited (`citation:3`)."""
TABLE, CITATION = "tableau:", "citation:"
# A number typed by hand; neither a date, a year, a level ("3e"), a list marker nor a part of a word.
_TYPED = re.compile(r"(?<![\w.,/:-])(\d{1,3}(?:[\s\u00a0\u202f]\d{3})+|\d+)(?![\w/:]|[.,]\d|\s*°)")
_YEAR = re.compile(r"(19|20)\d\d")
_LIST = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)
_ADDRESS = re.compile(r"\]\([^)]*\)|https?://\S+")


@dataclass(frozen=True)
class Typed:
    """A number typed by hand that is also a figure: `figures` are those of the same value."""

    section: str
    number: str
    figures: tuple[Figure, ...]


def missing(synthesis: Synthesis) -> list[str]:
    """The titles of the sections that are asked and empty."""
    return [title for key, title, asked, _ in SECTIONS if asked and not synthesis.sections.get(key, "").strip()]


def tokens(text: str) -> list[str]:
    """What stands between braces in a text, in order, in lower case."""
    return [found[1].lower() for found in TOKEN.finditer(text)]


def unknown(sections: Mapping[str, str], known: Iterable[str]) -> list[tuple[str, str]]:
    """What stands between braces and is no figure, table nor citation: (title of the section, what is written)."""
    names = set(known)
    return [(TITLES[key], name) for key in TITLES for name in tokens(sections.get(key, "")) if name not in names]


def typed_by_hand(sections: Mapping[str, str], figures: Iterable[Figure]) -> list[Typed]:
    """The numbers typed in the text that have the value of a figure. 0 and 1 are words like others."""
    by_value: dict[int, list[Figure]] = {}
    for figure in figures:
        by_value.setdefault(figure.value, []).append(figure)
    found = []
    for key, title in TITLES.items():
        text = _LIST.sub("", _ADDRESS.sub("", TOKEN.sub("", sections.get(key, ""))))
        for number in dict.fromkeys(match[1] for match in _TYPED.finditer(text)):
            value = int(re.sub(r"\s", "", number))
            if value > 1 and not _YEAR.fullmatch(number) and value in by_value:
                found.append(Typed(title, number, tuple(by_value[value])))
    return found


def breaches(synthesis: Synthesis, known: Iterable[str], not_validated: Iterable[str]) -> list[str]:
    """What must be mended before it is submitted: sentences. `not_validated` are the sources that may not be cited."""
    found = [f"La partie « {title} » est vide : écrivez-la." for title in missing(synthesis)]
    found += [
        f"Dans « {title} », {{{{ {name} }}}} n'est ni un chiffre, ni un tableau, ni une citation de cette synthèse : "
        "choisissez-le dans la liste des chiffres, ou retirez-le."
        for title, name in unknown(synthesis.sections, known)
    ]
    found += [
        f"{source} n'est pas encore validé par son inspecteur : attendez qu'il le soit, ou retirez la citation."
        for source in not_validated
    ]
    if not synthesis.licence:
        found.append("Choisissez la licence sous laquelle la synthèse paraîtra.")
    if not synthesis.nobody_named:
        found.append("Dites, en cochant la case, qu'aucun élève n'y est nommé ni reconnaissable.")
    return found
