import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from .shortest import changed

Kind = Literal["same", "added", "removed"]
WORDS = re.compile(r"\w+|\s+|[^\w\s]")
LINES = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Part:
    """A stretch of text that stayed, came or went. `removed` and `same` spell the first text, `added` and `same` the
    second one."""

    kind: Kind
    text: str


def compare(before: str, after: str) -> list[Part]:
    """What changed, by words, in the order of reading: what went stands before what came in its place.

    Lines are set against lines first, then the words of the lines that changed, so that the time stays bounded on
    texts of any length; a stretch written anew is told whole rather than as confetti.
    """
    return _joined(_smoothed(_parts(before, after)))


def _parts(before: str, after: str) -> Iterator[Part]:
    old, new = LINES.findall(before), LINES.findall(after)
    place = 0
    for a, b, c, d in changed(old, new):
        yield Part("same", "".join(old[place:a]))
        yield from _by_words("".join(old[a:b]), "".join(new[c:d]))
        place = b
    yield Part("same", "".join(old[place:]))


def _by_words(before: str, after: str) -> Iterator[Part]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    place = 0
    for a, b, c, d in changed(old, new):
        yield Part("same", "".join(old[place:a]))
        yield Part("removed", "".join(old[a:b]))
        yield Part("added", "".join(new[c:d]))
        place = b
    yield Part("same", "".join(old[place:]))


def _smoothed(parts: Iterable[Part]) -> list[Part]:
    """A space or a comma alone between two changes belongs to them: words are read, not spaces."""
    smooth: list[Part] = []
    rows = [part for part in parts if part.text]
    for place, part in enumerate(rows):
        between = 0 < place < len(rows) - 1 and part.kind == "same" and not re.search(r"\w|\n", part.text)
        if between:
            smooth += [Part("removed", part.text), Part("added", part.text)]
        else:
            smooth.append(part)
    return smooth


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Neighbours of one kind as one part; within a change, what went before what came."""
    joined: list[Part] = []
    gone, come = "", ""
    for part in [*parts, Part("same", "")]:
        if part.kind == "removed":
            gone += part.text
        elif part.kind == "added":
            come += part.text
        else:
            joined += [p for p in (Part("removed", gone), Part("added", come)) if p.text]
            gone, come = "", ""
            if joined and joined[-1].kind == "same":
                joined[-1] = Part("same", joined[-1].text + part.text)
            elif part.text:
                joined.append(part)
    return joined
