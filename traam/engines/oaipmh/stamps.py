"""Dates of the protocol: UTC, to the day or to the second, and nothing else."""

import re
from datetime import UTC, date, datetime, time

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECOND = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def to_stamp(moment: datetime) -> str:
    """2025-03-01T09:30:00Z. `moment` carries its time zone; fractions of a second are dropped."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def from_stamp(text: str, *, end_of_day: bool = False) -> datetime:
    """The moment a stamp names; a day is its first second, or its last. Otherwise ValueError."""
    if _DAY.fullmatch(text):
        clock = time(23, 59, 59) if end_of_day else time()
        return datetime.combine(date.fromisoformat(text), clock, UTC)
    if _SECOND.fullmatch(text):
        return datetime.fromisoformat(text)
    raise ValueError(text)
