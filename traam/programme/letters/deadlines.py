"""A date that comes: when it is told. Each step says what it waits for; the worker asks them once a day."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from traam.programme.letters.actions import Line, settle, tell_all
from traam.programme.letters.models import Item

WEEK, DAY, LATE = "week", "day", "late"
BEFORE, AFTER = timedelta(days=7), timedelta(days=7)


def stage(due: date, today: date) -> str:
    """Where a date is: told a week before, the day before, and once when it is passed; "" when nothing is said.

    Each stage lasts until the next one, so that a worker that was away tells it when it is back.
    """
    left = due - today
    if left > BEFORE or left < -AFTER:
        return ""
    if left < timedelta(0):
        return LATE
    return DAY if left <= timedelta(days=1) else WEEK


@transaction.atomic
def tell(scope: str, lines: Sequence[Line], *, at: datetime) -> None:
    """Tell what waits now, whose keys begin with `scope:`; what waited, and does no more, is told to nobody."""
    if not all(line.key.startswith(f"{scope}:") for line in lines):
        raise ValueError(f"a key is not under {scope}: it would never be settled")
    tell_all(lines, at=at)
    keys = {line.key for line in lines}
    _wait_again(scope, keys, at)
    settle(scope, at=at, but=keys)


def _wait_again(scope: str, keys: Collection[str], at: datetime) -> None:
    """What was settled before anybody was told, and is to be done again within the same stage."""
    recent = Item.objects.filter(key__startswith=f"{scope}:", letter__isnull=True, settled_at__gte=at - AFTER - BEFORE)
    again = [pk for pk, key in recent.values_list("pk", "key") if key in keys]
    Item.objects.filter(pk__in=again).update(settled_at=None)
