"""A site as a folder of pages that open without it: where each address goes, how a page is rewritten for its place."""

from traam.engines.sitearchive.addresses import Places, Site, file_of
from traam.engines.sitearchive.pages import named_by_style, part, read_links, rewrite, with_icons, with_main

__all__ = ["Places", "Site", "file_of", "named_by_style", "part", "read_links", "rewrite", "with_icons", "with_main"]
