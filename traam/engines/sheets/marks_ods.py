"""Marks in an OpenDocument spreadsheet: its content is edited in place, all that is not marked stays as it was."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from traam.engines.sheets.ods_writing import paragraphs
from traam.engines.sheets.plan import AUTHOR, FILL, HEADS, INK, WIDTHS, Line, Plan, comment, former, is_ours

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = {
    **{name: f"{_OASIS}:{name}:1.0" for name in ("office", "style", "text", "table", "config")},
    "fo": f"{_OASIS}:xsl-fo-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
}
for _prefix, _name in _NAMES.items():
    etree.register_namespace(_prefix, _name)  # otherwise what we add to a document would be called ns0, ns1…
_COLOUR = f"#{FILL.lower()}"
_MOST = 1_048_576
Element = etree._Element


def _q(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


def mark(data: bytes, plan: Plan) -> bytes:
    """The workbook with the marks of ``plan`` in place of older ones."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = _parse(archive.read("content.xml"))
        _mark_content(content, plan)
        changed = {"content.xml": _serialised(content)}
        if "settings.xml" in archive.namelist():
            changed["settings.xml"] = _opened_at(archive.read("settings.xml"), plan.name)
        return _saved(archive, changed)


def _parse(document: bytes) -> Element:
    return etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _serialised(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _saved(archive: zipfile.ZipFile, changed: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for info in archive.infolist():
            made.writestr(info, changed.get(info.filename) or archive.read(info))
    return stream.getvalue()


def _opened_at(settings: bytes, sheet: str) -> bytes:
    root = _parse(settings)
    for item in root.iter(_q("config:config-item")):
        if item.get(_q("config:name")) == "ActiveTable":
            item.text = sheet
    return _serialised(root)


def _mark_content(content: Element, plan: Plan) -> None:
    book = content.find(f"{_q('office:body')}/{_q('office:spreadsheet')}")
    if book is None:
        raise ValueError("no spreadsheet")
    styles = _Styles(_automatic(content))
    for table in book.findall(_q("table:table")):
        name = table.get(_q("table:name"), "")
        if name == plan.name:
            book.remove(table)
        elif name in plan.sheets:
            _mark_table(table, plan.of_sheet(name), styles)
    first = book.find(_q("table:table"))
    styles.add_those_of_the_list()
    book.insert(book.index(first) if first is not None else 0, _list(plan))


def _automatic(content: Element) -> Element:
    found = content.find(_q("office:automatic-styles"))
    if found is None:
        found = etree.Element(_q("office:automatic-styles"))
        content.insert(0, found)
    return found


class _Styles:
    """The styles of cells of the document. Ours are known by their colour: spreadsheets rename styles."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.cells = {
            style.get(_q("style:name"), ""): style
            for style in root.findall(_q("style:style"))
            if style.get(_q("style:family")) == "table-cell"
        }
        self.marked_of: dict[str, str] = {}
        self.plain_of: dict[str, str] = {}

    def is_marked(self, name: str) -> bool:
        style = self.cells.get(name)
        properties = None if style is None else style.find(_q("style:table-cell-properties"))
        return properties is not None and properties.get(_q("fo:background-color"), "").lower() == _COLOUR

    def marked(self, name: str) -> str:
        """The style like ``name``, coloured."""
        if name not in self.marked_of:
            style = self._copy(name)
            _child(style, "style:table-cell-properties").set(_q("fo:background-color"), _COLOUR)
            _child(style, "style:text-properties").set(_q("fo:color"), f"#{INK}")
            self.marked_of[name] = self._name(style)
        return self.marked_of[name]

    def plain(self, name: str) -> str:
        """The style like ``name``, without our colour."""
        if name not in self.plain_of:
            style = self._copy(name)
            del _child(style, "style:table-cell-properties").attrib[_q("fo:background-color")]
            self.plain_of[name] = self._name(style)
        return self.plain_of[name]

    def _copy(self, name: str) -> Element:
        known = self.cells.get(name)
        if known is not None:
            return deepcopy(known)
        style = etree.Element(_q("style:style"), {_q("style:family"): "table-cell"})
        if name:  # a named style, which lives elsewhere
            style.set(_q("style:parent-style-name"), name)
        return style

    def _name(self, style: Element) -> str:
        """The name of a style, which is added unless one says the same already."""
        same = next((name for name, one in self.cells.items() if _said(one) == _said(style)), None)
        if same is not None:
            return same
        number = next(n for n in range(1, _MOST) if f"traam{n}" not in self.cells)
        style.set(_q("style:name"), f"traam{number}")
        self.cells[f"traam{number}"] = style
        self.root.append(style)
        return f"traam{number}"

    def add_those_of_the_list(self) -> None:
        for old in self.root.findall(_q("style:style")):
            if old.get(_q("style:name"), "").startswith("traam-list-"):
                self.root.remove(old)
        self.root.extend(_fragment(_LIST_STYLES))


def _said(style: Element) -> bytes:
    """What a style says, whatever its name."""
    copy = deepcopy(style)
    copy.attrib.pop(_q("style:name"), "")
    return etree.tostring(copy, method="c14n", exclusive=True, with_tail=False)


_PARTS_OF_STYLE = ("style:table-cell-properties", "style:paragraph-properties", "style:text-properties")


def _child(style: Element, name: str) -> Element:
    """A part of a style, made in its place when it is missing."""
    found = style.find(_q(name))
    if found is None:
        found = etree.Element(_q(name))
        before = [_q(part) for part in _PARTS_OF_STYLE[: _PARTS_OF_STYLE.index(name)]]
        style.insert(sum(child.tag in before for child in style), found)
    return found


def _mark_table(table: Element, sentences: Mapping[tuple[int, int], str], styles: _Styles) -> None:
    for cell in table.iter(_q("table:table-cell"), _q("table:covered-table-cell")):
        _unmark(cell, styles)
    columns = _ColumnStyles(table)
    rows = _isolated(table, _rows(table), "table:number-rows-repeated", {row for row, _ in sentences}, _new_row)
    for number, row in rows.items():
        wanted = {column for at, column in sentences if at == number}
        cells = _isolated(row, _cells(row), "table:number-columns-repeated", wanted, _new_cell)
        for position, cell in cells.items():
            inherited = row.get(_q("table:default-cell-style-name")) or columns.at(position)
            _mark_cell(cell, sentences[number, position], inherited, styles)


def _unmark(cell: Element, styles: _Styles) -> None:
    style = cell.get(_q("table:style-name"), "")
    if style and styles.is_marked(style):
        cell.set(_q("table:style-name"), styles.plain(style))
    note = cell.find(_q("office:annotation"))
    if note is None or not is_ours(_creator(note), _text(note)):
        return
    kept = former(_text(note))
    cell.remove(note)
    if kept:
        cell.insert(0, _annotation(kept))


def _mark_cell(cell: Element, sentence: str, inherited: str, styles: _Styles) -> None:
    cell.set(_q("table:style-name"), styles.marked(cell.get(_q("table:style-name")) or inherited))
    note = cell.find(_q("office:annotation"))
    kept = ""
    if note is not None:
        kept = _text(note)
        cell.remove(note)
    cell.insert(0, _annotation(comment(sentence, kept), AUTHOR))


def _creator(note: Element) -> str:
    return note.findtext(_q("dc:creator")) or ""


def _text(note: Element) -> str:
    return "\n".join("".join(map(str, line.itertext())) for line in note.findall(_q("text:p")))


def _annotation(text: str, creator: str = "") -> Element:
    said = f"<dc:creator>{escape(creator)}</dc:creator>" if creator else ""
    (note,) = _fragment(f'<office:annotation office:display="false">{said}{paragraphs(text)}</office:annotation>')
    return note


def _rows(parent: Element) -> Iterator[Element]:
    groups = {_q(f"table:{name}") for name in ("table-header-rows", "table-rows", "table-row-group")}
    for child in parent:
        if child.tag == _q("table:table-row"):
            yield child
        elif child.tag in groups:
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    return (child for child in row if child.tag in (_q("table:table-cell"), _q("table:covered-table-cell")))


def _new_row() -> Element:
    row = etree.Element(_q("table:table-row"))
    row.append(_new_cell())
    return row


def _new_cell() -> Element:
    return etree.Element(_q("table:table-cell"))


def _isolated(
    parent: Element, elements: Iterable[Element], attribute: str, wanted: set[int], new: Callable[[], Element]
) -> dict[int, Element]:
    """The elements at the wanted places (from 1), cut out of those that repeat, made when there are none."""
    found: dict[int, Element] = {}
    start = 1
    for element in list(elements):
        count = int(element.get(_q(attribute), "1"))
        inside = sorted(place for place in wanted if start <= place < start + count)
        if inside and count == 1:
            found[start] = element
        elif inside:
            found.update(_cut(element, attribute, start, count, inside))
        start += count
    for place in sorted(wanted - set(found)):
        if place > start:
            filler = new()
            filler.set(_q(attribute), str(place - start))
            parent.append(filler)
        found[place] = new()
        parent.append(found[place])
        start = place + 1
    return found


def _cut(element: Element, attribute: str, start: int, count: int, wanted: list[int]) -> dict[int, Element]:
    pieces: list[Element] = []
    found: dict[int, Element] = {}
    at = start
    for place in [*wanted, start + count]:
        if place > at:
            pieces.append(_repeated(element, attribute, place - at))
        if place < start + count:
            found[place] = _repeated(element, attribute, 1)
            pieces.append(found[place])
        at = place + 1
    parent = element.getparent()
    if parent is None:
        raise ValueError("a row outside of a table")
    index = parent.index(element)
    parent[index : index + 1] = pieces
    return found


def _repeated(element: Element, attribute: str, count: int) -> Element:
    copy = deepcopy(element)
    copy.attrib.pop(_q(attribute), "")
    if count > 1:
        copy.set(_q(attribute), str(count))
    return copy


class _ColumnStyles:
    """The style that each column gives to its cells."""

    def __init__(self, table: Element) -> None:
        self.runs: list[tuple[int, str]] = []
        last = 0
        for column in table.iter(_q("table:table-column")):
            last += int(column.get(_q("table:number-columns-repeated"), "1"))
            self.runs.append((last, column.get(_q("table:default-cell-style-name"), "")))

    def at(self, position: int) -> str:
        return next((style for last, style in self.runs if position <= last), "")


def _fragment(xml: str) -> list[Element]:
    names = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _NAMES.items())
    return list(_parse(f"<x {names}>{xml}</x>".encode()))


def _cell_style(name: str, cell: str, text: str, wrap: str = "wrap") -> str:
    return (
        f'<style:style style:name="traam-list-{name}" style:family="table-cell"><style:table-cell-properties '
        f'fo:wrap-option="{wrap}" style:vertical-align="top" {cell}/><style:text-properties {text}/></style:style>'
    )


_LIST_STYLES = (
    '<style:style style:name="traam-list-table" style:family="table"><style:table-properties table:display="true"/>'
    "</style:style>"
    + "".join(
        f'<style:style style:name="traam-list-{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * 0.2:.1f}cm"/></style:style>'
        for width in WIDTHS
    )
    + _cell_style("plain", "", f'fo:color="#{INK}"', "no-wrap")
    + _cell_style("title", "", 'fo:color="#000091" fo:font-weight="bold" fo:font-size="16pt"', "no-wrap")
    + _cell_style("head", 'fo:background-color="#000091"', 'fo:color="#ffffff" fo:font-weight="bold"')
    + _cell_style("text", 'fo:border="0.5pt solid #929292"', f'fo:color="#{INK}"')
    + _cell_style("link", 'fo:border="0.5pt solid #929292"', 'fo:color="#000091"')
)


def _list(plan: Plan) -> Element:
    columns = "".join(f'<table:table-column table:style-name="traam-list-{width}"/>' for width in WIDTHS)
    rows = [
        _row([_cell("title", plan.title)]),
        *(_row([_cell("plain", line)]) for line in plan.intro),
        f"<table:table-header-rows>{_row(_cell('head', head) for head in HEADS)}</table:table-header-rows>",
        *(_row([_link(line), *(_cell("text", text) for text in line.texts[1:])]) for line in plan.lines),
    ]
    (table,) = _fragment(
        f'<table:table table:name={quoteattr(plan.name)} table:style-name="traam-list-table">'
        f"{columns}{''.join(rows)}</table:table>"
    )
    return table


def _row(cells: Iterable[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _cell(style: str, text: str) -> str:
    opened = f'<table:table-cell table:style-name="traam-list-{style}" office:value-type="string"'
    return f"{opened}>{paragraphs(text)}</table:table-cell>"


def _link(line: Line) -> str:
    if not line.cell:
        return _cell("text", line.place)
    quoted = "'" + line.sheet.replace("'", "''") + "'"
    target = quoteattr(f"#{quoted}.{line.cell}")
    said = f'<text:p><text:a xlink:type="simple" xlink:href={target}>{escape(line.place)}</text:a></text:p>'
    return f'<table:table-cell table:style-name="traam-list-link" office:value-type="string">{said}</table:table-cell>'
