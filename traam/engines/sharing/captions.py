"""Captions in WebVTT, read as a player reads them: each shown for a while, with words, in the order of time."""

import re
from dataclasses import dataclass

_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_LINE = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
_TAG = re.compile(r"</?[^>]*>")
_APART = ("NOTE", "STYLE", "REGION")
MOST_FAULTS = 5


@dataclass(frozen=True)
class Cue:
    """One caption: from when to when, in seconds, and its words on one line. `line` is that of its times, from 1."""

    start: float
    end: float
    text: str
    line: int


def cues(text: str) -> tuple[list[Cue], list[str]]:
    """The captions of a WebVTT text, and what a player would not show, a sentence each (the first five)."""
    found: list[Cue] = []
    faults: list[str] = []
    for first, block in _blocks(text):
        place = next((n for n, line in enumerate(block) if "-->" in line), None)
        if place is None:
            continue
        read = _LINE.fullmatch(block[place].strip())
        if read is None:
            faults.append(f"ligne {first + place} : écrivez les temps ainsi, 00:01.000 --> 00:04.000.")
            continue
        marks = read.groups()
        words = " ".join(_TAG.sub("", line).strip() for line in block[place + 1 :]).strip()
        found.append(Cue(_seconds(marks[:4]), _seconds(marks[4:]), words, first + place))
    faults += [fault for cue, before in zip(found, [None, *found], strict=False) if (fault := _fault(cue, before))]
    return found, faults[:MOST_FAULTS]


def _blocks(text: str) -> list[tuple[int, list[str]]]:
    """The blocks between empty lines, each with the number of its first line; not those that show nothing."""
    blocks: list[tuple[int, list[str]]] = []
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    held: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            held.append(line)
        elif held:
            blocks.append((number - len(held), held))
            held = []
    return [(first, block) for first, block in blocks if not block[0].startswith(_APART)]


def _seconds(marks: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(mark or 0) for mark in marks)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _fault(cue: Cue, before: Cue | None) -> str:
    if cue.end <= cue.start:
        return f"ligne {cue.line} : ce sous-titre finit avant d'avoir commencé."
    if not cue.text:
        return f"ligne {cue.line} : ce sous-titre n'a pas de texte."
    if before is not None and cue.start < before.start:
        return f"ligne {cue.line} : ce sous-titre commence avant celui qui le précède."
    return ""
