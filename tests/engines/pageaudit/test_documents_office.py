"""What .docx and .pptx prove or lack."""

import pytest
from document_makers import (
    ENGLISH,
    SENTENCE,
    comment_of_slide,
    comments,
    drawing,
    exif,
    jpeg,
    paragraph,
    picture_shape,
    properties,
    relations,
    said,
    slides,
    table,
    text_shape,
    title_shape,
    word,
)

from traam.engines.pageaudit.checks import CHECKS
from traam.engines.pageaudit.documents.reading import read
from traam.engines.pageaudit.values import Answer, Finding

PLAIN = paragraph(SENTENCE)
STARTED = paragraph("Lire une carte", "Titre1") + PLAIN


LISTED = (
    '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>Point</w:t></w:r></w:p>'
)
STYLED = '<w:tbl><w:tblPr><w:tblStyle w:val="GridTable4"/></w:tblPr>'  # its colours are not read: nothing is said
WHITE = '<w:color w:val="FFFFFF"/>'
WHITE_RUN = f"<w:tr><w:tc>{paragraph('En-tête', run=WHITE)}</w:tc><w:tc/></w:tr>"


def of(found: list[Finding], code: str, answer: Answer | None = None) -> list[Finding]:
    return [one for one in found if one.code == code and answer in {None, one.answer}]


def docx(body: str, **more: object) -> list[Finding]:
    return read("fiche.docx", word(body, **more))  # type: ignore[arg-type]


def test_a_sound_text_has_nothing_to_say() -> None:
    body = STARTED + paragraph("Objectifs", "Titre2") + drawing("La rade de Brest vue du ciel") + PLAIN
    assert docx(body + table([["Ville", "Mer"], ["Brest", "Iroise"]], header=True)) == []


@pytest.mark.parametrize(
    ("body", "code", "element"),
    [
        (paragraph("Suite", "Titre2") + PLAIN, "doc.head", "Suite"),
        (STARTED + paragraph("Détail", "Titre3") + PLAIN, "doc.head", "Détail"),
        (STARTED + paragraph("", "Titre2") + PLAIN, "doc.head", "titre 2 vide, paragraphe 3"),
        (STARTED + paragraph("Consignes", run="<w:b/>") + PLAIN, "doc.head", "Consignes"),
        (STARTED + paragraph("Consignes", run='<w:sz w:val="36"/>') + PLAIN, "doc.head", "Consignes"),
        (STARTED + paragraph() * 2 + PLAIN, "doc.spacing", f"Après « {SENTENCE[:118]}… »"),
        (STARTED + drawing(), "doc.alt", "image1.jpg « Image 1 »"),
        (STARTED + drawing("IMG_2034.jpg"), "doc.alt", "image1.jpg « Image 1 »"),
        (STARTED + drawing("Photo 3"), "doc.alt", "image1.jpg « Image 1 »"),
        (STARTED + drawing(kind="chart"), "doc.alt", "image1.jpg « Image 1 »"),
        (STARTED + table([["Ville", "Mer"], ["Brest", "Iroise"]]), "doc.table", "tableau 1 : Ville | Mer"),
        (STARTED + paragraph("Pâle", run='<w:color w:val="999999"/>'), "doc.contrast", "Pâle"),
        (STARTED + paragraph("Secret", run="<w:vanish/>"), "doc.tracked", "Secret"),
    ],
)
def test_a_fault_shows_what_it_was_seen_in(body: str, code: str, element: str) -> None:
    found = docx(body)
    assert [(one.code, one.answer, said(one)) for one in found] == [(code, Answer.FAULT, element)]
    assert found[0].where.startswith("fiche.docx")
    assert code in CHECKS


@pytest.mark.parametrize(
    "body",
    [
        STARTED + drawing(decorative=True),
        STARTED + paragraph("Attention, tout ce paragraphe est en gras.", run="<w:b/>") + PLAIN,
        STARTED + paragraph("Dernière ligne en gras", run="<w:b/>"),
        STARTED + paragraph() + PLAIN,
        STARTED + table([["Un encadré tout seul"]]),
        STARTED + paragraph("Grand", run='<w:color w:val="808080"/><w:sz w:val="40"/>') + "<w:sectPr/>",
        STARTED + table([["Blanc", "b"], ["c", "d"]], header=True, cell='<w:shd w:val="clear" w:fill="1F497D"/>'),
        paragraph("Carte", "Titre1") + paragraph("A", "Titre2") + paragraph("B", "Titre1") + PLAIN,
        STARTED + LISTED + PLAIN,
        STARTED + table([["Blanc", "b"], ["c", "d"]], header=True).replace("<w:tbl>", STYLED + WHITE_RUN),
        STARTED + '<w:p><w:r><w:pict><v:rect id="x"><v:horizontal/></v:rect></w:pict></w:r></w:p>',
    ],
)
def test_what_is_lawful_is_left_alone(body: str) -> None:
    assert docx(body) == []


