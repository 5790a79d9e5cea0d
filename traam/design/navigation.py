"""What the header and footer show, and where a clause is read.

This app knows no page of the site. The business side is given by three settings, dotted paths:
`NAVIGATION` to `callable(request) -> Navigation`, `ARTICLES` to `callable(anchor) -> Entry | None`, and
`WHY` to `callable(topic, object) -> Entry | None`: the article that asks what the page asks of this object.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Entry:
    """One link of a menu. `count` shows beside the label ("3 en attente"): give `count_label` too.

    `children` open under the entry, which then has no address of its own.
    """

    label: str
    url: str = ""
    current: bool = False
    count: int = 0
    count_label: str = "en attente"
    icon: str = ""
    children: tuple["Entry", ...] = ()


@dataclass(frozen=True)
class Account:
    """The person signed in: their name, what they are ("DAN de Lyon"), and the links to their own pages."""

    name: str
    detail: str = ""
    entries: tuple[Entry, ...] = ()


FOOTER = (
    Entry("Plan du site", "/plan-du-site"),
    Entry("Accessibilité : non conforme", "/accessibilite"),
    Entry("Mentions légales", "/mentions-legales"),
    Entry("Données personnelles", "/donnees-personnelles"),
)


@dataclass(frozen=True)
class Navigation:
    """`sign_out` receives a POST; `search` is the address of a GET search with `q` ("" for none)."""

    entries: tuple[Entry, ...] = ()
    account: Account | None = None
    sign_in: str = ""
    sign_out: str = ""
    search: str = ""
    footer: tuple[Entry, ...] = field(default=FOOTER)


@cache
def _provider(path: str) -> Callable[..., Any]:
    provider: Callable[..., Any] = import_string(path)
    return provider


def navigation(request: HttpRequest | None) -> Navigation:
    """The navigation of this request; only the footer when there is no request or no provider."""
    path = getattr(settings, "NAVIGATION", "")
    if request is None or not path:
        return Navigation()
    given: Navigation = _provider(path)(request)
    return given


def article(anchor: str) -> Entry:
    """The link to a clause of the cahier des charges; only its anchor as label when nobody knows its page."""
    path = getattr(settings, "ARTICLES", "")
    known: Entry | None = _provider(path)(anchor) if path else None
    return known or Entry(anchor)


def why(request: HttpRequest | None) -> Entry | None:
    """The article that asks what this page asks; None for a page that declares no topic, or whose object has none."""
    topic, thing = getattr(request, "about", ("", None))
    path = getattr(settings, "WHY", "")
    if not topic or thing is None or not path:
        return None
    found: Entry | None = _provider(path)(topic, thing)
    return found
