"""The workbook that people fill: what a spreadsheet will show and check."""

import re
from datetime import date

import pytest
from sheet_makers import COLUMNS, GOOD, LAYOUT, part

from traam.engines.sheets import Column, Layout, read, write

HOSTILE = (
    "=1+1",
    "+33",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://x")',
    "http://x.fr",
    "_x0041_",
    "<a>&b",
)


def made(*rows: dict[str, object], layout: Layout = LAYOUT) -> bytes:
    return write(layout, rows, title="Appel à candidatures", notice=["Rendez ce classeur avant le 15 mai."])


def test_what_is_written_is_read_and_written_again_the_same() -> None:
    rows = [GOOD, {**GOOD, "start": None, "size": None, "axes": (), "school": "", "phone": ""}]
    data = made(*rows)
    reading = read(data, LAYOUT)
    assert (reading.problems, reading.warnings) == ((), ())
    assert [row.values for row in reading.rows] == rows
    assert [row.number for row in reading.rows] == [2, 3]
    assert reading.rows[0].cells["email"] == "D2"
    assert made(*(row.values for row in reading.rows)) == data


def test_an_empty_model_is_read_as_no_row() -> None:
    reading = read(made(), LAYOUT)
    assert reading.ok and reading.rows == () and reading.warnings == ()


def test_no_text_becomes_a_formula_or_a_link() -> None:
    layout = Layout("n", "Notes", (Column("note", "Note"), Column("other", "Autre")))
    rows: list[dict[str, object]] = [{"note": text, "other": "x"} for text in HOSTILE]
    data = made(*rows, layout=layout)
    sheet = part(data, "xl/worksheets/sheet2.xml")
    assert b"<f>" not in sheet and b"hyperlink" not in sheet
    assert b"quotePrefix" in part(data, "xl/styles.xml")
    assert [row.values["note"] for row in read(data, layout).rows] == [text.strip() for text in HOSTILE]


def test_the_sheet_helps_while_people_type() -> None:
    data = made()
    sheet = part(data, "xl/worksheets/sheet2.xml").decode()
    book = part(data, "xl/workbook.xml").decode()
    assert re.findall(r'<sheet name="([^"]+)"', book) == ["Mode d'emploi", "Candidatures", "Listes"]
    assert 'name="Listes" sheetId="3" state="hidden"' in book
    assert ">Listes!$A$2:$A$5</definedName>" in book
    assert 'type="list"' in sheet and "<formula1>liste_academy</formula1>" in sheet
    assert 'type="date"' in sheet and 'type="whole"' in sheet and 'type="textLength"' in sheet
    assert 'state="frozen"' in sheet
    assert b"Obligatoire." in part(data, "xl/comments1.xml")


def test_several_choices_stay_possible() -> None:
    sheet = part(made(), "xl/worksheets/sheet2.xml").decode()
    (rule,) = re.findall(r"<dataValidation [^>]*>(?=<formula1>liste_axes)", sheet)
    assert "showErrorMessage" not in rule


def test_the_instructions_tell_every_column() -> None:
    told = part(made(), "xl/sharedStrings.xml").decode()
    for text in ("Appel à candidatures", "Une ligne par projet.", "Rendez ce classeur avant le 15 mai."):
        assert text in told
    for column in COLUMNS:
        assert column.title in told


def test_a_text_too_long_for_a_cell_is_not_lost_in_silence() -> None:
    with pytest.raises(ValueError, match="row 1, 'project'"):
        made({"project": "a" * 32_768})


def test_a_date_before_spreadsheets_is_kept() -> None:
    assert read(made({**GOOD, "start": date(1880, 1, 2)}), LAYOUT).rows[0].values["start"] == date(1880, 1, 2)


@pytest.mark.parametrize("sheet", ["", "Listes", "Mode d'emploi", "a/b", "a" * 32])
def test_a_sheet_name_that_cannot_be_is_refused(sheet: str) -> None:
    with pytest.raises(ValueError, match="sheet|name"):
        Layout("n", sheet, COLUMNS)
