"""Text to terms, the same way for documents and for queries, with the place of each term in the text.

Order: words and their offsets → apostrophes (elision and its exceptions) → accents, ligatures folded → stop
words → levels (6e, sixième) → acronyms → stems. Two kinds of terms are added over the words: a compound in
one piece (« vidéo-projecteur » also gives « vidéoprojecteur ») and the acronym or the head of a phrase
(« intelligence artificielle » also gives « ia », « jeu d'évasion » « escapegame »), so that all forms find
each other. Documents alone get a third kind, wider terms: « IA-IPR », one word, also gives « inspecteur ».
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from . import lexicon
from .lexicon import ACRONYMS, ELIDED, LEVELS, STOP_WORDS, SYNONYMS, WHOLE_WORDS, WIDER
from .stems import LONGEST, fold, stem

RULES = 2
"""To be raised when a change of the code gives other terms for the same text, or other fields to the index."""
VERSION = f"{RULES}-{lexicon.digest()}"
"""What the terms of an index depend on: an index of another version must be rebuilt."""

LONGEST_TEXT = 200_000
"""Characters of a document that are read."""
LONGEST_QUERY = 300
MOST_GROUPS = 16
"""Words of a query that count."""

_IN_WORD = r"(?:[^\W_]|[\u0300-\u036f\u00ad\u200b-\u200d\u2060])"
_APOSTROPHES = "'’ʼ‘´`′"
_HYPHENS = "-‐‑"
# IA-IPR, IEN-ET: one title each, in which IA is no intelligence and « et » no stop word.
_JOINED = rf"(?: ?[{_HYPHENS}–/] ?)"
_INSPECTOR = rf"(?i:\b(?:ia(?:{_JOINED}|[ \u00a0])?ipr|ien{_JOINED}?(?:e[gt]|io))s?(?!\w))"
_CHAIN = re.compile(
    r"(?P<dotted>\b(?:[A-Za-z]\.){2,}(?:[A-Za-z]\b)?)"
    r"|(?P<class>\b(?:CE|CM)[ \u00a0\u202f][12]\b)"
    r"|(?P<degree>\b[2-6]°(?!\w))"
    rf"|(?P<inspector>{_INSPECTOR})"
    rf"|(?P<chain>{_IN_WORD}+(?:[{_HYPHENS}{_APOSTROPHES}](?!{_INSPECTOR}){_IN_WORD}+)*)"
)
_PART = re.compile(rf"{_IN_WORD}+")
_BEFORE_THE_VERB = frozenset({"j", "n"})
"""« J'AI », « N'AI »: the verb, even in capitals."""


@dataclass(frozen=True, slots=True)
class Token:
    """A term and the characters [start, end) of the text that gave it."""

    term: str
    start: int
    end: int


class Word(NamedTuple):
    """One word of a text: `folded` is how it is typed without accents, `term` how it is indexed."""

    folded: str
    term: str
    start: int
    end: int
    chain: int
    """Words of one compound share this number."""


class Group(NamedTuple):
    """One thing a query asks for: any of the alternatives, each being terms that must all be there."""

    alternatives: tuple[tuple[str, ...], ...]
    words: tuple[Word, ...]


@lru_cache(maxsize=100_000)
def _term(raw: str) -> tuple[str, str]:
    """(folded, term) of a word as written; an empty term for a stop word."""
    folded = fold(raw)
    if folded in STOP_WORDS and raw not in _CAPITAL_STOP_WORDS:
        return folded, ""
    if folded in LEVELS:
        return folded, LEVELS[folded]
    return folded, _acronym(folded) or stem(folded)


def _acronym(folded: str) -> str | None:
    return _SAME_ACRONYM.get(folded) or _SAME_ACRONYM.get(folded.removesuffix("s"))


def _words(text: str) -> Iterator[Word]:
    """The words of `text` in order, stop words left out."""
    for number, match in enumerate(_CHAIN.finditer(text)):
        raw, kind = match[0], match.lastgroup
        if kind != "chain":
            raw = "".join(c for c in raw.replace("2°", "2de").replace("°", "e") if c.isalnum())
            if kind == "inspector":
                raw = raw.lower().removesuffix("s")
        elif not raw.isalnum():
            yield from _chain(text, match, number)
            continue
        folded, term = _term(raw)
        if term:
            start, end = match.span()
            yield Word(folded, term, start, end, number)


def _chain(text: str, match: re.Match[str], number: int) -> Iterator[Word]:
    """The words of a chain such as « jusqu'aujourd'hui » or « l'auto-évaluation »."""
    parts = list(_PART.finditer(text, match.start(), match.end()))
    at = 0
    while at < len(parts):
        part, following = parts[at], parts[at + 1] if at + 1 < len(parts) else None
        at += 1
        if following and text[part.end()] in _APOSTROPHES:
            whole = f"{fold(part[0])}'{fold(following[0])}"
            if whole in WHOLE_WORDS:
                at += 1
                if term := WHOLE_WORDS[whole]:
                    yield Word(whole.replace("'", ""), term, part.start(), following.end(), number)
                continue
            if fold(part[0]) in ELIDED:
                if fold(part[0]) in _BEFORE_THE_VERB and fold(following[0]) in STOP_WORDS:
                    at += 1
                continue
        folded, term = _term(part[0])
        if term:
            yield Word(folded, term, part.start(), part.end(), number)


