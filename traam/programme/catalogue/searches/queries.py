from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Sum

from traam.programme.catalogue.searches.counting import TOLD_FROM, week_of
from traam.programme.catalogue.searches.models import SearchCount

MOST = 100


@dataclass(frozen=True)
class Lacking:
    """A text that found nothing: how often it was asked for, and the Monday of the last week it was."""

    text: str
    times: int
    last: date


@dataclass(frozen=True)
class Looked:
    """What was looked for since `since`: the number of searches, and what found nothing, most asked for first."""

    since: date
    total: int
    lacking: list[Lacking]


def looked_for(on: date, weeks: int) -> Looked:
    """The last `weeks` weeks, this one included. Two queries."""
    since = week_of(on) - timedelta(weeks=weeks - 1)
    rows = SearchCount.objects.filter(week__gte=since)
    total = rows.filter(text="").aggregate(total=Sum("times"))["total"] or 0
    texts = rows.exclude(text="").values("text").annotate(asked=Sum("times"), last=Max("week"))
    often = texts.filter(asked__gte=TOLD_FROM).order_by("-asked", "-last", "text")[:MOST]
    return Looked(since, total, [Lacking(row["text"], row["asked"], row["last"]) for row in often])
