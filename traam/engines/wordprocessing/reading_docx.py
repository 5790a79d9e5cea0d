"""The text of a .docx (ECMA-376, part 1, 17): its main part, its styles and its links, read with lxml alone."""

import re
from collections.abc import Iterator
from typing import Any

from traam.engines.wordprocessing.blocks import Block, Kind, escaped
from traam.engines.wordprocessing.marking import Mark, marked
from traam.engines.wordprocessing.parts import MOST_BLOCKS, Parts, Text, Unreadable, parsed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ALTERNATIVE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_HEADING = re.compile(r"^(?:heading|titre)\s*(\d)$", re.IGNORECASE)
_TITLES = {"title", "titre"}
_QUOTES = {"quote", "quotations", "intense quote", "citation", "citation intense"}
_LEFT = {
    "footnoteReference": "des notes de bas de page",
    "endnoteReference": "des notes de fin",
    "commentReference": "des commentaires",
    "object": "des objets incorporés",
    "txbxContent": "des zones de texte",
}


def read(parts: Parts) -> Text:
    root = parsed(parts.get("word/document.xml"))
    body = root.find(f"{W}body")
    if body is None:
        raise Unreadable("Ce document est vide.")
    blocks = tuple(_Reader(parts).blocks(body))
    if len(blocks) > MOST_BLOCKS:
        raise Unreadable(f"Ce document compte plus de {MOST_BLOCKS} paragraphes : reprenez-le en plusieurs fois.")
    left = [said for tag, said in _LEFT.items() if next(root.iter(f"{W}{tag}"), None) is not None]
    if next(root.iter(f"{W}del"), None) is not None:
        left.append("des suppressions suivies (le texte repris est celui d'après les modifications)")
    return Text(blocks, tuple(left))


class _Reader:
    def __init__(self, parts: Parts) -> None:
        styles = parts.get("word/styles.xml")
        self.styles = _styles(styles)
        self.looks = _looks(styles)
        self.links = _links(parts.get("word/_rels/document.xml.rels"))
        self.numbered = _numbered(parts.get("word/numbering.xml"))

    def blocks(self, place: Any) -> Iterator[Block]:
        for element in place:
            if element.tag == f"{W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{W}tbl":
                yield self._table(element)
            elif element.tag == f"{W}sdt":
                content = element.find(f"{W}sdtContent")
                yield from self.blocks(content) if content is not None else ()

    def _paragraph(self, element: Any) -> Iterator[Block]:
        text = self._text(element)
        for drawing in element.iter(_ALTERNATIVE):
            yield Block(Kind.IMAGE, escaped(drawing.get("descr") or drawing.get("title") or ""))
        if not text:
            return
        properties = element.find(f"{W}pPr")
        name, outline = self._style(properties)
        heading = _HEADING.match(name)
        if name.lower() in _TITLES or heading or outline is not None:
            level = int(heading[1]) if heading else outline + 1 if outline is not None else 1
            yield Block(Kind.HEADING, text, min(max(level, 1), 6))
        elif (item := self._item(properties, name)) is not None:
            yield Block(item[0], text, item[1])
        else:
            yield Block(Kind.QUOTE if name.lower() in _QUOTES else Kind.PARAGRAPH, text)

    def _style(self, properties: Any) -> tuple[str, int | None]:
        """The name of the style of a paragraph, and the level of plan it gives."""
        found = properties.find(f"{W}pStyle") if properties is not None else None
        name, outline = self.styles.get(found.get(f"{W}val"), ("", None)) if found is not None else ("", None)
        own = properties.find(f"{W}outlineLvl") if properties is not None else None
        if own is not None and own.get(f"{W}val", "9").isdigit() and int(own.get(f"{W}val")) < 9:
            outline = int(own.get(f"{W}val"))
        return name, outline

    def _item(self, properties: Any, name: str) -> tuple[Kind, int] | None:
        numbering = properties.find(f"{W}numPr") if properties is not None else None
        if numbering is not None:
            key, depth = (_value(numbering.find(f"{W}{tag}")) for tag in ("numId", "ilvl"))
            if key != "0":
                level = int(depth) if depth.isdigit() else 0
                return (Kind.NUMBER if (key, level) in self.numbered else Kind.BULLET), min(level, 8)
        said = re.match(r"^(?:list (bullet|number)|liste à (puces|numéros))(?: (\d))?$", name.lower())
        if said is None:
            return None
        kind = Kind.NUMBER if "number" in said[0] or "numéros" in said[0] else Kind.BULLET
        return kind, int(said[3]) - 1 if said[3] else 0

    def _text(self, paragraph: Any) -> str:
        return marked(self._marks(paragraph, ""))

    def _marks(self, place: Any, address: str) -> Iterator[Mark]:
        for element in place:
            if element.tag == f"{W}r":
                yield from self._run(element, address)
            elif element.tag == f"{W}hyperlink":
                yield from self._marks(element, self.links.get(element.get(f"{R}id"), ""))
            elif element.tag in {f"{W}ins", f"{W}smartTag", f"{W}fldSimple", f"{W}moveTo"}:
                yield from self._marks(element, address)
            elif element.tag == f"{W}sdt" and (content := element.find(f"{W}sdtContent")) is not None:
                yield from self._marks(content, address)

    def _run(self, element: Any, address: str) -> Iterator[Mark]:
        looks = element.find(f"{W}rPr")
        named = looks.find(f"{W}rStyle") if looks is not None else None
        styled = self.looks.get(_value(named), (False, False))
        strong, emphasis = (_on(looks, tag, so) for tag, so in zip(("b", "i"), styled, strict=True))
        for part in element:
            if part.tag == f"{W}t":
                yield Mark(part.text or "", strong, emphasis, address)
            elif part.tag in {f"{W}tab", f"{W}br", f"{W}cr"}:
                yield Mark(" ", strong, emphasis, address)
            elif part.tag == f"{W}noBreakHyphen":
                yield Mark("\u2011", strong, emphasis, address)

    def _table(self, element: Any) -> Block:
        rows = tuple(
            tuple(" ".join(filter(None, map(self._text, cell.iter(f"{W}p")))) for cell in row.findall(f"{W}tc"))
            for row in element.findall(f"{W}tr")
        )
        return Block(Kind.TABLE, rows=rows)


