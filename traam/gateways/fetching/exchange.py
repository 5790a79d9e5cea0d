"""One question, one answer: the wire's errors become words of `FETCH_ERRORS`."""

import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

import h11
import httpcore

from traam.gateways.fetching.addresses import Place
from traam.gateways.fetching.decoding import opener
from traam.gateways.fetching.network import Backend, Deadline
from traam.gateways.fetching.refusals import Failed

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNREADABLE = "Ce qui répond à cette adresse ne parle pas comme un site web : vérifiez l'adresse."
_SLACK = 64 * 1024  # a compressed body is never much longer than what it holds


@dataclass(frozen=True)
class Reply:
    """What one exchange gave. A body that broke off is kept, beside the `error` that says so."""

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    truncated: bool = False
    error: str = ""
    detail: str = ""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def location(self) -> str:
        """Where it sends the reader, "" when it is an answer in itself."""
        return self.header("location").strip() if self.status in REDIRECTS else ""


@dataclass(frozen=True)
class Question:
    method: str
    place: Place
    headers: Mapping[str, str]
    most_bytes: int


@dataclass
class _Body:
    """What is read so far: it outlives what breaks the reading."""

    data: bytearray = field(default_factory=bytearray)
    truncated: bool = False


def exchange(question: Question, backend: Backend, tls: ssl.SSLContext, deadline: Deadline) -> Reply:
    """Ask, and read the answer within its bounds. Every failure of the network is in the reply."""
    reply, body = Reply(), _Body()
    try:
        with _connection(question.place, backend, tls) as connection, _asked(connection, question) as response:
            backend.answered()
            reply = Reply(response.status, lowered(response.headers))
            if not reply.location and question.method != "HEAD":
                _read(response, reply, body, question.most_bytes, deadline)
    except Failed as failure:
        reply = replace(reply, error=failure.error, detail=failure.detail)
    except (httpcore.ProtocolError, httpcore.NetworkError, h11.ProtocolError, ValueError):
        reply = replace(reply, error="protocol", detail=_UNREADABLE)
    return replace(reply, body=bytes(body.data), truncated=body.truncated)


def _connection(place: Place, backend: Backend, tls: ssl.SSLContext) -> httpcore.HTTPConnection:
    """For one question only: nothing is kept from one visit to the next."""
    origin = httpcore.Origin(place.scheme.encode(), place.host.encode(), place.port)
    return httpcore.HTTPConnection(origin, ssl_context=tls, network_backend=backend)


def _asked(connection: httpcore.HTTPConnection, question: Question) -> AbstractContextManager[httpcore.Response]:
    place = question.place
    url = httpcore.URL(scheme=place.scheme, host=place.host, port=place.port, target=place.target)
    headers = [("Host", place.authority), *question.headers.items(), ("Connection", "close")]
    return connection.stream(question.method, url, headers=headers)


def _read(response: httpcore.Response, reply: Reply, body: _Body, most: int, deadline: Deadline) -> None:
    """The body, opened, up to `most` bytes; never much more than that off the wire, whatever comes out of it."""
    wire = _Counted(response.iter_stream(), most + _SLACK, deadline)
    for piece in opener(reply.header("content-encoding"))(wire):
        deadline.left()
        room = most - len(body.data)
        body.data += piece[:room]
        if len(piece) > room:
            body.truncated = True
            return
    body.truncated = wire.cut


class _Counted(Iterator[bytes]):
    """The pieces of the wire, up to a number of bytes; `cut` when there were more."""

    def __init__(self, pieces: Iterator[bytes], most: int, deadline: Deadline) -> None:
        self._pieces, self._left, self._deadline = pieces, most, deadline
        self.cut = False

    def __next__(self) -> bytes:
        self._deadline.left()
        piece = next(self._pieces)
        self.cut = len(piece) > self._left
        if self.cut:
            raise StopIteration
        self._left -= len(piece)
        return piece


def lowered(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Names lowered, values as text: many servers write UTF-8 there, the others Latin-1."""
    return tuple((name.decode("latin-1").lower(), _text(value)) for name, value in headers)


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
