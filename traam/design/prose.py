"""Markdown typed by people, as safe HTML that fits in our pages."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from traam.engines.sharing.pictures import OURS, Named, named_by

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td", "div"}
TEXT = {"p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code", "strong", "em", "a", "img"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "th": {"scope", "class"},
    "td": {"class"},
    "div": {"class", "tabindex", "role", "aria-label"},
}
ALIGNED = {"text-align:center": "fr-cell--center", "text-align:right": "fr-cell--right"}


@dataclass(frozen=True)
class Picture:
    """An image of ours that a text shows. `alternative` is said when the text itself says nothing of it."""

    address: str
    alternative: str = ""
    decorative: bool = False


Pictures = Callable[[str], Picture | None]


def pictures(pieces: Iterable[Mapping[str, Any]], address: Callable[[Mapping[str, Any]], str]) -> Pictures:
    """Where a text finds its images: among `pieces` (id, file, alternative, decorative), each at its `address`."""
    by_number = {piece["id"]: piece for piece in pieces if piece["file"]}

    def find(source: str) -> Picture | None:
        piece = by_number.get(Named(source, "").number)
        return Picture(address(piece), piece["alternative"], piece["decorative"]) if piece else None

    return find


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _place_images(tokens: list[Token], images: Pictures | None) -> None:
    for token in tokens:
        if token.type == "inline" and token.children:
            linked, placed = False, []
            for child in token.children:
                _lead(child, images)
                linked = child.type == "link_open" or (linked and child.type != "link_close")
                placed += _placed(child, images, linked) if child.type == "image" else [child]
            token.children = placed


def _lead(child: Token, images: Pictures | None) -> None:
    """A link to `fichier:12` leads to the file 12 that goes with the text."""
    source = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
    if source.startswith(OURS):
        found = images(source) if images else None
        child.attrs = {"href": found.address} if found else {}


def _placed(child: Token, images: Pictures | None, linked: bool) -> list[Token]:
    """An image of ours; of another site, its address to follow: pages load nothing from elsewhere."""
    named = named_by(child)
    found = images(named.source) if images else None
    if found:
        said = "" if found.decorative else named.alternative or found.alternative
        child.attrs = {"src": found.address, "alt": said}
        child.children = [Token("text", "", 0, content=said)]
        return [child]
    site = urlsplit(named.source)
    if site.scheme not in {"http", "https"} or not site.netloc:
        return [Token("text", "", 0, content=f"[Image absente\u00a0: {named.alternative or named.source}]")]
    words = Token("text", "", 0, content=f"Image\u00a0: {named.alternative or site.netloc}")
    if linked:
        return [words]
    return [Token("link_open", "a", 1, attrs={"href": named.source}), words, Token("link_close", "a", -1)]


def _shift_headings(tokens: list[Token], base: int) -> None:
    """The first heading at `base`, those under it one level deeper at a time, whatever levels were typed.

    A text that begins at `##`, or goes from `#` to `###`, would otherwise leave a hole in the headings of the page.
    """
    above: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            while above and above[-1] >= token.tag:
                above.pop()
            above.append(token.tag)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, base + len(above) - 1)}"


def _dress_cells(tokens: list[Token]) -> None:
    for token in tokens:
        if token.type not in {"th_open", "td_open"}:
            continue
        style = str(token.attrs.pop("style", ""))
        if style in ALIGNED:
            token.attrs["class"] = ALIGNED[style]
        if token.type == "th_open":
            token.attrs["scope"] = "col"


def markdown(text: str | None, base: int = 3, images: Pictures | None = None) -> Markup:
    """CommonMark and tables as sanitised HTML; raw HTML shows as text. Its first heading becomes `<h{base}>`.

    `images` finds the images of the text by their address (`fichier:12`); without it, none is shown.
    """
    reader = _reader()
    environment: dict[str, Any] = {}
    tokens = reader.parse(text or "", environment)
    _shift_headings(tokens, base)
    _place_images(tokens, images)
    _dress_cells(tokens)
    html = str(reader.renderer.render(tokens, reader.options, environment))
    # A table wider than the screen scrolls by itself, and the keyboard can scroll it.
    html = html.replace("<table>", '<div class="prose-table" tabindex="0" role="region" aria-label="Tableau"><table>')
    html = html.replace("</table>", "</table></div>")
    clean = nh3.clean(
        html,
        tags=HEADINGS | TABLES | TEXT,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(f'<div class="prose">{clean}</div>')  # noqa: S704 - sanitised on the line above
