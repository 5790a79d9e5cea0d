"""The comments of a sheet of Excel: their texts in one part, their boxes in an old drawing (ECMA-376 part 4)."""

import re
from collections.abc import Mapping

from lxml import etree

from traam.engines.sheets.grid import Place, place, reference
from traam.engines.sheets.plan import AUTHOR, comment, former, is_ours
from traam.engines.sheets.xlsx_parts import Element, Parts, parse

_V, _O = "urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:office"
_X = "urn:schemas-microsoft-com:office:excel"
_EMPTY = f"""<xml xmlns:v="{_V}" xmlns:o="{_O}" xmlns:x="{_X}"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit"
 data="1"/></o:shapelayout></xml>"""
_TYPE = f"""<v:shapetype xmlns:v="{_V}" xmlns:o="{_O}" id="_x0000_t202" coordsize="21600,21600" o:spt="202"
 path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/>
 </v:shapetype>"""
_SHAPE = f"""<v:shape xmlns:v="{_V}" xmlns:o="{_O}" xmlns:x="{_X}" id="_x0000_s{{id}}" type="#_x0000_t202"
 style="position:absolute;width:260pt;height:90pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">
 <v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>
 <v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox><x:ClientData ObjectType="Note">
 <x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{{anchor}}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{{row}}</x:Row>
 <x:Column>{{column}}</x:Column></x:ClientData></v:shape>"""
_AFTER_DRAWING = (
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"),
)


class Comments:
    """The comments of the sheet in ``part``, whose root is ``sheet``."""

    def __init__(self, parts: Parts, part: str, sheet: Element, base: str) -> None:
        self.parts, self.part, self.sheet, self.base = parts, part, sheet, base
        self.main = etree.QName(sheet).namespace or ""
        self.relations = parts.relations(part)
        self.name = self.relations.find("comments")
        self.root = parts.tree(self.name) if self.name else None

    def replace(self, sentences: Mapping[Place, str]) -> None:
        """Put a comment at each place, in place of our older ones; those of others are kept inside ours."""
        if self.root is None and not sentences:
            return
        if self.root is None:
            self.root = self._new()
        listed = self._listed(self.root)
        self._forget(listed)
        drawn = self._drawn()
        for where, sentence in sorted(sentences.items()):
            found = self._at(listed, where)
            if found is not None and self._author(found).startswith("tc="):
                continue  # the shadow of a threaded comment: Excel writes its text itself
            text = comment(sentence, _text(found) if found is not None else "")
            if found is not None:
                listed.remove(found)
            listed.append(self._made(where, text, AUTHOR))
        self._draw(listed, drawn)

    def _new(self) -> Element:
        root = etree.fromstring(f'<comments xmlns="{self.main}"><authors/><commentList/></comments>'.encode())
        self.name = self.parts.free("xl/comments{}.xml")
        self.parts.add(self.name, root, "spreadsheetml.comments+xml")
        self.relations.add(self.base, "comments", self.name)
        return root

    def _listed(self, root: Element) -> Element:
        found = root.find(f"{{{self.main}}}commentList")
        if found is None:
            raise ValueError("no commentList")
        return found

    def _authors(self) -> list[str]:
        return [] if self.root is None else [one.text or "" for one in self.root.iter(f"{{{self.main}}}author")]

    def _author(self, one: Element) -> str:
        number, authors = one.get("authorId", ""), self._authors()
        return authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""

    def _author_number(self, name: str) -> str:
        authors = self._authors()
        if name not in authors and self.root is not None:
            parent = self.root.find(f"{{{self.main}}}authors")
            if parent is None:
                raise ValueError("no authors")
            etree.SubElement(parent, f"{{{self.main}}}author").text = name or None
            authors.append(name)
        return str(authors.index(name))

    def _forget(self, listed: Element) -> None:
        """Take our comments away, and give back those that they had kept."""
        for one in list(listed):
            text = _text(one)
            if is_ours(self._author(one), text):
                listed.remove(one)
                if kept := former(text):
                    listed.append(self._made(place(one.get("ref", "")), kept, ""))

    def _at(self, listed: Element, where: Place) -> Element | None:
        return next((one for one in listed if one.get("ref") == reference(where)), None)

    def _made(self, where: Place, text: str, author: str) -> Element:
        values = {"ref": reference(where), "authorId": self._author_number(author)}
        one = etree.Element(f"{{{self.main}}}comment", values)
        run = etree.SubElement(etree.SubElement(one, f"{{{self.main}}}text"), f"{{{self.main}}}r")
        said = etree.SubElement(run, f"{{{self.main}}}t")
        said.text = text
        said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return one

    def _drawn(self) -> Element:
        name = self.relations.find("vmlDrawing")
        if name is not None:
            return self.parts.tree(name, recover=True)
        name = self.parts.free("xl/drawings/vmlDrawing{}.vml")
        root = parse(_EMPTY.encode())
        self.parts.trees[name] = root
        self.parts.names.add(name)
        self.parts.declare_extension("vml", "vmlDrawing")
        self._link(self.relations.add(self.base, "vmlDrawing", name))
        return root

    def _link(self, identifier: str) -> None:
        tag = f"{{{self.main}}}legacyDrawing"
        link = etree.Element(tag, {f"{{{self.base}}}id": identifier})
        after = {f"{{{self.main}}}{name}" for name in _AFTER_DRAWING}
        index = next((n for n, child in enumerate(self.sheet) if child.tag in after), len(self.sheet))
        self.sheet.insert(index, link)

    def _draw(self, listed: Element, drawn: Element) -> None:
        """A box for each comment: those that are there stay, those of no comment go."""
        wanted = {place(one.get("ref", "")) for one in listed}
        for shape in list(drawn.iter(f"{{{_V}}}shape")):
            where = _where(shape)
            parent = shape.getparent()
            if where is not None and where not in wanted and parent is not None:
                parent.remove(shape)
            wanted.discard(where or (0, 0))
        if wanted and all(one.get("id") != "_x0000_t202" for one in drawn.iter(f"{{{_V}}}shapetype")):
            drawn.append(parse(_TYPE.encode()))
        taken = [int(n) for one in drawn.iter() for n in re.findall(r"^_x0000_s(\d{1,9})$", str(one.get("id", "")))]
        for number, where in enumerate(sorted(wanted), start=max(taken, default=1024) + 1):
            drawn.append(_shape(number, where))


def _text(one: Element) -> str:
    runs = (t for t in one.iter() if etree.QName(t).localname == "t" and _in_text(t))
    return "".join(t.text or "" for t in runs).replace("_x000D_", "").replace("\r\n", "\n")


def _in_text(t: Element) -> bool:
    parent = t.getparent()
    return parent is not None and etree.QName(parent).localname in ("r", "text")


def _where(shape: Element) -> Place | None:
    """The cell of a box of comment; None for another drawing."""
    data = shape.find(f"{{{_X}}}ClientData")
    if data is None or data.get("ObjectType") != "Note":
        return None
    row, column = data.findtext(f"{{{_X}}}Row"), data.findtext(f"{{{_X}}}Column")
    return (int(row) + 1, int(column) + 1) if row and column else None


def _shape(number: int, where: Place) -> Element:
    row, column = where[0] - 1, where[1] - 1
    anchor = f"{column + 1}, 15, {max(row - 1, 0)}, 10, {column + 5}, 15, {max(row - 1, 0) + 5}, 4"
    return parse(_SHAPE.format(id=number, anchor=anchor, row=row, column=column).encode())
