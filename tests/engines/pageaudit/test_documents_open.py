"""What .odt and .odp prove or lack."""

import pytest
from document_makers import SENTENCE, enciphered_manifest, exif, jpeg, open_document, open_style, said

from traam.engines.pageaudit.documents.reading import read
from traam.engines.pageaudit.values import Answer, Finding

PLAIN = f"<text:p>{SENTENCE}</text:p>"
STARTED = f'<text:h text:outline-level="1">Lire une carte</text:h>{PLAIN}'
FRAME = '<text:p><draw:frame draw:name="Image1" {}><draw:image xlink:href="Pictures/a.png"/>{}</draw:frame></text:p>'
CELLS = (
    "<table:table-row><table:table-cell{}><text:p>Ville</text:p></table:table-cell><table:table-cell><text:p>Mer</text:p>"
    "</table:table-cell></table:table-row>"
)


def odt(body: str, **more: object) -> list[Finding]:
    return read("fiche.odt", open_document(body, **more))  # type: ignore[arg-type]


def test_a_sound_text_has_nothing_to_say() -> None:
    header = f"<table:table-header-rows>{CELLS.format('')}</table:table-header-rows>"
    body = STARTED + FRAME.format("", "<svg:desc>La rade de Brest</svg:desc>") + PLAIN
    assert odt(body + f"<table:table>{header}{CELLS.format('')}</table:table>") == []


@pytest.mark.parametrize(
    ("body", "code", "element"),
    [
        (STARTED + '<text:h text:outline-level="3">Détail</text:h>' + PLAIN, "doc.head", "Détail"),
        (STARTED + '<text:p text:style-name="Gras">Consignes</text:p>' + PLAIN, "doc.head", "Consignes"),
        (STARTED + "<text:p/><text:p/>" + PLAIN, "doc.spacing", f"Après « {SENTENCE[:118]}… »"),
        (STARTED + FRAME.format("", ""), "doc.alt", "« Image1 » a.png"),
        (STARTED + FRAME.format("", "<svg:title>capture.png</svg:title>"), "doc.alt", "« Image1 » a.png"),
        (
            STARTED + f"<table:table>{CELLS.format('')}{CELLS.format('')}</table:table>",
            "doc.table",
            "tableau 1 : Ville | Mer",
        ),
        (STARTED + '<text:p><text:span text:style-name="Pale">Pâle</text:span></text:p>', "doc.contrast", "Pâle"),
        (STARTED + '<text:p text:style-name="Masque">Secret</text:p>', "doc.tracked", "Secret"),
        (
            STARTED
            + "<text:p>Mot<office:annotation><dc:creator>C</dc:creator><text:p>À revoir</text:p></office:annotation>"
            "</text:p>",
            "doc.tracked",
            "À revoir",
        ),
        (
            "<text:tracked-changes><text:changed-region text:id='c1'><text:deletion><office:change-info><dc:creator>C"
            "</dc:creator></office:change-info><text:p>Le nom effacé</text:p></text:deletion></text:changed-region>"
            f"</text:tracked-changes>{STARTED}",
            "doc.tracked",
            "Le nom effacé",
        ),
    ],
)
def test_a_fault_shows_what_it_was_seen_in(body: str, code: str, element: str) -> None:
    styles = (
        open_style("Gras", 'fo:font-weight="bold"')
        + open_style("Masque", 'text:display="none"')
        + open_style("Pale", 'fo:color="#aaaaaa"', "text")
    )
    found = odt(body, automatic=styles)
    assert [(one.code, one.answer, said(one)) for one in found] == [(code, Answer.FAULT, element)]


def test_an_insertion_is_quoted_between_its_marks() -> None:
    regions = (
        "<text:tracked-changes><text:changed-region text:id='c1'><text:insertion><office:change-info><dc:creator>C"
        "</dc:creator></office:change-info></text:insertion></text:changed-region></text:tracked-changes>"
    )
    words = (
        "<text:p>Avant <text:change-start text:change-id='c1'/>le <text:span>mot</text:span> ajouté"
        "<text:change-end text:change-id='c1'/> après</text:p>"
    )
    (found,) = odt(regions + STARTED + words)
    assert (found.code, said(found)) == ("doc.tracked", "le mot ajouté")


def test_a_decorative_picture_needs_no_words() -> None:
    style = open_style("fr1", "", "graphic", '<style:graphic-properties loext:decorative="true"/>')
    assert odt(STARTED + FRAME.format('draw:style-name="fr1"', ""), automatic=style) == []


def test_pictures_of_heads_and_feet_are_looked_at() -> None:
    frame = FRAME.format("", "")
    made = open_document(STARTED, head=f"<style:header>{frame}</style:header>")
    (found,) = read("fiche.odt", made)
    assert (found.code, found.where) == ("doc.alt", "fiche.odt, en-tête ou pied de page, image 1")


