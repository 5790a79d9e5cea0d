"""Lines of pay, each sealed to the one before: made here, proved by `verifier.py`, which stands alone.

A content is a mapping of plain JSON values (quantities in hundredths, money in cents: no decimal number). Its exact
text is what is sealed: `digest(seal of the line before, text)`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from traam.engines.ledger import verifier
from traam.engines.ledger.verifier import (
    COLUMNS,
    FIRST,
    SHOWN,
    Broken,
    Report,
    amount,
    cells,
    decimal,
    digest,
    verify,
)

__all__ = [
    "COLUMNS",
    "FIRST",
    "SHOWN",
    "Broken",
    "Report",
    "Sealed",
    "amount",
    "canonical",
    "cells",
    "decimal",
    "digest",
    "fingerprint",
    "seal",
    "source",
    "to_csv",
    "verify",
]


@dataclass(frozen=True)
class Sealed:
    """A content with its seal, and the seal before it."""

    previous: str
    payload: str
    digest: str


def canonical(content: Mapping[str, object]) -> str:
    """The one text of a content: keys in order, no space, no decimal number (`TypeError`)."""
    if any(isinstance(value, float) for value in content.values()):
        raise TypeError("a sealed content holds no decimal number: hundredths and cents")
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def fingerprint(kind: str, said: str) -> str:
    """The digest of a piece of evidence, from what is kept of it."""
    return sha256(canonical({"kind": kind, "said": said}).encode()).hexdigest()


def seal(contents: Iterable[Mapping[str, object]], previous: str = FIRST) -> Iterator[Sealed]:
    """Each content sealed to the one before it, the first to `previous`."""
    for content in contents:
        payload = canonical(content)
        sealed = Sealed(previous, payload, digest(previous, payload))
        yield sealed
        previous = sealed.digest


def to_csv(lines: Iterable[Sealed]) -> bytes:
    """The file a payment service loads, and that `verify` proves: `;`, UTF-8 with its mark, one text line each."""
    rows = [list(COLUMNS)]
    rows += [[*cells(json.loads(x.payload)), x.previous, x.payload, x.digest] for x in lines]
    return (verifier.BOM + "".join(verifier.joined(row) + verifier.END for row in rows)).encode()


def source() -> str:
    """The text of the stand-alone verifier, for whoever receives a file."""
    loader = verifier.__loader__
    text = loader.get_source(verifier.__name__) if loader and hasattr(loader, "get_source") else None
    return text or ""
