"""The syntheses that hold the words of a search. There are a hundred at most: each process reads them once, in memory.

They are not in the index of the notices, whose counts, facets and pages stay those of notices.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from traam.engines import search
from traam.programme.catalogue.models import PublicSynthesis, PublicTheme
from traam.programme.catalogue.syntheses import queries
from traam.programme.catalogue.syntheses.content import paragraphs, spoken

SHOWN = 3
WIDTH = 180
"""Characters of an extract."""


@dataclass(frozen=True)
class Match:
    """A synthesis with its title and an extract as segments (text, marked)."""

    synthesis: PublicSynthesis
    themes: list[PublicTheme]
    title: search.Segments
    extract: search.Segments


@dataclass(frozen=True)
class Matches:
    """The best ones, and how many there are."""

    shown: tuple[Match, ...] = ()
    total: int = 0


_Paragraphs = Sequence[tuple[Set[str], str]]
"""The terms of each, and its words as they were typed."""


@dataclass(frozen=True)
class _Known:
    """A synthesis as this process read it. `told`: what it answers to each filter it can answer to."""

    stamp: tuple[Any, ...]
    text: search.Text
    told: Mapping[str, Set[str]]
    paragraphs: _Paragraphs


_known: dict[int, _Known] = {}


def matching(text: str, chosen: Mapping[str, Set[str]], *, typing: bool = False) -> Matches:
    """Those on line that hold every word of `text`; none when a filter is chosen that says nothing of a synthesis.

    One query, and two more for what is shown. `typing`: the last word may be unfinished.
    """
    if not search.query_terms(text):
        return Matches()
    known = _current()
    texts = {pk: one.text for pk, one in known.items() if _fits(one, chosen)}
    answer = search.ask(texts, text, prefix=typing)
    best = answer.ids[:SHOWN]
    rows = {row.pk: row for row in queries.listed(queries.online().filter(pk__in=best))} if best else {}
    shown = [_match(rows[pk], known[pk].paragraphs, answer.terms) for pk in best if pk in rows]
    return Matches(tuple(shown), len(answer.ids))


def _fits(known: _Known, chosen: Mapping[str, Set[str]]) -> bool:
    return all(known.told.get(facet, frozenset()) & values for facet, values in chosen.items())


def _match(row: PublicSynthesis, paragraphs: _Paragraphs, terms: frozenset[str]) -> Match:
    return Match(row, queries.themes_of(row), search.highlight(row.title, terms), _extract(paragraphs, terms))


def _extract(every: _Paragraphs, terms: frozenset[str]) -> search.Segments:
    """From the first paragraph that holds the most of the terms; those that follow when it is short. Undressing them
    all would cost as much as the page."""
    held = [len(terms & mine) for mine, _ in every]
    best = held.index(max(held)) if held else 0
    shown = every[best][1] if held else ""
    for _, one in every[best + 1 :]:
        if len(shown) > WIDTH:
            break
        shown += f"\n\n{one}"
    return search.extract(spoken(shown), terms, width=WIDTH)


def _current() -> Mapping[int, _Known]:
    """Those on line, the latest first; only what changed since the last time is read again."""
    global _known  # noqa: PLW0603 - replaced whole: a thread that reads it sees one state or the other
    online = queries.online().values_list("pk", "changed_at", "version", "title")
    rows = online.annotate(last=Max("themes__changed_at"), number=Count("themes"))
    stamps = {pk: tuple(stamp) for pk, *stamp in rows}
    before = _known
    fresh = {pk for pk, stamp in stamps.items() if pk not in before or before[pk].stamp != stamp}
    read = {row.pk: _read(row, stamps[row.pk]) for row in queries.numbered(fresh)} if fresh else {}
    _known = {pk: read.get(pk) or before[pk] for pk in stamps if pk in read or pk in before}
    return _known


def _read(row: PublicSynthesis, stamp: tuple[Any, ...]) -> _Known:
    themes, texts = list(row.themes.all()), paragraphs(queries.content(row))
    names = [name for theme in themes for name in (theme.title, theme.years, *theme.discipline_labels)]
    told = {
        "discipline": {code for theme in themes for code in theme.disciplines},
        "annee": {theme.years for theme in themes},
        "theme": {str(theme.pk) for theme in themes},
    }
    text = search.read(row.title, "\n".join([*texts, *names]))
    return _Known(stamp, text, told, [(frozenset(search.terms(one)), one) for one in texts])
