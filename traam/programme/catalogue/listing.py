"""The catalogue as machines list it: by date of change, after a key, so that what changes meanwhile is not lost."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Generic, TypeVar

from django.db.models import BigIntegerField, F, Max, Model, Q, QuerySet
from django.db.models.functions import Cast, Floor

from traam import reference
from traam.engines import search
from traam.programme.catalogue import index
from traam.programme.catalogue.index import CYCLES, HEADINGS
from traam.programme.catalogue.models import (
    Change,
    ChangeCounter,
    Notice,
    PastResult,
    PublicBilan,
    PublicCall,
    PublicSynthesis,
    PublicTheme,
)
from traam.programme.catalogue.syntheses import queries as synthesised

Row = TypeVar("Row", bound=Model)
Key = tuple[datetime, int]
"""The place of a row in a list: (date of its last change, its number)."""

# What a list does not tell of a notice.
_LONG = ("sections", "pieces", "links", "errata")
BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Filters: within one, any of the values; between them, all. Codes are those of `traam.reference`.

    `levels` and `academies` reach what they contain, as in the search: "collège" finds the 3e, Normandie what Caen
    made. `since` is inclusive. `withdrawn`: tell those too.
    """

    disciplines: Collection[str] = ()
    levels: Collection[str] = ()
    academies: Collection[str] = ()
    years: Collection[str] = ()
    themes: Collection[int] = ()
    competences: Collection[str] = ()
    since: datetime | None = None
    withdrawn: bool = False


@cache
def levels_within(code: str) -> frozenset[str]:
    """A level, what is under it, and the years of school of a cycle."""
    path = reference.levels()[code].path
    every = reference.levels().values()
    under = {one.code for one in every if one.path == path or one.path.startswith(f"{path} > ")}
    return frozenset(under | {one.code for one in every if CYCLES.get(one.cycle) == code})


def _academies_within(code: str) -> set[str]:
    return {code, *(one.code for one in reference.academies().values() if one.successor == code)}


def _holding(name: str, codes: Collection[str]) -> Q:
    """Rows whose list holds one of the codes. Lists are JSON, which both databases compare as text: a code between
    its quotes is found, and no other."""
    condition = Q()
    for code in sorted(codes):
        condition |= Q(**{f"{name}__icontains": f'"{code}"'})
    return condition


def _filtered(wanted: Wanted) -> QuerySet[Notice]:
    rows = Notice.objects.select_related("theme")
    if not wanted.withdrawn:
        rows = rows.filter(state=Notice.State.PUBLISHED)
    lists = {
        "disciplines": set(wanted.disciplines),
        "levels": {code for wide in wanted.levels for code in levels_within(wide)},
        "academies": {code for wide in wanted.academies for code in _academies_within(wide)},
        "competences": set(wanted.competences),
    }
    for name, codes in lists.items():
        rows = rows.filter(_holding(name, codes)) if codes else rows
    if wanted.years:
        rows = rows.filter(years__in=wanted.years)
    if wanted.themes:
        rows = rows.filter(theme__in=wanted.themes)
    return rows.filter(datestamp__gte=wanted.since) if wanted.since else rows


FEW = 500
"""Up to so many notices, the index says which they are; more are met soon enough by reading in order."""


def _as_searched(wanted: Wanted) -> search.Query | None:
    """The same filters for the index; None for what it does not know: the withdrawn, the date of a change, headings."""
    if wanted.withdrawn or wanted.since or HEADINGS & set(wanted.levels):
        return None
    chosen = {
        "discipline": frozenset(wanted.disciplines),
        "niveau": frozenset(wanted.levels),
        "academie": frozenset(code for wide in wanted.academies for code in _academies_within(wide)),
        "annee": frozenset(wanted.years),
        "theme": frozenset(map(str, wanted.themes)),
        "crcn": frozenset(wanted.competences),
    }
    return search.Query(chosen={name: codes for name, codes in chosen.items() if codes}, size=search.LARGEST_PAGE)