def test_words_on_a_dark_cell_are_measured_against_it() -> None:
    dark = '<w:shd w:val="clear" w:fill="1F497D"/>'
    cells = table([["Noir", "b"], ["c", "d"]], header=True, cell=dark)
    body = STARTED + cells.replace("<w:rPr></w:rPr><w:t>Noir", '<w:rPr><w:color w:val="333333"/></w:rPr><w:t>Noir')
    (found,) = docx(body)
    assert said(found) == "Noir" and "#1f497d" in found.message and "1,38 pour 1" in found.message


def test_highlighted_words_are_measured_on_the_highlight() -> None:
    bright = paragraph("Vert", run='<w:color w:val="FFFFFF"/><w:highlight w:val="green"/>')
    (found,) = docx(STARTED + bright)
    assert said(found) == "Vert" and "#00ff00" in found.message
    dark = paragraph("Nuit", run='<w:color w:val="FFFFFF"/><w:highlight w:val="darkBlue"/>')
    assert docx(STARTED + dark) == []


def test_a_theme_colour_is_looked_up() -> None:
    (found,) = docx(STARTED + paragraph("Bleu", run='<w:color w:val="000000" w:themeColor="accent1"/>'))
    assert "#4f81bd" in found.message and "4,03 pour 1" in found.message


def test_a_long_text_without_a_heading_is_told() -> None:
    (found,) = docx(PLAIN * 20)
    assert (found.code, found.answer) == ("doc.head", Answer.FAULT) and "aucun titre" in found.message


def test_a_label_in_bold_is_for_a_person_to_judge() -> None:
    (found,) = docx(STARTED + paragraph("Matériel :", run="<w:b/>") + PLAIN)
    assert (found.code, found.answer) == ("doc.head", Answer.REVIEW)


def test_items_typed_by_hand_are_for_a_person_to_judge() -> None:
    (found,) = docx(STARTED + "".join(paragraph(f"- une carte n° {number}") for number in range(3)))
    assert (found.code, found.answer, said(found)) == ("doc.structure", Answer.REVIEW, "- une carte n° 0")


def test_merged_cells_are_for_a_person_to_judge() -> None:
    rows = table([["Large", "b"], ["c", "d"]], header=True, cell='<w:gridSpan w:val="2"/>')
    (found,) = docx(STARTED + rows)
    assert (found.code, found.answer) == ("doc.table", Answer.REVIEW) and "« Large »" in said(found)


def test_a_machine_s_alternative_is_for_a_person_to_judge() -> None:
    (found,) = docx(STARTED + drawing("Une image contenant texte Description générée automatiquement"))
    assert (found.code, found.answer) == ("doc.alt", Answer.REVIEW)


def test_a_second_writing_of_the_same_drawing_counts_once() -> None:
    twice = (
        drawing()
        .replace("<w:drawing>", "<mc:AlternateContent><mc:Choice><w:drawing>")
        .replace(
            "</w:drawing>",
            '</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape id="x"><v:imagedata/></v:shape></w:pict>'
            "</mc:Fallback></mc:AlternateContent>",
        )
    )
    assert len(docx(STARTED + twice)) == 1


def test_an_old_picture_needs_an_alternative_too() -> None:
    old = '<w:p><w:r><w:pict><v:shape id="x1" {}><v:imagedata r:id="i1"/></v:shape></w:pict></w:r></w:p>'
    (found,) = docx(STARTED + old.format(""))
    assert (found.code, said(found)) == ("doc.alt", "image1.jpg « x1 »")
    assert docx(STARTED + old.format('alt="Le port de Brest"')) == []


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("", SENTENCE, Answer.FAULT),
        ("en-US", SENTENCE, Answer.FAULT),
        ("n'importe quoi", SENTENCE, Answer.FAULT),
        ("fr-FR", ENGLISH, Answer.REVIEW),
        ("fr-FR", SENTENCE, None),
        ("en-GB", ENGLISH, None),
        ("en-US", "Trop court pour en juger.", None),
    ],
)
def test_the_language_is_said_and_is_the_one_of_the_text(language: str, text: str, answer: Answer | None) -> None:
    found = of(docx(paragraph(text), language=language), "doc.lang")
    assert [one.answer for one in found] == ([answer] if answer else [])


