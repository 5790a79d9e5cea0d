"""A few texts searched in memory with the analysis of the index: for those too few to deserve an index of their own."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from .analysis import LONGEST_QUERY, Group, groups, tokens_of, words

_IN_TITLE = 3.0
_SHORTEST = 2
"""Letters of an unfinished word that begin to tell something."""


@dataclass(frozen=True)
class Text:
    """A text as it was read. `title` and `terms` are terms, `terms` with their counts, those of the title too;
    `words` are the words as typed without accents, each with its term."""

    title: frozenset[str]
    terms: Mapping[str, int]
    words: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """`ids`: the best first; at equal words, in the order that the texts were given. `terms`: what to highlight."""

    ids: tuple[int, ...] = ()
    terms: frozenset[str] = frozenset()


def read(title: str, body: str) -> Text:
    """A text ready to be searched: about as long to make as it is to index it."""
    titled, said = words(title), words(body)
    heads = [token.term for token in tokens_of(titled)]
    terms = Counter([*heads, *(token.term for token in tokens_of(said))])
    return Text(frozenset(heads), terms, {word.folded: word.term for word in (*titled, *said)})


def ask(texts: Mapping[int, Text], query: str, *, prefix: bool = False) -> Answer:
    """The texts that hold every word of `query`, inflected or not, accented or not; none for a query without a word.

    `prefix`: the last word may be unfinished.
    """
    query = query[:LONGEST_QUERY]
    wanted = groups(query)
    typed = _unfinished(query, wanted) if prefix else ""
    scores = {pk: _score(text, wanted, typed) for pk, text in texts.items()} if wanted else {}
    ids = sorted((pk for pk, score in scores.items() if score), key=lambda pk: -scores[pk])
    terms = {term for group in wanted for alternative in group.alternatives for term in alternative}
    if typed:
        terms |= {term for pk in ids for word, term in texts[pk].words.items() if word.startswith(typed)}
    return Answer(tuple(ids), frozenset(terms))


def _unfinished(query: str, wanted: list[Group]) -> str:
    """The last word of the query, when nothing follows it; "" when it is too short to be the beginning of one."""
    last = wanted[-1].words[-1] if wanted else None
    return last.folded if last and last.end == len(query) and len(last.folded) >= _SHORTEST else ""


def _score(text: Text, wanted: list[Group], typed: str) -> float:
    """0 when a word is missing."""
    total = 0.0
    for place, group in enumerate(wanted):
        alternatives = list(group.alternatives)
        if typed and place == len(wanted) - 1:
            longer = {term for word, term in text.words.items() if word.startswith(typed)}
            alternatives += [(*group.alternatives[0][:-1], term) for term in longer]
        found = max((_weight(text, alternative) for alternative in alternatives), default=0.0)
        if not found:
            return 0.0
        total += found
    return total


def _weight(text: Text, alternative: tuple[str, ...]) -> float:
    """Of terms that must all be there: more in the title, a little more each time they come."""
    count = min(text.terms.get(term, 0) for term in alternative)
    return log(1 + count) + _IN_TITLE * text.title.issuperset(alternative) if count else 0.0
