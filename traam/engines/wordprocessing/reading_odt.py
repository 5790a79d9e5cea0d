"""The text of an .odt (OpenDocument 1.3, part 3): its headings, paragraphs, lists and tables, read with lxml."""

import re
from collections.abc import Iterator
from typing import Any

from traam.engines.wordprocessing.blocks import Block, Kind, escaped
from traam.engines.wordprocessing.marking import Mark, marked
from traam.engines.wordprocessing.parts import MOST_BLOCKS, Parts, Text, Unreadable, parsed

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TEXT, TABLE, STYLE, DRAW, FO, SVG = (
    f"{{{_ODF}{name}:1.0}}"
    for name in ("office", "text", "table", "style", "drawing", "xsl-fo-compatible", "svg-compatible")
)
XLINK = "{http://www.w3.org/1999/xlink}"
_DEEPEST = 8
_DEEPER = re.compile(r"^List_20_(?:Bullet|Number)_20_(\d)$")
_QUOTES = {"Quotations", "Quote", "Intense_20_Quote"}
_LEFT = {
    f"{TEXT}note": "des notes",
    f"{OFFICE}annotation": "des commentaires",
    f"{DRAW}object": "des objets incorporés",
    f"{DRAW}text-box": "des zones de texte",
    f"{TEXT}tracked-changes": "des modifications suivies (le texte repris est celui d'après les modifications)",
}
_SKIPPED = {f"{TEXT}note", f"{OFFICE}annotation", f"{TEXT}tracked-changes", f"{DRAW}frame"}


def read(parts: Parts) -> Text:
    content = parsed(parts.get("content.xml"))
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise Unreadable("Ce document n'est pas un texte : donnez un .docx ou un .odt.")
    styles = parts.get("styles.xml")
    reader = _Reader([content, parsed(styles)] if styles else [content])
    blocks = tuple(reader.blocks(body))
    if len(blocks) > MOST_BLOCKS:
        raise Unreadable(f"Ce document compte plus de {MOST_BLOCKS} paragraphes : reprenez-le en plusieurs fois.")
    return Text(blocks, tuple(said for tag, said in _LEFT.items() if next(content.iter(tag), None) is not None))


