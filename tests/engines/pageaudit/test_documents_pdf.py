"""What a PDF proves or lacks: its tags, its pages, what it hides."""

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from document_makers import SENTENCE, exif, jpeg, marked, pdf, said, tag
from pikepdf import Array, Dictionary, Name, String

from traam.engines.pageaudit.documents.reading import read
from traam.engines.pageaudit.values import Answer, Finding

HEADED = marked(0, "Lire une carte", "H1") + marked(1, SENTENCE)


def headed() -> list[pikepdf.Dictionary]:
    """The tags of `HEADED`."""
    return [tag("H1", 0), tag("P", 1)]


def audited(content: bytes = HEADED, **more: Any) -> list[Finding]:
    return read("fiche.pdf", pdf(content, **{"tags": headed(), **more}))


def drawn(at: str = "200 0 0 200 50 50") -> bytes:
    return f"q {at} cm /I Do Q\n".encode()


def with_image(
    content: bytes, picture: dict[str, Any] | None = None, data: bytes = b"\0\0\0", **more: Any
) -> list[Finding]:
    """A page that may draw an image, named I."""
    source = pikepdf.Pdf.open(BytesIO(pdf(content, **{"tags": headed(), **more})))
    one = source.make_stream(data, Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, **(picture or {}))
    for page in source.pages:
        page.obj.Resources.XObject = Dictionary(I=one)
    written = BytesIO()
    source.save(written)
    return read("fiche.pdf", written.getvalue())


def test_a_sound_document_has_nothing_to_say() -> None:
    assert audited() == []


def test_a_document_without_tags_is_told() -> None:
    (found,) = audited(tags=None)
    assert (found.code, found.answer) == ("doc.structure", Answer.FAULT) and "n'est pas balisé" in found.message


def test_tags_that_hold_nothing_are_told() -> None:
    (found,) = audited(tags=[tag("H1"), tag("P")])
    assert found.code == "doc.structure" and "ne contiennent rien" in found.message


def test_words_out_of_the_tags_are_quoted() -> None:
    (found,) = audited(HEADED + b"BT /F 12 Tf 50 100 Td (Une note perdue) Tj ET")
    assert (found.code, said(found), found.where) == ("doc.structure", "Une note perdue", "fiche.pdf, page 1")


def test_words_that_only_adorn_are_left_alone() -> None:
    assert audited(HEADED + b"/Artifact BMC BT /F 12 Tf 50 20 Td (1/3) Tj ET EMC") == []


def test_headings_are_read_in_the_order_of_the_tags() -> None:
    content = HEADED + marked(2, "Un détail", "H3")
    (found,) = audited(content, tags=[tag("H1", 0), tag("P", 1), tag("H3", 2)])
    assert (found.code, said(found), found.where) == ("doc.head", "Un détail", "fiche.pdf, page 1")


def test_a_name_of_the_document_s_own_stands_for_a_plain_tag() -> None:
    tree = pdf(HEADED, tags=[tag("Titre_1", 0), tag("P", 1)])
    assert read("fiche.pdf", tree) == []  # a single page needs no heading
    (found,) = read("fiche.pdf", pdf(HEADED, tags=[tag("Titre_1", 0), tag("P", 1)], pages=3))
    assert found.code == "doc.head" and "3 pages" in found.message
    source = pikepdf.open(BytesIO(pdf(HEADED, tags=[tag("Titre_1", 0), tag("P", 1)], pages=3)))
    source.Root.StructTreeRoot.RoleMap = Dictionary(Titre_1=Name.H1)
    written = BytesIO()
    source.save(written)
    assert read("fiche.pdf", written.getvalue()) == []


