"""Addresses of a site, and the files of its archive."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import dirname, relpath
from urllib.parse import parse_qsl, quote, unquote, urldefrag, urljoin, urlsplit

SEARCH = "/recherche"
_NAMED = re.compile(r"\.[a-z0-9]{2,6}$", re.IGNORECASE)
_ODD = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Site:
    """`address`: of its front page, without the last slash ("https://traam.exemple")."""

    address: str

    def own(self, value: str, here: str) -> str | None:
        """The path and query that a link of the page `here` leads to on this site; None when it leads elsewhere.

        The fragment stays. An empty value is the page itself.
        """
        try:
            address = urljoin(self.address + here, value.strip())
            parts = urlsplit(address)
        except ValueError:
            return None
        if not address.startswith(self.address) or address[len(self.address) :][:1] not in {"", "/", "?", "#"}:
            return None
        return address[len(self.address) :] or "/" if parts.path else "/" + address[len(self.address) :]


def file_of(address: str, *, page: bool) -> str:
    """Where the answer of an address ("/themes/?page=2") is written: "themes/index-page-2.html".

    `page`: it is HTML. What has an extension keeps it. Never out of the folder.
    """
    parts = urlsplit(address)
    steps = [_ODD.sub("-", unquote(step)).lstrip(".") for step in parts.path.split("/")]
    steps = [step for step in steps[:-1] if step] + [steps[-1] or "index"]
    query = "".join(f"-{_ODD.sub('-', name)}-{_ODD.sub('-', value)}" for name, value in parse_qsl(parts.query))
    name = steps[-1]
    if page:
        steps[-1] = f"{name.removesuffix('.html')}{query}.html"
    elif query:
        stem, dot, kind = name.rpartition(".")
        steps[-1] = f"{stem}{query}.{kind}" if dot else name + query
    elif not _NAMED.search(name):
        steps[-1] = name + ".txt"
    return "/".join(steps)


@dataclass(frozen=True)
class Places:
    """Where links lead inside the archive. `kept`: address without fragment → file.

    `search`: the page that searches the archive; `about`: the one that says what the archive leaves out.
    """

    site: Site
    kept: Mapping[str, str]
    search: str
    about: str

    def link(self, value: str, here: str, file: str) -> str | None:
        """What replaces a link of the page `here`, written in `file`. None: it leads out of the site, or nowhere."""
        own = self.site.own(value, here)
        if own is None:
            return None
        address, fragment = urldefrag(own)
        parts = urlsplit(address)
        target, query = self.kept.get(address), ""
        if target is None and parts.path == SEARCH:
            target, query, fragment = self.search, parts.query, ""
        elif target is None:
            target = self.kept.get(parts.path)
        if target is None:
            target, fragment = self.about, ""
        if target == file and fragment:
            return "#" + fragment
        tail = ("?" + query if query else "") + ("#" + fragment if fragment else "")
        return quote(relpath(target, dirname(file) or ".")) + tail
