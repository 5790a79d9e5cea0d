"""Plain text as people type it: paragraphs between empty lines, lists of lines that begin with a dash."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ITEM = re.compile(r"[-•*] +(?=\S)")
_BEFORE = re.compile(r"[ \u00a0\u202f]+([;:!?»%])(?=[\s\u00a0,.;)]|$)")
_AFTER = re.compile(r"«[ \u00a0\u202f]*")


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Listing:
    items: tuple[str, ...]


def read(text: str) -> list[Paragraph | Listing]:
    """The blocks of a text. A line break inside a paragraph is a space: mail readers cut lines where they want."""
    return [block for part in re.split(r"\n[ \t]*\n", text.replace("\r", "")) for block in _blocks(part)]


def _blocks(part: str) -> Iterator[Paragraph | Listing]:
    words: list[str] = []
    items: list[str] = []
    for line in filter(None, (line.strip() for line in part.split("\n"))):
        found = _ITEM.match(line)
        if found:
            if words:
                yield Paragraph(spaced(" ".join(words)))
                words = []
            items.append(line[found.end() :])
        elif items:
            items[-1] += f" {line}"
        else:
            words.append(line)
    if words:
        yield Paragraph(spaced(" ".join(words)))
    if items:
        yield Listing(tuple(map(spaced, items)))


def spaced(text: str) -> str:
    """French typography: no line ends before a colon or after an opening quotation mark."""
    return _AFTER.sub("«\u00a0", _BEFORE.sub("\u00a0\\1", text))
