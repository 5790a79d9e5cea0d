"""Sitemaps, as https://www.sitemaps.org/protocol.html has them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from xml.sax.saxutils import escape

MOST_ADDRESSES = 50_000  # of one sitemap
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
Address = tuple[str, datetime | None]
"""An address and the moment of its last change, if it is known."""


def sitemap(addresses: Iterable[Address]) -> bytes:
    """Raises `ValueError` for more addresses than one sitemap may hold."""
    return _document("urlset", "url", addresses)


def sitemap_index(sitemaps: Iterable[Address]) -> bytes:
    return _document("sitemapindex", "sitemap", sitemaps)


def _document(root: str, item: str, addresses: Iterable[Address]) -> bytes:
    rows = list(islice(addresses, MOST_ADDRESSES + 1))
    if len(rows) > MOST_ADDRESSES:
        raise ValueError(f"more than {MOST_ADDRESSES} addresses in one sitemap")
    lines = "".join(f"<{item}><loc>{escape(address)}</loc>{_changed(at)}</{item}>\n" for address, at in rows)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n{lines}</{root}>\n'.encode()


def _changed(at: datetime | None) -> str:
    if at is None:
        return ""
    return f"<lastmod>{at.astimezone(UTC).isoformat(timespec='seconds').replace('+00:00', 'Z')}</lastmod>"