def test_a_group_with_an_alternative_stands_for_what_it_holds() -> None:
    group = f"<text:p><draw:g draw:name='G'>{{}}{FRAME.format('', '')[8:-9]}</draw:g></text:p>"
    assert odt(STARTED + group.format("<svg:desc>Trois cartes côte à côte</svg:desc>")) == []
    assert [one.code for one in odt(STARTED + group.format(""))] == ["doc.alt"]


def test_merged_cells_are_for_a_person_to_judge() -> None:
    row = CELLS.format(' table:number-columns-spanned="2"')
    header = f"<table:table-header-rows>{row}</table:table-header-rows>"
    (found,) = odt(STARTED + f"<table:table>{header}{CELLS.format('')}</table:table>")
    assert (found.code, found.answer) == ("doc.table", Answer.REVIEW)


def test_words_are_measured_on_the_colour_behind_them() -> None:
    styles = open_style(
        "Encadre", 'fo:color="#000000"', more='<style:paragraph-properties fo:background-color="#000091"/>'
    )
    (found,) = odt(STARTED + '<text:p text:style-name="Encadre">Noir</text:p>', automatic=styles)
    assert (found.code, said(found)) == ("doc.contrast", "Noir") and "#000091" in found.message


@pytest.mark.parametrize("language", ["", "en", "none"])
def test_the_language_is_said_and_is_the_one_of_the_text(language: str) -> None:
    (found,) = odt(STARTED + PLAIN, language=language)
    assert (found.code, found.answer) == ("doc.lang", Answer.FAULT)


def test_names_paths_and_places_kept_aside_are_told() -> None:
    meta = (
        "<meta:initial-creator>Camille Exemple</meta:initial-creator>"
        '<meta:template xlink:href="file:///home/cexemple/modele.ott"/>'
    )
    image = jpeg(exif(north=(45, 0, 0)))
    found = odt(STARTED, meta=meta, title="fiche.odt", parts={"Pictures/a.jpg": image})
    assert [one.code for one in found] == ["doc.title", "doc.author", "doc.author", "doc.gps"]
    assert said(found[2]) == "modèle : /home/cexemple/modele.ott"


def test_a_text_with_a_password_says_so() -> None:
    (found,) = odt(STARTED, parts={"META-INF/manifest.xml": enciphered_manifest()})
    assert (found.code, found.answer) == ("doc.locked", Answer.FAULT)


# Presentations.

TITLE = '<draw:frame presentation:class="title"><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>'


def odp(*pages: str, **more: object) -> list[Finding]:
    body = "".join(f"<draw:page draw:name='p' {page}</draw:page>" for page in pages)
    return read("cours.odp", open_document(body, kind="presentation", **more))  # type: ignore[arg-type]


def test_a_sound_presentation_has_nothing_to_say() -> None:
    assert odp(">" + TITLE.format("La carte"), ">" + TITLE.format("L'échelle")) == []


@pytest.mark.parametrize(
    ("page", "code", "element"),
    [
        ("><draw:frame><draw:text-box><text:p>Mot</text:p></draw:text-box></draw:frame>", "doc.structure", " : Mot"),
        (">" + TITLE.format(""), "doc.structure", ""),
        (
            ">" + TITLE.format("T") + '<draw:frame draw:name="I"><draw:image xlink:href="a.png"/></draw:frame>',
            "doc.alt",
            " « I » a.png",
        ),
        (
            ">"
            + TITLE.format("T")
            + f"<draw:frame><table:table>{CELLS.format('')}{CELLS.format('')}</table:table></draw:frame>",
            "doc.table",
            ", tableau 1 : Ville Mer",
        ),
    ],
)
def test_a_fault_names_its_slide(page: str, code: str, element: str) -> None:
    found = odp(">" + TITLE.format("La carte"), page)
    assert [(one.code, one.answer) for one in found] == [(code, Answer.FAULT)]
    assert found[0].where.startswith("cours.odp, diapositive 2")
    assert said(found[0]).startswith("diapositive 2") and said(found[0]).replace(" | ", " ").endswith(element)


def test_a_hidden_slide_is_for_a_person_to_judge() -> None:
    style = open_style("dp1", "", "drawing-page", '<style:drawing-page-properties presentation:visibility="hidden"/>')
    (found,) = odp(' draw:style-name="dp1">' + TITLE.format("Cachée"), automatic=style)
    assert (found.code, found.answer) == ("doc.tracked", Answer.REVIEW) and "Cachée" in said(found)


def test_words_are_measured_on_the_colour_of_their_slide() -> None:
    styles = open_style("Blanc", 'fo:color="#ffffff"', "text") + open_style(
        "dp1", "", "drawing-page", '<style:drawing-page-properties draw:fill="solid" draw:fill-color="#eeeeee"/>'
    )
    span = '<text:span text:style-name="Blanc">Blanc</text:span>'
    words = f"<draw:frame><draw:text-box><text:p>{span}</text:p></draw:text-box></draw:frame>"
    (found,) = odp(' draw:style-name="dp1">' + TITLE.format("T") + words, automatic=styles)
    assert (found.code, said(found)) == ("doc.contrast", "Blanc") and "#eeeeee" in found.message
