"""Counting readings: a line beside the index of the machine for each, that its worker turns into counts."""

import re
from collections import Counter
from datetime import date

from django.db import transaction
from django.db.models import F

from traam.gateways import spool
from traam.programme.catalogue.readings.models import ReadCount

Kind = ReadCount.Kind
_KINDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"/", Kind.HOME),
        (r"/recherche", Kind.SEARCH),
        (r"/notices/(\d{1,18})(?:/versions/\d+)?", Kind.NOTICE),
        (r"/themes/(?:\d+)?", Kind.THEME),
        (r"/(?:academies|annees)/[\w-]*", Kind.ACADEMY),
        (r"/(?:informations|lettres)/[\w/-]*", Kind.INFORMATION),
        (r"/(?:bilans|syntheses)/\d*", Kind.REPORT),
        (r"/(?:campagnes|cahiers-des-charges)/[\w-]*", Kind.CALL),
    )
)
_ROBOT = re.compile(r"bot\b|bot[/ ;)]|crawl|spider|slurp|archiv|scan|monitor|curl|wget|python|java/|^$", re.IGNORECASE)


def kind_of(path: str) -> tuple[str, int] | None:
    """What a public address shows: its kind, and the number of the notice, else 0."""
    for pattern, kind in _KINDS:
        if found := pattern.fullmatch(path):
            return kind, int(found[1]) if kind == Kind.NOTICE else 0
    return None


def is_robot(agent: str) -> bool:
    """By what it says of itself: those that lie are counted as readers."""
    return bool(_ROBOT.search(agent))


def note(path: str, on: date) -> None:
    """Count one reading of a public address; nothing when it is not a page that is counted."""
    seen = kind_of(path)
    if seen is not None:
        spool.add("readings", [on.replace(day=1).isoformat(), seen[0], str(seen[1])])


def gather() -> int:
    """Turn the lines of this machine into counts; their number."""
    taken = spool.take("readings")
    if taken is None:
        return 0
    counts: Counter[tuple[date, str, int]] = Counter()
    for line in spool.lines(taken):
        try:
            month, kind, told = line
            counts[date.fromisoformat(month), str(Kind(kind)), int(told)] += 1
        except ValueError:
            continue
    with transaction.atomic():
        for (day, kind, number), times in sorted(counts.items()):
            ReadCount.objects.get_or_create(month=day, kind=kind, number=number)
            ReadCount.objects.filter(month=day, kind=kind, number=number).update(times=F("times") + times)
    taken.unlink()
    return counts.total()