@pytest.mark.parametrize(
    ("title", "fault"),
    [
        ("", True),
        ("fiche_eleve_v2", True),
        ("fiche-eleve-v2", True),
        ("Microsoft Word - Fiche", True),
        ("Document1", True),
        ("Sans nom 1", True),
        ("Fiche élève.docx", True),
        ("Présentation PowerPoint", True),
        ("Lire une carte", False),
        ("Cartographie", False),
        ("Peut-être", False),
        ("Document d'accompagnement", False),
    ],
)
def test_a_title_says_what_the_document_is(title: str, fault: bool) -> None:
    assert bool(of(docx(STARTED, core=properties(title)), "doc.title")) is fault


@pytest.mark.parametrize(
    ("author", "body", "fault"),
    [
        ("Camille Exemple", STARTED, True),
        ("Camille Exemple", STARTED + paragraph("Fiche de Camille EXEMPLE"), False),
        ("Rectorat de Lyon", STARTED, False),
        ("Utilisateur Windows", STARTED, False),
        ("camille.exemple@academie.invalid", STARTED, True),
    ],
)
def test_a_name_is_hidden_when_the_text_does_not_say_it(author: str, body: str, fault: bool) -> None:
    found = of(docx(body, core=properties(author=author)), "doc.author")
    assert [said(one) for one in found] == ([f"auteur : {author}"] if fault else [])


def test_a_path_names_who_is_signed_in() -> None:
    target = "file:///C:\\Users\\cexemple\\Modeles\\fiche.dotx"
    parts = {"word/_rels/settings.xml.rels": relations({"m": ("attachedTemplate", target)})}
    (found,) = docx(STARTED, parts=parts)
    assert found.code == "doc.author" and "« cexemple » (modèle joint)" in found.message


def test_corrections_and_remarks_that_stayed_are_quoted() -> None:
    kept = '<w:del w:id="1" w:author="Camille Exemple"><w:r><w:delText>Le nom de la famille</w:delText></w:r></w:del>'
    parts = {"word/comments.xml": comments("À revoir avec la direction", "Camille Exemple")}
    found = docx(STARTED + paragraph("Mot", more=kept), parts=parts)
    assert [(one.code, said(one)) for one in found] == [
        ("doc.tracked", "Le nom de la famille"),
        ("doc.tracked", "À revoir avec la direction"),
    ]
    assert "« Camille Exemple »" in found[0].message


def test_a_photograph_within_tells_its_place_roughly() -> None:
    image = jpeg(exif(north=(48, 23, 24), artist=b"Camille Exemple\0"))
    found = docx(STARTED + drawing("La rade"), parts={"word/media/image1.jpg": image})
    assert [(one.code, one.answer) for one in found] == [("doc.gps", Answer.FAULT), ("doc.author", Answer.REVIEW)]
    assert "48,4° N ; 48,4° E" in found[0].message and "23" not in found[0].message


def test_a_document_with_many_faults_shows_the_first_and_counts_the_others() -> None:
    images = "".join(drawing().replace("Image 1", f"Image {number}") for number in range(30))
    found = of(docx(STARTED + images), "doc.alt")
    assert len(found) == 21 and found[-1].message.startswith("Et 10 autres")


def test_each_finding_has_a_key_of_its_own_from_one_document_to_another() -> None:
    keys = [one.key for name in ("a.docx", "b.docx") for one in read(name, word(STARTED + drawing(), language=""))]
    assert len(set(keys)) == len(keys) == 4


# Presentations.


def pptx(*trees: str, **more: object) -> list[Finding]:
    return read("cours.pptx", slides(*trees, **more))  # type: ignore[arg-type]


def test_a_sound_presentation_has_nothing_to_say() -> None:
    assert pptx(title_shape("La carte") + picture_shape("La rade de Brest"), title_shape("L'échelle")) == []


@pytest.mark.parametrize(
    ("tree", "code", "element"),
    [
        (text_shape("Un mot"), "doc.structure", "diapositive 2 : Un mot"),
        (title_shape(""), "doc.structure", "diapositive 2"),
        (title_shape("T") + picture_shape(), "doc.alt", "diapositive 2 « Image 3 » image1.png"),
        (
            title_shape("T") + text_shape("Pâle", run='<a:solidFill><a:srgbClr val="AAAAAA"/></a:solidFill>'),
            "doc.contrast",
            "Pâle",
        ),
        (
            title_shape("T")
            + "<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr/><a:tr><a:tc><a:p><a:r><a:t>Ville</a:t></a:r>"
            "</a:p></a:tc></a:tr><a:tr><a:tc/></a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>",
            "doc.table",
            "diapositive 2, tableau 1 : Ville",
        ),
    ],
)
def test_a_fault_names_its_slide(tree: str, code: str, element: str) -> None:
    found = pptx(title_shape("La carte"), tree)
    assert [(one.code, one.answer, said(one)) for one in found] == [(code, Answer.FAULT, element)]
    assert found[0].where.startswith("cours.pptx, diapositive 2")


