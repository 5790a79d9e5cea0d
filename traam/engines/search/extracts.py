"""Extracts of a text around the terms of a query, as segments that a template escapes one by one."""

from collections.abc import Collection
from functools import lru_cache

from .analysis import LONGEST_TEXT, Token, tokens

Segments = list[tuple[str, bool]]
"""Pieces of text in order; True marks what was asked for. Joined, they give the text back."""

_BEFORE = 40
_MOST_HITS = 200
_SHORT = 1_000


def highlight(text: str, terms: Collection[str]) -> Segments:
    """The whole `text` with what matches `terms` (`Results.terms`) marked."""
    return _segments(text, 0, len(text), _hits(text, terms))


def extract(text: str, terms: Collection[str], width: int = 240) -> Segments:
    """About `width` characters of `text`, where most different terms are; « … » for what is left out."""
    text = " ".join(text[:LONGEST_TEXT].split())
    hits = _hits(text, terms)
    start = _start(text, _best(hits, width)) if len(text) > width else 0
    end = _end(text, start + width)
    segments = _segments(text, start, end, hits)
    if start > 0:
        segments.insert(0, ("… ", False))
    if end < len(text):
        segments.append((" …", False))
    return segments


def _hits(text: str, terms: Collection[str]) -> list[Token]:
    wanted = frozenset(terms)
    if not wanted:
        return []
    found = _remembered(text) if len(text) <= _SHORT else tokens(text)
    return [token for token in found if token.term in wanted]


@lru_cache(maxsize=2_000)
def _remembered(text: str) -> tuple[Token, ...]:
    """Titles and summaries come back from one page of results to the next: they are read once, in a few MB."""
    return tuple(tokens(text))


def _best(hits: list[Token], width: int) -> int:
    """Where the hit starts that opens the window with most different terms, then most hits."""
    best, place = (0, 0), 0
    room = width - _BEFORE
    for first, hit in enumerate(hits[:_MOST_HITS]):
        window = [other for other in hits[first : first + 30] if other.end <= hit.start + room]
        score = (len({other.term for other in window}), len(window))
        if score > best:
            best, place = score, hit.start
    return place


def _start(text: str, hit: int) -> int:
    """A word's beginning, some way before `hit`."""
    start = max(0, hit - _BEFORE)
    if start == 0:
        return 0
    space = text.find(" ", start - 1, hit)
    return space + 1 if space >= 0 else hit


def _end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", max(0, end - _BEFORE), end + 1)
    return space if space > 0 else end


def _segments(text: str, start: int, end: int, hits: list[Token]) -> Segments:
    segments: Segments = []
    at = start
    for first, last in _spans(hits):
        if last <= at or first >= end:
            continue
        first, last = max(first, at), min(last, end)
        if first > at:
            segments.append((text[at:first], False))
        segments.append((text[first:last], True))
        at = last
    if at < end:
        segments.append((text[at:end], False))
    return segments


def _spans(hits: list[Token]) -> list[tuple[int, int]]:
    """The places of the hits in order, those that overlap in one piece."""
    spans: list[tuple[int, int]] = []
    for hit in hits:
        if spans and hit.start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], hit.end))
        else:
            spans.append((hit.start, hit.end))
    return spans
