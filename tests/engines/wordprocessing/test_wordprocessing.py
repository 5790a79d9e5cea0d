"""A text goes through .docx, .odt and Markdown and says the same."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import docx
import docx.enum.style
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from traam.engines.pageaudit.documents.reading import read as read_document
from traam.engines.pageaudit.values import Answer
from traam.engines.wordprocessing import (
    Block,
    Kind,
    Paper,
    Unreadable,
    from_markdown,
    read,
    to_markdown,
    write_docx,
    write_odt,
)
from traam.engines.wordprocessing.blocks import escaped, plain

DAY = date(2026, 11, 22)
Writer = Callable[[Paper], bytes]
WRITERS = pytest.mark.parametrize("write", [write_docx, write_odt])

MARKDOWN = """# Le déroulement

Une phrase avec **du gras**, *de l'italique* et [un lien](https://eduscol.education.fr/).

- un
- deux
    - dedans
- trois

1. d'abord
2. ensuite

> une citation

| Niveau | Élèves |
| --- | --- |
| 3e | 24 |
| 2de | 31 |"""


def paper(markdown: str = MARKDOWN) -> Paper:
    return Paper("Bilan de l'académie de Lyon", from_markdown(markdown), DAY, subtitle="TraAM 2026-2027")


@WRITERS
def test_what_is_written_is_read_back_the_same(write: Writer) -> None:
    text = read(write(paper()))
    title, subtitle, *body = text.blocks
    assert (title.kind, title.text) == (Kind.HEADING, "Bilan de l'académie de Lyon")
    assert subtitle.text == "TraAM 2026-2027"
    assert to_markdown(_without_bold_headings(body)) == MARKDOWN
    assert text.left == ()


def _without_bold_headings(blocks: list[Block]) -> list[Block]:
    """The headings of a table are bold in a .docx, where Markdown has no need of it."""
    return [
        Block(b.kind, b.text, b.level, (tuple(c.strip("*") for c in b.rows[0]), *b.rows[1:])) if b.rows else b
        for b in blocks
    ]


@WRITERS
def test_the_same_paper_gives_the_same_bytes(write: Writer) -> None:
    assert write(paper()) == write(paper())


LINES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff"), max_size=60
)


@given(LINES)
def test_any_words_escaped_are_shown_as_they_were(words: str) -> None:
    (block,) = from_markdown(escaped(words)) or [Block(Kind.PARAGRAPH)]
    assert block.kind is Kind.PARAGRAPH
    assert " ".join(plain(block.text).split()) == " ".join(words.split())


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([Kind.PARAGRAPH, Kind.HEADING, Kind.BULLET, Kind.NUMBER]), LINES), max_size=6)
)
def test_no_word_is_lost_on_the_way_to_a_file_and_back(lines: list[tuple[Kind, str]]) -> None:
    blocks = [Block(kind, escaped(" ".join(words.split())), int(kind is Kind.HEADING)) for kind, words in lines]
    wanted = [(b.kind, plain(b.text)) for b in blocks if plain(b.text).strip()]
    for write in (write_docx, write_odt):
        found = read(write(Paper("Titre", blocks, DAY))).blocks[1:]
        assert [(b.kind, " ".join(plain(b.text).split())) for b in found] == [
            (kind, " ".join(words.split())) for kind, words in wanted
        ]


def test_a_docx_declares_its_title_language_and_rows_of_headings() -> None:
    document = docx.Document(io.BytesIO(write_docx(paper())))
    assert document.core_properties.title == "Bilan de l'académie de Lyon"
    assert (document.core_properties.language, document.core_properties.author) == ("fr-FR", "")
    assert [p.style.name for p in document.paragraphs if p.text == "Le déroulement"] == ["Heading 1"]
    xml = document.tables[0].rows[0]._tr.xml
    assert "w:tblHeader" in xml and "w:tblHeader" not in document.tables[0].rows[1]._tr.xml


def test_an_odt_says_what_it_is_before_anything_else() -> None:
    data = write_odt(paper())
    assert data[30:38] == b"mimetype" and data[38:85].startswith(b"application/vnd.oasis.opendocument.text")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist()[1:]:
            etree.fromstring(archive.read(name))
        meta = archive.read("meta.xml").decode()
    assert "<dc:language>fr-FR</dc:language>" in meta


def test_what_is_typed_in_a_word_processor_is_read_with_its_looks() -> None:
    document = docx.Document()
    document.add_paragraph("Objectifs", style="Heading 2")
    line = document.add_paragraph()
    line.add_run("Lire ")
    line.add_run("vite et bien ").bold = True
    line.add_run("3 * 4 = 12_fois")
    document.add_paragraph("1. n'est pas une liste")
    document.add_paragraph("une puce", style="List Bullet")
    written = io.BytesIO()
    document.save(written)
    assert to_markdown(read(written.getvalue()).blocks) == (
        "## Objectifs\n\nLire **vite et bien** 3 \\* 4 = 12\\_fois\n\n1\\. n'est pas une liste\n\n- une puce"
    )


def test_a_picture_is_told_where_it_stood() -> None:
    data = _docx(
        "<w:p><w:r><w:drawing><wp:inline><wp:docPr id='1' name='a' descr='Une classe au travail'/></wp:inline>"
        "</w:drawing></w:r><w:r><w:t>Sous l'image</w:t></w:r></w:p>"
    )
    assert read(data).blocks == (Block(Kind.IMAGE, "Une classe au travail"), Block(Kind.PARAGRAPH, "Sous l'image"))


def test_tracked_changes_keep_what_was_added_and_say_so() -> None:
    data = _docx(
        "<w:p><w:ins><w:r><w:t>ajouté</w:t></w:r></w:ins><w:del><w:r><w:delText>ôté</w:delText></w:r></w:del>"
        "<w:r><w:footnoteReference/></w:r></w:p>"
    )
    text = read(data)
    assert [block.text for block in text.blocks] == ["ajouté"]
    assert any("suivies" in said for said in text.left) and any("notes" in said for said in text.left)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "abîmé"),
        (b"PK\x03\x04 rien", "abîmé"),
        (b"%PDF-1.7", "abîmé"),
    ],
)
def test_what_is_not_a_text_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(data)


def test_a_workbook_is_not_a_text() -> None:
    with pytest.raises(Unreadable, match="n'est pas un texte"):
        read(_zip({"xl/workbook.xml": "<x/>"}))


def test_an_entity_is_never_opened() -> None:
    hostile = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    data = _docx("<w:p><w:r><w:t>avant &e; après</w:t></w:r></w:p>", hostile)
    try:
        said = to_markdown(read(data).blocks)
    except Unreadable:
        return
    assert said.startswith("avant") and len(said) < 30


def test_a_part_that_swells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("traam.engines.wordprocessing.parts.MOST_BYTES", 1_000)
    with pytest.raises(Unreadable, match="trop gros"):
        read(_docx("<w:p/>" * 1_000))


def _docx(body: str, before: str = "") -> bytes:
    spaces = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    )
    return _zip({"word/document.xml": f"{before}<w:document {spaces}><w:body>{body}</w:body></w:document>"})


def _zip(parts: dict[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return written.getvalue()


def test_each_numbered_list_of_a_docx_begins_at_one() -> None:
    blocks = from_markdown("1. a\n2. b\n\nEntre deux.\n\n1. c")
    document = docx.Document(io.BytesIO(write_docx(Paper("T", blocks, DAY))))
    numbers = [p._p.pPr.numPr.numId.val for p in document.paragraphs if p.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2]
    table = document.part.numbering_part.element
    assert table.num_having_numId(numbers[2]).xml.count("w:startOverride") == 1


# As LibreOffice 7.4 writes them: lists of one level each, styles of characters for bold.
LIBREOFFICE = """<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"><office:automatic-styles>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="List_20_Bullet"/>
<style:style style:name="P2" style:family="paragraph" style:parent-style-name="List_20_Bullet_20_2"/>
<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<text:list-style style:name="WWNum1"><text:list-level-style-bullet text:level="1"/><text:list-level-style-number
 text:level="2" style:num-format="1"/></text:list-style>
