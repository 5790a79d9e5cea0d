"""Whose address is it: the same site, the State's schools, or somebody else's."""

import re
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

_PAIRS = frozenset(("co", "com", "org", "net", "gov", "gouv", "edu", "ac", "asso", "nom", "or", "ne", "go"))
# Hosts that lend a name to each of their customers: two of these names are two sites.
_LENT_WORDS = (
    "github.io gitlab.io netlify.app vercel.app pages.dev web.app firebaseapp.com herokuapp.com blogspot.com"
    " blogspot.fr wordpress.com wixsite.com weebly.com over-blog.com overblog.com canalblog.com eklablog.com"
    " eklablog.fr jimdo.com jimdofree.com free.fr pagesperso-orange.fr e-monsite.com tumblr.com glitch.me"
    " neocities.org frama.site gouv.fr azurewebsites.net cloudfront.net amazonaws.com translate.goog webador.fr"
    " sitew.fr strikingly.com"
)
_LENT = frozenset(_LENT_WORDS.split())
_SCHOOLS = re.compile(r"(?:^|\.)(?:ac-[a-z-]+\.(?:fr|nc|pf|wf)|education\.fr|gouv\.fr)$")
_FAMILY = frozenset(("reseau-canope.fr", "canotech.fr", "clemi.fr", "cned.fr", "onisep.fr", "monvr.pf", "ac-noumea.nc"))


def joined(base: str, address: str) -> str:
    """`address` as seen from `base`, "" when it cannot be read."""
    cleaned = re.sub(r"[\t\r\n]", "", address.strip())
    if "\\" in cleaned:  # browsers read them as slashes
        path, mark, query = cleaned.partition("?")
        cleaned = path.replace("\\", "/") + mark + query
    if cleaned.startswith(("http://", "https://")):
        return cleaned
    if cleaned[:1] == "/" and cleaned[:2] != "//" and "/." not in cleaned and (origin := _origin(base)):
        return origin + cleaned
    try:
        return urljoin(base, cleaned)
    except ValueError:
        return ""


@lru_cache(maxsize=256)
def _origin(base: str) -> str:
    """The scheme and the host, as they are written: most addresses of a page are paths, and joining is slow."""
    found = re.match(r"https?://[^/?#]+", base)
    return found.group() if found else ""


@lru_cache(maxsize=4096)
def host_of(address: str) -> str:
    """The host, lowered, without its final dot; "" when the address has none or is not http(s)."""
    try:
        parts = urlsplit(address)
        if parts.scheme.lower() not in ("http", "https"):
            return ""
        return (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def path_of(address: str) -> str:
    """The path and the query, "/" at least, as they are written."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@lru_cache(maxsize=4096)
def domain_of(host: str) -> str:
    """The domain somebody registered: "ac-lyon.fr" of "www.ac-lyon.fr"."""
    labels = host.split(".")
    if len(labels) <= 2 or host.replace(".", "").isdigit() or ":" in host:
        return host
    pair = ".".join(labels[-2:])
    if pair in _LENT or (len(labels[-1]) == 2 and labels[-2] in _PAIRS):
        return ".".join(labels[-3:])
    return pair


def is_friendly(host: str) -> bool:
    """The State and its schools: what they serve is not a third party's."""
    return bool(_SCHOOLS.search(host)) or domain_of(host) in _FAMILY


def is_state(host: str) -> bool:
    """A site of the State itself, which has contracts for its measurement of audience."""
    return host == "gouv.fr" or host.endswith(".gouv.fr")


def is_foreign(address: str, page_host: str, at_home: Collection[str] = ()) -> bool:
    """An address of http(s) on a site that is not the page's, nor a friend's, nor of `at_home` (hosts or domains)."""
    host = host_of(address)
    if not host or host == page_host or is_friendly(host):
        return False
    domain = domain_of(host)
    return domain != domain_of(page_host) and host not in at_home and domain not in at_home
