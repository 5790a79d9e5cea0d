"""Notices of non-delivery that come back by mail (RFC 3464, in the multipart/report of RFC 6522), read from bytes.

Anybody may write such a message: what is given here is only what it says. Answers of absent people, delays and
whatever has another form say nothing. Its texts are kept short and on one line; no HTML is read, no file is opened.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import compat32

MOST_BYTES = 1_000_000  # the rest of a longer message is not read: what matters comes first
MOST_RECIPIENTS = 100
LONGEST = 300  # characters of a text
_STATUS = re.compile(r"5\.\d{1,3}\.\d{1,3}\b")
_ID = re.compile(r"<[^<>\s]{1,250}>")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")
_ORIGINALS = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")


@dataclass(frozen=True)
class Failure:
    """A recipient that will never be reached. `addresses`: as it was written to, then as the server knew it."""

    addresses: tuple[str, ...]
    status: str  # "5.1.1"
    said: str


@dataclass(frozen=True)
class Notice:
    """`message_ids` are those of the message that came back, angle brackets included."""

    message_ids: tuple[str, ...]
    failures: tuple[Failure, ...]


def read(data: bytes) -> Notice | None:
    """What a message says was not delivered for good; None when it says nothing of the kind."""
    try:
        return _notice(BytesParser(policy=compat32).parsebytes(data[:MOST_BYTES]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # made to be misread
        return None


def _notice(message: Message) -> Notice | None:
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return None
    if str(message.get_param("report-type") or "").lower() != "delivery-status":
        return None
    parts = _parts(message)
    failures = tuple(_failures(parts))
    ids = tuple(dict.fromkeys(one for part in parts for one in _ids(part)))
    return Notice(ids, failures) if ids and failures else None


def _parts(message: Message) -> list[Message]:
    """Those of the report itself: what they hold is read no deeper than needed."""
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _failures(parts: Iterable[Message]) -> Iterator[Failure]:
    for part in parts:
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
            # The first block is of the whole message, each of the others of a recipient.
            for block in _parts(part)[1 : MOST_RECIPIENTS + 1]:
                if failure := _failure(block):
                    yield failure


def _failure(block: Message) -> Failure | None:
    status = _STATUS.match(_line(block, "Status"))
    if _line(block, "Action").partition(" ")[0].lower() != "failed" or not status:
        return None
    told = (_after_kind(_line(block, name)) for name in ("Original-Recipient", "Final-Recipient"))
    addresses = tuple(dict.fromkeys(address for address in told if address))
    return Failure(addresses, status[0], _after_kind(_line(block, "Diagnostic-Code")) or status[0])


def _ids(part: Message) -> list[str]:
    """Of the message that came back whole, or of its headings."""
    kind = part.get_content_type()
    if kind not in _ORIGINALS:
        return []
    inside = _parts(part)
    if kind.endswith("headers") or not inside:
        inside = [_headings(part)]
    return _ID.findall(_line(inside[0], "Message-ID"))


def _headings(part: Message) -> Message:
    payload = part.get_payload(decode=True)
    text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(part.get_payload())
    return HeaderParser(policy=compat32).parsestr(text, headersonly=True)


def _line(message: Message, name: str) -> str:
    """A heading on one line, "" when there is none."""
    return _SPACE.sub(" ", str(message.get(name, ""))).strip()[:LONGEST]


def _after_kind(text: str) -> str:
    """« rfc822; personne@exemple.fr » without its kind."""
    kind, mark, rest = text.partition(";")
    return rest.strip() if mark else kind.strip()
