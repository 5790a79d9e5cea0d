"""Pages of this very site, fetched without leaving the process: a hosted page passes the same audit as the others.

The site may answer on a loopback or private address, that `Fetcher` rightly never visits. Its pages come through the
same WSGI application and middleware as readers', without any cookie: what is fetched is what an anonymous reader gets.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import cache
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http.response import HttpResponseBase

from traam.engines.pageaudit.values import Fetched, Link
from traam.gateways.fetching.exchange import REDIRECTS, lowered

MOST_BYTES = 8 * 1024 * 1024
_REDIRECTS = 5
_AWAY = "Cette page de la plateforme renvoie vers un autre site : donnez l'adresse de celui-ci."
_BROKEN = "La plateforme n'a pas su servir cette page : prévenez son équipe."
_ROUND = "Cette page de la plateforme renvoie trop de fois vers une autre : prévenez son équipe."

log = logging.getLogger(__name__)


def is_ours(address: str) -> bool:
    """Whether this address is one of the site's own."""
    try:
        return _origin(address) == _origin(settings.SITE_ADDRESS)
    except ValueError:
        return False


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def fetch_ours(path: str, *, most_bytes: int = MOST_BYTES) -> Fetched:
    """What the site answers at this path ("/catalogue?q=1"), or at this address of its own, static files included.

    Redirects are followed within the site. Never raises for what a page does: one that breaks has the status 500.
    """
    asked = here = _joined(settings.SITE_ADDRESS + "/", path)
    start, crossed = monotonic(), tuple[str, ...]()
    while True:
        fetched = _step(here, crossed, most_bytes)
        location = fetched.header("location") if fetched.status in REDIRECTS else ""
        if not location:
            return replace(fetched, address=asked, seconds=monotonic() - start)
        crossed += (here,)
        here = _joined(here, location)


def _step(here: str, crossed: tuple[str, ...], most_bytes: int) -> Fetched:
    """One answer of the site, once `crossed` led here."""
    if not is_ours(here):
        return Fetched(here, here, redirects=crossed, error="refused", detail=_AWAY)
    if len(crossed) > _REDIRECTS or here in crossed:
        return Fetched(here, here, redirects=crossed, error="redirects", detail=_ROUND)
    try:
        status, headers, body, cut = _served(here, most_bytes)
    except Exception:
        log.exception("A page of the site could not be served to its own audit: %s", here)
        return Fetched(here, here, redirects=crossed, error="protocol", detail=_BROKEN)
    return Fetched(here, here, status, headers, body, crossed, truncated=cut)


def _joined(here: str, path: str) -> str:
    """What does not read is left as it is: it is not ours."""
    try:
        return urljoin(here, path)
    except ValueError:
        return path


def ask_ours(path: str) -> Link:
    """Whether the site answers at this path, or at this address of its own."""
    page = fetch_ours(path, most_bytes=0)
    return Link(page.address, page.status, page.error)


def _served(address: str, most_bytes: int) -> tuple[int, tuple[tuple[str, str], ...], bytes, bool]:
    """Status, headers, body, and whether the body was cut."""
    headers = {"User-Agent": "TraAM-audit/1", "Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "identity"}
    request = httpx.Request("GET", httpx.URL(address).copy_with(fragment=None), headers=headers)
    # In somebody's transaction, a page that breaks on its database must not break it too.
    with transaction.atomic() if transaction.get_connection().in_atomic_block else nullcontext():
        response = httpx.WSGITransport(_site()).handle_request(request)
        try:
            body, cut = _up_to(response.iter_raw(), most_bytes)
        finally:
            response.close()
    return response.status_code, lowered(response.headers.raw), body, cut


def _up_to(pieces: Iterable[bytes], most: int) -> tuple[bytes, bool]:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > most:
            return bytes(body[:most]), True
    return bytes(body), False


@cache
def _site() -> "_Site":
    """Made once: its middleware reads the list of static files."""
    return _Site()


class _Site(BaseHandler):
    """The site, without the signals that open and end a request of the web server.

    Those close the connections of the thread's database: here, they belong to who asks, and so may a transaction.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> "_Pieces":
        # WSGI (PEP 3333) wants the bytes of the path as Latin-1; httpx gives its text.
        request = WSGIRequest({**environ, "PATH_INFO": environ["PATH_INFO"].encode().decode("latin-1")})
        response = self.get_response(request)
        cookies = [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
        start_response(f"{response.status_code} {response.reason_phrase}", [*response.items(), *cookies])
        return _Pieces(response)


class _Pieces:
    """The body of a response, and what is to be closed once it is read: files that it streams."""

    def __init__(self, response: HttpResponseBase) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._response)

    def close(self) -> None:
        for close in getattr(self._response, "_resource_closers", ()):  # what `close` calls, before its signal
            close()
