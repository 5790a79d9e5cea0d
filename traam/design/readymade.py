"""Public pages given again as they were drawn, for as long as nothing public changed.

A page is given again only to somebody without a session, only while the public state (setting `PUBLIC_STATE`) is the
one it was drawn in, and only on the day it was drawn: a call closes at midnight. Each process keeps its own pages; as
the state is read from the database at each request, the processes of ten machines agree (docs/decisions/0018).

`PUBLIC_STATE` names a module with `now()`, what public pages depend on, and `tables()`, those whose changes `now()`
tells. A page that read another table is never kept: a new page that forgets to say so is slow, not wrong.
"""

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from hashlib import blake2b
from importlib import import_module
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from traam.design.pages import Policy

Act = Callable[[datetime], None]
LARGEST = 1_000_000
"""Bytes of a page: larger ones are drawn each time."""
_OVERHEAD = 2_000
_STATUSES = frozenset({200, 410})
_GZIP = re.compile(r"\bgzip\b")
_MOST_OF_ADDRESS = 8
_SHORTEST = 200
"""Bytes that compressing would not make shorter."""
# Who carries one of these may be told what others are not.
_PERSONAL = (settings.SESSION_COOKIE_NAME, "messages")
# What the request says elsewhere than in its address, and that each page is kept apart for or refused for already.
_SETTLED = frozenset({"cookie", "accept-encoding"})


@dataclass
class Page:
    """A page as it was drawn. `acts` are done each time it is given (`each_time`)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    etag: str
    acts: tuple[Act, ...]
    _small: bytes = field(default=b"", init=False)

    @property
    def weight(self) -> int:
        return 2 * len(self.body) + _OVERHEAD

    def given(self, request: HttpRequest) -> HttpResponseBase:
        """To this request: whole or compressed, or 304 when it has it already."""
        response = HttpResponse(self.body, status=self.status, headers=dict(self.headers))
        if len(self.body) >= _SHORTEST and _GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            self._small = self._small or gzip.compress(self.body, 6, mtime=0)
            response.content = self._small
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.content))
        if request.method == "HEAD":
            response.content = b""
        if self.status != 200:
            return response
        return get_conditional_response(request, etag=self.etag, response=response) or response


@dataclass
class _Place:
    """The pages of one address, by what the headers `varying` of the request say."""

    varying: tuple[str, ...]
    pages: dict[tuple[str, ...], Page] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        return sum(page.weight for page in self.pages.values())


class Shelf:
    """The pages of one state, those of the address least recently asked for first. Safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._state: object = None
        self._places: OrderedDict[tuple[str, ...], _Place] = OrderedDict()
        self._weight = 0

    def find(self, state: object, request: HttpRequest) -> Page | None:
        address = _address(request)
        with self._lock:
            if state != self._state:
                self._empty(state)
            place = self._places.get(address)
            if place is None:
                return None
            self._places.move_to_end(address)
            return place.pages.get(_told(request, place.varying))

    def put(self, state: object, request: HttpRequest, varying: tuple[str, ...], page: Page) -> None:
        address = _address(request)
        with self._lock:
            if state != self._state:
                return  # something changed while it was drawn
            place = self._places.setdefault(address, _Place(varying))
            if place.varying != varying or len(place.pages) >= _MOST_OF_ADDRESS:
                return
            told = _told(request, varying)
            if told not in place.pages:
                place.pages[told] = page
                self._weight += page.weight
            while self._weight > settings.PAGES_KEPT:
                _, left = self._places.popitem(last=False)
                self._weight -= left.weight

    def clear(self) -> None:
        with self._lock:
            self._empty(None)

    def __len__(self) -> int:
        return sum(len(place.pages) for place in self._places.values())

    def _empty(self, state: object) -> None:
        self._state, self._weight = state, 0
        self._places.clear()


SHELF = Shelf()


def _address(request: HttpRequest) -> tuple[str, ...]:
    """The address as it was asked for. A host that is not ours was never answered, and so is never found."""
    meta = request.META
    return (str(request.scheme), meta.get("HTTP_HOST", ""), request.path, meta.get("QUERY_STRING", ""))


def _told(request: HttpRequest, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(request.headers.get(name, "") for name in names)


def each_time(request: HttpRequest, act: Act) -> None:
    """Do this now, and each time the page is given again: it receives the moment. It writes nothing in the database."""
    acts: list[Act] = request.__dict__.setdefault("each_time", [])
    acts.append(act)
    act(getattr(request, "at", None) or timezone.localtime())


class Readymade:
    """Outside of whatever reads the session, inside of whatever compresses: a page given again costs neither."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        state = _state(request)
        if state is None:
            return self.get_response(request)
        found = SHELF.find(state, request)
        if found is not None:
            at = timezone.localtime()
            for act in found.acts:
                act(at)
            return found.given(request)
        response = self.get_response(request)
        if not (isinstance(response, HttpResponse) and _is_everyones(request, response)):
            return response
        page, varying = _drawn(request, response)
        if request.method == "GET":
            SHELF.put(state, request, varying, page)
        return page.given(request)


@cache
def _public(path: str) -> Any:
    return import_module(path)


@lru_cache(maxsize=2_000)
def _kept(path: str, addresses: str) -> bool:
    """Whether the page at this path is one that is kept, by what it declares of itself."""
    try:
        policy: Policy | None = getattr(resolve(path, addresses).func, "policy", None)
    except Resolver404:
        return False
    return policy is not None and policy.public and policy.keep and not policy.writes


def _state(request: HttpRequest) -> object:
    """What the page would be kept under; None for a request that is answered for itself."""
    if request.method not in ("GET", "HEAD") or not settings.PAGES_KEPT or "HTTP_AUTHORIZATION" in request.META:
        return None
    if not _kept(request.path_info, settings.ROOT_URLCONF):
        return None
    if any(f"{name}=" in request.META.get("HTTP_COOKIE", "") for name in _PERSONAL):
        return None
    try:
        # Read before the page is drawn: what changes meanwhile makes it newer than it says, never older.
        return (timezone.localdate(), _public(settings.PUBLIC_STATE).now())
    except DatabaseError:  # the page itself will say so
        return None


def _is_everyones(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether it was made for nobody in particular, from what the public state tells of."""
    read: frozenset[str] | None = getattr(request, "tables_read", None)
    if read is None or not read <= _public(settings.PUBLIC_STATE).tables():
        return False
    if response.status_code not in _STATUSES or response.has_header("Content-Encoding"):
        return False
    if response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        return False
    told = response.headers.get("Cache-Control", "")
    if "no-store" in told or "private" in told or "*" in response.headers.get("Vary", ""):
        return False
    return not request.user.is_authenticated and len(response.content) <= LARGEST


def _drawn(request: HttpRequest, response: HttpResponse) -> tuple[Page, tuple[str, ...]]:
    """The page to keep, and the headers of requests it depends on."""
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    varying = {name.strip().lower() for name in response.headers["Vary"].split(",")} - _SETTLED
    body = response.content
    etag = response.headers.get("ETag") or f'W/"{blake2b(body, digest_size=16).hexdigest()}"'
    response.headers["ETag"] = etag
    response.headers.setdefault("Cache-Control", "no-cache")  # browsers ask again, and are told 304
    acts = tuple(request.__dict__.get("each_time", ()))
    return Page(response.status_code, dict(response.items()), body, etag, acts), tuple(sorted(varying))
