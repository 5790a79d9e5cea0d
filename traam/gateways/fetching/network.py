"""The sockets of a visit: opened on an address that was checked, and closed by a clock that nobody can slow down."""

import queue
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from threading import Thread
from typing import Any

import httpcore

from traam.gateways.fetching.addresses import IPAddress
from traam.gateways.fetching.reach import unwrapped
from traam.gateways.fetching.refusals import Failed, refused

Resolver = Callable[[str], Sequence[str]]
Reachable = Callable[[IPAddress], bool]

_SLOW = "Le site n'a pas fini de répondre dans le temps que la plateforme lui donne : réessayez plus tard."
_CUT = "Le site a coupé la communication : réessayez plus tard."
_SILENT = "Le site ne répond pas : vérifiez l'adresse dans un navigateur, puis réessayez."
_TOO_MUCH = "Le site envoie trop d'en-têtes avant de répondre."
_UNKNOWN = "Ce nom de site n'existe pas : vérifiez l'adresse."
_UNSURE = "Le nom du site n'a pas pu être cherché : réessayez plus tard."
_INSIDE = (
    "Ce site n'est pas sur l'internet public, ou pas seulement : donnez une adresse que chacun peut ouvrir chez soi."
)
_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
# What OpenSSL says of a certificate (X509_V_ERR_*), as far as a person can act on it.
_CERTIFICATES = {
    9: "Le certificat du site n'est pas encore valable",
    10: "Le certificat du site a expiré",
    18: "Le certificat du site n'est signé que par lui-même",
    19: "Le certificat du site vient d'une autorité inconnue",
    20: "Le certificat du site vient d'une autorité inconnue, ou sa chaîne est incomplète",
    21: "La chaîne du certificat du site est incomplète",
    62: "Le certificat du site porte un autre nom que le sien",
    64: "Le certificat du site porte un autre nom que le sien",
}


def system_resolver(host: str) -> Sequence[str]:
    """Every address of a name. The last dot keeps the local network from completing it. Raises OSError."""
    found = socket.getaddrinfo(host + ".", None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Deadline:
    """The time that is left to a visit, however many exchanges it takes. Waiting out of politeness does not count."""

    def __init__(self, seconds: float) -> None:
        self._start = time.monotonic()
        self._end = self._start + seconds

    def left(self) -> float:
        """In seconds, always above zero. Raises `Failed` ("timeout") once it is over."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise Failed("timeout", _SLOW)
        return left

    def spent(self) -> float:
        return time.monotonic() - self._start

    def stand_by(self, seconds: float) -> None:
        self._start += seconds
        self._end += seconds


class Stream(httpcore.NetworkStream):
    """A socket that gives up at the deadline, and before `head` bytes when the answer has not begun by then."""

    def __init__(self, door: socket.socket, deadline: Deadline, head: int) -> None:
        self._door, self._deadline, self._head = door, deadline, head
        self._in_head = True

    def answered(self) -> None:
        """The head of the answer was read: what follows is bounded by who reads it."""
        self._in_head = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._in_head:
            max_bytes = min(max_bytes, self._head)
            if max_bytes <= 0:
                raise Failed("protocol", _TOO_MUCH)
        self._door.settimeout(self._deadline.left())
        try:
            data = self._door.recv(max_bytes)
        except TimeoutError:
            raise Failed("timeout", _SLOW) from None
        except OSError:
            raise Failed("connection", _CUT) from None
        if self._in_head:
            self._head -= len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            while buffer:
                self._door.settimeout(self._deadline.left())
                buffer = buffer[self._door.send(buffer) :]
        except TimeoutError:
            raise Failed("timeout", _SLOW) from None
        except OSError as problem:  # a server may answer before it has heard everything: its answer is still read
            raise httpcore.WriteError(problem) from problem

    def close(self) -> None:
        self._door.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same, under TLS: the certificate must bear the name that was asked for, not the address opened."""
        try:
            self._door.settimeout(self._deadline.left())
            self._door = ssl_context.wrap_socket(self._door, server_hostname=server_hostname)
        except BaseException as problem:
            self._door.close()
            raise _tls_failure(problem) from None
        return self

    def get_extra_info(self, info: str) -> Any:
        return None


def _tls_failure(problem: BaseException) -> BaseException:
    if isinstance(problem, ssl.SSLCertVerificationError):
        why = _CERTIFICATES.get(problem.verify_code, "Le certificat du site n'est pas bon")
        return Failed("tls", f"{why} : un navigateur avertirait le lecteur. Prévenez l'administrateur du site.")
    if isinstance(problem, TimeoutError):
        return Failed("timeout", _SLOW)
    if isinstance(problem, ssl.SSLError):
        return Failed("tls", "Le site ne sait pas ouvrir une liaison chiffrée : prévenez son administrateur.")
    if isinstance(problem, OSError):
        return Failed("connection", _CUT)
    return problem


class Backend(httpcore.NetworkBackend):
    """One visit: names are looked up once, every address found is judged, and the socket opens on one of those."""

    def __init__(self, deadline: Deadline, resolver: Resolver, reachable: Reachable, head: int) -> None:
        self._deadline, self._resolver, self._reachable, self._head = deadline, resolver, reachable, head
        self._stream: Stream | None = None

    def answered(self) -> None:
        if self._stream is not None:
            self._stream.answered()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self._stream = Stream(self._open(self._judged(host), port), self._deadline, self._head)
        return self._stream

    def connect_unix_socket(self, *args: object, **options: object) -> httpcore.NetworkStream:
        raise refused("Une adresse ne mène jamais à une prise de la machine elle-même.")

    def _judged(self, host: str) -> list[IPAddress]:
        """The addresses of a host, all of them allowed: one that is not means somebody plays with the name."""
        try:
            found = [unwrapped(ip_address(text)) for text in self._looked_up(host)]
        except ValueError:
            raise refused(_INSIDE) from None
        if not found:
            raise Failed("name", _UNKNOWN)
        if not all(self._reachable(ip) for ip in found):
            raise refused(_INSIDE)
        return found

    def _looked_up(self, host: str) -> Sequence[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            return _in_time(self._resolver, host, self._deadline.left())

    def _open(self, ips: Sequence[IPAddress], port: int) -> socket.socket:
        """The first that answers; each gets its share of the time, so that a dead one does not take it all."""
        for rest, ip in zip(range(len(ips), 0, -1), ips, strict=True):
            family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
            door = socket.socket(family, socket.SOCK_STREAM)
            try:
                door.settimeout(self._deadline.left() / rest)
                door.connect((str(ip), port))
                door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except BaseException as problem:
                door.close()
                if not isinstance(problem, OSError):
                    raise
            else:
                return door
        self._deadline.left()  # too slow, rather than silent
        raise Failed("connection", _SILENT)


def _in_time(resolver: Resolver, host: str, seconds: float) -> Sequence[str]:
    """A look-up knows no deadline: it is left behind when it is too long."""
    box: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            box.put(list(resolver(host)))
        except Exception as problem:
            box.put(problem)

    Thread(target=look_up, daemon=True).start()
    try:
        found = box.get(timeout=seconds)
    except queue.Empty:
        raise Failed("timeout", _SLOW) from None
    if isinstance(found, socket.gaierror) and found.errno not in _NO_SUCH_NAME:
        raise Failed("connection", _UNSURE)
    if isinstance(found, OSError | UnicodeError):
        raise Failed("name", _UNKNOWN)
    if isinstance(found, Exception):
        raise found
    return found
