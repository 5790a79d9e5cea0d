"""A workbook given back with its problems in it: everything else survives, and it is read the same."""

import io
import re
import warnings
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook
from openpyxl.worksheet.table import Table
from sheet_makers import (
    GOOD,
    LAYOUT,
    SHEET_PART,
    TITLES,
    inline,
    line,
    ods,
    ods_cell,
    ods_row,
    part,
    rezip,
    with_sheet_data,
    xlsx,
)

from traam.engines.sheets import BadFile, Bounds, Column, Form, Layout, Problem, form_of, mark, read, write
from traam.engines.sheets.plan import BEFORE, FILL

AUTHOR = "Plateforme TraAM"
BAD = [line(academy="Lylle", school="0590119A"), line(), line(email=None, start="30/02/2026")]
REFS = ["A2", "C2", "D4", "F4"]


def furnish(book: Any, page: Any) -> None:
    """What people put around their rows."""
    white = book.add_format({"bg_color": "#000091", "font_color": "white"})
    page.write("A2", "Lylle", white)
    page.write_formula("G3", "=2+2", None, 4)
    page.write_comment("A2", "Lille ?\nou Lyon", {"author": "Une collègue"})
    page.write_comment("H3", "À garder", {"author": "Une collègue"})
    page.set_column("B:B", 44)
    page.data_validation("A2:A9", {"validate": "list", "source": ["Lille", "Lyon"]})
    page.autofilter("A1:H4")
    page.print_area("A1:H4")
    page.conditional_format("G2:G9", {"type": "data_bar", "data_bar_2010": True})
    other = book.add_worksheet("Brouillon")
    other.write("A1", "à moi")
    other.print_area("A1:B2")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Candidatures!$G$2:$G$3"})
    other.insert_chart("C3", chart)
    book.define_name("Brouillon!local", "=Brouillon!$A$1")


def furnished() -> bytes:
    return xlsx(TITLES, *BAD, then=furnish)


def opened(data: bytes) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it would lose, were it to save
        return load_workbook(io.BytesIO(data))


def marked(data: bytes, title: str = "") -> bytes:
    return mark(data, LAYOUT, read(data, LAYOUT).problems, title=title)


def coloured(data: bytes, sheet: str = "Candidatures") -> list[str]:
    return [c.coordinate for row in opened(data)[sheet] for c in row if c.fill.fgColor.rgb == f"FF{FILL}"]


def comments(data: bytes, sheet: str = "Candidatures") -> dict[str, tuple[str, str]]:
    cells = (c for row in opened(data)[sheet] for c in row if c.comment)
    return {c.coordinate: (c.comment.author, c.comment.text) for c in cells if c.comment}


def by_another_program() -> bytes:
    """Absolute paths, other names of parts, comments and a table."""
    book = Workbook()
    page = book.active
    assert page is not None and hasattr(page, "append")
    page.title = "Candidatures"
    for row in (TITLES, *BAD):
        page.append(list(row))
    page["B2"].comment = Comment("Joli titre", "Une collègue")
    page.add_table(Table(displayName="Lignes", ref="A1:H4"))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


