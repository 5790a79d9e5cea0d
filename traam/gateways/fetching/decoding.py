"""Bodies that come compressed, opened a little at a time: a small bomb never becomes a large memory."""

import zlib
from collections.abc import Callable, Iterator

from traam.gateways.fetching.refusals import Failed

ACCEPTED = "gzip, deflate"
_STEP = 64 * 1024  # bytes taken out at once
_GZIP = {"gzip", "x-gzip"}


def opener(encoding: str) -> Callable[[Iterator[bytes]], Iterator[bytes]]:
    """What opens a body with this Content-Encoding. Raises `Failed` for one that was not offered, or for two."""
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return _as_it_is
    if name in _GZIP:
        return _gzip
    if name == "deflate":
        return _deflate
    raise Failed("protocol", f"La réponse est compressée d'une façon que la plateforme ne lit pas ({name[:40]}).")


def _as_it_is(pieces: Iterator[bytes]) -> Iterator[bytes]:
    return pieces


def _gzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """One or several members in a row (RFC 1952, 2.2). An end that is missing is forgiven, as browsers do."""
    machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for piece in pieces:
        while piece:
            if machine.eof:
                machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield _some(machine, piece)
            piece = machine.unconsumed_tail or machine.unused_data


def _deflate(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """With the wrapper of zlib, as the standard wants, or bare, as many servers send it."""
    machine = None
    for piece in pieces:
        if machine is None and piece:
            machine = zlib.decompressobj(zlib.MAX_WBITS if piece[0] & 0x0F == 8 else -zlib.MAX_WBITS)
        while piece and machine is not None and not machine.eof:
            yield _some(machine, piece)
            piece = machine.unconsumed_tail


def _some(machine: "zlib._Decompress", piece: bytes) -> bytes:
    try:
        return machine.decompress(piece, _STEP)
    except zlib.error:
        raise Failed("protocol", "La réponse est compressée, et abîmée : elle ne se lit pas.") from None
