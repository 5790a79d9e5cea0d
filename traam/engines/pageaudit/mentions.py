# ruff: noqa: E501 - patterns and sentences, each on its line
"""The legal notice and the accessibility statement: is a link within reach, under any of the names they go by."""

import re

from traam.engines.pageaudit.addresses import host_of, path_of
from traam.engines.pageaudit.content import first_heading
from traam.engines.pageaudit.reading import Node, Page, Within
from traam.engines.pageaudit.report import Report, folded

_LEGAL = re.compile(
    r"mentions? legales?|informations? legales?|legal (?:notice|information|mentions)|^credits?\b|\bcredits?$|credits et |impressum|^mentions$|notice legale|informations editeur"
)
_LEGAL_PATH = re.compile(
    r"mentions?[-_ ]?l[eé]gales?|informations?[-_]l[eé]gales?|legal[-_]notice|/legal/?$|/credits?(?:[./?]|$)", re.I
)
_STATEMENT = re.compile(
    r"accessibilite(?: numerique)?(?: du (?:site|service))?(?: [\w' ]{0,30})?\s?[:(-]?\s?(?:\(?(?:rgaa|\d\.\d)?\)? )?(?:non|partiellement|totalement|pleinement)[ -]conforme"
    r"|declaration (?:de conformite |d'|de l'|sur l'|relative a l')\s?(?:accessibilite|rgaa|au rgaa)|declaration de conformite (?:au )?rgaa"
    r"|^accessibilite(?: numerique)?(?: du site| web)?(?: ?: ?\w+)?$|etat (?:de l'|d')accessibilite|accessibility statement"
    r"|^accessibilite(?: numerique)? ?[:(-]|conformite (?:au )?rgaa|mention d'accessibilite"
)
_STATEMENT_PATH = re.compile(r"accessibilit[ey]|d[eé]claration[-_]rgaa|/rgaa", re.I)
_STATED = re.compile(r"accessibilite[^.\n]{0,40}(?:non|partiellement|totalement)[ -]conforme")


def legal(page: Page, report: Report) -> None:
    if _LEGAL.search(folded(first_heading(page))):
        return
    if any(_is_legal(page, node) for node in page.all("a", "area", "button")):
        return
    report.fault(
        "legal",
        "Aucun lien vers les mentions légales n'a été trouvé. Cherché dans le texte, l'étiquette et l'adresse des liens : "
        "« mentions légales », « informations légales », « crédits ».",
    )


def _is_legal(page: Page, node: Node) -> bool:
    if node.within & (Within.TEMPLATE | Within.NOSCRIPT) or (node.tag != "button" and not node.get("href")):
        return False
    name = folded(f"{page.name_of(node)}"[:200])
    if _LEGAL.search(name) and len(name) < 120:
        return True
    address = page.absolute(node.get("href")) if node.tag != "button" else ""
    return bool(address) and len(name) < 60 and bool(_LEGAL_PATH.search(path_of(address))) and bool(host_of(address))


def statement(page: Page, report: Report) -> None:
    heading = folded(first_heading(page))
    if "declaration d'accessibilite" in heading or heading in ("accessibilite", "accessibilite numerique"):
        return
    for node in page.all("a", "area"):
        if _is_statement(page, node):
            return
    searched = (
        "Cherché dans le texte, l'étiquette et l'adresse des liens : « Accessibilité : non, partiellement ou totalement conforme », "
        "« déclaration d'accessibilité », « accessibilité »."
    )
    found = _STATED.search(folded(page.text[-200_000:]))
    if found:
        report.review(
            "a11ystmt", f"La mention est écrite, mais aucun lien ne mène à la déclaration. {searched}", found.group()
        )
        return
    report.fault("a11ystmt", f"Aucune mention d'accessibilité n'a été trouvée. {searched}")


def _is_statement(page: Page, node: Node) -> bool:
    target = node.get("href")
    if not target or target.startswith("#") or node.within & (Within.TEMPLATE | Within.NOSCRIPT):
        return False
    name = folded(page.name_of(node)[:200])
    if len(name) < 150 and _STATEMENT.search(name):
        return True
    path = path_of(page.absolute(target))
    inside = node.within & Within.MAIN and not node.within & Within.CHROME
    return not inside and len(name) < 60 and bool(_STATEMENT_PATH.search(path)) and "accessib" in name
