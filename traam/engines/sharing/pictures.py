"""The images that a text in Markdown names: `![what it shows](fichier:12)` is the file 12 that goes with the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

OURS = "fichier:"


@dataclass(frozen=True)
class Named:
    """An image as a text names it: its address as it was typed, and what is said of it."""

    source: str
    alternative: str

    @property
    def number(self) -> int | None:
        """Of the file that goes with the text; None for an image from elsewhere."""
        told = self.source.removeprefix(OURS)
        return int(told) if self.source.startswith(OURS) and told.isdecimal() and len(told) < 10 else None


def named_by(token: Token) -> Named:
    """The image of a token of Markdown."""
    return Named(str(token.attrs.get("src", "")), "".join(_words(token)).strip())


def _words(token: Token) -> Iterator[str]:
    for child in token.children or ():
        yield " " if child.type == "softbreak" else child.content
        yield from _words(child)


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def images_named(text: str) -> list[Named]:
    """The images that a text names, in their order."""
    tokens = (child for token in _reader().parse(text) for child in token.children or ())
    return [named_by(child) for child in tokens if child.type == "image"]
