"""The only door by which the platform visits the addresses that users give."""

import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from urllib.parse import urljoin

import certifi
from django.conf import settings

from traam.engines.pageaudit.values import Fetched, Link
from traam.gateways.fetching.addresses import PORTS, Place, place_of
from traam.gateways.fetching.decoding import ACCEPTED
from traam.gateways.fetching.exchange import Question, Reply, exchange
from traam.gateways.fetching.network import Backend, Deadline, Reachable, Resolver, system_resolver
from traam.gateways.fetching.politeness import Polite
from traam.gateways.fetching.reach import is_public
from traam.gateways.fetching.refusals import Failed

_ROUND = "L'adresse tourne en rond, de renvoi en renvoi : donnez celle à laquelle le navigateur arrive."
_TOO_FAR = "L'adresse renvoie vers une autre, et ainsi plus de {} fois : donnez celle à laquelle le navigateur arrive."
_LED = "L'adresse renvoie vers {}. {}"
_SHOWN = 200  # characters of an address in a sentence
_NO_USE_ASKING_AGAIN = {"refused", "name", "tls", "redirects"}
_SAYS_ITSELF = {410, 429}  # gone for good, or busy: another question changes nothing


@dataclass(frozen=True)
class Limits:
    """What a visit may take. `most_bytes` of a body once opened, `head_bytes` of headers, `asked_bytes` of the page
    that `ask` reads when a HEAD was not enough; `seconds` for the whole visit, redirects included."""

    most_bytes: int = 8 * 1024 * 1024
    seconds: float = 20.0
    redirects: int = 5
    head_bytes: int = 64 * 1024
    asked_bytes: int = 64 * 1024
    ports: frozenset[int] = PORTS


@dataclass
class _Trip:
    """A visit under way: from redirect to redirect, under one deadline. `crossed` are the addresses left behind."""

    method: str
    most_bytes: int
    deadline: Deadline
    follow: bool = True
    crossed: list[str] = field(default_factory=list)


