"""The page of rights for the bureau, drawn from docs/droits.toml: the table that people read and that tests hold."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

NAMES = {
    "national": "bureau national",
    "general_inspector": "inspection générale du thème",
    "expert": "expert du thème",
    "dan": "DAN de l'académie",
    "inspector": "inspecteur de l'académie",
    "referent": "professeur référent du groupe",
    "member": "membre du groupe",
    "teacher": "enseignant de l'académie",
    "author": "auteur de la candidature",
    "reader": "lecteur désigné",
    "former": "personne dont tous les rôles sont terminés",
}
"""Who asks, as the table names them, and as the page does."""
OTHERS, YES = "les autres", "oui"
SPACES = {
    "/academie/": "Espace Académie",
    "/atelier/": "Espace Atelier",
    "/evaluation/": "Espace Évaluation",
    "/pilotage/": "Espace Pilotage",
}
INTRODUCTION = """# Qui peut ouvrir chaque page, et sinon pourquoi

Chaque ligne est vérifiée à chaque essai, sur les deux bases de données : pour cette page et cet objet, qui peut
l'ouvrir (et envoyer son formulaire, quand elle en a un), et la phrase que lisent les autres.

- « Propre » est l'objet de son académie, de son groupe, de son thème ; « autre groupe », celui d'un autre groupe de la
  même académie ; « autre académie », celui du même thème dans une autre académie ; « autre thème », un objet d'une
  autre académie et d'un autre thème.
- Les rôles : {roles}.
- Une personne dont tous les rôles sont terminés n'ouvre plus aucune de ces pages : la fin d'une période met fin aux
  droits.
- Un passant sans compte n'ouvre que les pages publiques ; ailleurs, il est conduit à la page de connexion.
"""

Objects = dict[str, list[list[str]]]


def page(given: dict[str, Any], writes: Callable[[str], bool], table: Callable[..., str]) -> str:
    """The Markdown of the page; `given` is docs/droits.toml, `table` draws columns and rows."""
    everyone, accounts = given.pop("tout_le_monde"), given.pop("tout_compte")
    parts = [INTRODUCTION.format(roles=", ".join(NAMES.values()))]
    for space, title in [*SPACES.items(), ("", "Mon compte et le reste")]:
        rows = [
            row
            for address, objects in sorted(given.items())
            if (space and address.startswith(space)) or (not space and not address.startswith(tuple(SPACES)))
            for row in _rows(address, objects, writes(address))
        ]
        parts.append(
            f"## {title}\n\n" + table(("Page", "Objet", "Peuvent l'ouvrir", "Ne peuvent pas, et lisent"), rows)
        )
    for title, addresses in (("Toute personne qui a un compte", accounts), ("Tout le monde, sans compte", everyone)):
        parts.append(f"## {title}\n\n" + "".join(f"- `{address}`\n" for address in addresses))
    return "\n".join(parts)


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _rows(address: str, objects: Objects, writes: bool) -> Iterator[tuple[str, str, str, str]]:
    shown = f"`{address}`" + (" (écrit)" if writes else "")
    for names, answers in objects.items():
        may = [_named(roles) for roles, answer in answers if answer == YES]
        may_not = [f"{_named(roles)} : « {answer} »" for roles, answer in answers if answer != YES]
        yield shown, names.replace(" | ", ", "), "".join(may) or "personne", " ".join(may_not)
        shown = ""


def _named(roles: str) -> str:
    return roles if roles == OTHERS else ", ".join(_each(roles.split()))


def _each(roles: Iterable[str]) -> Iterator[str]:
    return (NAMES[role] for role in roles)