def test_a_colour_of_the_theme_is_measured_on_the_fill_of_its_shape() -> None:
    clear = '<a:schemeClr val="accent1"><a:lumMod val="40000"/><a:lumOff val="60000"/></a:schemeClr>'
    run = f"<a:solidFill>{clear}</a:solidFill>"
    on_white = pptx(title_shape("T") + text_shape("Clair", run=run))
    assert "#b9cde5 sur fond #ffffff" in on_white[0].message
    dark = '<a:solidFill><a:schemeClr val="tx1"/></a:solidFill>'
    assert pptx(title_shape("T") + text_shape("Clair", run=run, fill=dark)) == []


PALE = '<a:solidFill><a:srgbClr val="AAAAAA"/></a:solidFill>'


@pytest.mark.parametrize(
    ("ground", "faults"),
    [
        ("", 1),
        ('<a:off x="0" y="0"/><a:ext cx="5000" cy="5000"/>', 0),  # the words are on it: dark, they show
        ('<a:off x="0" y="0"/><a:ext cx="500" cy="5000"/>', 0),  # half on it: not known
        ('<a:off x="7000" y="0"/><a:ext cx="500" cy="5000"/>', 1),  # beside it
    ],
)
def test_words_are_measured_on_the_last_shape_under_them(ground: str, faults: int) -> None:
    dark = '<a:solidFill><a:schemeClr val="tx1"/></a:solidFill>'
    shape = (
        f"<p:sp><p:nvSpPr><p:cNvPr id='8' name='F'/></p:nvSpPr><p:spPr><a:xfrm>{ground}</a:xfrm>{dark}</p:spPr></p:sp>"
    )
    found = pptx(title_shape("T") + (shape if ground else "") + text_shape("Pâle", run=PALE))
    assert [one.code for one in found] == ["doc.contrast"] * faults


def test_a_fill_that_the_style_of_a_shape_gives_is_read() -> None:
    style = '<p:style><a:fillRef idx="{}"><a:schemeClr val="tx1"/></a:fillRef></p:style><p:txBody>'
    words = text_shape("Pâle", run=PALE)
    assert pptx(title_shape("T") + words.replace("<p:txBody>", style.format(1))) == []
    assert len(pptx(title_shape("T") + words.replace("<p:txBody>", style.format(0)))) == 1


@pytest.mark.parametrize("mark", ['firstRow="1"', 'firstCol="1"'])
def test_a_table_of_a_slide_may_have_a_column_of_headings(mark: str) -> None:
    rows = "<a:tr><a:tc/><a:tc/></a:tr>" * 2
    made = (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr {mark}/>{rows}</a:tbl></a:graphicData></a:graphic>"
    )
    assert pptx(title_shape("T") + made + "</p:graphicFrame>") == []


def test_words_over_a_picture_are_not_measured() -> None:
    under = picture_shape("Décor").replace('y="5000"', 'y="0"')
    pale = text_shape("Pâle", run='<a:solidFill><a:srgbClr val="AAAAAA"/></a:solidFill>')
    assert pptx(title_shape("T") + under + pale) == []


def test_a_group_with_an_alternative_stands_for_what_it_holds() -> None:
    group = (
        '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="9" name="Groupe" descr="{}"/></p:nvGrpSpPr>'
        + picture_shape()
        + "</p:grpSp>"
    )
    assert pptx(title_shape("T") + group.format("Trois cartes côte à côte")) == []
    assert [one.code for one in pptx(title_shape("T") + group.format(""))] == ["doc.alt"]


def test_hidden_slides_and_remarks_are_told() -> None:
    parts = {"ppt/comments/comment1.xml": comment_of_slide("Photo à remplacer")}
    found = pptx(title_shape("Une"), title_shape("Deux"), hidden=(2,), parts=parts)
    assert [(one.answer, said(one)) for one in of(found, "doc.tracked")] == [
        (Answer.FAULT, "Photo à remplacer"),
        (Answer.REVIEW, "diapositive 2, masquée : Deux"),
    ]


def test_the_language_of_a_presentation_is_that_of_its_words() -> None:
    (found,) = pptx(title_shape("La carte") + text_shape(SENTENCE, lang="en-US") + text_shape(SENTENCE, lang="en-US"))
    assert found.code == "doc.lang" and "anglais" in found.message
