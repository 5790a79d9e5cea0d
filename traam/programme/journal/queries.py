from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Q

from traam.programme.journal.models import Entry, Link

BATCH = 1_000


def history(about: models.Model, limit: int = 50, verbs: Iterable[str] | None = None) -> list[Entry]:
    """What was done to an object, latest first; only these verbs when some are given."""
    entries = Entry.objects.filter(object_type=about._meta.label_lower, object_id=str(about.pk))
    if verbs is not None:
        entries = entries.filter(verb__in=list(verbs))
    return list(entries.order_by("-at", "-pk")[:limit])


@dataclass(frozen=True)
class Asked:
    """Which acts: all that is given must hold. `people`: who acted, or to whose account it was done."""

    people: Collection[int] | None = None
    object_type: str = ""
    object_id: str = ""
    verb: str = ""
    since: datetime | None = None
    until: datetime | None = None
    redactions: bool = False

    def query(self) -> models.QuerySet[Entry]:
        entries = Entry.objects.order_by("-pk")
        if not self.redactions:
            entries = entries.exclude(verb="redact")
        if self.people is not None:
            entries = entries.filter(of_people(self.people))
        equal = {"object_type": self.object_type, "object_id": self.object_id, "verb": self.verb}
        entries = entries.filter(**{name: value for name, value in equal.items() if value})
        if self.since:
            entries = entries.filter(at__gte=self.since)
        return entries.filter(at__lt=self.until) if self.until else entries


def of_people(people: Collection[int]) -> Q:
    """What these people did, and what was done to their accounts and roles."""
    to_them = Q(object_type="people.person", object_id__in=[str(pk) for pk in people])
    roles = Q(object_type="people.appointment", data__person__in=list(people))
    return Q(actor_id__in=list(people)) | to_them | roles


@dataclass(frozen=True)
class Slice:
    """Some acts, the latest first; `older` is where the next slice begins, None at the end."""

    entries: list[Entry]
    older: int | None


def read(asked: Asked, before: int | None = None, limit: int = 50) -> Slice:
    """One slice of the acts: the same cost however far one goes back."""
    entries = asked.query()
    found = list((entries.filter(pk__lt=before) if before else entries)[: limit + 1])
    return Slice(found[:limit], found[limit - 1].pk if len(found) > limit else None)


def chained(asked: Asked, batch: int = BATCH) -> Iterator[Link]:
    """The acts in the order of the chain, each with its place, read little by little: for a file.

    On PostgreSQL an act has its place once its transaction is over.
    """
    links, last = Link.objects.select_related("entry").order_by("number"), 0
    if asked != Asked(redactions=True):
        links = links.filter(entry__in=asked.query().order_by())
    while found := list(links.filter(number__gt=last)[:batch]):
        yield from found
        last = found[-1].number or 0


def object_types() -> list[str]:
    """The kinds of objects of which something is written."""
    return sorted(Entry.objects.order_by().values_list("object_type", flat=True).distinct())
