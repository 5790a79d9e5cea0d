"""Words with their looks, as one line of Markdown."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from traam.engines.wordprocessing.blocks import line_start, signs

_SAFE = ("http://", "https://", "mailto:")


@dataclass(frozen=True)
class Mark:
    """Some words and how they look. `address` is that of a link."""

    text: str
    strong: bool = False
    emphasis: bool = False
    address: str = ""


def marked(marks: Iterable[Mark]) -> str:
    """The words as Markdown on one line; looks never begin or end on a space, which Markdown would not read."""
    parts = []
    for (strong, emphasis, address), several in groupby(marks, key=lambda m: (m.strong, m.emphasis, m.address)):
        text = "".join(mark.text for mark in several)
        parts.append(_dressed(text, strong, emphasis, address))
    return line_start(" ".join("".join(parts).split()))


def _dressed(text: str, strong: bool, emphasis: bool, address: str) -> str:
    words = text.strip()
    if not words:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    said = signs(words)
    if emphasis:
        said = f"*{said}*"
    if strong:
        said = f"**{said}**"
    if address.startswith(_SAFE):
        said = f"[{said}]({address.replace(' ', '%20').replace(')', '%29')})"
    return before + said + after