def _by_the_index(wanted: Wanted) -> Q | None:
    """Where to look for the few notices that rare filters leave: a million lists are not read to find ten.

    What the index has still to learn is looked at too: nothing is missing, only late in the index.
    """
    asked = _as_searched(wanted)
    if asked is None or not asked.chosen:
        return None
    held = index.current()
    first = held.search(asked)
    if first.total > FEW:
        return None
    pages = range(2, -(-first.total // search.LARGEST_PAGE) + 1)
    found = [*first.ids, *(pk for page in pages for pk in held.search(replace(asked, page=page)).ids)]
    learning = Change.objects.filter(number__gt=held.mark).values("notice")
    return Q(pk__in=found) | Q(pk__in=learning)


def total(wanted: Wanted) -> int | None:
    """How many notices these filters give, exactly; None when only reading them all would tell."""
    asked, held = _as_searched(wanted), index.current()
    last = ChangeCounter.objects.filter(pk=1).values_list("last", flat=True).first() or 0
    if asked is not None and last == held.mark:
        return held.search(asked).total
    lists = (wanted.disciplines, wanted.levels, wanted.academies, wanted.competences)
    return None if any(lists) else _filtered(wanted).count()


def notices(wanted: Wanted, *, after: Key | None, size: int) -> list[Notice]:
    """By (datestamp, number): one query, `size` rows at most, without their text."""
    rows = _filtered(wanted).defer(*_LONG)
    if (few := _by_the_index(wanted)) is not None:
        rows = rows.filter(few)
    if after:
        rows = rows.filter(Q(datestamp__gt=after[0]) | Q(datestamp=after[0], pk__gt=after[1]))
    return list(rows.order_by("datestamp", "pk")[:size])


def every_notice() -> Iterator[Notice]:
    """What is published, whole, by number; a few hundred in memory at a time."""
    rows = Notice.objects.filter(state=Notice.State.PUBLISHED).select_related("theme")
    return rows.order_by("pk").iterator(BATCH)


def every_theme() -> Iterator[PublicTheme]:
    return PublicTheme.objects.order_by("pk").iterator(BATCH)


def every_synthesis() -> Iterator[PublicSynthesis]:
    """What is on line, whole, by number, with its themes; a few in memory at a time."""
    rows = PublicSynthesis.objects.filter(state=PublicSynthesis.State.PUBLISHED).prefetch_related("themes")
    return rows.order_by("pk").iterator(BATCH // 10)


def every_past_result() -> Iterator[PastResult]:
    return PastResult.objects.order_by("pk").iterator(BATCH)


@dataclass(frozen=True)
class Part(Generic[Row]):
    """Some rows by (date of change, number), and how many the filters give in all."""

    rows: list[Row]
    total: int


def _part(rows: QuerySet[Row], after: Key | None, size: int) -> Part[Row]:
    total = rows.count()
    if after:
        rows = rows.filter(Q(changed_at__gt=after[0]) | Q(changed_at=after[0], pk__gt=after[1]))
    return Part(list(rows.order_by("changed_at", "pk")[:size]), total)


def themes(wanted: Wanted, *, after: Key | None, size: int) -> Part[PublicTheme]:
    """Of the filters, the disciplines, the academies, the years and `since` count."""
    return _part(_worked(PublicTheme.objects.all(), wanted), after, size)


def past_results(wanted: Wanted, *, after: Key | None, size: int) -> Part[PastResult]:
    """By the same filters as themes."""
    return _part(_worked(PastResult.objects.all(), wanted), after, size)


def syntheses(wanted: Wanted, *, after: Key | None, size: int) -> Part[PublicSynthesis]:
    """Without their text. Disciplines, years and themes are those of their themes; `since` and `withdrawn` count."""
    rows = synthesised.listed(PublicSynthesis.objects.all())
    if not wanted.withdrawn:
        rows = rows.filter(state=PublicSynthesis.State.PUBLISHED)
    if wanted.disciplines or wanted.years or wanted.themes:
        of = _worked(PublicTheme.objects.all(), replace(wanted, since=None))
        of = of.filter(pk__in=wanted.themes) if wanted.themes else of
        rows = rows.filter(pk__in=of.values("syntheses"))
    return _part(rows.filter(changed_at__gte=wanted.since) if wanted.since else rows, after, size)


def _worked(rows: QuerySet[Row], wanted: Wanted) -> QuerySet[Row]:
    lists = {
        "disciplines": set(wanted.disciplines),
        "academies": {code for wide in wanted.academies for code in _academies_within(wide)},
    }
    for name, codes in lists.items():
        rows = rows.filter(_holding(name, codes)) if codes else rows
    if wanted.years:
        rows = rows.filter(years__in=wanted.years)
    return rows.filter(changed_at__gte=wanted.since) if wanted.since else rows


def notices_changed_at() -> datetime | None:
    """The last change of a notice, or of the theme it names."""
    dates = (
        Notice.objects.aggregate(last=Max("datestamp"))["last"],
        PublicTheme.objects.aggregate(last=Max("changed_at"))["last"],
    )
    return max((one for one in dates if one), default=None)


def past_results_changed_at() -> datetime | None:
    last: datetime | None = PastResult.objects.aggregate(last=Max("changed_at"))["last"]
    return last


def latest(wanted: Wanted, size: int) -> list[Notice]:
    """The last changed first."""
    return list(_filtered(wanted).defer(*_LONG).order_by("-datestamp", "-pk")[:size])


def notice_blocks(size: int) -> list[tuple[int, datetime]]:
    """The blocks of numbers (0 to size-1, size to 2·size-1…) that hold a published notice, with its last change."""
    rows = Notice.objects.filter(state=Notice.State.PUBLISHED).order_by()
    block = Cast(Floor(F("pk") * 1.0 / size), BigIntegerField())
    return list(rows.annotate(block=block).values_list("block").annotate(last=Max("datestamp")).order_by("block"))


def notices_in_block(block: int, size: int) -> list[tuple[int, datetime]]:
    """The numbers of the published notices of a block, each with its last change."""
    rows = Notice.objects.filter(state=Notice.State.PUBLISHED, pk__gte=block * size, pk__lt=(block + 1) * size)
    return list(rows.order_by("pk").values_list("pk", "datestamp"))


def themes_changed() -> list[tuple[int, datetime]]:
    return list(PublicTheme.objects.order_by("pk").values_list("pk", "changed_at"))


def calls_changed() -> list[tuple[int, datetime]]:
    return list(PublicCall.objects.order_by("pk").values_list("pk", "changed_at"))


def bilans_changed() -> list[tuple[int, datetime]]:
    rows = PublicBilan.objects.filter(state=PublicBilan.State.PUBLISHED)
    return list(rows.order_by("pk").values_list("pk", "changed_at"))
