"""Atom feeds, RFC 4287: plain text throughout, nothing to run in a reader."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from lxml import etree

NAMESPACE = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`id` is kept for life; `updated` is aware; `categories` are (code, label); `licence` an address or ""."""

    id: str
    title: str
    summary: str
    url: str
    updated: datetime
    author: str
    published: date | None = None
    categories: tuple[tuple[str, str], ...] = ()
    licence: str = ""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """`url` is its own address, `page` that of the page for people; `updated` counts when no entry is later."""

    id: str
    title: str
    url: str
    page: str
    author: str
    updated: datetime
    subtitle: str = ""


def atom(feed: Feed, entries: Iterable[Entry]) -> bytes:
    """The document. Entries come in the order given."""
    rows = list(entries)
    root = etree.Element(_name("feed"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # the stubs know no default name
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "fr")
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    if feed.subtitle:
        _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", _moment(max([feed.updated, *(row.updated for row in rows)])))
    _author(root, feed.author)
    _link(root, "self", feed.url, "application/atom+xml")
    _link(root, "alternate", feed.page, "text/html")
    for row in rows:
        _entry(root, row)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _entry(root: etree._Element, row: Entry) -> None:
    entry = etree.SubElement(root, _name("entry"))
    _text(entry, "id", row.id)
    _text(entry, "title", row.title)
    _text(entry, "updated", _moment(row.updated))
    if row.published:
        _text(entry, "published", f"{row.published.isoformat()}T00:00:00Z")
    if row.author:
        _author(entry, row.author)
    _link(entry, "alternate", row.url, "text/html")
    if row.licence:
        _link(entry, "license", row.licence, "")
    for code, label in row.categories:
        etree.SubElement(entry, _name("category"), term=_clean(code), label=_clean(label))
    _text(entry, "summary", row.summary)


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, _name(name)).text = _clean(text)


def _author(parent: etree._Element, name: str) -> None:
    _text(etree.SubElement(parent, _name("author")), "name", name)


def _link(parent: etree._Element, rel: str, href: str, media: str) -> None:
    link = etree.SubElement(parent, _name("link"), rel=rel, href=_clean(href))
    if media:
        link.set("type", media)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
