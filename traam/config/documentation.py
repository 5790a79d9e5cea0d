"""The pages of docs/generated, drawn from the code: states, rights, settings, glossary of states."""

import ast
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from traam.config import env, rights
from traam.config.register import page as register_page
from traam.engines.workflow import Machine

FOLDER = Path("docs/generated")
WARNING = "<!-- Written by `make docs`: change the code, not this page. -->\n\n"


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(columns)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def machines() -> list[tuple[str, Machine]]:
    """Every machine with its step, in the order of the steps."""
    found = []
    for step in settings.STEPS:
        if (settings.PACKAGE / "programme" / step / "states.py").exists():
            module = import_module(f"traam.programme.{step}.states")
            found += [(step, value) for value in vars(module).values() if isinstance(value, Machine)]
    return found


def states() -> str:
    parts = ["# Les états et qui les change\n"]
    for step, machine in machines():
        noun = machine.noun.split(" ", 1)[-1].capitalize()
        parts.append(f"## {noun} (`{step}`)\n\n```mermaid\n{machine.mermaid()}```\n")
        parts.append(_table(("Action", "Depuis", "Vers", "Par"), machine.table()))
    return WARNING + "\n".join(parts)


def pages(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every address of the site with its page."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from pages(entry, address)
        elif isinstance(entry, URLPattern):
            yield "/" + address, entry.callback


def rights_page() -> str:
    """Who opens what, as docs/droits.toml says it: tests/rights holds the site to that file."""
    writing = {address for address, view in pages() if view.policy.writes}  # type: ignore[attr-defined]
    given = rights.read(settings.ROOT / "docs" / "droits.toml")
    return WARNING + rights.page(given, writing.__contains__, _table)


READERS = {
    "text": "texte",
    "flag": "oui ou non",
    "integer": "nombre",
    "words": "liste",
    "token": "secret",
    "hosts": "liste",
    "among": "liste",
    "choice": "choix",
    "folder": "dossier",
    "endpoint": "adresse d'un service",
    "file": "fichier",
}
MEANINGS = {
    "TRAAM_DATA": "dossier de la base SQLite, de l'index, des fichiers déposés",
    "TRAAM_DEMONSTRATION": "comptes affichés, courriels écrits dans un dossier ; oui si l'adresse est locale",
    "TRAAM_HABILLAGE_ETAT": "habillage de l'État (Marianne, bloc-marque) : réservé aux sites de l'État",
    "TRAAM_ADDRESS": "adresse publique du site, sans barre finale",
    "TRAAM_DEBUG": "pages d'erreur détaillées ; jamais en service",
    "TRAAM_SECRET_KEY": "clé secrète, 32 caractères au moins ; obligatoire hors démonstration",
    "TRAAM_PROXIES": "nombre de serveurs mandataires devant le site, qui complètent X-Forwarded-For et disent "
    "X-Forwarded-Proto : sans lui, les limites des interfaces pour les programmes compteraient tous les lecteurs comme "
    "un seul, et une demande sans TLS ne serait pas renvoyée vers https",
    "TRAAM_HOSTS": "noms d'hôte acceptés, séparés par des virgules",
    "TRAAM_ORIGINS": "origines de confiance pour les formulaires (https://…), séparées par des virgules",
    "DATABASE_URL": "postgresql://utilisateur:motdepasse@hôte:port/base ou sqlite:///chemin ; SQLite par défaut",
    "TRAAM_LETTERS_RATE": "lettres ÉduNum envoyées par seconde au plus, par travailleur ; 0 : autant que le serveur de "
    "courriel en prend",
    "TRAAM_PAGES_MB": "mémoire, en mégaoctets, que chaque processus donne aux pages publiques déjà dessinées ; 0 les "
    "dessine à chaque demande",
    "TRAAM_METRICS_TOKEN": "jeton qui ouvre /metriques et le détail de /sante/, 32 caractères au moins ; vide, fermés",
    "TRAAM_LOGS": "forme des lignes du journal technique : texte, ou json (un objet par ligne, pour les collecter)",
    "TRAAM_ACCESS_LOGS": "écrit une ligne par demande : la page et sa durée, jamais l'adresse demandée ni le lecteur",
    "TRAAM_INDEX": "dossier de l'index de recherche",
    "TRAAM_CLAMAV": "antivirus ClamAV (clamd) : unix:/run/clamav/clamd.ctl ou hôte:port ; vide, les fichiers déposés "
    "ne sont pas analysés et les pages le disent",
    "TRAAM_CHROMIUM": "programme Chromium qui affiche les pages à auditer ; vide, celui de la machine s'il y en a un",
    "TRAAM_CHROMIUM_USER": "utilisateur sans droits qui fait tourner Chromium quand la plateforme tourne sous root",
    "TRAAM_AXE": "fichier axe.min.js d'axe-core, tel que npm le pose, avec sa traduction locales/fr.json à côté "
    "; vide, celui de la machine s'il y en a un",
    "TRAAM_SCOLOMFR": "version du profil ScoLOMFR que reçoivent les moissonneurs : 8.0 (avec le CRCN) ou 3.1",
    "TRAAM_PROCONNECT_ISSUER": "adresse de ProConnect (son « issuer », comme https://auth.agentconnect.gouv.fr/api/v2) "
    "; vide, ProConnect n'est pas proposé",
    "TRAAM_PROCONNECT_CLIENT_ID": "identifiant du site chez ProConnect",
    "TRAAM_PROCONNECT_SECRET": "secret du site chez ProConnect",
    "TRAAM_PROCONNECT_ACR": "niveau demandé à ProConnect (acr_values)",
    "TRAAM_SECOND_FACTOR": "rôles qui ne travaillent qu'avec un second facteur (national, general_inspector, expert, "
    "dan, inspector, teacher), séparés par des virgules, ou aucun ; le bureau national, sauf sur une démonstration",
    "TRAAM_SESSION_HOURS": "durée d'une session, en heures",
    "TRAAM_SMTP_HOST": "serveur de courriel",
    "TRAAM_SMTP_PORT": "port du serveur de courriel",
    "TRAAM_DIGEST_HOUR": "heure (de Paris, 0 à 23) à laquelle partent les récapitulatifs",
    "TRAAM_CONTACT": "adresse à laquelle écrire à l'équipe du site (moissonneurs, pages publiques)",
    "TRAAM_FROM": "expéditeur des courriels",
    "TRAAM_VIDEO_HOSTS": "hôtes dont une vidéo peut se lire dans une page d'information, après un clic, séparés par "
    "des virgules",
}


def read_settings() -> dict[str, tuple[str, str]]:
    """The variables that settings.py reads: name → (type, default as written)."""
    tree = ast.parse((settings.PACKAGE / "config" / "settings.py").read_text(encoding="utf-8"))
    found = {}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == env.__name__.rpartition(".")[2]:
            name = ast.literal_eval(call.args[0])
            default = ast.unparse(call.args[1]) if len(call.args) > 1 else ""
            found[str(name)] = (READERS.get(call.func.attr, call.func.attr), default)
    return found


def settings_page() -> str:
    rows = [(f"`{n}`", MEANINGS[n], kind, f"`{default}`") for n, (kind, default) in sorted(read_settings().items())]
    return (
        WARNING
        + "# Les réglages\n\nIls viennent de l'environnement ; une valeur fausse arrête le programme, "
        + "avec une phrase.\n\n"
        + _table(("Variable", "Sens", "Type", "Par défaut"), rows)
    )


PAGES: dict[str, Callable[[], str]] = {"etats.md": states, "droits.md": rights_page, "reglages.md": settings_page}
PAGES["registre.md"] = lambda: WARNING + register_page()


def write(folder: Path = FOLDER) -> list[str]:
    """Write every generated page; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in PAGES.items():
        (folder / name).write_text(draw(), encoding="utf-8")
    return list(PAGES)
