# ruff: noqa: E501 - patterns and sentences, each on its line
"""The licence of the page: said once, not contradicted, and the one that the production declares."""

import json
import re
from collections.abc import Iterator
from typing import Any

from traam.engines.pageaudit.licences import code_of_address, code_of_badge, code_of_name, codes_of_text
from traam.engines.pageaudit.reading import Node, Page, Place, Within, sentences
from traam.engines.pageaudit.report import Report, folded

_CC_VAGUE = re.compile(
    r"(?:licence|sous|license|contrat)s?[^.]{0,30}creative ?commons?|creative ?commons? licen|\blicence cc\b"
)
_RESERVED = re.compile(
    r"tous (?:les )?droits (?:de [\w ,']{0,60})?(?:sont )?reserves|all rights reserved|tous droits de reproduction"
)
# A sentence that gives the licence of something that the page shows, and not of the page.
_CREDIT = re.compile(
    r"\b(?:photos?|photographies?|photographe|images?|illustrations?|icones?|pictogrammes?|logos?|dessins?|cartes?|videos?|sons?|musiques?|polices?"
    r"|credits?|wikimedia|wikipedia|openstreetmap|pixabay|flickr|unsplash|source|d'apres|tableau de|donnees|logiciels?|code source|extrait)\b"
)
# What a sentence about something else begins with, whatever it says next.
_OF_OTHERS = re.compile(
    r"(?:le |la |les |l'|cette |ce |ces |une |un |notre |nos )?(?:codes?|programmes?|logiciels?|applications?|scripts?|bibliotheques?|polices?|donnees"
    r"|images?|photos?|photographies?|illustrations?|dessins?|musiques?|sons?|icones?|pictogrammes?|fonds? de carte)\b(?! (?:et|ou) (?:les )?textes)"
)
_OF_PAGE = re.compile(
    r"\b(?:ce|cet|cette|ces|les textes|le texte|la page|l'article|le site|le present|la presente|l'ensemble|sauf (?:mention|indication)|contenus?|(?:mis|mise|mises|publie|diffuse|distribue|place|propose|partage)e?s?"
    r" (?:a disposition |sous |selon )|nos (?:contenus|ressources|productions)|licence ?:)"
)
_ABOUT = re.compile(
    r"\b(?:par exemple|exemples? de|signifie|permet|choisir|difference|les licences|licences creative|autorise a|qu'est-ce|comprendre|telle? que|recherche[rz]?|trouver des|filtre)\b"
)


class _Said:
    """A licence, how it was said, and where."""

    __slots__ = ("code", "how", "on")

    def __init__(self, code: str, how: str, on: "Node | Place") -> None:
        self.code, self.how, self.on = code, how, on


def licence(page: Page, report: Report, expected: str) -> None:
    formal = [*_declared(page), *_structured(page)]
    linked = list(_linked(page))
    written = list(_written(page))
    own = formal or _retained(linked, written)
    if not own:
        _without(page, report, linked, written)
        return
    _contradicted(report, own, formal, linked, written)
    _reserved(page, report, own[0])
    _as_expected(report, own, expected)


def _retained(linked: list[_Said], written: list[_Said]) -> list[_Said]:
    own = [said for said in (*linked, *written) if said.how != "crédit" and said.how != "propos"]
    strong = [said for said in own if said.how in _OWN]
    if not strong:
        alone = [said for said in own if said.how == "seul"]
        strong = alone if len({said.code for said in alone}) <= 2 else []
    return strong or own


_OWN = ("pied", "page")


def _declared(page: Page) -> Iterator[_Said]:
    for node in page.all("a", "link", "area"):
        if (
            node.within & (Within.TEMPLATE | Within.FIGURE | Within.QUOTE)
            or "license" not in node.get("rel").lower().split()
        ):
            continue
        code = code_of_address(page.absolute(node.get("href"))) or next(iter(codes_of_text(page.name_of(node))), "")
        if code:
            yield _Said(code, "rel=license", node)
    for node in page.all("meta"):
        name = (node.get("name") or node.get("property") or node.get("itemprop")).lower()
        if name in (
            "dcterms.license",
            "dc.rights",
            "dcterms.rights",
            "dc.rights.license",
            "license",
            "dc.license",
            "rights",
            "copyright",
            "cc:license",
        ):
            content = node.get("content")
            code = code_of_address(content) or next(iter(codes_of_text(content)), "")
            if code:
                yield _Said(code, f"meta {name}", node)
    for node in page.all("a", "link", "span", "div", "p"):
        said = f"{node.get('property')} {node.get('itemprop')}".lower()
        if (
            ("license" in said or "cc:license" in said)
            and not node.within & Within.FIGURE
            and "license" not in node.get("rel")
        ):
            code = code_of_address(node.get("href") or node.get("content") or node.get("resource")) or next(
                iter(codes_of_text(page.text_of(node))), ""
            )
            if code:
                yield _Said(code, "donnée structurée", node)


