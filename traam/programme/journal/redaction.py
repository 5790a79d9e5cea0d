"""The words of acts, rewritten when a person must be forgotten: the only change the journal accepts.

Each rewriting is an act of its own, `redact`, which is in the chain and holds the digest of the new words; the database
asks for it, the verification compares. Who acted on what, and when, never changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any, NamedTuple

from django.db import transaction

from traam.programme.journal.actions import System
from traam.programme.journal.models import Entry

VERB, KIND = "redact", "journal.entry"
BATCH = 500
WORDS = ("actor_label", "object_label", "reason", "data")


class NewWords(NamedTuple):
    entry: Entry
    words: Mapping[str, Any]


@transaction.atomic
def redact(rewritten: Iterable[NewWords], *, at: datetime) -> int:
    """Write these words in the place of those that are there; how many acts changed."""
    batch: list[NewWords] = []
    done = 0
    for each in rewritten:
        if any(getattr(each.entry, name) != said for name, said in each.words.items()):
            batch.append(each)
        if len(batch) == BATCH:
            done += _write(batch, at)
            batch = []
    return done + _write(batch, at)


def _write(batch: Sequence[NewWords], at: datetime) -> int:
    for entry, words in batch:
        for name, said in words.items():
            setattr(entry, name, said)
        entry.salt = token_hex(16)
    acts = Entry.objects.bulk_create(_act(entry, at) for entry, _ in batch)
    for (entry, _), act in zip(batch, acts, strict=True):
        new = {name: getattr(entry, name) for name in (*WORDS, "salt")}
        Entry.objects.filter(pk=entry.pk).update(**new, redacted_by=act.pk)
    return len(batch)


def _act(entry: Entry, at: datetime) -> Entry:
    return Entry(
        at=at,
        actor_label=System.label,
        verb=VERB,
        object_type=KIND,
        object_id=str(entry.pk),
        object_label=f"n° {entry.pk}",
        data={"words": entry.digest_of_words()},
    )
