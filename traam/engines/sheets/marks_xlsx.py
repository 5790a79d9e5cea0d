"""Marks in a workbook of Excel: its parts are edited in place.

A library that loads the whole workbook and writes it again would lose the results of the formulas, the charts, the
pictures and part of the drop-downs; what is not marked here stays byte for byte.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence

from lxml import etree

from traam.engines.sheets.grid import Place, place, reference
from traam.engines.sheets.plan import HEADS, INK, WIDTHS, Line, Plan
from traam.engines.sheets.xlsx_comments import Comments
from traam.engines.sheets.xlsx_parts import Element, Parts, default_namespace, unselected
from traam.engines.sheets.xlsx_styles import Styles, minimal

_BOOK = "xl/workbook.xml"


def mark(data: bytes, plan: Plan) -> bytes:
    """The workbook with the marks of ``plan`` in place of older ones."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = _Book(Parts(archive))
        for sheet in plan.sheets:
            if sheet in book.paths:
                _mark_sheet(book, book.paths[sheet], plan.of_sheet(sheet))
        _put_list(book, plan)
        return book.parts.saved()


class _Book:
    """The workbook: its sheets by name, in order, and its styles."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.root = parts.tree(_BOOK)
        self.main = etree.QName(self.root).namespace or ""
        self.relations = parts.relations(_BOOK)
        types = {one.get("Id"): one.get("Type", "") for one in self.relations.root}
        self.base = next(one.rpartition("/")[0] for one in types.values() if one.endswith("/worksheet"))
        targets = {identifier: path for identifier, kind, path in self.relations if kind == "worksheet"}
        self.elements = list(self.sheets)
        self.paths = {
            one.get("name", ""): targets[identifier]
            for one in self.elements
            if (identifier := one.get(f"{{{self.base}}}id", "")) in targets
        }
        self.styles = Styles(self._styles())

    @property
    def sheets(self) -> Element:
        found = self.root.find(f"{{{self.main}}}sheets")
        if found is None:
            raise ValueError("no sheets")
        return found

    def _styles(self) -> Element:
        name = self.relations.find("styles")
        if name is not None:
            return self.parts.tree(name)
        name = self.parts.free("xl/styles{}.xml")
        self.parts.add(name, minimal(self.main), "spreadsheetml.styles+xml")
        self.relations.add(self.base, "styles", name)
        return self.parts.tree(name)


def _mark_sheet(book: _Book, part: str, sentences: Mapping[Place, str]) -> None:
    sheet = book.parts.tree(part)
    cells = _Cells(sheet)
    plain: dict[str, str] = {}
    for cell in cells.data.iter(f"{{{book.main}}}c"):
        style = cell.get("s", "0")
        if book.styles.is_marked(style):
            cell.set("s", plain.setdefault(style, book.styles.plain(style)))
    for where, cell in cells.at(sentences).items():
        cell.set("s", book.styles.marked(cell.get("s") or cells.inherited(where)))
    Comments(book.parts, part, sheet, book.base).replace(sentences)


class _Cells:
    """The cells of a sheet by place, made when they are not there. References may be left out."""

    def __init__(self, sheet: Element) -> None:
        self.sheet = sheet
        self.names = f"{{{etree.QName(sheet).namespace}}}"
        found = sheet.find(f"{self.names}sheetData")
        if found is None:
            raise ValueError("no sheetData")
        self.data = found

    def at(self, places: Mapping[Place, str]) -> dict[Place, Element]:
        rows = self._rows({row for row, _ in places})
        made = {}
        for number, row in rows.items():
            wanted = sorted(column for at, column in places if at == number)
            made.update({(number, column): cell for column, cell in self._in_row(number, row, wanted).items()})
        return made

    def _rows(self, wanted: set[int]) -> dict[int, Element]:
        found: dict[int, Element] = {}
        last = 0
        for row in list(self.data):
            given = row.get("r")
            last = int(given) if given else last + 1
            for number in sorted(n for n in wanted if n < last and n not in found):
                found[number] = etree.Element(f"{self.names}row", {"r": str(number)})
                row.addprevious(found[number])
            if last in wanted:
                found.setdefault(last, row)
                row.set("r", str(last))
        for number in sorted(wanted - set(found)):
            found[number] = etree.SubElement(self.data, f"{self.names}row", {"r": str(number)})
        return found

    def _in_row(self, number: int, row: Element, wanted: Sequence[int]) -> dict[int, Element]:
        there: dict[int, Element] = {}
        last = 0
        for cell in row:
            last = place(cell.get("r", ""))[1] if cell.get("r") else last + 1
            cell.set("r", reference((number, last)))
            there[last] = cell
        for column in wanted:
            if column not in there:
                row.attrib.pop("spans", "")
                there[column] = etree.Element(f"{self.names}c", {"r": reference((number, column))})
                before = sum(position < column for position in there)
                row.insert(before, there[column])
        return {column: there[column] for column in wanted}

    def inherited(self, where: Place) -> str:
        """The style that a cell without one takes from its column."""
        for column in self.sheet.iter(f"{self.names}col"):
            if int(column.get("min", "0")) <= where[1] <= int(column.get("max", "0")):
                return column.get("style", "0")
        return "0"


def _put_list(book: _Book, plan: Plan) -> None:
    """The list, first and shown, in place of an older one."""
    for path in book.paths.values():
        if path not in book.parts.trees:
            book.parts.raw[path] = unselected(book.parts.read(path))
        for view in book.parts.trees[path].iter(f"{{{book.main}}}sheetView") if path in book.parts.trees else ():
            view.attrib.pop("tabSelected", "")
    old = next((one for one in book.elements if one.get("name") == plan.name), None)
    root = _list(book, plan)
    element = old if old is not None else _new_sheet(book, plan.name)
    element.attrib.pop("state", "")
    path = next(path for one, _, path in book.relations if one == element.get(f"{{{book.base}}}id"))
    book.parts.add(path, root, "spreadsheetml.worksheet+xml")
    _put_first(book, element)


def _new_sheet(book: _Book, name: str) -> Element:
    path = book.parts.free("xl/worksheets/sheet{}.xml")
    identifier = book.relations.add(book.base, "worksheet", path)
    number = max((int(one.get("sheetId", "0")) for one in book.elements), default=0) + 1
    values = {"name": name, "sheetId": str(number), f"{{{book.base}}}id": identifier}
    return etree.Element(f"{{{book.main}}}sheet", values)


def _put_first(book: _Book, element: Element) -> None:
    """Sheets are named by their rank in places: those follow."""
    others = [one for one in book.elements if one is not element]
    for one in list(book.sheets):
        book.sheets.remove(one)
    book.sheets.extend([element, *others])
    ranks = {str(n): str([element, *others].index(one)) for n, one in enumerate(book.elements)}
    for name in book.root.iter(f"{{{book.main}}}definedName"):
        if name.get("localSheetId") in ranks:
            name.set("localSheetId", ranks[name.get("localSheetId", "")])
    views = book.root.find(f"{{{book.main}}}bookViews")
    if views is None:
        views = etree.Element(f"{{{book.main}}}bookViews")
        etree.SubElement(views, f"{{{book.main}}}workbookView")
        book.sheets.addprevious(views)
    for view in views:
        view.attrib.pop("firstSheet", "")
        view.set("activeTab", "0")


def _list(book: _Book, plan: Plan) -> Element:
    styles = _ListStyles(book.styles)
    root = etree.Element(f"{{{book.main}}}worksheet", nsmap=default_namespace(book.main))

    def add(parent: Element, name: str, **values: str) -> Element:
        return etree.SubElement(parent, f"{{{book.main}}}{name}", values)

    head = len(plan.intro) + 2
    add(add(root, "sheetPr"), "pageSetUpPr", fitToPage="1")
    view = add(add(root, "sheetViews"), "sheetView", tabSelected="1", workbookViewId="0")
    add(view, "pane", ySplit=str(head), topLeftCell=f"A{head + 1}", activePane="bottomLeft", state="frozen")
    columns = add(root, "cols")
    for number, width in enumerate(WIDTHS, start=1):
        add(columns, "col", min=str(number), max=str(number), width=str(width), customWidth="1")
    data = add(root, "sheetData")
    for row in _rows(plan, styles):
        line = add(data, "row", r=str(len(data) + 1))
        for column, (style, text) in enumerate(row, start=1):
            cell = add(line, "c", r=reference((len(data), column)), s=style, t="inlineStr")
            said = add(add(cell, "is"), "t")
            said.text = text
            said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    links = [(n, line) for n, line in enumerate(plan.lines, start=head + 1) if line.cell]
    if links:
        linked = add(root, "hyperlinks")
        for number, one in links:
            add(linked, "hyperlink", ref=f"A{number}", location=_target(one), display=one.place)
    add(root, "pageSetup", paperSize="9", orientation="landscape", fitToHeight="0")
    return root


class _ListStyles:
    def __init__(self, styles: Styles) -> None:
        name = '<name val="Arial"/>'
        self.title = styles.made(font=f'<b/><sz val="16"/><color rgb="FF000091"/>{name}', wrap=False)
        self.plain = styles.made(font=f'<sz val="11"/><color rgb="FF{INK}"/>{name}', wrap=False)
        self.head = styles.made(font=f'<b/><sz val="11"/><color rgb="FFFFFFFF"/>{name}', fill="FF000091", border=True)
        self.text = styles.made(font=f'<sz val="11"/><color rgb="FF{INK}"/>{name}', border=True)
        self.link = styles.made(font=f'<u/><sz val="11"/><color rgb="FF000091"/>{name}', border=True)


def _rows(plan: Plan, styles: _ListStyles) -> list[list[tuple[str, str]]]:
    rows = [[(styles.title, plan.title)], *([(styles.plain, line)] for line in plan.intro)]
    rows.append([(styles.head, head) for head in HEADS])
    for line in plan.lines:
        first = styles.link if line.cell else styles.text
        rows.append([(first, line.place), *((styles.text, text) for text in line.texts[1:])])
    return rows


def _target(line: Line) -> str:
    quoted = line.sheet.replace("'", "''")
    return f"'{quoted}'!{line.cell}"
