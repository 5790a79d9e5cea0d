"""The three formats say the same thing: what is written is read, and written again the same."""

import codecs
import io
import re
import zipfile
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheet_makers import COLUMNS, GOOD, LAYOUT, TITLES, line, ods, ods_cell, ods_row, part

from traam.engines.sheets import Column, Form, Layout, read, write

FORMS: tuple[Form, ...] = get_args(Form)
NOTES = Layout(
    "notes",
    "Notes",
    (
        Column("note", "Note"),
        Column("day", "Jour", "date"),
        Column("count", "Nombre", "integer"),
        Column("axes", "Axes", "choices", choices=("Lire, écrire", "= Dire", "Faire")),
        Column("other", "Autre"),
    ),
)
HOSTILE = [
    "=1+1",
    "+33",
    "-2",
    "@x",
    "\t=1",
    "'=1",
    "''=1",
    "'",
    "'a",
    'un "guillemet"',
    '"',
    "a;b,c\td",
    "a\nb\n\n c",
    "a\r\nb",
    "  deux  espaces  ",
    "\u00a0insécable\u00a0",
    "x" * 1001,
    "👩🏽\u200d🏫 é e\u0301",
    "_x0041_",
    "<a>&amp;",
    "\u0301",
    "\x85",
    "0123",
    "12,50",
    "VRAI",
    "2026-01-02",
    "",
]
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30), st.lists(st.sampled_from(HOSTILE)).map(" ".join))
ROWS = st.fixed_dictionaries(
    {
        "note": TEXTS,
        "day": st.none() | st.dates(date(1000, 1, 1)),
        "count": st.none() | st.integers(-(10**14), 10**14),
        "axes": st.lists(st.sampled_from(NOTES.columns[3].choices), unique=True).map(tuple),
        "other": TEXTS,
    }
)


def made(*rows: dict[str, Any], form: Form, layout: Layout = NOTES) -> bytes:
    return write(layout, rows, title="Essai", notice=["Rendez ce fichier."], form=form)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_is_read_and_written_again_the_same(form: Form) -> None:
    rows = [GOOD, {**GOOD, "start": None, "size": None, "axes": (), "school": "", "phone": ""}]
    data = made(*rows, form=form, layout=LAYOUT)
    reading = read(data, LAYOUT)
    assert (reading.problems, reading.warnings) == ((), ())
    assert [row.values for row in reading.rows] == rows
    assert [row.number for row in reading.rows] == [2, 3]
    assert reading.rows[0].cells["email"] == "D2"
    assert made(*(row.values for row in reading.rows), form=form, layout=LAYOUT) == data


@pytest.mark.parametrize("form", FORMS)
def test_hostile_texts_come_back_as_they_are(form: Form) -> None:
    rows = [{"note": text, "other": "x"} for text in HOSTILE]
    reading = read(made(*rows, form=form), NOTES)
    assert reading.ok
    expected = ["a\nb" if text == "a\r\nb" else text.replace("e\u0301", "é").strip() for text in HOSTILE]
    assert [row.values["note"] for row in reading.rows] == expected


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(rows=st.lists(ROWS, max_size=12))
def test_export_import_export_is_a_fixed_point(form: Form, rows: list[dict[str, Any]]) -> None:
    data = made(*rows, form=form)
    reading = read(data, NOTES)
    assert (reading.problems, reading.warnings) == ((), ())
    assert made(*(row.values for row in reading.rows), form=form) == data
    if form == "csv":
        from_sheet = read(made(*rows, form="ods"), NOTES)
        assert [row.values for row in from_sheet.rows] == [row.values for row in reading.rows]


@pytest.mark.parametrize("form", FORMS)
def test_a_row_that_holds_nothing_is_not_written(form: Form) -> None:
    reading = read(made({"note": "a"}, {"note": " \u200b"}, {"note": "b"}, form=form), NOTES)
    assert [row.number for row in reading.rows] == [2, 3]


@pytest.mark.parametrize("form", FORMS)
def test_a_text_too_long_for_a_cell_is_not_lost_in_silence(form: Form) -> None:
    with pytest.raises(ValueError, match="row 2, 'note'"):
        made({"note": "a"}, {"note": "a" * 32_768}, form=form)


def test_a_delimited_text_is_made_for_excel_and_no_cell_is_a_formula() -> None:
    data = made({"note": "=1+1", "count": -5, "other": 'a "b"\nc'}, {"note": "'+1"}, form="csv")
    assert data.startswith(codecs.BOM_UTF8)
    assert data[3:].decode() == ('Note;Jour;Nombre;Axes;Autre\r\n\'=1+1;;-5;;"a ""b""\nc"\r\n\'\'+1;;;;\r\n')


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimited_texts_of_others_are_read(separator: str, encoding: str) -> None:
    cells = [f'"{cell}"' for cell in line()]
    text = "Appel 2026\n\n" + separator.join(TITLES) + "\n" + separator.join(cells) + "\n\n"
    reading = read(text.encode(encoding), LAYOUT, filename="liste.csv")
    assert (reading.problems, reading.warnings) == ((), ())
    assert [row.values for row in reading.rows] == [GOOD]
    assert reading.rows[0].cells["academy"] == "A4"


def test_a_delimited_text_is_known_by_what_it_holds() -> None:
    assert read(made({"note": "a"}, form="csv"), NOTES, filename="liste.xlsx").ok


def test_problems_of_a_delimited_text_have_their_cell() -> None:
    reading = read(made({**GOOD, "school": "x"}, form="csv", layout=LAYOUT), LAYOUT)
    assert [problem.ref for problem in reading.problems] == ["Candidatures!C2"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'Note;Autre\na;"b', "un guillemet s'ouvre ou se ferme au mauvais endroit, à la ligne 2"),
        (b'Note;Autre\na;"b"c\n', "un guillemet s'ouvre ou se ferme au mauvais endroit, à la ligne 2"),
        (b"Note;Autre\n\x81\x8d", "les lettres du fichier ne se lisent pas"),
        (b"une lettre\nsans colonne", "la ligne des titres est introuvable"),
        (b"Note;Autre\n" + b"a;b\n" * 40, "la feuille compte 41 lignes remplies pour 20 au plus"),
        (b"Note;Autre\n" + b";" * 300 + b"a", "une valeur se trouve loin à droite"),
    ],
)  # fmt: skip
def test_a_delimited_text_that_cannot_be_read_gets_a_sentence(data: bytes, said: str) -> None:
    (problem,) = read(data, NOTES, max_rows=20).problems
    assert said in problem.sentence


def test_the_open_document_has_the_sheets_and_checks_of_the_workbook() -> None:
    data = made(GOOD, form="ods", layout=LAYOUT)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    content = part(data, "content.xml").decode()
    assert re.findall(r'<table:table table:name="([^"]+)"', content) == ["Mode d'emploi", "Candidatures", "Listes"]
    assert content.count("<table:content-validation ") == len([c for c in COLUMNS if c.choices or c.max_length]) + 2
    assert 'office:date-value="2026-09-01"' in content and 'office:value="4"' in content
    assert "cell-content-is-in-list([$Listes.$A$2:.$A$5])" in content


def test_tabs_and_line_breaks_of_an_open_document_are_kept() -> None:
    text = "<text:p>a<text:tab/>b<text:line-break></text:line-break>c</text:p>"
    broken = f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
    data = ods(ods_row(*TITLES), ods_row(ods_cell("Lille"), broken, *line()[2:]))
    assert read(data, LAYOUT).rows[0].values["project"] == "a\tb\nc"
