"""The words of the indexed documents, to forgive typing errors and to guess the end of a word.

Words come as entries « folded » or « folded|as written », so that a suggestion shows its accents.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from string import ascii_lowercase

from .analysis import Word
from .lexicon import ACRONYMS, LEVELS, NEAR_LEVELS, SYNONYMS, WIDER
from .sounds import sound

_NEVER = ACRONYMS.keys() | SYNONYMS.keys() | WIDER.keys() | LEVELS.keys()
_SHORTEST_LEVEL = 6
SHORTEST, LONGEST = 4, 24
"""Letters of a word that may be corrected."""
_MOST_WORDS = 250_000
_LONG = 8
_MOST_COMPARED = 5_000
_MOST_HEARD = 1_200
"""Words of one length whose sound is compared, the most frequent ones."""
_START = 4
"""Letters in common that make two words worth offering one for the other."""


def entries(text: str, found: Iterable[Word]) -> Iterator[str]:
    """What the words `found` in `text` are kept as."""
    return (_entry(word, text) for word in found if 2 < len(word.folded) <= LONGEST + 6)


def _entry(word: Word, text: str) -> str:
    written = text[word.start : word.end].lower()
    return word.folded if written == word.folded or not written.isalpha() else f"{word.folded}|{written}"


class Vocabulary:
    """Words with their numbers of documents, ready to be compared with one that is unknown."""

    def __init__(self, counted: Iterable[tuple[str, int]]) -> None:
        self._frequency: dict[str, int] = defaultdict(int)
        written: dict[str, tuple[int, str]] = {}
        for entry, count in counted:
            folded, _, form = entry.partition("|")
            self._frequency[folded] += count
            written[folded] = max(written.get(folded, (0, "")), (count, form or folded))
        self._written = {folded: form for folded, (_, form) in written.items()}
        self._by_length: dict[int, list[tuple[int, str]]] = defaultdict(list)
        often = sorted(self._frequency, key=lambda word: (-self._frequency[word], word))
        for word in often[:_MOST_WORDS]:
            if word.isalpha():
                self._by_length[len(word)].append((_letters(word), word))

    def frequency(self, folded: str) -> int:
        return self._frequency.get(folded, 0)

    def written(self, folded: str) -> str:
        """The word as documents most often write it."""
        return self._written.get(folded, folded)

    def nearest(self, folded: str, *, at_least: int = 1) -> str | None:
        """The known word fewest errors away, the most frequent of those; None when there is none.

        One error is forgiven under eight letters, two from there; « terminal » is no class mistyped, and one
        error is the most for « terminale ». `at_least`: documents it must be in.
        """
        if not SHORTEST <= len(folded) <= LONGEST or not folded.isalpha() or folded in _NEVER:
            return None
        near = [w for w in _one_error(folded) if self.frequency(w) >= at_least and not _another_thing(folded, w)]
        if not near and len(folded) >= _LONG:
            near = [
                word
                for word in self._alike(folded)
                if self.frequency(word) >= at_least and word not in LEVELS and distance(folded, word, 2) == 2
            ]
        return min(near, key=lambda word: (-self.frequency(word), word), default=None)

    def _alike(self, folded: str) -> list[str]:
        """Words of about this length, with nearly all its letters and the same start or end.

        Two errors that spoil both the start and the end are not forgiven: it would cost ten times more.
        """
        mask, start, end = _letters(folded), folded[:2], folded[-2:]
        return [
            word
            for length in range(len(folded) - 2, len(folded) + 3)
            for other, word in self._by_length.get(length, ())
            if (mask ^ other).bit_count() <= 4 and (word.startswith(start) or word.endswith(end))
        ][:_MOST_COMPARED]

    def sounding(self, folded: str, count: int) -> list[str]:
        """Known words that one may have meant, the likeliest first: said nearly alike, or with the same start.

        Too far to be searched instead without asking; near enough to be offered.
        """
        if not folded.isalpha() or len(folded) > LONGEST + 6:
            return []
        heard, mask = sound(folded), _letters(folded)
        most, ranked = len(heard) // 4, []
        for length in range(max(3, len(folded) - 4), len(folded) + 6):
            for other, word in self._by_length.get(length, ())[:_MOST_HEARD]:
                if word == folded or (mask ^ other).bit_count() > 6:
                    continue
                away = distance(heard, sound(word), most) if len(heard) > 2 else most + 1
                if away <= most:
                    ranked.append((away, distance(folded, word, 6), -self.frequency(word), word))
        ranked.sort()
        found = [word for *_, word in ranked]
        return (found + [word for word in self._starting_alike(folded, count) if word not in found])[:count]

    def _starting_alike(self, folded: str, count: int) -> list[str]:
        """The most frequent words that begin as `folded` does, over half of its length."""
        start = folded[: max(_START, (len(folded) + 1) // 2)]
        if len(folded) < _START:
            return []
        found = [word for words in self._by_length.values() for _, word in words if word.startswith(start)]
        return sorted(found, key=lambda word: (-self._frequency[word], word))[:count]

    def split(self, folded: str) -> tuple[str, str] | None:
        """Two known words written as one (« classeinversée »), the least frequent being the most frequent."""
        if len(folded) > LONGEST + 6:
            return None
        halves = ((folded[:at], folded[at:]) for at in range(3, len(folded) - 2))
        known = [(min(self.frequency(a), self.frequency(b)), a, b) for a, b in halves]
        count, first, second = max(known, default=(0, "", ""))
        return (first, second) if count else None


def _another_thing(typed: str, word: str) -> bool:
    """Whether `word` is a class and `typed`, one letter away, is most likely not."""
    return word in LEVELS and (typed in NEAR_LEVELS or len(word) < _SHORTEST_LEVEL)


def _one_error(word: str) -> set[str]:
    """What one letter dropped, swapped with the next, replaced or added makes of `word`."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    made = {a + b[1:] for a, b in halves if b} | {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    for a, b in halves:
        for letter in ascii_lowercase:
            made.add(a + letter + b)
            made.add(a + letter + b[1:])
    return made - {word}


def _letters(word: str) -> int:
    """The set of the letters of `word`, one bit for each."""
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) & 31)
    return mask


def distance(a: str, b: str, most: int) -> int:
    """Letters added, dropped, replaced or swapped from `a` to `b`; `most` + 1 when there are more."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return most + 1
    return min(row[-1], most + 1)