class _Reader:
    def __init__(self, roots: list[Any]) -> None:
        self.parents: dict[str, str] = {}
        self.bold: dict[str, bool] = {}
        self.italic: dict[str, bool] = {}
        self.numbered: set[str] = set()
        for root in roots:
            for style in root.iter(f"{STYLE}style"):
                self._learn(style)
            for style in root.iter(f"{TEXT}list-style"):
                if _is_numbered(style):
                    self.numbered.add(style.get(f"{STYLE}name", ""))

    def _learn(self, style: Any) -> None:
        name = style.get(f"{STYLE}name", "")
        self.parents[name] = style.get(f"{STYLE}parent-style-name", "")
        looks = style.find(f"{STYLE}text-properties")
        if looks is not None:
            self.bold[name] = looks.get(f"{FO}font-weight", "") in {"bold", "600", "700", "800", "900"}
            self.italic[name] = looks.get(f"{FO}font-style", "") in {"italic", "oblique"}

    def blocks(self, place: Any, depth: int = 0) -> Iterator[Block]:
        for element in place:
            if element.tag == f"{TEXT}h":
                level = element.get(f"{TEXT}outline-level", "1")
                yield from self._said(element, Kind.HEADING, min(max(int(level) if level.isdigit() else 1, 1), 6))
            elif element.tag == f"{TEXT}p":
                yield from self._paragraph(element)
            elif element.tag == f"{TEXT}list":
                yield from self._list(element, depth, self._kind(element, Kind.BULLET))
            elif element.tag == f"{TABLE}table":
                yield self._table(element)
            elif element.tag in {f"{TEXT}section", f"{TEXT}index-body"}:
                yield from self.blocks(element, depth)

    def _kind(self, element: Any, inherited: Kind) -> Kind:
        style = element.get(f"{TEXT}style-name")
        if style is None:
            return inherited
        return Kind.NUMBER if style in self.numbered else Kind.BULLET

    def _list(self, element: Any, depth: int, kind: Kind) -> Iterator[Block]:
        for item in element:
            for number, part in enumerate(item):
                if part.tag == f"{TEXT}list":
                    yield from self._list(part, min(depth + 1, _DEEPEST), self._kind(part, kind))
                elif number == 0 and part.tag == f"{TEXT}p":
                    yield from self._said(part, kind, depth or self._depth(part))
                elif part.tag in {f"{TEXT}p", f"{TEXT}h"}:
                    yield from self.blocks([part])

    def _depth(self, paragraph: Any) -> int:
        """How deep the style of a paragraph says it is: what comes from Word has lists of one level each."""
        for style in self._chain(paragraph.get(f"{TEXT}style-name", "")):
            if found := _DEEPER.match(style):
                return int(found[1]) - 1
        return 0

    def _paragraph(self, element: Any) -> Iterator[Block]:
        chain = list(self._chain(element.get(f"{TEXT}style-name", "")))
        if "Title" in chain:
            yield from self._said(element, Kind.HEADING, 1)
        else:
            yield from self._said(element, Kind.QUOTE if not _QUOTES.isdisjoint(chain) else Kind.PARAGRAPH, 0)

    def _chain(self, style: str) -> Iterator[str]:
        seen: set[str] = set()
        while style and style not in seen:
            seen.add(style)
            yield style
            style = self.parents.get(style, "")

    def _said(self, element: Any, kind: Kind, level: int) -> Iterator[Block]:
        for frame in element.iter(f"{DRAW}frame"):
            if frame.find(f"{DRAW}image") is not None:
                yield Block(Kind.IMAGE, escaped(_alternative(frame)))
        if text := marked(self._marks(element, False, False, "")):
            yield Block(kind, text, level)

    def _marks(self, element: Any, strong: bool, emphasis: bool, address: str) -> Iterator[Mark]:
        if element.text:
            yield Mark(element.text, strong, emphasis, address)
        for part in element:
            if part.tag == f"{TEXT}span":
                yield from self._marks(part, *self._looks(part, strong, emphasis), address)
            elif part.tag == f"{TEXT}a":
                yield from self._marks(part, strong, emphasis, part.get(f"{XLINK}href", ""))
            elif part.tag in {f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"}:
                yield Mark(" ", strong, emphasis, address)
            elif part.tag not in _SKIPPED and isinstance(part.tag, str):
                yield from self._marks(part, strong, emphasis, address)
            if part.tail:
                yield Mark(part.tail, strong, emphasis, address)

    def _looks(self, span: Any, strong: bool, emphasis: bool) -> tuple[bool, bool]:
        for style in self._chain(span.get(f"{TEXT}style-name", "")):
            strong = strong or self.bold.get(style, style == "Strong_20_Emphasis")
            emphasis = emphasis or self.italic.get(style, style == "Emphasis")
        return strong, emphasis

    def _table(self, element: Any) -> Block:
        rows = tuple(
            tuple(
                " ".join(filter(None, (marked(self._marks(p, False, False, "")) for p in cell.iter(f"{TEXT}p"))))
                for cell in row.findall(f"{TABLE}table-cell")
            )
            for row in element.iter(f"{TABLE}table-row")
        )
        return Block(Kind.TABLE, rows=rows)


def _is_numbered(style: Any) -> bool:
    """Whether the first level of a list has numbers or letters."""
    return any(
        level.get(f"{TEXT}level") == "1" and level.get(f"{STYLE}num-format")
        for level in style.iter(f"{TEXT}list-level-style-number")
    )


def _alternative(frame: Any) -> str:
    for tag in (f"{SVG}desc", f"{SVG}title"):
        found = frame.find(tag)
        if found is not None and found.text:
            return str(found.text)
    return ""
