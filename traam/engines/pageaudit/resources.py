"""What a page loads by itself: every address that a browser asks for without a click."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from traam.engines.pageaudit.reading import Node, Page, Place, Within

MOST_STYLE = 500_000  # characters of style that are looked at
MOST = 20_000  # resources of one page

_URL = re.compile(r"url\(\s{0,9}[\"']?\s{0,9}([^\"')\s]{1,2000})")
_IMPORT = re.compile(r"@import\s{1,9}[\"']([^\"']{1,2000})[\"']")
_LOADED = {
    "stylesheet": "feuille de style",
    "icon": "icône",
    "apple-touch-icon": "icône",
    "preload": "fichier préchargé",
    "modulepreload": "script préchargé",
    "prefetch": "fichier préchargé",
    "prerender": "page préchargée",
    "preconnect": "connexion anticipée",
    "manifest": "manifeste",
}
_SOURCES = {
    "script": ("script", ("src",)),
    "img": ("image", ("src", "srcset", "data-src", "data-lazy-src", "data-original", "data-srcset")),
    "iframe": ("cadre", ("src",)),
    "frame": ("cadre", ("src",)),
    "embed": ("objet", ("src",)),
    "object": ("objet", ("data",)),
    "applet": ("objet", ("code", "archive")),
    "video": ("vidéo", ("src", "poster")),
    "audio": ("son", ("src",)),
    "source": ("média", ("src", "srcset")),
    "track": ("piste", ("src",)),
    "image": ("image", ("href", "xlink:href")),
    "use": ("image", ("href", "xlink:href")),
    "body": ("image de fond", ("background",)),
    "table": ("image de fond", ("background",)),
    "td": ("image de fond", ("background",)),
    "th": ("image de fond", ("background",)),
    "bgsound": ("son", ("src",)),
}


@dataclass(frozen=True)
class Resource:
    """`address` is absolute. `kind` is French. `waits` when the page keeps it back until the reader agrees."""

    node: Node
    address: str
    kind: str
    waits: bool = False

    @property
    def shown(self) -> "Node | Place":
        """A style element is too long to show what it loads: its line and the address are."""
        if self.node.tag == "style":
            return Place(f"{self.kind} : {self.address}", self.node.line)
        return self.node


def resources(page: Page) -> list[Resource]:
    """All of them, in the order of the page, each element's address once."""
    known = page.kept.get("resources")
    if known is None:
        known = page.kept["resources"] = _gathered(page)
    return cast("list[Resource]", known)


def _gathered(page: Page) -> list[Resource]:
    found: list[Resource] = []
    seen: set[tuple[int, str]] = set()
    for node, written, kind, waits in _written(page):
        address = page.absolute(written)
        if (
            address
            and (node.rank, address) not in seen
            and address[:5].lower() not in ("data:", "blob:", "about", "javas")
        ):
            seen.add((node.rank, address))
            found.append(Resource(node, address, kind, waits))
            if len(found) >= MOST:
                break
    return sorted(found, key=lambda resource: resource.node.rank)


def _written(page: Page) -> Iterator[tuple[Node, str, str, bool]]:
    for tag, (kind, names) in _SOURCES.items():
        for node in page.all(tag):
            if not node.within & Within.TEMPLATE:
                yield from _of(node, kind, names)
    for node in page.all("input"):
        if node.get("type").lower() == "image" and node.get("src"):
            yield node, node.get("src"), "bouton image", False
    yield from _linked(page)
    yield from _styled(page)


def _of(node: Node, kind: str, names: tuple[str, ...]) -> Iterator[tuple[Node, str, str, bool]]:
    waits = _waits(node)
    for name in names:
        value = node.attrs.get(name, "").strip()
        if not value:
            continue
        if name.endswith("srcset"):
            for candidate in _candidates(value):
                yield node, candidate, kind, waits
        elif not value.startswith("#"):
            yield node, value, kind, waits
    if node.tag in ("iframe", "script", "embed") and not node.get("src"):
        for name in ("data-src", "data-lazy-src", "data-cookieblock-src", "data-litespeed-src", "data-suppressedsrc"):
            if node.get(name):
                yield node, node.get(name), kind, True


