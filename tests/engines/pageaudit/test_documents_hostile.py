"""Files that are not what they say, that are broken, or that were made to exhaust whoever reads them."""

import random
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from document_makers import SENTENCE, archive, open_document, paragraph, pdf, properties, relations, slides, tag, word

from traam.engines.pageaudit.checks import CHECKS
from traam.engines.pageaudit.documents import (
    Bounds,
    audit_document,
    bounded,
    is_document,
    package,
    pdf_pages,
    pdf_tags,
)
from traam.engines.pageaudit.documents.reading import read
from traam.engines.pageaudit.values import Answer, Finding

TEXT = word(paragraph("Lire", "Titre1") + paragraph(SENTENCE))
CIPHERED = b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
ENTITIES = (
    '<!DOCTYPE a [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]>"
)


def kept(found: list[Finding]) -> list[tuple[str, Answer]]:
    return [(one.code, one.answer) for one in found]


FAULT, UNTESTED = ("doc.format", Answer.FAULT), ("doc.format", Answer.UNTESTED)


@pytest.mark.parametrize(
    ("name", "data", "code", "answer", "words"),
    [
        ("a.pdf", b"", "doc.format", Answer.FAULT, "vide"),
        ("a.pdf", b"<!doctype html><html><body>Connexion", "doc.format", Answer.FAULT, "page web"),
        ("a.pdf", b"\x01\x02\x03", "doc.format", Answer.FAULT, "n'est pas le document annoncé (PDF)"),
        ("a.pdf", TEXT, "doc.format", Answer.FAULT, "le fichier est un document Word"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj <<", "doc.format", Answer.FAULT, "abîmé"),
        (
            "a.docx",
            CIPHERED,
            "doc.locked",
            Answer.FAULT,
            "mot de passe",
        ),
        ("a.doc", b"\xd0\xcf\x11\xe0....", "doc.format", Answer.UNTESTED, "ancien (.doc, .ppt, .xls)"),
        ("a.rtf", b"{\\rtf1}", "doc.format", Answer.UNTESTED, "RTF"),
        ("a.zip", archive({"a.txt": "a"}), "doc.format", Answer.UNTESTED, "archive"),
        ("a.epub", archive({"mimetype": "application/epub+zip"}), "doc.format", Answer.UNTESTED, "EPUB"),
        ("a.ods", open_document("", kind="spreadsheet"), "doc.format", Answer.UNTESTED, "classeur"),
        ("a.docx", TEXT[:-40], "doc.format", Answer.FAULT, "abîmé"),
        ("a.docx", TEXT[:400], "doc.format", Answer.FAULT, "abîmé"),
        ("a.docx", b"PK\x03\x04", "doc.format", Answer.FAULT, "abîmé"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, data: bytes, code: str, answer: Answer, words: str) -> None:
    (found,) = read(name, data)
    assert (found.code, found.answer) == (code, answer) and words in found.message
    assert found.where.startswith(name)


def test_entities_are_refused_in_any_encoding() -> None:
    said = f"{ENTITIES}<w:document xmlns:w='w'><w:body>&a11;</w:body></w:document>"
    for body in (said.encode(), ('<?xml version="1.0" encoding="UTF-16"?>' + said).encode("utf-16")):
        assert kept(read("a.docx", word("", parts={"word/document.xml": body}))) == [FAULT]


def test_an_archive_that_unpacks_without_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = read("a.docx", word("", parts={"word/document.xml": b" " * (package.MOST_OF_XML + 2)}))
    assert "démesuré" in found.message
    monkeypatch.setattr(package, "MOST_UNPACKED", 3_000)
    assert [one.message for one in read("a.docx", TEXT)] == [found.message]


def test_more_tags_than_memory_holds_are_not_read() -> None:
    body = "<w:p/>" * (package.MOST_TAGS + 1)
    assert kept(read("a.docx", word(body))) == [UNTESTED]


def test_a_path_out_of_the_archive_leads_nowhere() -> None:
    parts = {"_rels/.rels": relations({"r": ("officeDocument", "../../../etc/passwd")})}
    assert kept(read("a.docx", word("", parts=parts))) == [FAULT]


def _looping_pages() -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
        b"2 0 obj <</Type/Pages/Count 2/Kids[2 0 R 2 0 R]>> endobj\n"
        b"trailer <</Root 1 0 R/Size 3>>\n%%EOF"
    )


def _grown(change: Callable[[Any, Any], None]) -> bytes:
    """A PDF whose structure was changed."""
    made = pikepdf.open(BytesIO(pdf(b"", tags=[tag("P", 0)])))
    change(made, made.Root.StructTreeRoot)
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def _loop(made: Any, tree: Any) -> None:
    tree.K[0].K.append(tree.K[0])
    tree.K.append(tree)


def _doubling(made: Any, tree: Any) -> None:
    """Forty arrays, each twice in the one before: 2 to the power of forty ways down."""
    inner = made.make_indirect(tag("P", 0))
    for _ in range(40):
        inner = made.make_indirect(pikepdf.Array([inner, inner]))
    tree.K = inner


def _deep(made: Any, tree: Any) -> None:
    inner = made.make_indirect(tag("Figure"))
    for _ in range(3_000):
        inner = made.make_indirect(tag("Figure", inner))
    tree.K = inner


@pytest.mark.parametrize("data", [_looping_pages(), _grown(_loop), _grown(_deep)], ids=["pages", "tags", "depth"])
def test_a_loop_or_a_pit_in_a_document_comes_to_an_end(data: bytes) -> None:
    assert {one.code for one in read("a.pdf", data)} <= set(CHECKS)


def test_tags_reached_in_more_ways_than_can_be_walked_are_not_all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_tags, "MOST_TAGS", 5_000)
    found = read("a.pdf", _grown(_doubling))
    assert ("doc.structure", Answer.UNTESTED) in kept(found) or ("doc.structure", Answer.FAULT) in kept(found)


def test_instructions_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages.Budget, "__init__", lambda self: self.__dict__.update(steps=50, forms=5, spent=False))
    long = pdf(b"0 0 1 1 re f " * 1_000, tags=None)
    assert ("doc.structure", Answer.UNTESTED) in kept(read("a.pdf", long))


