"""Small web servers on the loopback, for tests of what visits addresses: each connection is given to a function.

with serving(says(b"HTTP/1.1 200 OK\\r\\n\\r\\nbonjour")) as port:
    visitor(port).fetch(f"http://site.example:{port}/")
"""

import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from typing import Any

from traam.gateways.fetching import Fetcher, IPAddress, Limits

HERE = "127.0.0.1"
Talk = Callable[[socket.socket, bytes], None]  # what is done with a connection, and the head of what it asked


@contextmanager
def serving(talk: Talk, certificate: str = "") -> Iterator[int]:
    """The port of a server, under TLS with this certificate (a PEM, its key in it) when there is one."""
    with socket.create_server((HERE, 0)) as door:
        threading.Thread(target=_receive, args=(door, talk, certificate), daemon=True).start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)


def _receive(door: socket.socket, talk: Talk, certificate: str) -> None:
    while True:
        try:
            caller, _ = door.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(caller, talk, certificate), daemon=True).start()


def _answer(caller: socket.socket, talk: Talk, certificate: str) -> None:
    with suppress(OSError):  # who asked did not wait, or did not believe the certificate
        if certificate:
            caller = _server_tls(certificate).wrap_socket(caller, server_side=True)
        with closing(caller):
            asked = b""
            while b"\r\n\r\n" not in asked and (piece := caller.recv(65536)):
                asked += piece
            talk(caller, asked)


def says(*answers: bytes) -> Talk:
    """The same answer to everybody."""
    return lambda caller, asked: caller.sendall(b"".join(answers))


def page(body: bytes = b"bonjour", *headers: bytes, status: bytes = b"200 OK") -> bytes:
    head = [b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % len(body)]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def leading_to(address: str, status: bytes = b"302 Found") -> bytes:
    return page(b"", b"Location: " + address.encode(), status=status)


def this_machine(ip: IPAddress) -> bool:
    return str(ip) == HERE


def visitor(*ports: int, seconds: float = 2.0, **options: Any) -> Fetcher:
    """A fetcher that takes every name for this machine, and visits nothing else, on these ports."""
    limits = options.pop("limits", {})
    chosen = Limits(**{"seconds": seconds, "ports": frozenset({80, 443, *ports}), **limits})
    return Fetcher(**{"resolver": lambda host: [HERE], "reachable": this_machine, "limits": chosen, **options})


def believing(certificate: str) -> ssl.SSLContext:
    """A visitor's TLS that believes the maker of this certificate, and no other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=certificate[certificate.index("-----BEGIN CERTIFICATE") :])
    return context


@cache
def _server_tls(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("w") as file:  # the library reads keys from the disk only
        file.write(certificate)
        file.flush()
        context.load_cert_chain(file.name)
    return context


# Made for these tests, signed by themselves, for the name site.example: until 2120, and until 2021.
GOOD = """\
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIC86f6yw+gVtcquAkSm2fYPPc6Ma13fPOK0BLqS8JeJPoAoGCCqGSM49
AwEHoUQDQgAEm/avUCH9Pp6NtYyQOOAOtO0oPOCpFGvCmxmBFpscl7SiK1Ydy+x1
9lkluzBNOmUezFmfg3pet2fW1VpgRvW4HQ==
-----END EC PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBVzCB/6ADAgECAgEBMAoGCCqGSM49BAMCMBcxFTATBgNVBAMMDHNpdGUuZXhh
bXBsZTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFzEVMBMGA1UE
AwwMc2l0ZS5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEm/avUCH9
Pp6NtYyQOOAOtO0oPOCpFGvCmxmBFpscl7SiK1Ydy+x19lkluzBNOmUezFmfg3pe
t2fW1VpgRvW4HaM6MDgwFwYDVR0RBBAwDoIMc2l0ZS5leGFtcGxlMB0GA1UdDgQW
BBQaNELmLP40x70VxoTnUoEPUv1tqTAKBggqhkjOPQQDAgNHADBEAiAo7rSP5OTw
ocap/G9aOdSBV2jgSuphl84rc8zB9WPbswIgBI3apsO++Ga5UeXrM3RJ/JJVHd4N
ZIvTXZdQjXiWZGc=
-----END CERTIFICATE-----
"""
EXPIRED = """\
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIOvKaouzr22dO6Kq+u4VeCCfY7YQm/DpvIUv8bhkoAjzoAoGCCqGSM49
AwEHoUQDQgAEjTPglvVcb2+B60q6Qux8KrHL0h4+x7iE5gHNogqCFlY8JzuoxSxD
RtVZDj1udIeFP59fpGiicK2thgeE5YJVmQ==
-----END EC PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBVTCB/aADAgECAgECMAoGCCqGSM49BAMCMBcxFTATBgNVBAMMDHNpdGUuZXhh
bXBsZTAeFw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMBcxFTATBgNVBAMM
DHNpdGUuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABI0z4Jb1XG9v
getKukLsfCqxy9IePse4hOYBzaIKghZWPCc7qMUsQ0bVWQ49bnSHhT+fX6RoonCt
rYYHhOWCVZmjOjA4MBcGA1UdEQQQMA6CDHNpdGUuZXhhbXBsZTAdBgNVHQ4EFgQU
Fx/S2oDlcAOHfJNxmygF3xriBJ0wCgYIKoZIzj0EAwIDRwAwRAIgOgv+siz1L6kw
FyoDcogAaOQRKrcDRs4ndIvHa1MtNugCIBnCUIqyUs4KbxzHs9NE7K8OmTIaSEIr
eVyG9MbjHCIa
-----END CERTIFICATE-----
"""
