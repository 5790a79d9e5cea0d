"""A date that comes: when it is told. Each step says what it waits for; the worker asks them once a day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from traam.programme.letters.actions import Line, settle, tell_all

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
    settle(scope, at=at, but=[line.key for line in lines])
