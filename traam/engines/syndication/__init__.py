"""What readers of news and search engines follow: Atom feeds (RFC 4287) and sitemaps (sitemaps.org)."""

from traam.engines.syndication.atom import Entry, Feed, atom
from traam.engines.syndication.sitemaps import MOST_ADDRESSES, Address, sitemap, sitemap_index

__all__ = ["MOST_ADDRESSES", "Address", "Entry", "Feed", "atom", "sitemap", "sitemap_index"]