class Fetcher:
    """Visits addresses as a reader without an account would. Several threads may share one.

    Nothing of a visit is kept for the next: no cookie, no connection, no password, no proxy of the environment.
    `robots.txt` is for robots that wander from link to link: here, a person named this very page, or wrote the page
    that links to it, and asks whether it answers. It is therefore not asked for; `Polite` is what spares the sites.

    `resolver` (a host to its addresses), `reachable` (may this IP address be visited?) and `tls` (whose certificates
    are believed) are for tests and benches alone: by default nothing but the public internet is visited.
    """

    def __init__(
        self,
        *,
        polite: Polite | None = None,
        limits: Limits | None = None,
        agent: str = "",
        resolver: Resolver = system_resolver,
        reachable: Reachable = is_public,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._polite, self._limits = polite, limits or Limits()
        self._resolver, self._reachable = resolver, reachable
        self._tls = tls or _authorities()
        self._headers = {
            "User-Agent": agent or identity(),
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "fr,en;q=0.5",
            "Accept-Encoding": ACCEPTED,
        }

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        """Nothing is open between two visits."""

    def fetch(
        self, address: str, *, most_bytes: int | None = None, seconds: float | None = None, follow: bool = True
    ) -> Fetched:
        """What this address answers, redirects followed unless `follow` is False. Never raises for what the network
        does: `error` and `detail` say it, beside what was read before."""
        return self._go(address, self._trip("GET", most_bytes, seconds, follow=follow))

    def ask(self, address: str, *, seconds: float | None = None, gone: Callable[[Fetched], bool] | None = None) -> Link:
        """Whether this address answers: HEAD, then a short GET when the server does not care for HEAD.

        With `gone`, which tells whether a page says that it does not exist, a short GET at once: it fills `soft`.
        """
        seconds = seconds or self._limits.seconds
        if gone is None:
            headed = self._go(address, self._trip("HEAD", 0, seconds / 2))
            if _is_final(headed):
                return Link(address, headed.status, headed.error)
            seconds = max(seconds - headed.seconds, seconds / 2)
        page = self._go(address, self._trip("GET", self._limits.asked_bytes, seconds))
        if page.status and page.error in {"timeout", "protocol"}:  # it answered: the rest was not wanted
            page = Fetched(page.address, page.final, page.status, page.headers, page.body, page.redirects)
        soft = gone is not None and page.status == 200 and gone(page)
        return Link(address, page.status if not page.error else 0, page.error, soft)

    def _trip(self, method: str, most_bytes: int | None, seconds: float | None, follow: bool = True) -> _Trip:
        most = self._limits.most_bytes if most_bytes is None else most_bytes
        return _Trip(method, most, Deadline(seconds or self._limits.seconds), follow)

    def _go(self, address: str, trip: _Trip) -> Fetched:
        """From the address asked to the one that answers for itself, or fails."""
        here = address
        while True:
            try:
                place = self._next(here, trip)
                here = place.address
                reply = self._visit(place, trip)
            except Failed as failure:
                reply = Reply(error=failure.error, detail=failure.detail)
            if reply.error or not reply.location or not trip.follow:
                return _told(address, here, reply, trip)
            trip.crossed.append(here)
            here = _joined(here, reply.location)

    def _next(self, address: str, trip: _Trip) -> Place:
        place = place_of(address, self._limits.ports)
        if place.address in trip.crossed:
            raise Failed("redirects", _ROUND)
        if len(trip.crossed) > self._limits.redirects:
            raise Failed("redirects", _TOO_FAR.format(self._limits.redirects))
        return place

    def _visit(self, place: Place, trip: _Trip) -> Reply:
        if self._polite is not None:
            trip.deadline.stand_by(self._polite.wait(place.host))
        trip.deadline.left()
        backend = Backend(trip.deadline, self._resolver, self._reachable, self._limits.head_bytes)
        question = Question(trip.method, place, self._headers, trip.most_bytes)
        reply = exchange(question, backend, self._tls, trip.deadline)
        if self._polite is not None:
            self._polite.heed(place.host, reply.status, reply.header("retry-after"))
        return reply


def _joined(here: str, location: str) -> str:
    """Where a redirect leads. What does not read is left as it is, for the next step to refuse it."""
    try:
        return urljoin(here, location)
    except ValueError:
        return location


def _told(address: str, final: str, reply: Reply, trip: _Trip) -> Fetched:
    detail = reply.detail
    if detail and trip.crossed and reply.error != "redirects":
        detail = _LED.format(final[:_SHOWN], detail)
    return Fetched(
        address,
        final,
        status=reply.status,
        headers=reply.headers,
        body=reply.body,
        redirects=tuple(trip.crossed),
        error=reply.error,
        detail=detail,
        truncated=reply.truncated,
        seconds=trip.deadline.spent(),
    )


def _is_final(headed: Fetched) -> bool:
    """Whether the answer to a HEAD settles it. Some servers refuse HEAD, others answer it 404 or say nothing."""
    if headed.error:
        return headed.error in _NO_USE_ASKING_AGAIN
    return headed.status < 400 or headed.status in _SAYS_ITSELF


def identity() -> str:
    """Who visits, and where to read about it: administrators look for it in their logs."""
    return f"TraAM-audit/1 (+{settings.SITE_ADDRESS})"


class _Shared(ssl.SSLContext):
    """Threads share it. httpcore says again before each connection what is spoken under TLS: OpenSSL would free the
    words that another thread is reading at this moment."""

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """Said once and for all by `_authorities`."""


@cache
def _authorities() -> ssl.SSLContext:
    """Those of browsers, and those that the administrator of this machine added."""
    context = _Shared(ssl.PROTOCOL_TLS_CLIENT)  # verifies the certificate and its name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    context.load_verify_locations(certifi.where())
    ssl.SSLContext.set_alpn_protocols(context, ["http/1.1"])
    return context
