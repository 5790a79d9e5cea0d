"""Bodies that come compressed, opened a little at a time: a small bomb never becomes a large memory."""

import zlib
from collections.abc import Callable, Iterator

from traam.gateways.fetching.refusals import Failed

ACCEPTED = "gzip, deflate"
_STEP = 64 * 1024  # bytes taken out at once
_GZIP = {"gzip", "x-gzip"}
_CLOSED = {"br", "zstd", "compress", "x-compress", "dcb", "dcz"}  # nobody offered to read them


def opener(encoding: str) -> Callable[[Iterator[bytes]], Iterator[bytes]]:
    """What opens a body with this Content-Encoding. A word that is no compression is overlooked, as browsers do.

    Raises `Failed` for a compression that was not offered, or for two of them, one in the other.
    """
    name = encoding.strip().lower()
    if name in _GZIP:
        return _gzip
    if name == "deflate":
        return _deflate
    if name in _CLOSED or "," in name:
        raise Failed("protocol", f"La réponse est compressée d'une façon que la plateforme ne lit pas ({name[:40]}).")
    return _as_it_is


def _as_it_is(pieces: Iterator[bytes]) -> Iterator[bytes]:
    return pieces


def _gzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """One or several members in a row (RFC 1952, 2.2). As in browsers, an end that lacks is forgiven, and so is what
    follows the last member."""
    machine = _gzip_member()
    for piece in pieces:
        while piece:
            yield from _out_of(machine, piece)
            piece = machine.unused_data
            if machine.eof:
                if piece and not piece.startswith(b"\x1f"):
                    return
                machine = _gzip_member()


def _gzip_member() -> "zlib._Decompress":
    return zlib.decompressobj(zlib.MAX_WBITS | 16)


def _deflate(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """With the wrapper of zlib, as the standard wants, or bare, as many servers send it."""
    machine = None
    for piece in pieces:
        if machine is None and piece:
            machine = zlib.decompressobj(zlib.MAX_WBITS if piece[0] & 0x0F == 8 else -zlib.MAX_WBITS)
        if machine is not None and not machine.eof:
            yield from _out_of(machine, piece)


def _out_of(machine: "zlib._Decompress", piece: bytes) -> Iterator[bytes]:
    """All that comes out of a piece, a step at a time: who reads may stop before the next one exists."""
    try:
        while out := machine.decompress(piece, _STEP):
            yield out
            piece = machine.unconsumed_tail
    except zlib.error:
        raise Failed("protocol", "La réponse est compressée, et abîmée : elle ne se lit pas.") from None