def _on(looks: Any, tag: str, otherwise: bool = False) -> bool:
    found = looks.find(f"{W}{tag}") if looks is not None else None
    return otherwise if found is None else found.get(f"{W}val", "true") not in {"0", "false", "off"}


def _looks(data: bytes) -> dict[str, tuple[bool, bool]]:
    """Whether each style of characters is bold, and italic."""
    if not data:
        return {}
    styles = (style for style in parsed(data).iter(f"{W}style") if style.get(f"{W}type") == "character")
    return {style.get(f"{W}styleId", ""): _both(style.find(f"{W}rPr")) for style in styles}


def _both(looks: Any) -> tuple[bool, bool]:
    return _on(looks, "b"), _on(looks, "i")


def _value(element: Any) -> str:
    return str(element.get(f"{W}val", "0")) if element is not None else "0"


def _styles(data: bytes) -> dict[str, tuple[str, int | None]]:
    """The name of each style by its key, and the level of plan that it, or the one it is based on, gives."""
    if not data:
        return {}
    own: dict[str, tuple[str, str, int | None]] = {}
    for style in parsed(data).iter(f"{W}style"):
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        level = int(_value(outline)) if outline is not None and _value(outline).isdigit() else None
        based = style.find(f"{W}basedOn")
        own[style.get(f"{W}styleId", "")] = (_value(style.find(f"{W}name")), _value(based), level)
    return {key: (name, _inherited(own, key)) for key, (name, _, _) in own.items()}


def _inherited(own: dict[str, tuple[str, str, int | None]], key: str) -> int | None:
    seen: set[str] = set()
    while key in own and key not in seen:
        seen.add(key)
        _, based, level = own[key]
        if level is not None:
            return level if level < 9 else None
        key = based
    return None


def _links(data: bytes) -> dict[str, str]:
    if not data:
        return {}
    return {
        str(link.get("Id")): str(link.get("Target", ""))
        for link in parsed(data)
        if str(link.get("Type", "")).endswith("/hyperlink")
    }


def _numbered(data: bytes) -> set[tuple[str, int]]:
    """The (list, level) whose items have numbers or letters, not bullets."""
    if not data:
        return set()
    root = parsed(data)
    kinds = {
        (str(abstract.get(f"{W}abstractNumId")), int(level.get(f"{W}ilvl", "0")))
        for abstract in root.iter(f"{W}abstractNum")
        for level in abstract.iter(f"{W}lvl")
        if _value(level.find(f"{W}numFmt")) not in {"bullet", "none", "0"} and level.get(f"{W}ilvl", "0").isdigit()
    }
    return {
        (str(number.get(f"{W}numId")), level)
        for number in root.iter(f"{W}num")
        for abstract, level in kinds
        if abstract == _value(number.find(f"{W}abstractNumId"))
    }