def _structured(page: Page) -> Iterator[_Said]:
    for node in page.all("script"):
        if "ld+json" not in node.get("type").lower():
            continue
        try:
            data = json.loads((node.element.text or "")[:300_000])
        except (ValueError, RecursionError):
            continue
        for value in _licences_in(data):
            code = code_of_address(value) or next(iter(codes_of_text(value)), "")
            if code:
                yield _Said(code, "JSON-LD", Place(f'"license": "{value[:200]}"', node.line))


_MEDIA = (
    "image",
    "photograph",
    "imageobject",
    "videoobject",
    "audioobject",
    "mediaobject",
    "person",
    "organization",
    "software",
    "dataset",
)


def _licences_in(data: Any) -> Iterator[str]:
    """The licence of the page or of its main thing: of the first two levels, pictures left out."""
    waiting, looked = [(data, 0)], 0
    while waiting and looked < 500:
        item, depth = waiting.pop(0)
        looked += 1
        if isinstance(item, list):
            waiting += [(each, depth) for each in item[:100]]
        elif isinstance(item, dict):
            if any(kind in str(item.get("@type", "")).lower() for kind in _MEDIA):
                continue
            for key, value in item.items():
                if key.lower().rpartition(":")[2] == "license":
                    yield from _as_text(value)
                elif key in ("@graph", "mainEntity", "mainEntityOfPage") and depth < 3:
                    waiting.append((value, depth + 1))


