"""The text of a cahier des charges, cut into its articles.

A heading such as `## B.2 Le groupe de travail académique {#B.2}` opens the article "B.2", which runs to the
next anchored heading.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from traam.engines.rulebook.reading import Problem

_HEADING = re.compile(r"^(#{2,6})\s+(?P<title>.*?)\s*\{#(?P<anchor>[^}\s]+)\}\s*$")


@dataclass(frozen=True)
class Article:
    """One clause: its anchor ("B.2"), its title without the anchor, its body in Markdown."""

    anchor: str
    title: str
    markdown: str
    level: int = 2


def read_articles(folder: Path, problems: list[Problem]) -> dict[str, Article]:
    """The articles of `text.md` by anchor, in the order of the text."""
    name = "text.md"
    try:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        problems.append(Problem(name, "", "ce fichier manque ou n'est pas en UTF-8"))
        return {}
    articles: dict[str, Article] = {}
    for number, heading, body in _cut(lines):
        anchor = heading["anchor"]
        title = heading["title"].removeprefix(anchor).strip()
        if anchor in articles:
            problems.append(Problem(name, f"ligne {number}", f"l'article « {anchor} » est déjà écrit plus haut"))
        if not title or not heading["title"].startswith(f"{anchor} "):
            reason = f"le titre doit s'écrire « {anchor} Titre {{#{anchor}}} »"
            problems.append(Problem(name, f"ligne {number}", reason))
        articles[anchor] = Article(anchor, title, "\n".join(body).strip(), len(heading[1]))
    if not articles:
        problems.append(Problem(name, "", "aucun article ; un article s'ouvre par « ## A.1 Titre {#A.1} »"))
    return articles


def _cut(lines: list[str]) -> list[tuple[int, re.Match[str], list[str]]]:
    """Line number, heading and body of each article."""
    found: list[tuple[int, re.Match[str], list[str]]] = []
    for number, line in enumerate(lines, start=1):
        heading = _HEADING.match(line)
        if heading:
            found.append((number, heading, []))
        elif found:
            found[-1][2].append(line)
    return found
