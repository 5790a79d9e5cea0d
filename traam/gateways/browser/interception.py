"""Every request of a page: noted, handed to the caller's fetcher, answered. The browser itself reaches nothing."""

import base64
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urlsplit

from traam.engines.pageaudit.values import Fetched

Fetch = Callable[[str, str, Mapping[str, str]], Fetched]
"""`fetch(method, address, headers)`: must never raise, and must end by itself. Called by several threads."""

REASONS = {
    "refused": "BlockedByClient",
    "name": "NameNotResolved",
    "connection": "ConnectionFailed",
    "timeout": "TimedOut",
    "protocol": "ConnectionClosed",
}
# The body is given decompressed and whole; the rest is between the fetcher and the server.
NOT_GIVEN = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "content-encoding",
        "content-length",
        "alt-svc",
        "strict-transport-security",
        "report-to",
        "nel",
    )
)
# Neither identity nor conditions: a fresh reader asks for the page.
NOT_ASKED = frozenset(("cookie", "authorization", "if-none-match", "if-modified-since", "range"))


@dataclass(frozen=True)
class Bounds:
    """What one page may ask for: requests fulfilled, bytes of bodies altogether, addresses noted."""

    requests: int = 400
    size: int = 48 << 20
    noted: int = 2000


@dataclass(frozen=True)
class Paused:
    """A request that waits for its answer: `network` is the same for a request and those it is redirected to."""

    number: str
    network: str
    method: str
    address: str
    headers: Mapping[str, str]
    kind: str
    frame: str

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Paused":
        request = event["request"]
        return cls(
            event["requestId"],
            event.get("networkId", ""),
            request["method"],
            urldefrag(request["url"]).url,
            request.get("headers", {}),
            event.get("resourceType", ""),
            event.get("frameId", ""),
        )


Reply = tuple[str, Mapping[str, Any]]
"""A command of the domain Fetch, and its parameters besides the number of the request."""


class Interception:
    """The requests of one page, in order, and their answers."""

    def __init__(self, fetch: Fetch, bounds: Bounds) -> None:
        self._fetch, self._bounds = fetch, bounds
        self._lock = threading.Lock()
        self._seen: list[str] = []
        self._size = self._answered = self._waiting = 0
        self._moved = time.monotonic()
        self._hops: dict[str, tuple[list[str], Fetched]] = {}
        self.documents: dict[str, Fetched] = {}  # the last document of each frame

    @property
    def seen(self) -> Sequence[str]:
        """Every address asked for, those refused included, in order."""
        with self._lock:
            return tuple(self._seen)

    def note(self, address: str) -> None:
        with self._lock:
            if len(self._seen) < self._bounds.noted:
                self._seen.append(address[:4000])
            self._moved = time.monotonic()

    def begin(self) -> None:
        with self._lock:
            self._waiting += 1

    def end(self) -> None:
        with self._lock:
            self._waiting -= 1
            self._moved = time.monotonic()

    def quiet(self) -> float:
        """For how many seconds nothing has been asked nor answered; 0.0 while something waits."""
        with self._lock:
            return 0.0 if self._waiting else time.monotonic() - self._moved

    def reply(self, paused: Paused) -> Reply:
        """What to answer. An audit reads: what would write to a server, or play a film, does not leave."""
        scheme = urlsplit(paused.address).scheme
        if scheme in {"data", "blob", "about"}:
            return "Fetch.continueRequest", {}
        known = self._hops.pop(paused.network, None) if paused.network else None
        if known is not None and known[0][0] == paused.address:
            return self._redirect_or_fulfil(paused, *known)
        if scheme not in {"http", "https"} or paused.method not in {"GET", "HEAD"} or self._unwanted(paused):
            return "Fetch.failRequest", {"errorReason": "BlockedByClient"}
        headers = {key: value for key, value in paused.headers.items() if key.lower() not in NOT_ASKED}
        fetched = self._fetch(paused.method, paused.address, headers)
        return self._redirect_or_fulfil(paused, _hops(paused.address, fetched), fetched)

    def _unwanted(self, paused: Paused) -> bool:
        script_of_service = any(key.lower() == "service-worker" for key in paused.headers)
        with self._lock:
            self._answered += 1
            full = self._answered > self._bounds.requests or self._size > self._bounds.size
        return full or script_of_service or paused.kind in {"Media", "Ping", "EventSource"}

    def _redirect_or_fulfil(self, paused: Paused, hops: list[str], fetched: Fetched) -> Reply:
        """The browser crosses the redirections one by one, as it would: its address bar and its rules follow."""
        if fetched.error:
            self._keep(paused, fetched)
            return "Fetch.failRequest", {"errorReason": REASONS.get(fetched.error, "Failed")}
        if len(hops) > 1 and paused.network:
            self._hops[paused.network] = hops[1:], fetched
            return "Fetch.fulfillRequest", {
                "responseCode": 307 if fetched.status == 307 else 302,
                "responseHeaders": [{"name": "location", "value": hops[1]}, *_shared(paused)],
            }
        self._keep(paused, fetched)
        with self._lock:
            self._size += len(fetched.body)
        return "Fetch.fulfillRequest", {
            "responseCode": fetched.status if 200 <= fetched.status <= 599 else 502,
            "responseHeaders": [
                {"name": name, "value": value} for name, value in fetched.headers if name.lower() not in NOT_GIVEN
            ],
            "body": base64.b64encode(fetched.body).decode("ascii"),
        }

    def _keep(self, paused: Paused, fetched: Fetched) -> None:
        if paused.kind == "Document" and paused.frame:
            self.documents[paused.frame] = fetched


def _hops(asked: str, fetched: Fetched) -> list[str]:
    """The addresses to cross, from the one asked to the one that answered."""
    crossed = [asked]
    for address in (*fetched.redirects, fetched.final):
        if (plain := urldefrag(address).url) and plain != crossed[-1]:
            crossed.append(plain)
    return crossed


def _shared(paused: Paused) -> list[dict[str, str]]:
    """A redirection between origins is let through: what comes at its end keeps its own headers, and is judged."""
    origin = next((value for key, value in paused.headers.items() if key.lower() == "origin"), "")
    return [{"name": "access-control-allow-origin", "value": origin}] if origin else []
