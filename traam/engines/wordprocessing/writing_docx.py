"""A paper written as .docx: styles of headings and lists, headings of tables repeated, title and language declared."""

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor

from traam.engines.wordprocessing.blocks import Block, Kind, Paper, runs

_STYLES = {Kind.BULLET: "List Bullet", Kind.NUMBER: "List Number", Kind.QUOTE: "Quote"}
_INK = RGBColor(0x16, 0x16, 0x16)  # the blues of the template do not stand out enough from the paper
_DEEPEST = 2  # the styles of lists have three depths
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of a zip: the same paper gives the same bytes


def write_docx(paper: Paper) -> bytes:
    document = Document()
    _declare(document, paper)
    document.add_heading(paper.title, 0)
    if paper.subtitle:
        document.add_paragraph(paper.subtitle, style="Subtitle")
    numbers = _Numbers(document)
    for block in paper.blocks:
        _add(document, block, numbers)
    written = io.BytesIO()
    document.save(written)
    return _same_bytes(written.getvalue())


def _declare(document: Any, paper: Paper) -> None:
    core = document.core_properties
    day = datetime.combine(paper.dated, time(), UTC)
    core.title, core.subject, core.language = paper.title, paper.subtitle, paper.language
    core.author = core.last_modified_by = paper.author
    core.comments = core.keywords = ""
    core.created = core.modified = core.last_printed = day
    core.revision = 1
    _say_language(document, paper.language)
    for style in ("Title", "Subtitle", *(f"Heading {level}" for level in range(1, 10))):
        document.styles[style].font.color.rgb = _INK


def _say_language(document: Any, language: str) -> None:
    """Where each reader looks for it: the defaults (LibreOffice), the usual style (Word), the fonts of the theme."""
    places = [
        document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}"),
        document.styles["Normal"].element.get_or_add_rPr(),
    ]
    for place in places:
        told = place.find(qn("w:lang"))
        if told is None:
            told = OxmlElement("w:lang")
            place.append(told)
        for name in ("w:val", "w:eastAsia", "w:bidi"):
            told.set(qn(name), language)
    theme = document.settings.element.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:val"), language)


def _add(document: Any, block: Block, numbers: "_Numbers") -> None:
    numbers.meet(block)
    if block.kind is Kind.TABLE:
        _table(document, block)
    elif block.kind is Kind.HEADING:
        _say(document.add_heading(level=min(max(block.level, 1), 9)), block.text)
    elif block.kind is Kind.CODE:
        lines = document.add_paragraph(style="No Spacing")
        lines.add_run(block.text).font.name = "Courier New"
    elif block.kind is Kind.IMAGE:
        document.add_paragraph().add_run(f"[Image : {block.text}]").italic = True
    else:
        style = _STYLES.get(block.kind, "Normal")
        depth = min(block.level, _DEEPEST) if block.kind in {Kind.BULLET, Kind.NUMBER} else 0
        paragraph = document.add_paragraph(style=f"{style} {depth + 1}" if depth else style)
        if block.kind is Kind.NUMBER:
            numbers.give(paragraph, depth)
        _say(paragraph, block.text)


class _Numbers:
    """The numbers of lists. A style alone would go on counting from one list to the next."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.lists: dict[int, int] = {}  # the list under way, by depth

    def meet(self, block: Block) -> None:
        """Forget the lists that this block ends."""
        depth = min(block.level, _DEEPEST)
        if block.kind not in {Kind.BULLET, Kind.NUMBER}:
            self.lists.clear()
        for deeper in [each for each in self.lists if each > depth or (each == depth and block.kind is Kind.BULLET)]:
            del self.lists[deeper]

    def give(self, paragraph: Any, depth: int) -> None:
        if depth not in self.lists:
            self.lists[depth] = self._begin(paragraph)
        numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        numbering.get_or_add_ilvl().val = 0
        numbering.get_or_add_numId().val = self.lists[depth]

    def _begin(self, paragraph: Any) -> int:
        """A new list, drawn as the style of this paragraph draws its own, counted from 1."""
        table = self.document.part.numbering_part.element
        own = paragraph.style.element.pPr.numPr.numId.val
        made = table.add_num(table.num_having_numId(own).abstractNumId.val)
        made.add_lvlOverride(0).add_startOverride(1)
        return int(made.numId)


def _say(paragraph: Any, text: str) -> None:
    for run in runs(text):
        place = _link(paragraph, run.address) if run.address else paragraph
        if run.line_end:
            paragraph.add_run().add_break()
            continue
        added = place.add_run(run.text)
        added.bold, added.italic = run.strong or None, run.emphasis or None
        if run.code:
            added.font.name = "Courier New"
        if run.address:
            added.underline = True


class _Link:
    """A link of a paragraph, where words may be added."""

    def __init__(self, paragraph: Any, element: Any) -> None:
        self.paragraph, self.element = paragraph, element

    def add_run(self, text: str) -> Any:
        run = self.paragraph.add_run(text)
        self.element.append(run._r)
        return run


def _link(paragraph: Any, address: str) -> _Link:
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), key)
    paragraph._p.append(element)
    return _Link(paragraph, element)


def _table(document: Any, block: Block) -> None:
    if not block.rows:
        return
    if block.text:
        document.add_paragraph(block.text, style="Caption")
    width = max(map(len, block.rows))
    table = document.add_table(rows=0, cols=width, style="Table Grid")
    for place, row in enumerate(block.rows):
        line = table.add_row()
        for cell, text in zip(line.cells, row, strict=False):
            _say(cell.paragraphs[0], text)
            if place == 0:
                for run in cell.paragraphs[0].runs:
                    run.bold = True
        if place == 0:
            header = OxmlElement("w:tblHeader")
            header.set(qn("w:val"), "true")
            line._tr.get_or_add_trPr().append(header)
    if block.text:
        caption = OxmlElement("w:tblCaption")
        caption.set(qn("w:val"), block.text)
        table._tbl.tblPr.append(caption)


def _same_bytes(data: bytes) -> bytes:
    """The same archive without the hour it was made."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return written.getvalue()