def _candidates(srcset: str) -> Iterator[str]:
    """The addresses of a srcset; a data: address has a comma of its own, and is of no use here."""
    for part in srcset[:20_000].split(","):
        words = part.split()
        if words and ("/" in words[0] or "." in words[0]):
            yield words[0]


def _waits(node: Node) -> bool:
    """A script whose type is not one that a browser runs is kept for after an agreement."""
    if node.tag != "script":
        return False
    kind = node.get("type").lower()
    return kind in ("text/plain", "text/tarteaucitron", "text/x-consent", "opt-in", "text/partytown-consent", "blocked")


def _linked(page: Page) -> Iterator[tuple[Node, str, str, bool]]:
    for node in page.all("link"):
        relations = node.get("rel").lower().split()
        kind = next((_LOADED[relation] for relation in relations if relation in _LOADED), "")
        if kind and node.get("href") and not node.within & Within.TEMPLATE:
            yield node, node.get("href"), kind, False
        if "preload" in relations and node.get("imagesrcset"):
            for candidate in _candidates(node.get("imagesrcset")):
                yield node, candidate, "image", False


def _styled(page: Page) -> Iterator[tuple[Node, str, str, bool]]:
    left = MOST_STYLE
    for node in page.all("style"):
        style = without_comments((node.element.text or "")[:left])
        left -= len(style)
        yield from ((node, written, kind, False) for written, kind in _in_style(style))
        if left <= 0:
            return
    for node in page.nodes:
        inline = node.attrs.get("style", "")
        if "url(" in inline:
            yield from ((node, written, kind, False) for written, kind in _in_style(inline[:5000]))


def _in_style(style: str) -> Iterator[tuple[str, str]]:
    for found in _IMPORT.finditer(style):
        yield found.group(1), "feuille de style"
    for found in _URL.finditer(style):
        before = style[max(0, found.start() - 60) : found.start()]
        font = "@font-face" in style[max(0, found.start() - 600) : found.start()].rpartition("}")[2]
        kind = "feuille de style" if "@import" in before else "police" if font else "image de fond"
        if not found.group(1).startswith("#"):
            yield found.group(1), kind


def without_comments(style: str) -> str:
    """Without /* … */, in one pass."""
    kept, at = [], 0
    while (begin := style.find("/*", at)) >= 0:
        kept.append(style[at:begin])
        end = style.find("*/", begin + 2)
        if end < 0:
            return "".join(kept)
        at = end + 2
    kept.append(style[at:])
    return "".join(kept)


_LINE_COMMENT = re.compile(r"(?:(?<=[\s;{},)])|^)//[^\n]*", re.M)
_NO_SCRIPT = re.compile(r"json|template|x-handlebars|mustache|text/html|x-tmpl|mathjax|math/tex|glsl|markdown", re.I)


def running_code(page: Page) -> list[tuple[Node, str]]:
    """The scripts written in the page, without their comments; data that is no code is left out."""
    known = page.kept.get("code")
    if known is None:
        known = page.kept["code"] = _code(page)
    return cast("list[tuple[Node, str]]", known)


def _code(page: Page) -> list[tuple[Node, str]]:
    found, left = [], 2_000_000
    for node in page.all("script"):
        text = node.element.text or ""
        if not text.strip() or node.within & Within.TEMPLATE or _NO_SCRIPT.search(node.get("type")):
            continue
        code = text[:left]
        left -= len(code)
        if "//" in code:
            code = _LINE_COMMENT.sub("", code)
        if "/*" in code:
            code = _without_script_comments(code)
        found.append((node, code))
        if left <= 0:
            break
    return found


def _without_script_comments(code: str) -> str:
    """As `without_comments`; a "/*" after a quote or a star is a media type ("*/*") and not a comment."""
    kept, at, look = [], 0, 0
    while (begin := code.find("/*", look)) >= 0:
        if begin and code[begin - 1] in "*'\"":
            look = begin + 2
            continue
        kept.append(code[at:begin])
        end = code.find("*/", begin + 2)
        if end < 0:
            return "".join(kept)
        at = look = end + 2
    kept.append(code[at:])
    return "".join(kept)
