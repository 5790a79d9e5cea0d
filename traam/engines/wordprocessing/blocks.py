"""A text as a list of blocks: what Markdown, a .docx and an .odt have in common."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from markdown_it import MarkdownIt
from markdown_it.token import Token


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    NUMBER = "number"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"
    IMAGE = "image"


@dataclass(frozen=True)
class Block:
    """One block. `text` is Markdown on one line (plain, with its line ends, in a code; what an image shows).

    `level` is that of a heading (from 1), or the depth of an item (from 0). `rows` are those of a table, the first one
    being its headings; `text` is then its caption. `address` is where an image stands, as it was written.
    """

    kind: Kind
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    address: str = ""


@dataclass(frozen=True)
class Paper:
    """A document to write. `dated` is the day it says it was made: the same paper gives the same bytes."""

    title: str
    blocks: Sequence[Block]
    dated: date
    subtitle: str = ""
    author: str = ""
    language: str = "fr-FR"


@dataclass(frozen=True)
class Run:
    """Some words of one look. `address` is that of a link."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    address: str = ""
    line_end: bool = field(default=False)


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")
_LISTS = {"bullet_list_open": Kind.BULLET, "ordered_list_open": Kind.NUMBER}


def from_markdown(text: str, base: int = 1) -> list[Block]:
    """The blocks of a Markdown text; its « # » becomes a heading of level `base`."""
    return list(_blocks(_MARKDOWN.parse(text), base))


class _Walk:
    """Where one is in the tokens of a Markdown text."""

    def __init__(self, base: int) -> None:
        self.base = base
        self.heading = self.quoted = 0
        self.lists: list[Kind] = []
        self.first = False  # the next words are those of the item itself

    def enter(self, token: Token) -> None:
        if token.type in _LISTS:
            self.lists.append(_LISTS[token.type])
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self.lists.pop()
        elif token.type == "list_item_open":
            self.first = True
        elif token.tag == "blockquote":
            self.quoted += token.nesting
        elif token.type.startswith("heading"):
            self.heading = int(token.tag[1]) + self.base - 1 if token.nesting == 1 else 0

    def block(self, text: str) -> Block:
        first, self.first = self.first, False
        if self.heading:
            return Block(Kind.HEADING, text, min(self.heading, 6))
        if self.lists and first:
            return Block(self.lists[-1], text, len(self.lists) - 1)
        return Block(Kind.QUOTE if self.quoted else Kind.PARAGRAPH, text)


def _blocks(tokens: list[Token], base: int) -> Iterator[Block]:
    walk, table = _Walk(base), list[Token]()
    for token in tokens:
        if token.type == "table_close":
            yield _table(table)
            table = []
        elif token.type == "table_open" or table:
            table.append(token)
        elif token.type in {"fence", "code_block"}:
            yield Block(Kind.CODE, token.content.rstrip("\n"))
        elif token.type == "inline":
            yield from _inline(token, walk)
        else:
            walk.enter(token)


def _inline(token: Token, walk: _Walk) -> Iterator[Block]:
    only = [child for child in token.children or [] if child.type != "softbreak"]
    if only and all(child.type == "image" for child in only):
        for child in only:
            yield Block(Kind.IMAGE, child.content, address=str(child.attrs.get("src", "")))
    else:
        yield walk.block(" ".join(token.content.split("\n")))


def _table(tokens: list[Token]) -> Block:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(token.content)
    return Block(Kind.TABLE, rows=tuple(map(tuple, rows)))


def runs(text: str) -> list[Run]:
    """The words of a Markdown line, with their looks. An image in the middle of words leaves what it shows."""
    found: list[Run] = []
    strong = emphasis = 0
    address = ""
    for token in _MARKDOWN.parseInline(text)[0].children or []:
        if token.type in {"strong_open", "strong_close"}:
            strong += 1 if token.nesting == 1 else -1
        elif token.type in {"em_open", "em_close"}:
            emphasis += 1 if token.nesting == 1 else -1
        elif token.type in {"link_open", "link_close"}:
            address = str(token.attrs.get("href", "")) if token.nesting == 1 else ""
        elif token.type in {"softbreak", "hardbreak"}:
            found.append(Run("", line_end=True))
        elif token.content:
            found.append(Run(token.content, bool(strong), bool(emphasis), token.type == "code_inline", address))
    return found


def plain(text: str) -> str:
    """The words of a Markdown line alone."""
    return "".join(" " if run.line_end else run.text for run in runs(text))


def to_markdown(blocks: Iterable[Block]) -> str:
    """Blocks as a Markdown text that `from_markdown` reads back the same."""
    parts: list[str] = []
    lists: dict[int, tuple[Kind, int]] = {}  # those under way: by depth, their kind and their last number
    for block in blocks:
        tight = _is_item(block) and bool(lists) and _goes_on(lists, block)
        if not tight:
            lists.clear()
        parts.append(("\n" if tight else "\n\n") if parts else "")
        parts.append(_item(block, lists) if _is_item(block) else _WRITTEN[block.kind](block))
    return "".join(parts)


def _is_item(block: Block) -> bool:
    return block.kind in {Kind.BULLET, Kind.NUMBER}


def _goes_on(lists: dict[int, tuple[Kind, int]], block: Block) -> bool:
    return block.level not in lists or lists[block.level][0] is block.kind


def _item(block: Block, lists: dict[int, tuple[Kind, int]]) -> str:
    for deeper in [depth for depth in lists if depth > block.level]:
        del lists[deeper]
    number = lists.get(block.level, (block.kind, 0))[1] + 1
    lists[block.level] = (block.kind, number)
    return "    " * block.level + (f"{number}." if block.kind is Kind.NUMBER else "-") + f" {block.text}"


def _table_written(block: Block) -> str:
    width = max((len(row) for row in block.rows), default=0)
    rows = [[cell.replace("|", "\\|") for cell in row] + [""] * (width - len(row)) for row in block.rows]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)


_WRITTEN: dict[Kind, Callable[[Block], str]] = {
    Kind.HEADING: lambda block: "#" * max(1, min(block.level, 6)) + " " + block.text,
    Kind.PARAGRAPH: lambda block: block.text,
    Kind.QUOTE: lambda block: "> " + block.text,
    Kind.CODE: lambda block: f"```\n{block.text}\n```",
    Kind.IMAGE: lambda block: f"![{block.text}]({block.address})",
    Kind.TABLE: _table_written,
}


_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_OPENING = re.compile(r"^\s*(?:#{1,6}(?=\s|$)|[-+](?=\s|$|-)|>|\d{1,9}[.)](?=\s|$)|=|~)")


def escaped(text: str) -> str:
    """Plain words as a line of Markdown that shows them as they are."""
    return line_start(signs(text))


def signs(text: str) -> str:
    """Words in the middle of a line, shown as they are."""
    return _SPECIAL.sub(r"\\\1", text)


def line_start(line: str) -> str:
    """A line whose first signs would make it a title, an item or a rule stays a line of words."""
    found = _OPENING.match(line)
    if found is None:
        return line
    at = found.end() - 1
    return f"{line[:at]}\\{line[at:]}"
