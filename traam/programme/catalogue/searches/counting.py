"""Counting searches. A page that only reads writes no row: it adds a line to a file beside the index of its machine,
which the worker of that machine turns into counts."""

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F

from traam.gateways import spool
from traam.programme.catalogue.searches.models import SearchCount

LONGEST = 80
TOLD_FROM = 3
"""Times a text was asked for before the bureau reads it: a name typed once by mistake is nobody's business."""
RARE_KEPT, KEPT = timedelta(weeks=5), timedelta(weeks=104)
_SOMEBODY = re.compile(r"@|\d(?:[ .-]?\d){4,}|https?:|www\.", re.IGNORECASE)
"""An address, a telephone, a number of pupil: counted as a search, never kept as a text."""


def kept(text: str) -> str:
    """What is kept of a text that found nothing; "" when it may tell of somebody."""
    plain = " ".join(text.lower().split())
    return "" if _SOMEBODY.search(plain) or not plain.isprintable() else plain[:LONGEST].strip()


def week_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def note(text: str, nothing: bool, on: date) -> None:
    """Count one search, and its text when it found nothing."""
    spool.add("searches", [week_of(on).isoformat(), kept(text) if nothing else "", "nothing" if nothing else ""])


def gather(on: date) -> int:
    """Turn the lines of this machine into counts; their number. Old counts go, rare texts sooner."""
    taken = spool.take("searches")
    if taken is None:
        return 0
    counts, nothing = _read(taken)
    with transaction.atomic():
        for (week, text), times in sorted(counts.items()):
            SearchCount.objects.get_or_create(week=week, text=text)
            more = {"times": F("times") + times} | ({} if text else {"nothing": F("nothing") + nothing[week]})
            SearchCount.objects.filter(week=week, text=text).update(**more)
        SearchCount.objects.filter(week__lt=on - KEPT).exclude(text="").delete()
        SearchCount.objects.filter(week__lt=on - RARE_KEPT, times__lt=TOLD_FROM).exclude(text="").delete()
    taken.unlink()
    return sum(times for (_, text), times in counts.items() if not text)


def _read(taken: Path) -> tuple[Counter[tuple[date, str]], Counter[date]]:
    """(week, text) → times, and week → those that found nothing. Each line counts among all the searches of its week,
    and once more for its text."""
    counts: Counter[tuple[date, str]] = Counter()
    nothing: Counter[date] = Counter()
    for line in spool.lines(taken):
        try:
            week = date.fromisoformat(line[0])
            text, found = line[1], line[2:] != ["nothing"]
        except (ValueError, TypeError, IndexError):
            continue
        counts[week, ""] += 1
        nothing[week] += not found
        if text:
            counts[week, text] += 1
    return counts, nothing