MADE = {
    "another program": by_another_program(),
    "furnished": furnished(),
    "one style": xlsx(TITLES, *BAD),
    "ours": write(LAYOUT, [{**GOOD, "school": "x", "phone": "1"}], title="Appel"),
    "ours, open document": write(LAYOUT, [{**GOOD, "school": "x", "phone": "1"}], title="Appel", form="ods"),
    "open document": ods(ods_row(*TITLES), ods_row(*line(email="x"), extra='table:number-rows-repeated="3"')),
    "delimited": write(LAYOUT, [{**GOOD, "school": "x", "phone": "1"}], title="Appel", form="csv"),
    "no problem": xlsx(TITLES, line()),
    "bare references": with_sheet_data(
        "<row>" + "".join(inline("", t).replace(' r=""', "") for t in TITLES) + "</row>"
        "<row/><row>" + inline("", "Lylle").replace(' r=""', "") + "</row>"
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_what_is_given_back_is_read_the_same_and_marked_again_without_piling_up(name: str) -> None:
    reading = read(MADE[name], LAYOUT)
    once = marked(MADE[name])
    assert read(once, LAYOUT) == reading
    assert form_of(once) == ("ods" if "open" in name else "xlsx")
    twice = marked(once)
    assert marked(twice) == twice and read(twice, LAYOUT) == reading


def test_cells_at_fault_are_coloured_and_explained_in_words() -> None:
    data = marked(furnished())
    assert coloured(data) == REFS
    told = comments(data)
    assert {ref: told[ref][0] for ref in REFS} == dict.fromkeys(REFS, AUTHOR)
    assert told["D4"][1] == "À corriger : « Courriel du référent » est à remplir : c'est obligatoire"
    assert opened(data)["Candidatures"]["A2"].font.color.rgb == "FF161616"  # it was white on blue


def test_the_list_comes_first_and_leads_to_each_cell() -> None:
    book = opened(marked(furnished(), title="Candidatures de Lyon"))
    assert book.sheetnames == ["À corriger", "Candidatures", "Brouillon"]
    assert book.active is book["À corriger"]
    assert [page.title for page in book if page.sheet_view.tabSelected] == ["À corriger"]
    rows = list(book["À corriger"])
    assert rows[0][0].value == "Candidatures de Lyon : 4 points à corriger"
    start = next(n for n, row in enumerate(rows) if row[0].value == "Cellule")
    assert [cell.value for cell in rows[start]] == ["Cellule", "Colonne", "Ce qui ne va pas", "Que faire"]
    assert [cell.value for cell in rows[start + 1]] == [
        "A2",
        "Académie",
        "« Lylle » n'est pas dans la liste",
        "Vouliez-vous dire « Lille » ?",
    ]
    links = [row[0].hyperlink for row in rows[start + 1 :]]
    assert [link and link.location for link in links] == [f"'Candidatures'!{ref}" for ref in REFS]
    assert rows[start + 3][3].value == "Attendu : Adresse électronique, une seule."


def test_what_people_put_around_their_rows_survives() -> None:
    before, data = furnished(), marked(furnished())
    book = opened(data)
    page = book["Candidatures"]
    assert page.column_dimensions["B"].width == pytest.approx(44, abs=1)
    assert [str(rule.sqref) for rule in page.data_validations.dataValidation] == ["A2:A9"]
    assert (page["G3"].value, page.auto_filter.ref) == ("=2+2", "A1:H4")
    assert b"<f>2+2</f><v>4</v>" in part(data, SHEET_PART)
    assert b"x14:dataBar" in part(data, SHEET_PART)
    assert comments(data)["H3"] == ("Une collègue", "À garder")
    assert (page.print_area, book["Brouillon"].print_area) == ("'Candidatures'!$A$1:$H$4", "'Brouillon'!$A$1:$B$2")
    assert list(book["Brouillon"].defined_names) == ["local"]
    same = ["xl/charts/chart1.xml", "xl/drawings/drawing1.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet2.xml"]
    assert [part(data, name) for name in same] == [part(before, name) for name in same]


def test_a_comment_that_was_there_is_kept_inside_ours_and_given_back() -> None:
    data = marked(furnished())
    assert comments(data)["A2"][1].endswith(f"{BEFORE}Lille ?\nou Lyon")
    clean = mark(data, LAYOUT, [])
    assert {ref: text for ref, (_, text) in comments(clean).items()} == {"A2": "Lille ?\nou Lyon", "H3": "À garder"}
    assert coloured(clean) == []


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_mended_workbook_reads_clean_and_sheds_its_marks(form: Form) -> None:
    data = marked(write(LAYOUT, [{**GOOD, "school": "faux"}], title="Appel", form=form))
    name = "xl/sharedStrings.xml" if form == "xlsx" else "content.xml"
    content = part(data, name).decode().replace(">faux<", ">0590119J<")
    mended = rezip(data, {name: content.encode()})
    reading = read(mended, LAYOUT)
    assert (reading.problems, reading.warnings) == ((), ()) and reading.rows[0].values == GOOD
    clean = mark(mended, LAYOUT, [])
    if form == "xlsx":
        assert coloured(clean) == [] and AUTHOR not in {author for author, _ in comments(clean).values()}
    else:
        assert b"office:annotation" not in part(clean, "content.xml")


def test_marks_of_an_open_document() -> None:
    data = marked(MADE["open document"], title="Lyon")
    content = part(data, "content.xml").decode()
    assert re.findall(r'<table:table [^>]*table:name="([^"]+)"', content) == ["À corriger", "Candidatures"]
    assert content.count("<dc:creator>Plateforme TraAM</dc:creator>") == 3
    assert content.count("""xlink:href="#'Candidatures'.D3\"""") == 1
    (style,) = {*re.findall(r'table:style-name="(traam\d+)"', content)}
    assert re.search(rf'style:name="{style}".*?fo:background-color="#ffd8cc"', content)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.infolist()[0].filename == "mimetype"


def test_the_shown_sheet_of_an_open_document_is_the_list() -> None:
    names = 'xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0"'
    item = '<config:config-item config:name="ActiveTable" config:type="string">Candidatures</config:config-item>'
    parts = {"settings.xml": f"<office-settings {names}>{item}</office-settings>".encode()}
    data = ods(ods_row(*TITLES), ods_row(*line(email="x")), parts=parts)
    assert ">À corriger<" in part(marked(data), "settings.xml").decode()


def test_styles_and_notes_of_an_open_document_are_kept() -> None:
    note = "<office:annotation><text:p>à voir</text:p></office:annotation>"
    cell = ods_cell("x", 'table:style-name="mine"').replace("<text:p>", f"{note}<text:p>")
    data = ods(ods_row(*TITLES), ods_row(*line()[:3], cell, *line()[4:]))
    once = part(marked(data), "content.xml").decode()
    assert 'style:parent-style-name="mine"' in once and "Commentaire qui était là" in once
    clean = part(mark(marked(data), LAYOUT, []), "content.xml").decode()
    assert "<text:p>à voir</text:p></office:annotation>" in clean and "Commentaire qui" not in clean


def test_a_workbook_of_another_program_keeps_its_table_and_comments() -> None:
    data = marked(MADE["another program"])
    page = opened(data)["Candidatures"]
    assert coloured(data) == REFS and list(page.tables) == ["Lignes"]
    assert comments(data)["B2"] == ("Une collègue", "Joli titre") and set(comments(data)) == {*REFS, "B2"}


def test_problems_without_a_cell_are_only_in_the_list() -> None:
    problems = [Problem("Candidatures", "une colonne manque : remettez-la"), Problem("", "rien ne va")]
    data = mark(xlsx(TITLES, line()), LAYOUT, problems)
    assert coloured(data) == [] and comments(data) == {}
    told = [[cell.value for cell in row] for row in opened(data)["À corriger"]][-2:]
    assert told == [
        ["Toute la feuille", "", "Une colonne manque", "Remettez-la"],
        ["Tout le fichier", "", "Rien ne va", "Corrigez, puis déposez de nouveau le fichier."],
    ]


def test_a_cell_with_two_problems_and_a_cell_that_is_not_there() -> None:
    problems = [
        Problem("Candidatures!B2", "un"),
        Problem("Candidatures!B2", "deux"),
        Problem("Candidatures!K40", "loin"),
    ]
    data = mark(xlsx(TITLES, line()), LAYOUT, problems)
    assert {ref: text for ref, (_, text) in comments(data).items()} == {
        "B2": "À corriger : un\ndeux",
        "K40": "À corriger : loin",
    }
    assert coloured(data) == ["B2", "K40"]


def test_a_column_explained_by_a_mapping_has_its_title_in_the_list() -> None:
    titles = ["Sujet" if title == "Intitulé du projet" else title for title in TITLES]
    data = xlsx(titles, line(project="é" * 50))
    mapping = {"sujet": "project"}
    again = mark(data, LAYOUT, read(data, LAYOUT, mapping=mapping).problems, mapping=mapping)
    assert [cell.value for cell in list(opened(again)["À corriger"])[-1]][1] == "Intitulé du projet"


def test_a_workbook_that_cannot_be_edited_gives_a_new_one_that_says_so() -> None:
    data = xlsx(TITLES, *BAD)
    styles = part(data, "xl/styles.xml").replace(b"cellXfs", b"cellXxx")
    broken = rezip(data, {"xl/styles.xml": styles})
    reading = read(broken, LAYOUT)
    again = marked(broken)
    assert read(again, LAYOUT) == reading and len(reading.problems) == 4
    assert opened(again)["À corriger"]["A2"].value.startswith("Ce classeur est nouveau")
    assert coloured(again) == REFS


def test_a_new_workbook_has_a_sheet_that_excel_can_name() -> None:
    data = ods(ods_row(*TITLES), ods_row(*line(email="x")), sheet="Lyon [2026] : suite et fin des candidatures")
    broken = rezip(data, {"settings.xml": b"<settings"})
    again = mark(broken, LAYOUT, read(broken, LAYOUT).problems)
    assert opened(again).sheetnames == ["À corriger", "Lyon -2026- - suite et fin des "]
    assert coloured(again, "Lyon -2026- - suite et fin des ") == ["D2"]


def test_a_new_workbook_counts_its_days_as_the_old_one() -> None:
    data = xlsx(TITLES, line(start=46266 - 1462, email="x"))
    book = part(data, "xl/workbook.xml").replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
    broken = rezip(data, {"xl/workbook.xml": book, "xl/styles.xml": b"<styleSheet/>"})
    assert read(marked(broken), LAYOUT).rows == read(broken, LAYOUT).rows


def test_a_file_whose_rows_cannot_be_reached_is_refused_with_its_sentence() -> None:
    data = xlsx(TITLES, line())
    with pytest.raises(BadFile) as refused:
        mark(data[:400], LAYOUT, [])
    assert refused.value.sentence.startswith("le fichier est incomplet")
    with pytest.raises(BadFile) as refused:
        mark(
            data,
            LAYOUT,
            [],
            bounds=Bounds(patience=0.001),
        )
    assert "trop de mémoire ou de temps" in refused.value.sentence


def test_thousands_of_problems_are_counted_and_the_first_are_shown() -> None:
    data = xlsx(TITLES, *([line(email="x")] * 2_100))
    page = opened(marked(data))["À corriger"]
    assert page["A1"].value == "2\u202f100 points à corriger"
    assert page["A4"].value == "Seules les 2\u202f000 premières corrections sont listées : il y en a 100 autres."


def test_the_format_of_a_file_is_known() -> None:
    forms: tuple[Form, ...] = ("xlsx", "ods", "csv")
    assert [form_of(write(LAYOUT, [GOOD], title="x", form=form)) for form in forms] == list(forms)


@pytest.mark.parametrize("name", ["furnished", "ours", "bare references"])
def test_one_sheet_only_is_shown(name: str) -> None:
    """With two sheets selected, what is typed in one is typed in both."""
    book = opened(marked(MADE[name]))
    assert [page.title for page in book if page.sheet_view.tabSelected] == ["À corriger"]


def test_the_list_is_never_taken_for_the_rows() -> None:
    layout = Layout("essai", "Essai", (Column("cell", "Cellule"), Column("mail", "Colonne", "email")))
    data = xlsx(("Cellule", "Colonne"), ("a", "b"), sheet="Feuille 1")
    reading = read(data, layout)
    assert [problem.ref for problem in reading.problems] == ["Feuille 1!B2"]
    assert read(mark(data, layout, reading.problems), layout) == reading
