"""How often something is tried at the door: counted in the database, so that every process of the site counts together.

Nothing says who or whence: keys are digests under the key of the site.
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from traam.programme.people.models import Attempt


@dataclass(frozen=True)
class Limit:
    """At most `most` tries of `what` in `minutes`, from the first one."""

    what: str
    most: int
    minutes: int

    def key(self, *whose: object) -> str:
        told = "\n".join([self.what, *map(str, whose)])
        return hmac.digest(settings.SECRET_KEY.encode(), told.encode(), "sha256").hex()


Counted = tuple[Limit, str]


def full(counted: Sequence[Counted], *, at: datetime) -> bool:
    """Whether one of these reached its most."""
    keys = [key for _, key in counted]
    found = dict(Attempt.objects.filter(key__in=keys, until__gt=at).values_list("key", "count"))
    return any(found.get(key, 0) >= limit.most for limit, key in counted)


def reserve(counted: Sequence[Counted], *, at: datetime) -> bool:
    """Count one try under each of these; False, and nothing counted, when one of them is full.

    Counting comes before trying: a hundred tries at once do not all pass because none has failed yet. A full count
    costs one read.
    """
    wanted = {key: limit for limit, key in counted}
    if full(counted, at=at):
        return False
    with transaction.atomic():
        for key, limit in sorted(wanted.items()):
            _count(key, limit, at)
    return True


def _count(key: str, limit: Limit, at: datetime) -> None:
    if Attempt.objects.filter(key=key, until__gt=at).update(count=F("count") + 1):
        return
    fresh = {"count": 1, "until": at + timedelta(minutes=limit.minutes)}
    Attempt.objects.update_or_create(key=key, defaults=fresh)


def give_back(counted: Iterable[Counted]) -> None:
    """The try was a good one: it does not count."""
    keys = [key for _, key in counted]
    Attempt.objects.filter(key__in=keys, count__gt=0).update(count=F("count") - 1)


def forget(counted: Iterable[Counted]) -> None:
    """Nothing is held any more."""
    Attempt.objects.filter(key__in=[key for _, key in counted]).delete()


def sweep(*, at: datetime) -> int:
    """Drop the counts that ended."""
    return Attempt.objects.filter(until__lte=at).delete()[0]
