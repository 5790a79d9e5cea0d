"""Short texts that a person posts on a social account: whole words, French typography, the address always whole."""

from dataclasses import dataclass

from traam.engines.newsletters.prose import spaced

LIMITS = (280, 500)
"""Characters: what the shortest accounts hold, and the others."""
ELLIPSIS = "…"


@dataclass(frozen=True)
class Announcement:
    """What is announced: a title, one or two sentences about it, an address, words to follow it by (with their #)."""

    title: str
    pitch: str
    address: str
    tags: tuple[str, ...] = ()


def short(told: Announcement, most: int) -> str:
    """The text, in `most` characters: the pitch is shortened first, then the words, then the title.

    An address that alone is longer than `most` is given alone.
    """
    title, pitch = spaced(" ".join(told.title.split())), spaced(" ".join(told.pitch.split()))
    for tags in (" ".join(told.tags), ""):
        end = "\n\n".join(filter(None, (told.address, tags)))
        room = most - len(end) - 2
        if len(title) <= room:
            break
    if room < 2:
        return told.address
    if len(title) > room:
        return f"{_cut(title, room)}\n\n{end}"
    left = _cut(pitch, room - len(title) - 2) if room - len(title) - 2 >= 40 else ""
    return "\n\n".join(filter(None, (title, left, end)))


def _cut(text: str, most: int) -> str:
    """As many whole sentences as hold when they fill half of it, else whole words and an ellipsis."""
    if len(text) <= most:
        return text
    held = text[:most]
    ends = [place + 1 for place, char in enumerate(held[:-1]) if char in ".!?" and held[place + 1] == " "]
    if ends and ends[-1] >= most // 2:
        return held[: ends[-1]]
    words = held[: most - 1].rpartition(" ")[0] or held[: most - 1]
    return words.rstrip(" \u00a0,;:.-«") + ELLIPSIS
