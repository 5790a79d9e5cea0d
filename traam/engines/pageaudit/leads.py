"""The addresses of a page that somebody should ask for before the audit can speak of them."""

import re

from traam.engines.pageaudit.addresses import domain_of, host_of, is_friendly, path_of
from traam.engines.pageaudit.reading import Page, Within, is_page, read
from traam.engines.pageaudit.values import Fetched, Wanted

MOST_DOCUMENTS, MOST_LINKS, MOST_IMAGES = 50, 300, 60

_DOCUMENT = re.compile(r"\.(?:pdf|docx|odt|pptx|odp)$", re.I)
_IMAGE = re.compile(r"\.(?:jpe?g|png|webp|tiff?|heic|avif)$", re.I)


def wanted(fetched: Fetched) -> Wanted:
    """What an HTML page leads to, each address once, in the order of the page and without its fragment.

    Documents are those of the site and of the State's schools: an author does not answer for others'. They are not
    repeated in `links`: whoever fetches one knows whether it answers, and may say so to `audit_page`.
    """
    if fetched.error or not is_page(fetched):
        return Wanted()
    page = read(fetched)
    here = host_of(page.address)
    documents: dict[str, None] = {}
    links: dict[str, None] = {}
    for node in page.all("a", "area"):
        if not node.get("href") or node.within & (Within.TEMPLATE | Within.NOSCRIPT):
            continue
        address = page.absolute(node.get("href")).partition("#")[0]
        host = host_of(address)
        if not host or address == page.address.partition("#")[0]:
            continue
        ours = domain_of(host) == domain_of(here) or is_friendly(host)
        kept = documents if ours and _DOCUMENT.search(path_of(address).partition("?")[0]) else links
        kept.setdefault(address)
    return Wanted(tuple(documents)[:MOST_DOCUMENTS], tuple(links)[:MOST_LINKS], _images(page, here))


def _images(page: Page, here: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for node in page.all("img"):
        address = page.absolute(node.get("src")) if node.get("src") else ""
        same = bool(address) and domain_of(host_of(address)) == domain_of(here)
        if same and _IMAGE.search(path_of(address).partition("?")[0]):
            found.setdefault(address)
    return tuple(found)[:MOST_IMAGES]
