"""The syntheses that hold the words of a search. There are a hundred at most: each process reads them once, in memory.

They are not in the index of the notices, whose counts, facets and pages stay those of notices.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from traam.engines import search
from traam.programme.catalogue import generation
from traam.programme.catalogue.models import PublicSynthesis, PublicTheme
from traam.programme.catalogue.syntheses import queries
from traam.programme.catalogue.syntheses.content import Content, paragraphs, spoken

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
    row: PublicSynthesis
    themes: list[PublicTheme]
    text: search.Text
    told: Mapping[str, Set[str]]
    paragraphs: _Paragraphs


@dataclass(frozen=True)
class _State:
    """All of them, `since` the database said this of itself."""

    since: tuple[str, ...] = ()
    known: Mapping[int, _Known] = field(default_factory=dict)


_state = _State()
_spoken = lru_cache(maxsize=500)(spoken)


def matching(text: str, chosen: Mapping[str, Set[str]], *, typing: bool = False) -> Matches:
    """Those on line that hold every word of `text`; none when a filter is chosen that says nothing of a synthesis.

    One short query, while nothing public changes. `typing`: the last word may be unfinished.
    """
    if not search.query_terms(text):
        return Matches()
    known = _current()
    texts = {pk: one.text for pk, one in known.items() if _fits(one, chosen)}
    answer = search.ask(texts, text, prefix=typing)
    shown = [_match(known[pk], answer.terms) for pk in answer.ids[:SHOWN]]
    return Matches(tuple(shown), len(answer.ids))


def _fits(known: _Known, chosen: Mapping[str, Set[str]]) -> bool:
    return all(known.told.get(facet, frozenset()) & values for facet, values in chosen.items())


def _match(known: _Known, terms: frozenset[str]) -> Match:
    return Match(known.row, known.themes, search.highlight(known.row.title, terms), _extract(known.paragraphs, terms))


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
    return search.extract(_spoken(shown), terms, width=WIDTH)


def _current() -> Mapping[int, _Known]:
    """Those on line, the latest first. Once something public changes, new texts are read."""
    global _state  # noqa: PLW0603 - replaced whole: a thread that reads it sees one state or the other
    now = generation.tokens()
    if now != _state.since:
        _state = _State(now, _renewed(_state.known))
    return _state.known


def _renewed(before: Mapping[int, _Known]) -> Mapping[int, _Known]:
    rows = {row.pk: row for row in queries.listed(queries.online())}
    stamps = {pk: _stamp(row) for pk, row in rows.items()}
    stale = [pk for pk, stamp in stamps.items() if pk not in before or before[pk].stamp != stamp]
    texts = dict(queries.online().filter(pk__in=stale).values_list("pk", "stored")) if stale else {}
    return {
        pk: _read(row, stamps[pk], texts[pk]) if pk in texts else replace(before[pk], row=row)
        for pk, row in rows.items()
        if pk in texts or pk in before
    }


def _stamp(row: PublicSynthesis) -> tuple[Any, ...]:
    themes = [(theme.pk, theme.title, theme.years, *theme.disciplines) for theme in queries.themes_of(row)]
    return row.changed_at, row.version, row.title, themes


def _read(row: PublicSynthesis, stamp: tuple[Any, ...], stored: dict[str, Any]) -> _Known:
    themes, texts = queries.themes_of(row), paragraphs(Content.known(stored))
    names = [name for theme in themes for name in (theme.title, theme.years, *theme.discipline_labels)]
    told = {
        "discipline": {code for theme in themes for code in theme.disciplines},
        "annee": {theme.years for theme in themes},
        "theme": {str(theme.pk) for theme in themes},
    }
    text = search.read(row.title, "\n".join([*texts, *names]))
    terms = [(frozenset(search.terms(one)), one) for one in texts]
    return _Known(stamp, row, themes, text, told, terms)
