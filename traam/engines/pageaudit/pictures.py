# ruff: noqa: E501 - patterns and sentences, each on its line
"""Images and their alternatives."""

import re

from traam.engines.pageaudit.reading import Node, Page, Within
from traam.engines.pageaudit.report import Report, folded, quoted

LONG = 250  # characters: beyond, an alternative is a text

_FILE = re.compile(
    r"^[\w ()%.,+'-]{1,150}\.(?:jpe?g|png|gif|svg|webp|bmp|tiff?|ico|avif)$"
    r"|^(?:img|dsc[nf]?|pict?|p|image|photo|scan|screenshot|capture|cap|sans[ _-]titre|untitled|fichier|picture|wp)[ _-]?\d{2,}[\w ()-]*$"
    r"|^(?:capture d'ecran|screenshot|screen shot|whatsapp image|image collee|clipboard)[ _-].*\d.*$|^[0-9a-f]{12,}$|^\d{6,}$"
)
_EMPTY = re.compile(
    r"^(?:une |l'|la |le |un )?(?:images?|photos?|photographies?|illustrations?|img|pictures?|pics?|graphi(?:que|c|sme)s?|schemas?|figures?|dessins?|icones?|icons?"
    r"|visuels?|vignettes?|logos?|bannieres?|banner|thumbnails?|captures?|captures? d'ecran|screenshots?|alt|texte alternatif|alternative|description"
    r"|texte|titre|image ?\d{1,3}|photo ?\d{1,3}|figure ?\d{1,3}|illustration ?\d{1,3}|placeholder|spacer|todo|null|undefined|none|image de l'article"
    r"|image decorative|decorative image|photo d'illustration|image d'illustration|[^\w]{1,5}|sans titre|untitled|x+)$"
)
_ALT_NAMES = ("alt", "aria-label", "title")


def alternatives(page: Page, report: Report) -> None:
    for node in page.seen("img"):
        _image(page, node, report)
    for node in page.seen("area"):
        if node.get("href") and not _said(page, node):
            report.fault("a11y.alt", "Cette zone cliquable n'a pas d'alternative.", node)
    for node in page.seen("input"):
        if node.get("type").lower() == "image" and not _said(page, node):
            report.fault("a11y.alt", "Ce bouton image n'a pas d'alternative.", node)
    for node in page.seen("svg", "object", "embed", "canvas", "div", "span", "i", "p", "figure"):
        if node.get("role").lower() == "img":
            _posing(page, node, report)
        elif node.tag in ("object", "embed"):
            _embedded(page, node, report)
        elif node.tag == "svg":
            _drawing(page, node, report)


def _embedded(page: Page, node: Node, report: Report) -> None:
    image = node.get("type").lower().startswith("image/")
    if image and not page.alternative(node) and not page.content_name(node):
        report.fault("a11y.alt", "Cette image incorporée n'a pas d'alternative.", node)


def _posing(page: Page, node: Node, report: Report) -> None:
    """An element that is heard as an image: its own text is not read, only its name is."""
    if not page.alternative(node) and not (node.tag in ("div", "span") and page.content_name(node)):
        report.fault("a11y.alt", "Cet élément se présente comme une image (role=img), sans alternative.", node)


def _said(page: Page, node: Node) -> str:
    return page.referred(node) or next((node.get(name) for name in _ALT_NAMES if node.get(name)), "")


def _image(page: Page, node: Node, report: Report) -> None:
    if node.get("role").lower() in ("presentation", "none") or _pixel(node):
        return
    if "alt" not in node.attrs:
        if not _said(page, node):
            named = node.within & Within.LINK and _link_without_text(page, node)
            where = " Elle est le seul contenu d'un lien." if named else ""
            report.fault("a11y.alt", f"Cette image n'a pas d'attribut alt.{where}", node)
        return
    _quality(node, node.get("alt"), report)


def _pixel(node: Node) -> bool:
    return node.get("width").rstrip("px") in ("0", "1") and node.get("height").rstrip("px") in ("0", "1")


def _link_without_text(page: Page, node: Node) -> bool:
    up = node.parent
    while up is not None and up.tag != "a":
        up = up.parent
    return up is not None and not page.text_of(up)


def _quality(node: Node, alt: str, report: Report) -> None:
    words = folded(alt)
    if not words:
        return
    if _FILE.match(words):
        report.fault("a11y.altq", f"L'alternative {quoted(alt)} est un nom de fichier.", node)
    elif _EMPTY.match(words):
        report.fault("a11y.altq", f"L'alternative {quoted(alt)} ne dit pas ce que l'image montre.", node)
    elif len(alt) > LONG:
        report.review(
            "a11y.altq",
            f"L'alternative est longue ({len(alt)} caractères) : gardez l'essentiel, et décrivez l'image dans la page.",
            node,
        )


def _drawing(page: Page, node: Node, report: Report) -> None:
    """A drawing that is heard without a role is only worth a look when it is large and holds text of its own."""
    if node.parent is not None and node.parent.within & (Within.SVG | Within.LINK):
        return
    if node.get("role") or page.alternative(node):
        return
    texts = page.inner(node, "text")
    if len(texts) >= 3:
        report.review("a11y.alt", "Ce dessin contient du texte et n'a ni rôle d'image ni alternative.", node)
