"""Resumption tokens: where a harvester stands in a list, signed, so that we keep nothing."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import datetime

from traam.engines.oaipmh.faults import Fault
from traam.engines.oaipmh.stamps import from_stamp, to_stamp

# The secret may sign other things elsewhere: a signature made there must be worth nothing here.
_PURPOSE = b"oaipmh resumption token 1\0"


@dataclass(frozen=True)
class Listing:
    """What is being listed and how far. `after` is the key of the last record sent, `cursor` their number."""

    verb: str
    prefix: str
    from_: datetime | None = None
    until: datetime | None = None
    set_spec: str | None = None
    after: tuple[datetime, int] | None = None
    cursor: int = 0
    total: int | None = None

    def moved(self, after: tuple[datetime, int], sent: int, total: int | None) -> "Listing":
        return replace(self, after=after, cursor=self.cursor + sent, total=total)


def seal(listing: Listing, *, expires: datetime, secret: bytes) -> str:
    """The token, in characters safe in a URL. `listing.after` must be set."""
    if listing.after is None:
        raise ValueError("a token says where to resume")
    stamp, pk = listing.after
    fields = [
        listing.verb,
        listing.prefix,
        to_stamp(listing.from_) if listing.from_ else None,
        to_stamp(listing.until) if listing.until else None,
        listing.set_spec,
        to_stamp(stamp),
        pk,
        listing.cursor,
        listing.total,
        to_stamp(expires),
    ]
    body = base64.urlsafe_b64encode(json.dumps(fields, separators=(",", ":")).encode()).decode().rstrip("=")
    return f"{body}.{_signature(body, secret)}"


def unseal(token: str, *, verb: str, now: datetime, secret: bytes) -> Listing:
    """Raises `Fault` badResumptionToken when the token is not ours, too old, or of another verb."""
    body, _, signature = token.rpartition(".")
    # The text is compared, not what it decodes to: one token has one spelling.
    if not hmac.compare_digest(_signature(body, secret).encode(), signature.encode("utf-8", "surrogatepass")):
        raise _refusal("n'a pas été émis par cet entrepôt")
    fields = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    listing, expires = _listing(fields), from_stamp(fields[-1])
    if now >= expires:
        raise _refusal("a expiré")
    if listing.verb != verb:
        raise _refusal("a été émis pour un autre verbe")
    return listing


def _listing(fields: list[str]) -> Listing:
    verb, prefix, from_, until, set_spec, stamp, pk, cursor, total, _ = fields
    return Listing(
        verb,
        prefix,
        from_stamp(from_) if from_ else None,
        from_stamp(until) if until else None,
        set_spec,
        (from_stamp(stamp), int(pk)),
        int(cursor),
        None if total is None else int(total),
    )


def _signature(body: str, secret: bytes) -> str:
    return hmac.new(secret, _PURPOSE + body.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _refusal(why: str) -> Fault:
    return Fault("badResumptionToken", f"Ce jeton de reprise {why}. Reprenez la liste au début, sans jeton.")