def _as_text(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (each for key in ("@id", "url", "name") if isinstance(each := value.get(key), str))
    elif isinstance(value, list):
        for each in value[:10]:
            if isinstance(each, str):
                yield each


def _linked(page: Page) -> Iterator[_Said]:
    for node in page.all("a", "area"):
        if node.within & (Within.TEMPLATE | Within.CODE) or not node.get("href"):
            continue
        if code := code_of_address(page.absolute(node.get("href"))):
            yield _Said(code, _how(page, node), node)
    for node in page.all("img"):
        if not node.within & Within.LINK:
            code = next(iter(codes_of_text(node.get("alt"))), "") or code_of_badge(node.get("src"))
            if code:
                yield _Said(code, _how(page, node), node)


def _how(page: Page, node: Node) -> str:
    """What the licence is of: "crédit" (something shown), "propos" (a text about licences), "pied", "page", or ""."""
    if node.within & (Within.FIGURE | Within.QUOTE):
        return "crédit"
    around = folded(_line_of(page, node))
    return _what_of(around, bool(node.within & Within.FOOTER))


def _what_of(words: str, foot: bool) -> str:
    words = words.strip()
    if _OF_OTHERS.match(words):
        return "crédit"
    own = _OF_PAGE.search(words)
    if _CREDIT.search(words) and not own:
        return "crédit"
    if foot:
        return "pied"
    if own:
        return "page"
    if _ABOUT.search(words):
        return "propos"
    return "seul" if _ALONE.search(words) and len(words) < 120 else ""


_ALONE = re.compile(
    r"^(?:\(?c\)?|©|copyright|licence|license|droits|contenus? sous|sous licence|cc\b|creative commons|l'equipe|auteurs?)"
)


def _line_of(page: Page, node: Node) -> str:
    begin = page.text.rfind("\n", max(0, node.start - 400), node.start) + 1 or max(0, node.start - 400)
    end = page.text.find("\n", node.end, node.end + 400)
    return page.text[begin : end if end >= 0 else node.end + 400]


_LICENCE_WORD = re.compile(
    r"\bcc\b|\bcc[-0]|licen[cs]e|commons|etalab|domaine public|droits|gfdl|odbl|rights|\bgpl|\bgnu", re.I
)


_LICENCE_HINTS = (
    "cc",
    "licen",
    "commons",
    "etalab",
    "domaine public",
    "droits",
    "gfdl",
    "odbl",
    "rights",
    "gpl",
    "gnu",
)


def _written(page: Page) -> Iterator[_Said]:
    foot = [
        (node.start, node.end)
        for node in page.nodes
        if node.within & Within.FOOTER and not (node.parent and node.parent.within & Within.FOOTER)
    ]
    figures = [(node.start, node.end) for node in page.all("figure", "figcaption", "blockquote", "pre", "code")]
    candidates = [each for each in page.lines_with(*_LICENCE_HINTS) if _LICENCE_WORD.search(each[1])]
    for begin, line in candidates[:300]:
        in_foot = any(first <= begin <= last for first, last in foot[:200])
        in_figure = any(first <= begin < last for first, last in figures[:500])
        for sentence in sentences(line[:3000]):
            how = "crédit" if in_figure else _what_of(folded(sentence), in_foot)
            for code in codes_of_text(sentence):
                yield _Said(code, how, Place(sentence))
                how = "crédit"  # "les textes sous…, les données sous…": the first one is that of the page


def _without(page: Page, report: Report, linked: list[_Said], written: list[_Said]) -> None:
    words = folded(page.text[-300_000:])
    of_others = next(iter((*linked, *written)), None)
    searched = (
        "Cherché : rel=license, données structurées, adresse de Creative Commons ou de la Licence Ouverte, nom d'une licence "
        "dans le texte (« CC BY-SA », « Creative Commons Attribution… », « Licence Ouverte »)."
    )
    if _RESERVED.search(words):
        sentence = next((each for each in sentences(page.text) if _RESERVED.search(folded(each))), "")
        report.fault(
            "licence", f"La page réserve tous les droits et ne donne aucune licence. {searched}", Place(sentence)
        )
    elif of_others is not None and of_others.how == "crédit":
        report.fault(
            "licence",
            f"Une licence ({of_others.code}) est dite de ce que la page montre, mais aucune de la page elle-même. {searched}",
            of_others.on,
        )
    elif of_others is not None:
        report.review("licence", f"La page parle de licences sans dire clairement la sienne. {searched}", of_others.on)
    elif _CC_VAGUE.search(words):
        sentence = next((each for each in sentences(page.text) if _CC_VAGUE.search(folded(each))), "")
        report.review(
            "licence", "La page dit « Creative Commons » sans dire laquelle de ses licences.", Place(sentence)
        )
    else:
        report.fault("licence", f"Aucune licence n'a été trouvée dans la page. {searched}")


def _contradicted(
    report: Report, own: list[_Said], formal: list[_Said], linked: list[_Said], written: list[_Said]
) -> None:
    first = own[0]
    others = [said for said in own if said.code != first.code]
    alone = [said for said in (*linked, *written) if said.how == "seul" and said.code != first.code]
    if len({said.code for said in alone}) > 1:
        alone = []  # a list of licences: the page speaks of them
    if formal:
        others += [said for said in (*linked, *written) if said.how in _OWN and said.code != first.code]
    others += alone
    weak = not formal and not any(said.how in (*_OWN, "seul") for said in own)
    told: set[str] = set()
    for other in others:
        if other.code in told or (first.code, other.code) in _SAME:
            continue
        told.add(other.code)
        message = f"La page dit deux licences : {first.code} ({_by(first)}) et {other.code} ({_by(other)})."
        if weak or len({said.code for said in others}) >= 3:
            report.review("licence", message, other.on)
        else:
            report.fault("licence", message, other.on)


def _reserved(page: Page, report: Report, own: _Said) -> None:
    """ "Tous droits réservés" takes back what an open licence gives, unless it is said of the logos or of the photographs."""
    for line in page.text.split("\n"):
        words = folded(line[:1000]) if "serv" in line else ""
        if words and _RESERVED.search(words) and not _RESERVED_PART.search(words):
            message = f"La page dit une licence, {own.code} ({_by(own)}), et qu'elle réserve tous les droits."
            report.fault("licence", message, Place(line))
            return


_RESERVED_PART = re.compile(
    r"\b(?:sauf|hors|excepte|logos?|photos?|photographies?|images?|marques?|illustrations?|videos?|charte|cc|licence|commons)\b"
)
_SAME = {("domaine public", "CC0"), ("CC0", "domaine public")}


def _by(said: _Said) -> str:
    if said.how in ("rel=license", "JSON-LD", "donnée structurée") or said.how.startswith("meta"):
        return said.how
    return "lien" if isinstance(said.on, Node) else "texte"


def _as_expected(report: Report, own: list[_Said], expected: str) -> None:
    wanted = code_of_name(expected)
    if wanted and not any(said.code == wanted for said in own):
        report.fault("licence", f"La production est déclarée sous {wanted}, et la page dit {own[0].code}.", own[0].on)