def _compounds(words: list[Word]) -> Iterator[tuple[int, int, str]]:
    """(first, after last, term in one piece) of the words that a hyphen or an apostrophe joins."""
    first = 0
    while first < len(words):
        last = first + 1
        while last < len(words) and words[last].chain == words[first].chain:
            last += 1
        if 2 <= last - first <= 4:
            joined = "".join(word.folded for word in words[first:last])
            if len(joined) <= LONGEST and _joinable(words[first:last]):
                yield first, last, _acronym(joined) or stem(joined)
        first = last


def _joinable(words: list[Word]) -> bool:
    """Levels (« 6e-5e ») and years (« 2024-2025 ») are lists, not compounds."""
    return not any(word.folded.isdigit() or word.folded in LEVELS for word in words)


def _acronyms(words: list[Word]) -> Iterator[tuple[int, int, str]]:
    """(first, after last, acronym) of the phrases written in full, each acronym once at a place, longest last."""
    for first, word in enumerate(words):
        phrases = _PHRASES.get(word.term)
        if phrases is None:
            continue
        found: dict[str, int] = {}
        for phrase, acronym in phrases:
            if tuple(w.term for w in words[first : first + len(phrase)]) == phrase:
                found[acronym] = first + len(phrase)
        for acronym, last in sorted(found.items(), key=lambda pair: pair[1]):
            yield first, last, acronym


def _phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for acronym, phrases in _SAME_THING.items():
        for phrase in phrases:
            key = tuple(word.term for word in _words(phrase))
            # « Langue vivante A » loses its stop word: the phrase stays that of LV, named before.
            if len(key) > 1 and all(key != other for other, _ in table.get(key[0], ())):
                table.setdefault(key[0], []).append((key, acronym))
    for entries in table.values():
        entries.sort(key=lambda entry: len(entry[0]))
    return table


# An « expansion » of one word is another acronym for the same thing (TBI, TNI).
_SAME_THING = ACRONYMS | SYNONYMS
_SAME_ACRONYM = {acronym: acronym for acronym in _SAME_THING} | {
    fold(phrase): acronym
    for acronym, phrases in _SAME_THING.items()
    for phrase in phrases
    if " " not in phrase and "-" not in phrase
}
_CAPITAL_STOP_WORDS = frozenset(word.upper() for word in _SAME_ACRONYM if word in STOP_WORDS)
_PHRASES = _phrases()
_WIDER = {_acronym(word) or stem(word): tuple(_term(wide)[1] for wide in wider) for word, wider in WIDER.items()}


def words(text: str) -> list[Word]:
    """The words that count in `text` (its first `LONGEST_TEXT` characters), in order."""
    return list(_words(text[:LONGEST_TEXT]))


def tokens(text: str) -> list[Token]:
    """Every term of `text` with its place; the terms added over several words span them all."""
    return tokens_of(words(text))


def tokens_of(found: list[Word]) -> list[Token]:
    """As `tokens`, from words already read."""
    result = [Token(word.term, word.start, word.end) for word in found]
    for first, last, term in [*_compounds(found), *_acronyms(found)]:
        result.append(Token(term, found[first].start, found[last - 1].end))
    result += [Token(wide, token.start, token.end) for token in result for wide in _WIDER.get(token.term, ())]
    if len(result) > len(found):
        result.sort(key=lambda token: (token.start, token.end))
    return result


def terms(text: str) -> list[str]:
    """The terms a document with this text is indexed under, repetitions kept."""
    return [token.term for token in tokens(text)]


def groups(text: str) -> list[Group]:
    """What the query `text` asks for, at most `MOST_GROUPS` things, each once."""
    text = text[:LONGEST_QUERY]
    found = words(text) or _stop_words_that_are_acronyms(text)
    spans = {first: (last, term) for first, last, term in _compounds(found)}
    spans |= {first: (last, term) for first, last, term in _acronyms(found)}
    result: dict[tuple[tuple[str, ...], ...], Group] = {}
    at = 0
    while at < len(found):
        last, added = spans.get(at, (at + 1, ""))
        plain = tuple(word.term for word in found[at:last])
        alternatives = (plain, (added,)) if added else (plain,)
        result.setdefault(alternatives, Group(alternatives, tuple(found[at:last])))
        at = last
    return list(result.values())[:MOST_GROUPS]


def _stop_words_that_are_acronyms(text: str) -> list[Word]:
    """« ses » alone is a question about SES, not a possessive."""
    alone = (part[0].upper() for part in _PART.finditer(text) if fold(part[0]) in ACRONYMS)
    return list(_words(" ".join(word for word in alone if word in _CAPITAL_STOP_WORDS)))


def query_terms(text: str) -> list[str]:
    """The terms any of which the query `text` may match: to highlight them. Each once, in order."""
    flat = (term for group in groups(text) for alternative in group.alternatives for term in alternative)
    return list(dict.fromkeys(flat))


def all_words(text: str) -> list[str]:
    """Every word of `text` as written, stop words included."""
    return [part[0] for part in _PART.finditer(text)]
