"""Counting searches. A page that only reads writes no row: it adds a line to a file beside the index of its machine,
which the worker of that machine turns into counts."""

import json
import os
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from traam.programme.catalogue.searches.models import SearchCount

LONGEST = 80
LARGEST_FILE = 5_000_000
"""Bytes: past that the worker has been away for long, or a robot is at work, and nothing more is counted."""
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


def _file() -> Path:
    return Path(settings.INDEX_FOLDER) / "searches.log"


def note(text: str, nothing: bool, on: date) -> None:
    """Count one search, and its text when it found nothing. A disc that is full costs a count, never a page."""
    line = json.dumps([week_of(on).isoformat(), kept(text) if nothing else ""]) + "\n"
    try:
        descriptor = os.open(_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.fstat(descriptor).st_size < LARGEST_FILE:
                os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
    except OSError:
        return


def gather(on: date) -> int:
    """Turn the lines of this machine into counts; their number. Old counts go, rare texts sooner."""
    taken = _file().with_suffix(".taken")
    if not taken.exists():  # else a worker died between taking the lines and counting them
        if not _file().exists():
            return 0
        _file().replace(taken)
    counts = _read(taken)
    with transaction.atomic():
        for (week, text), times in sorted(counts.items()):
            SearchCount.objects.get_or_create(week=week, text=text)
            SearchCount.objects.filter(week=week, text=text).update(times=F("times") + times)
        SearchCount.objects.filter(week__lt=on - KEPT).delete()
        SearchCount.objects.filter(week__lt=on - RARE_KEPT, times__lt=TOLD_FROM).exclude(text="").delete()
    taken.unlink()
    return sum(times for (_, text), times in counts.items() if not text)


def _read(taken: Path) -> Counter[tuple[date, str]]:
    """(week, text) → times; each line counts among all the searches of its week, and once more for its text."""
    counts: Counter[tuple[date, str]] = Counter()
    for line in taken.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            day, text = json.loads(line)
            week = date.fromisoformat(day)
        except ValueError:  # half a line, of a disc that was full
            continue
        counts[week, ""] += 1
        if text:
            counts[week, text] += 1
    return counts
