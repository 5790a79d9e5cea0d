from collections.abc import Iterable
from secrets import token_hex
from typing import Any

from django.db import models

from traam.engines import chain


class EntryManager(models.Manager["Entry"]):
    def bulk_create(self, objs: Iterable["Entry"], *args: Any, **kwargs: Any) -> list["Entry"]:
        return super().bulk_create([entry.seal() for entry in objs], *args, **kwargs)


class Entry(models.Model):
    """One act. The actor and the object are kept by number and by label: the journal outlives them.

    The database refuses to change or remove a row (`guards`), with one exception: the words (labels, reason, data) are
    rewritten when a person must be forgotten, under an entry that says so (`redacted_by`). `words` and `content` are
    the digests of `engines.chain`; the database ties each row to the one before it in `Link`.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(max_length=300)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    salt = models.CharField(max_length=32)
    words = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    redacted_by = models.BigIntegerField(null=True)

    objects = EntryManager()

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id"]),
            models.Index(fields=["actor_id", "at"]),
            models.Index(fields=["verb"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.verb} {self.object_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the journal is append-only")
        self.seal()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the journal is append-only")

    def seal(self) -> "Entry":
        """Write the digests of what the act says, before it is kept."""
        self.salt = token_hex(16)
        self.words = self.digest_of_words()
        self.content = chain.content_of(self.at, self.actor_id, self.verb, self.object_type, self.object_id, self.words)
        return self

    def digest_of_words(self) -> str:
        return chain.words_of(self.salt, self.actor_label, self.object_label, self.reason, self.data)


class Link(models.Model):
    """The place of an act in the chain, written by the database alone as the act is committed (`guards`)."""

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, db_constraint=False, related_name="link"
    )
    number = models.BigIntegerField(null=True, unique=True)
    link = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"n° {self.number}"
