"""Digests that hold the acts of a journal together, so that whoever changes, removes or moves one is seen.

Three digests, all SHA-256 written in hexadecimal (scheme 1, docs/decisions/0022):

    words   = sha256(canonical([salt, actor_label, object_label, reason, data]))
    content = sha256(canonical([1, at, actor, verb, object_type, object_id, words]))
    link    = sha256("{previous link}:{number}:{content}")         the link before number 1 is START

`canonical` is JSON in UTF-8, keys sorted, no blanks. The words may be rewritten when a person must be forgotten: their
salt goes with them, so that nobody finds the old ones by trying names.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

SCHEME = 1
START = "0" * 64


def canonical(value: object) -> str:
    """The one way to write a JSON value. A whole number is written the same whether it came as 2 or 2.0, because
    PostgreSQL gives back 1e16 as 10000000000000000."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _plain(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def digest(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()


def words_of(salt: str, actor_label: str, object_label: str, reason: str, data: object) -> str:
    """The digest of what an act says in words: names, reasons, values."""
    return digest(canonical([salt, actor_label, object_label, reason, data]))


def moment(at: datetime) -> str:
    """A moment in UTC, to the microsecond: « 2026-11-22T09:30:00.000000+00:00 »."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def content_of(at: datetime, actor: int | None, verb: str, object_type: str, object_id: str, words: str) -> str:
    """The digest of an act: who, when, what, to what; its words come in by their own digest."""
    return digest(canonical([SCHEME, moment(at), actor, verb, object_type, object_id, words]))


def link_of(previous: str, number: int, content: str) -> str:
    """What ties an act to all those before it."""
    return digest(f"{previous}:{number}:{content}")


@dataclass(frozen=True)
class Anchor:
    """The end of the chain on some day, noted elsewhere: nobody can shorten or rewrite what comes before it."""

    number: int
    link: str

    def __str__(self) -> str:
        return f"{self.number}:{self.link}"

    @classmethod
    def read(cls, text: str) -> "Anchor":
        """Raises ValueError when the text is no anchor."""
        number, _, link = text.strip().lower().partition(":")
        if not number.isdecimal() or len(link) != len(START) or set(link) - set("0123456789abcdef"):
            raise ValueError(text)
        return cls(int(number), link)


@dataclass(frozen=True)
class Act:
    """A row of the journal, as read back. `rewritten` is the digest of its words after a person was forgotten, as the
    act of forgetting says it; empty when nobody was."""

    number: int
    pk: int
    at: datetime
    actor: int | None
    verb: str
    object_type: str
    object_id: str
    salt: str
    actor_label: str
    object_label: str
    reason: str
    data: object
    words: str
    content: str
    link: str
    rewritten: str = ""


# What may be wrong, by its code.
CHANGED, WORDS, REMOVED, BROKEN, TRUNCATED, ANCHOR = "changed", "words", "removed", "broken", "truncated", "anchor"
INSERTED, MOVED = "inserted", "moved"


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong: a code, the number in the chain, and the row (None when it is not there)."""

    code: str
    number: int
    pk: int | None = None


@dataclass
class Reading:
    """A chain read from its beginning: `read` each act, in order; memory does not grow with it."""

    anchor: Anchor | None = None
    number: int = 0
    link: str = START
    rewritten: int = 0

    @property
    def end(self) -> Anchor:
        return Anchor(self.number, self.link)

    def read(self, act: Act) -> Fault | None:
        """The fault of this act, None when it holds. Nothing may be read after a fault."""
        wanted = self.number + 1
        if act.number != wanted:
            return Fault(REMOVED, wanted) if act.number > wanted else Fault(INSERTED, act.number, act.pk)
        if act.link != link_of(self.link, act.number, act.content):
            return Fault(BROKEN, act.number, act.pk)
        if code := _judge(act):
            return Fault(code, act.number, act.pk)
        self.number, self.link = act.number, act.link
        self.rewritten += bool(act.rewritten)
        if self.anchor and self.anchor.number == act.number and self.anchor.link != act.link:
            return Fault(ANCHOR, act.number, act.pk)
        return None

    def close(self) -> Fault | None:
        """Once everything is read: does the chain go as far as the anchor?"""
        if self.anchor and self.anchor.number > self.number:
            return Fault(TRUNCATED, self.number + 1)
        return None


def _judge(act: Act) -> str:
    said = words_of(act.salt, act.actor_label, act.object_label, act.reason, act.data)
    if content_of(act.at, act.actor, act.verb, act.object_type, act.object_id, act.words) != act.content:
        return CHANGED
    return "" if said == (act.rewritten or act.words) else WORDS


def faults(acts: Iterable[Act], anchor: Anchor | None = None) -> Iterator[Fault]:
    """The first fault of a chain, if any."""
    reading = Reading(anchor)
    for act in acts:
        if fault := reading.read(act):
            yield fault
            return
    if fault := reading.close():
        yield fault