<text:list-style style:name="WWNum5">
<text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>
</office:automatic-styles><office:body><office:text>
<text:list text:style-name="WWNum1">
<text:list-item><text:p text:style-name="P1">un</text:p></text:list-item></text:list>
<text:list text:style-name="WWNum1">
<text:list-item><text:p text:style-name="P2"
>de<text:span text:style-name="T1">dans</text:span>
</text:p></text:list-item></text:list>
<text:list text:style-name="WWNum5">
<text:list-item><text:p>d'abord</text:p></text:list-item></text:list>
<text:p text:style-name="Quote">citée</text:p></office:text></office:body></office:document-content>"""


def test_the_lists_that_libreoffice_drew_from_word_keep_their_depth() -> None:
    assert to_markdown(read(_zip({"content.xml": LIBREOFFICE})).blocks) == (
        "- un\n    - de**dans**\n\n1. d'abord\n\n> citée"
    )


def test_bold_given_by_a_style_is_bold() -> None:
    document = docx.Document()
    style = document.styles.add_style("Fort", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    style.font.bold = True
    document.add_paragraph().add_run("gras", style="Fort")
    written = io.BytesIO()
    document.save(written)
    assert to_markdown(read(written.getvalue()).blocks) == "**gras**"


@WRITERS
def test_the_audit_of_documents_finds_no_fault_in_what_is_written(write: Writer) -> None:
    name = "bilan.docx" if write is write_docx else "bilan.odt"
    faults = [one for one in read_document(name, write(paper())) if one.answer is Answer.FAULT]
    assert [(one.code, one.message) for one in faults] == []