@pytest.mark.parametrize(
    ("figure", "faults"),
    [
        (lambda: tag("Figure", 2), 1),
        (lambda: tag("Figure", 2, Alt=String("")), 1),
        (lambda: tag("Figure", 2, Alt=String("image1.png")), 1),
        (lambda: tag("Formula", 2), 1),
        (lambda: tag("Figure", 2, Alt=String("La rade de Brest")), 0),
        (lambda: tag("Figure", 2, ActualText=String("La rade")), 0),
        (lambda: tag("Figure", 2, tag("Figure"), Alt=String("La rade")), 0),
    ],
)
def test_a_figure_is_said_in_words(figure: Any, faults: int) -> None:
    found = with_image(HEADED + b"/Figure <</MCID 2>> BDC " + drawn() + b"EMC", tags=[*headed(), figure()])
    assert [one.code for one in found] == ["doc.alt"] * faults


@pytest.mark.parametrize(
    ("around", "faults"),
    [(b"%b", 1), (b"/P <</MCID 1>> BDC %b EMC", 1), (b"/Artifact BMC %b EMC", 0)],
)
def test_an_image_that_no_figure_covers_is_told(around: bytes, faults: int) -> None:
    found = with_image(HEADED + around % drawn())
    assert [(one.code, said(one)) for one in found] == [("doc.alt", "page 1, image I")] * faults


def test_a_table_has_headings() -> None:
    def rows(kind: str) -> pikepdf.Dictionary:
        return tag("Table", tag("TR", tag(kind, 2), tag(kind, 3)), tag("TR", tag("TD", 4), tag("TD", 5)))

    content = HEADED + b"".join(marked(at, word) for at, word in enumerate(("Ville", "Mer", "Brest", "Iroise"), 2))
    (found,) = audited(content, tags=[*headed(), rows("TD")])
    assert (found.code, said(found)) == ("doc.table", "page 1, tableau 1 : Ville Mer")
    assert audited(content, tags=[*headed(), rows("TH")]) == []


def test_a_page_that_is_an_image_is_told_and_its_tags_are_not() -> None:
    (found,) = with_image(drawn("600 0 0 800 0 0"), tags=None)
    assert (found.code, found.answer) == ("doc.structure", Answer.FAULT) and "toutes les pages" in found.message


def test_words_recognised_under_an_image_are_for_a_person_to_judge() -> None:
    words = b"BT 3 Tr /F 12 Tf 50 700 Td (" + SENTENCE.encode("cp1252") + b") Tj ET "
    found = with_image(drawn("600 0 0 800 0 0") + words, tags=None)
    assert [(one.code, one.answer) for one in found] == [
        ("doc.structure", Answer.FAULT),
        ("doc.structure", Answer.REVIEW),
    ]


@pytest.mark.parametrize(
    ("before", "look", "faults"),
    [
        (b"", "0.6 g", 1),
        (b"", "1 0 0 rg", 1),
        (b"", "0 0 1 0 k", 1),
        (b"", "0.3 g", 0),
        (b"", "/Pattern cs /X scn", 0),  # not known
        (b"0 0 0.5 rg 0 0 600 800 re f ", "1 g", 0),
        (b"0 0 0.5 rg 0 0 600 800 re f ", "0 g", 1),
        (b"0 0 0.5 rg 0 0 600 800 re 5 5 590 790 re f* ", "0 g", 0),  # a border
        (b"q 0 0 600 800 re 5 5 590 790 re W* n 0 0 0.5 rg 0 0 600 800 re f Q ", "0 g", 0),  # the same, by a clip
        (b"0 0 0.5 rg 0 0 m 600 0 l 600 800 l f ", "0 g", 0),  # another shape: not known
        (b"0 0 0.5 rg 0 0 100 800 re f ", "0 g", 0),  # words half on it
    ],
)
def test_words_are_measured_on_what_is_painted_under_them(before: bytes, look: str, faults: int) -> None:
    painted = b"/Artifact BMC " + before + b"EMC "
    found = audited(HEADED + painted + marked(2, "Mot lisible ?", look=look), tags=[*headed(), tag("P", 2)])
    assert [(one.code, said(one)) for one in found] == [("doc.contrast", "Mot lisible ?")] * faults


def test_large_words_need_less() -> None:
    large = b"/P <</MCID 2>> BDC BT 0.5 g /F 20 Tf 50 300 Td (Grand) Tj ET EMC"
    assert audited(HEADED + large, tags=[*headed(), tag("P", 2)]) == []


