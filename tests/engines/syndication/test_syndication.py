"""Feeds and sitemaps, as their formats demand."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from lxml import etree

from traam.engines.syndication import MOST_ADDRESSES, Entry, Feed, atom, sitemap, sitemap_index

A = "{http://www.w3.org/2005/Atom}"
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
AT = datetime(2026, 5, 4, 11, 30, tzinfo=timezone(timedelta(hours=2)))
FEED = Feed(id="tag:x,2026:f", title="T", url="https://x/f", page="https://x/", author="TraAM", updated=AT)


def entry(**more: object) -> Entry:
    told = {
        "id": "oai:x:1",
        "title": "L'IA & <toi>",
        "summary": "a\x00b",
        "url": "https://x/1",
        "updated": AT,
        "author": "G",
    }
    return Entry(**{**told, **more})  # type: ignore[arg-type]


def test_a_feed_tells_what_atom_demands() -> None:
    later = AT + timedelta(days=1)
    rows = [
        entry(published=date(2026, 5, 1), categories=(("LET", "Lettres"),), licence="https://l/"),
        entry(updated=later),
    ]
    root = etree.fromstring(atom(FEED, rows))
    assert root.findtext(f"{A}updated") == "2026-05-05T09:30:00Z"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{A}link")}
    assert links == {"self": "https://x/f", "alternate": "https://x/"}
    first = root.find(f"{A}entry")
    assert first is not None
    assert (first.findtext(f"{A}title"), first.findtext(f"{A}summary")) == ("L'IA & <toi>", "ab")
    assert first.findtext(f"{A}published") == "2026-05-01T00:00:00Z"
    assert first.find(f"{A}link[@rel='license']").get("href") == "https://l/"  # type: ignore[union-attr]
    assert [c.get("label") for c in first.findall(f"{A}category")] == ["Lettres"]
    for required in ("id", "title", "updated"):
        assert all(one.findtext(f"{A}{required}") for one in (root, *root.findall(f"{A}entry")))


def test_an_empty_feed_is_a_feed() -> None:
    root = etree.fromstring(atom(FEED, []))
    assert root.findtext(f"{A}updated") == "2026-05-04T09:30:00Z" and root.find(f"{A}author/{A}name") is not None


def test_sitemaps_give_addresses_and_dates() -> None:
    root = etree.fromstring(sitemap([("https://x/?a&b", AT), ("https://x/2", None)]))
    assert [url.text for url in root.iter(f"{S}loc")] == ["https://x/?a&b", "https://x/2"]
    assert [url.text for url in root.iter(f"{S}lastmod")] == ["2026-05-04T09:30:00Z"]
    assert (
        etree.fromstring(sitemap_index([("https://x/1.xml", datetime(2026, 1, 1, tzinfo=UTC))])).tag
        == f"{S}sitemapindex"
    )


def test_a_sitemap_holds_no_more_than_the_protocol_lets_it() -> None:
    sitemap(("https://x/", None) for _ in range(MOST_ADDRESSES))
    with pytest.raises(ValueError, match="50000"):
        sitemap(("https://x/", None) for _ in range(MOST_ADDRESSES + 1))
