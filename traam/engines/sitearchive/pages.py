"""A page of the site, read for what it names and rewritten for its place in the archive."""

import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from posixpath import dirname, relpath
from urllib.parse import quote, urldefrag, urlsplit

from lxml import html as reader
from lxml.html import HtmlElement, HTMLParser

from traam.engines.sitearchive.addresses import SEARCH, Places, Site

# Attributes that name another file, by element.
_NAMES = {
    "a": ("href",),
    "area": ("href",),
    "link": ("href",),
    "img": ("src",),
    "source": ("src",),
    "track": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
}
_STYLE_ADDRESS = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)["']?\s*\)""")
_NOTICE = (
    '<div class="fr-notice fr-notice--info"><div class="fr-container">'
    '<div class="fr-notice__body"><p>{}</p></div></div></div>'
)
# What only means something to a browser in front of the living site.
_LIVE = ("data-hx-", "hx-", "data-fr-opened")


def _read(content: bytes) -> HtmlElement:
    return reader.document_fromstring(content, parser=HTMLParser(encoding="utf-8"))


def _written(root: HtmlElement) -> bytes:
    return bytes(reader.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>"))


def read_links(content: bytes, here: str, site: Site) -> list[str]:
    """The addresses of the site that a page names, without fragment, in order, once each."""
    found = dict[str, None]()
    for element in _read(content).iter(*_NAMES):
        for name in _NAMES[element.tag]:
            own = site.own(element.get(name), here) if element.get(name) is not None else None
            if own is not None:
                found[urldefrag(own)[0]] = None
    return list(found)


def named_by_style(style: str, here: str, site: Site) -> list[str]:
    """The addresses of the site that a style sheet names."""
    owned = (site.own(value, here) for value in _STYLE_ADDRESS.findall(style))
    return [urldefrag(own)[0] for own in owned if own is not None]


def with_icons(style: str, here: str, site: Site, icon: Callable[[str], bytes | None]) -> str:
    """The style sheet with its icons inside it: a page opened from a folder may not mask with another file.

    `icon`: the SVG at an address of the site, or None to leave it named.
    """

    def drawn(named: re.Match[str]) -> str:
        own = site.own(named[1], here)
        content = icon(urldefrag(own)[0]) if own is not None else None
        if content is None:
            return named[0]
        return f'url("data:image/svg+xml;base64,{b64encode(content).decode()}")'

    return _STYLE_ADDRESS.sub(drawn, style)


def rewrite(content: bytes, here: str, file: str, places: Places, *, script: str, banner: str) -> bytes:
    """The page for its place: its links lead inside the archive, what needs the site says so, one script is left.

    `script`: the file of the archive's own script. `banner`: a sentence shown above the content of every page.
    """
    root = _read(content)
    _forget_the_living_site(root)
    for element in list(root.iter(*_NAMES)):
        for name in _NAMES[element.tag]:
            value = element.get(name)
            replaced = places.link(value, here, file) if value is not None else None
            if replaced is not None:
                element.set(name, replaced)
    _replace_forms(root, here, file, places)
    _say(root, file, places, script, banner)
    return _written(root)


def _forget_the_living_site(root: HtmlElement) -> None:
    for script in list(root.iter("script")):
        if script.get("type") != "application/ld+json":
            script.drop_tree()
    for meta in list(root.iter("meta")):
        if meta.get("name") == "htmx-config":
            meta.drop_tree()
    for element in root.iter():
        if isinstance(element.tag, str):
            for name in [name for name in element.attrib if str(name).startswith(_LIVE)]:
                del element.attrib[name]


def _replace_forms(root: HtmlElement, here: str, file: str, places: Places) -> None:
    """A search asks the archive; any other form asks for the site, and a sentence takes its place."""
    for form in list(root.iter("form")):
        target = places.site.own(form.get("action") or "", here)
        if (form.get("method") or "get").lower() == "get" and target and urlsplit(target).path == SEARCH:
            form.set("action", _relative(places.search, file))
            continue
        about = _relative(places.about, file)
        sentence = reader.fromstring(
            f'<p class="fr-hint-text">Ici, le site propose une action que son archive ne peut pas faire : '
            f'<a href="{about}">ce que contient l’archive</a>.</p>'
        )
        sentence.tail = form.tail
        form.tail = None
        form.getparent().replace(form, sentence)


def _say(root: HtmlElement, file: str, places: Places, script: str, banner: str) -> None:
    head, main = root.find("head"), root.find(".//main")
    if head is not None:
        tag = reader.Element("script")
        tag.set("src", _relative(script, file))
        tag.set("defer", "defer")
        head.append(tag)
    if main is not None:
        link = f'<a class="fr-notice__link" href="{_relative(places.about, file)}">Ce que contient l’archive</a>'
        main.insert(0, reader.fromstring(_NOTICE.format(f"{banner} {link}")))


def _relative(target: str, file: str) -> str:
    return quote(relpath(target, dirname(file) or "."))


def with_main(content: bytes, title: str, main: str) -> bytes:
    """A page of the site whose content is replaced: the archive's own pages wear the same dress.

    `main`: HTML, from its `<h1>`.
    """
    root = _read(content)
    for found in root.iter("title"):
        found.text = title
    for extra in [*root.xpath("//script[@type='application/ld+json']"), *root.xpath("//link[@rel='canonical']")]:
        extra.drop_tree()
    place = root.find(".//main")
    for child in list(place):
        child.drop_tree()
    place.text = None
    place.append(reader.fromstring(f'<div class="fr-container page">{main}</div>'))
    return _written(root)


def part(name: str) -> str:
    """A piece of the archive's own pages: "about.html", "search.html", "archive.js"."""
    return (Path(__file__).parent / "parts" / name).read_text(encoding="utf-8")