def test_a_form_that_draws_itself_is_drawn_once() -> None:
    made = pikepdf.open(BytesIO(pdf(b"/A Do", tags=None)))
    form = made.make_stream(b"/A Do " * 10, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=form))
    made.pages[0].obj.Resources.XObject = pikepdf.Dictionary(A=form)
    written = BytesIO()
    made.save(written)
    assert kept(read("a.pdf", written.getvalue())) == [("doc.structure", Answer.FAULT)]


def test_bytes_changed_at_random_never_raise() -> None:
    draw = random.Random(20261122)
    sound = [TEXT, slides(""), open_document("<text:p/>"), pdf(b"BT (a) Tj ET", tags=[tag("P", 0)])]
    for _ in range(120):
        data = bytearray(draw.choice(sound))
        for _ in range(draw.randint(1, 30)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        for found in read("a.pdf", bytes(data[: draw.randint(1, len(data))])):
            assert found.code in CHECKS and found.message


# The child.


def test_the_child_answers_what_the_reader_sees() -> None:
    data = word(paragraph(SENTENCE), core=properties("fiche_eleve"), language="")
    assert audit_document("fiche « é ».docx", data) == read("fiche « é ».docx", data) != []


def test_a_child_that_asks_for_too_much_is_stopped() -> None:
    starved = Bounds(memory=120 * 2**20)
    assert kept(audit_document("a.docx", word("<w:p/>" * 900_000), starved)) == [UNTESTED]


def test_a_stream_that_unpacks_without_measure_is_not_read() -> None:
    bomb = zlib.compress(zlib.compress(b"0 g " * 50_000_000, 9), 9)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%b\nendstream" % (len(bomb), bomb),
    )
    made = b"".join(b"%d 0 obj %b endobj\n" % (at, one) for at, one in enumerate(objects, 1))
    found = audit_document("a.pdf", b"%PDF-1.7\n" + made + b"trailer <</Root 1 0 R/Size 5>>\n%%EOF")
    assert "doc.structure" in {one.code for one in found if one.answer is Answer.UNTESTED}


def test_a_document_too_heavy_is_not_read() -> None:
    (found,) = audit_document("a.pdf", bytes(bounded.MOST_BYTES + 1))
    assert (found.code, found.answer) == UNTESTED and "60 Mo" in found.message


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("fiche.pdf", True),
        ("https://site.invalid/d/Fiche%20A.DOCX?v=2#page=3", True),
        ("application/pdf; charset=binary", True),
        ("application/vnd.oasis.opendocument.text", True),
        ("image/jpeg", True),
        ("archive.zip", True),
        ("page.html", False),
        ("text/html", False),
        ("https://site.invalid/fiche", False),
        ("image/svg+xml", False),
        ("", False),
    ],
)
def test_a_name_or_a_type_announces_a_document(said: str, answer: bool) -> None:
    assert is_document(said) is answer
