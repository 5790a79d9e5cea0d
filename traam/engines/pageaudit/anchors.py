# ruff: noqa: E501 - patterns and sentences, each on its line
"""Links: have they a text, and does it say where they lead."""

import re

from traam.engines.pageaudit.reading import Node, Page, Within
from traam.engines.pageaudit.report import Report, folded, quoted

_VAGUE = re.compile(
    r"^(?:(?:pour (?:le|la|les|y|en) [\w ]{1,30},? )?(?:cliqu(?:er?|ez) (?:ici|la|sur ce lien|sur le lien|dessus)|clic|clique|cliquez)|ici|la|par ici|par la|c'est ici|lien|ce lien|liens|suivez ce lien|le lien|voir"
    r"|(?:lire|voir|savoir|afficher)(?: la)? suite|la suite|suite|lire(?: plus)?|lire l'article|(?:en |pour en )?savoir(?: un peu)? (?:plus|\+)|plus|plus d'infos?|plus d'informations?|\+ d'infos?"
    r"|details?|voir (?:plus|ici|le lien|la page|l'article|le site|le document)|decouvrir|consulter|consultez|acceder|accedez|telecharger(?: ici)?|telechargez|telechargement"
    r"|download|here|click here|read more|more|link|this link|learn more|go|continuer|site|url|page|document|fichier|pdf|article|image|video|ok|\[?\.{2,}\]?|\[?…\]?|>+|»+|→|\+)"
    r"(?: ?(?:>+|»|→|…|\.{2,}|!|:|\.))*$"
)
_BARE = re.compile(r"^(?:https?://|www\.)\S+$", re.I)


def texts(page: Page, report: Report) -> None:
    by_text: dict[str, list[tuple[str, Node]]] = {}
    for node in page.seen("a"):
        if not (node.get("href") or node.get("xlink:href")) or node.get("role").lower() in ("presentation", "none"):
            continue
        name = page.name_of(node)
        if not name:
            _nameless(page, node, report)
            continue
        if not _vague(page, node, name, report):
            by_text.setdefault(folded(name)[:200], []).append((_target(page, node), node))
    for node in page.seen("div", "span"):
        if node.get("role").lower() == "link" and not page.name_of(node):
            report.fault("a11y.link", "Ce lien n'a pas de texte.", node)
    _same_text(by_text, report)


def _nameless(page: Page, node: Node, report: Report) -> None:
    image = page.inner(node, "img", "svg")
    why = "L'image du lien n'a pas d'alternative" if image else "Ce lien n'a pas de texte"
    report.fault("a11y.link", f"{why} : rien ne dit où il mène.", node)


def _vague(page: Page, node: Node, name: str, report: Report) -> bool:
    words = folded(name)
    title = folded(node.get("title"))
    if title and words in title and len(title) > len(words) + 3:
        return False
    if _VAGUE.match(words):
        report.fault("a11y.linkq", f"Le texte {quoted(name)} ne dit pas où mène le lien.", node)
        return True
    if _BARE.match(name) and not node.get("aria-label"):
        report.review("a11y.linkq", "Le texte de ce lien est une adresse nue : dites plutôt ce qu'elle donne.", node)
        return True
    return False


def _target(page: Page, node: Node) -> str:
    address = page.absolute(node.get("href") or node.get("xlink:href"))
    return re.sub(r"^https?://(?:www\.)?", "", address.partition("#")[0] or address).rstrip("/")


def _same_text(by_text: dict[str, list[tuple[str, Node]]], report: Report) -> None:
    for found in by_text.values():
        targets = {target for target, _ in found}
        if len(targets) < 2:
            continue
        inside = [(target, node) for target, node in found if not node.within & Within.CHROME]
        if len({target for target, _ in inside}) < 2:
            continue
        node = inside[1][1]
        report.review("a11y.linkq", f"Le même texte mène à {len(targets)} adresses.", node)
