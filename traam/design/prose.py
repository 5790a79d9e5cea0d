"""Markdown typed by people, as safe HTML that fits in our pages."""

from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td", "div"}
TEXT = {"p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code", "strong", "em", "a"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"scope", "class"},
    "td": {"class"},
    "div": {"class", "tabindex", "role", "aria-label"},
}
ALIGNED = {"text-align:center": "fr-cell--center", "text-align:right": "fr-cell--right"}


@cache
def _reader() -> MarkdownIt:
    # Images are left out: pages load nothing from elsewhere, and an image needs its own alternative text.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _shift_headings(tokens: list[Token], base: int) -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + base - 1)}"


def _dress_cells(tokens: list[Token]) -> None:
    for token in tokens:
        if token.type not in {"th_open", "td_open"}:
            continue
        style = str(token.attrs.pop("style", ""))
        if style in ALIGNED:
            token.attrs["class"] = ALIGNED[style]
        if token.type == "th_open":
            token.attrs["scope"] = "col"


def markdown(text: str | None, base: int = 3) -> Markup:
    """CommonMark and tables as sanitised HTML; raw HTML shows as text. A `#` heading becomes `<h{base}>`."""
    reader = _reader()
    environment: dict[str, Any] = {}
    tokens = reader.parse(text or "", environment)
    _shift_headings(tokens, base)
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