def test_letters_are_read_through_the_map_of_their_font() -> None:
    made = pdf(b"/H3 <</MCID 0>> BDC BT /G 12 Tf 50 700 Td <000100020005> Tj ET EMC", tags=[tag("H3", 0)])
    source = pikepdf.open(BytesIO(made))
    letters = (
        b"1 beginbfchar <0001> <00C9> endbfchar "
        b"2 beginbfrange <0002> <0003> <0074> <0004> <0005> [<0065> <0073>] endbfrange"
    )
    source.pages[0].obj.Resources.Font.G = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.X, ToUnicode=source.make_stream(letters)
    )
    written = BytesIO()
    source.save(written)
    (found,) = read("fiche.pdf", written.getvalue())
    assert said(found) == "Éts"


@pytest.mark.parametrize("title", ["", "fiche.indd", "Microsoft Word - Fiche.docx"])
def test_a_title_says_what_the_document_is(title: str) -> None:
    (found,) = audited(title=title)
    assert (found.code, found.answer) == ("doc.title", Answer.FAULT)


def test_a_title_that_is_not_shown_is_told() -> None:
    (found,) = audited(root={"/ViewerPreferences": Dictionary()})
    assert found.code == "doc.title" and "nom du fichier à sa place" in found.message


@pytest.mark.parametrize("language", ["", "en-US"])
def test_the_language_is_said_and_is_the_one_of_the_text(language: str) -> None:
    (found,) = audited(language=language)
    assert (found.code, found.answer) == ("doc.lang", Answer.FAULT)


def test_a_name_is_hidden_when_the_text_does_not_say_it() -> None:
    (found,) = audited(author="Camille Exemple")
    assert (found.code, found.answer) == ("doc.author", Answer.FAULT)
    signed = HEADED + marked(2, "Fiche de Camille Exemple")
    assert audited(signed, author="Camille Exemple", tags=[*headed(), tag("P", 2)]) == []


@pytest.mark.parametrize(("accessible", "faults"), [(True, 0), (False, 1)])
def test_a_protection_lets_helping_tools_read(accessible: bool, faults: int) -> None:
    allowed = pikepdf.Permissions(accessibility=accessible, extract=False)
    found = audited(
        encryption=pikepdf.Encryption(owner="secret", user="", R=3, aes=False, metadata=False, allow=allowed)
    )
    assert [one.code for one in found] == ["doc.locked"] * faults


def test_a_password_to_open_stops_the_reading() -> None:
    (found,) = audited(encryption=pikepdf.Encryption(owner="secret", user="secret"))
    assert (found.code, found.answer) == ("doc.locked", Answer.FAULT)


def test_remarks_that_stayed_and_files_within_are_told() -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, T=String("Camille Exemple"), Contents=String("À revoir"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Contents=String("Le site"))
    names = Dictionary(EmbeddedFiles=Dictionary(Names=Array()))
    found = audited(page={"/Annots": Array([note, link])}, root={"/Names": names})
    assert [(one.code, one.answer, said(one)) for one in found] == [
        ("doc.tracked", Answer.FAULT, "À revoir"),
        ("doc.tracked", Answer.REVIEW, "fichier joint"),
    ]


def test_the_original_that_libreoffice_puts_within_is_told() -> None:
    hybrid = pdf(HEADED, tags=headed()).replace(b"trailer <<", b"trailer << /AdditionalStreams [ /a 1 0 R ]")
    (found,) = read("fiche.pdf", hybrid)
    assert (found.code, found.answer) == ("doc.tracked", Answer.REVIEW)


def test_a_photograph_within_tells_its_place_roughly() -> None:
    data = jpeg(exif(north=(45, 30, 0)))
    content = HEADED + b"/Artifact BMC " + drawn() + b"EMC"
    (found,) = with_image(content, {"Filter": Name.DCTDecode}, data)
    assert (found.code, found.answer, found.where) == ("doc.gps", Answer.FAULT, "fiche.pdf, page 1")
    assert "45,5° N" in found.message
