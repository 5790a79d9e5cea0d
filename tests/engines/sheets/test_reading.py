"""A workbook filled by people: its rows, and every problem with its cell."""

from datetime import date

import pytest
from sheet_makers import (
    COLUMNS,
    GOOD,
    LAYOUT,
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

from traam.engines.sheets import Problem, Reading, check, read


def said(reading: Reading) -> list[str]:
    return [str(problem) for problem in reading.problems]


def without(key: str, titles: bool = False) -> list[object]:
    given = TITLES if titles else line()
    return [cell for column, cell in zip(COLUMNS, given, strict=True) if column.key != key]


def test_rows_are_typed_and_located() -> None:
    reading = read(xlsx(TITLES, line(), line(academy="LYON", start=date(2026, 9, 1))), LAYOUT)
    assert (reading.problems, reading.warnings) == ((), ())
    assert [row.values for row in reading.rows] == [GOOD, {**GOOD, "academy": "Lyon"}]
    assert reading.rows[1].cells["axes"] == "H3"


def test_an_open_document_gives_the_same_rows() -> None:
    data = ods(ods_row(*TITLES), ods_row(*line()), ods_row(), ods_row(*line(start=date(2026, 9, 1))))
    reading = read(data, LAYOUT, filename="candidatures.ods")
    assert (reading.problems, reading.warnings) == ((), ())
    assert [row.values for row in reading.rows] == [GOOD, GOOD]
    assert [row.number for row in reading.rows] == [2, 4]


def test_repeated_rows_of_an_open_document_are_rows() -> None:
    data = ods(ods_row(*TITLES), ods_row(*line(email="x"), extra='table:number-rows-repeated="3"'))
    assert [problem.ref for problem in read(data, LAYOUT).problems] == [
        "Candidatures!D2",
        "Candidatures!D3",
        "Candidatures!D4",
    ]


def test_every_problem_is_told_at_its_cell_and_none_hides_another() -> None:
    rows = [
        line(academy="Lylle", school="0590119A"),
        line(),
        line(email=None, start="30/02/2026", size="12,5"),
    ]
    reading = read(xlsx(TITLES, *rows), LAYOUT)
    assert said(reading) == [
        "Candidatures!A2 : « Lylle » n'est pas dans la liste ; vouliez-vous dire « Lille » ?",
        "Candidatures!C2 : 0590119A : la lettre de contrôle est fausse ; vérifiez le numéro "
        "(la lettre attendue pour 0590119 est J)",
        "Candidatures!D4 : « Courriel du référent » est à remplir : c'est obligatoire",
        "Candidatures!F4 : le 30/02/2026 n'existe pas dans le calendrier : corrigez la date",
        "Candidatures!G4 : « 12,5 » n'est pas un nombre entier : écrivez-le en chiffres, par exemple 12",
    ]
    assert len(reading.rows) == 3 and reading.rows[0].values["academy"] == ""


def test_a_form_and_a_file_say_the_same_sentences() -> None:
    bad = line(academy="Lylle", project="é" * 50, school="1", email="x", phone="2", start="hier", size=99, axes="?")
    keys = [column.key for column in COLUMNS]
    _, from_form = check(COLUMNS, dict(zip(keys, bad, strict=True)))
    from_file = read(xlsx(TITLES, bad), LAYOUT)
    assert [s for key in keys for s in from_form[key]] == [problem.sentence for problem in from_file.problems]
    assert set(from_form) == set(keys)


def test_columns_may_be_reordered_retitled_and_moved_down() -> None:
    titles = [title.upper().replace("É", "E") + " *" for title in TITLES[::-1]]
    titles[-2] = "titre"
    reading = read(xlsx(["Appel 2026"], [], [None, *titles], [None, *line()[::-1]]), LAYOUT)
    assert (reading.problems, reading.warnings) == ((), ())
    assert reading.rows[0].values == GOOD
    assert reading.rows[0].number == 4 and reading.rows[0].cells["academy"] == "I4"


def test_a_renamed_column_is_asked_back() -> None:
    titles = ["Intitulé de projets" if title == "Intitulé du projet" else title for title in TITLES]
    reading = read(xlsx(titles, line()), LAYOUT)
    assert [str(warning) for warning in reading.warnings] == [
        "Candidatures!B1 : la colonne « Intitulé de projets » n'est pas attendue : elle est ignorée ; "
        "vouliez-vous dire « Intitulé du projet » ?"
    ]
    assert said(reading) == [
        "Candidatures : colonne « Intitulé du projet » introuvable : "
        "rendez ce titre à la colonne « Intitulé de projets »"
    ]


def test_missing_columns() -> None:
    required = read(xlsx(without("email", titles=True), without("email")), LAYOUT)
    assert said(required) == [
        "Candidatures : colonne « Courriel du référent » introuvable : remettez-la dans la ligne des titres"
    ]
    optional = read(xlsx(without("phone", titles=True), without("phone")), LAYOUT)
    assert optional.ok
    assert [str(warning) for warning in optional.warnings] == [
        "Candidatures : la colonne « Téléphone » manque : elle est lue comme vide"
    ]


def test_extra_columns_are_ignored_aloud() -> None:
    reading = read(xlsx([*TITLES, "Remarque", None, None], [*line(), "bien", "perdu", None]), LAYOUT)
    assert reading.ok
    assert [str(warning) for warning in reading.warnings] == [
        "Candidatures!I1 : la colonne « Remarque » n'est pas attendue : elle est ignorée",
        "Candidatures!J1 : cette colonne n'a pas de titre : elle est ignorée",
    ]


def test_a_column_given_twice() -> None:
    assert said(read(xlsx([*TITLES, "academie"], [*line(), "Lyon"]), LAYOUT)) == [
        "Candidatures!I1 : la colonne « Académie » figure deux fois, en A et en I : supprimez celle qui est en trop"
    ]


def test_no_header() -> None:
    (problem,) = read(xlsx(["rien"], ["du tout"]), LAYOUT).problems
    assert problem.ref == "Candidatures"
    assert problem.sentence.startswith("la ligne des titres est introuvable dans les 15 premières lignes ;")
    assert "« Axes traités »" in problem.sentence


def test_merged_cells_are_told_where_they_are() -> None:
    data = xlsx(TITLES, line(), line(), then=lambda _, page: page.merge_range("A2:A3", "Lille"))
    assert said(read(data, LAYOUT)) == [
        "Candidatures!A2 : les cellules A2:A3 sont fusionnées : défusionnez-les et remplissez chacune"
    ]


def test_merged_cells_outside_the_table_are_fine() -> None:
    data = xlsx([], TITLES, line(), then=lambda _, page: page.merge_range("A1:F1", "Appel 2026"))
    assert read(data, LAYOUT).ok


def test_merged_cells_of_an_open_document() -> None:
    spanned = ods_cell("Lille", 'table:number-rows-spanned="2" table:number-columns-spanned="1"')
    data = ods(
        ods_row(*TITLES),
        ods_row(spanned, *line()[1:]),
        ods_row("<table:covered-table-cell/>", *line()[1:]),
    )
    assert [problem.ref for problem in read(data, LAYOUT).problems] == ["Candidatures!A2"]
    assert "A2:A3 sont fusionnées" in said(read(data, LAYOUT))[0]


def test_computed_formulas_are_values() -> None:
    data = xlsx(TITLES, line(), then=lambda _, page: page.write_formula("G2", "=2+2", None, 4))
    assert read(data, LAYOUT).rows[0].values == GOOD


@pytest.mark.parametrize(("error", "shown"), [("#REF!", "#REF!"), ("#N/A", "#N/A"), ("#NAME?", "#NAME? (#NOM?)")])
def test_a_formula_in_error(error: str, shown: str) -> None:
    data = xlsx(TITLES, line(), then=lambda _, page: page.write_formula("C2", "=B9", None, error))
    sentence = f"la formule donne l'erreur {shown} : corrigez-la, ou tapez la valeur à sa place"
    assert read(data, LAYOUT).problems == (Problem("Candidatures!C2", sentence),)
    in_error = ods_cell(error, 'table:formula="of:=B9" calcext:value-type="error"')
    cells = line()
    cells[2] = in_error
    assert read(ods(ods_row(*TITLES), ods_row(*cells)), LAYOUT).problems == (Problem("Candidatures!C2", sentence),)


def test_a_row_that_holds_only_an_error_is_not_blank() -> None:
    data = xlsx(TITLES, line(), then=lambda _, page: page.write_formula("C3", "=B9", None, "#N/A"))
    assert "Candidatures!C3" in [problem.ref for problem in read(data, LAYOUT).problems]


def test_a_formula_never_computed() -> None:
    cells = "".join(inline(f"{'ABCDEFGH'[i]}1", title) for i, title in enumerate(TITLES))
    data = with_sheet_data(
        f'<row r="1">{cells}</row><row r="2">{inline("A2", "Lille")}{inline("B2", "Projet")}'
        f'<c r="C2"><f>X1</f></c><c r="D2"><f>X1</f><v></v></c></row>'
    )
    reading = read(data, LAYOUT)
    assert [problem.ref for problem in reading.problems] == ["Candidatures!C2", "Candidatures!D2"]
    assert "la formule n'a pas été calculée" in reading.problems[0].sentence
    cells_ods = [*line()]
    cells_ods[6] = '<table:table-cell table:formula="of:=X1"/>'
    from_ods = read(ods(ods_row(*TITLES), ods_row(*cells_ods)), LAYOUT)
    assert [problem.ref for problem in from_ods.problems] == ["Candidatures!G2"]


def test_a_note_on_a_cell_is_not_its_value() -> None:
    note = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>vu</text:p></office:annotation>'
        "<text:p>Lille</text:p></table:table-cell>"
    )
    assert read(ods(ods_row(*TITLES), ods_row(note, *line()[1:])), LAYOUT).rows[0].values == GOOD


def test_the_sheet_is_found_by_its_name_whatever_its_place() -> None:
    others = {"Brouillon": [TITLES, line(academy="Lylle")]}
    assert read(xlsx(TITLES, line(), sheet="CANDIDATURES ", others=others), LAYOUT).ok


def test_a_renamed_sheet_is_found_when_it_is_alone_to_match() -> None:
    reading = read(xlsx(TITLES, line(size=1), sheet="Feuille 1", others={"Notes": [["rien"]]}), LAYOUT)
    assert [problem.ref for problem in reading.problems] == ["Feuille 1!G2"]


def test_sheets_that_cannot_be_told_apart_are_named() -> None:
    both = read(xlsx(TITLES, sheet="Un", others={"Deux": [TITLES]}), LAYOUT)
    assert said(both) == [
        "plusieurs feuilles ont les colonnes attendues : « Un », « Deux » ; "
        "nommez « Candidatures » celle qu'il faut lire"
    ]
    none = read(xlsx(["x"], sheet="Un", others={"Deux": [["y"]]}), LAYOUT)
    assert said(none) == [
        "la feuille « Candidatures » est introuvable (feuilles du classeur : « Un », « Deux ») ; "
        "remplissez celle du modèle, sans la renommer"
    ]


def test_hidden_and_blank_rows() -> None:
    data = xlsx(TITLES, line(), [" "], line(), then=lambda _, page: page.set_row(1, None, None, {"hidden": True}))
    assert [row.number for row in read(data, LAYOUT).rows] == [2, 4]


def test_dates_without_a_format_and_from_1904() -> None:
    data = xlsx(TITLES, line(start=46266))
    assert read(data, LAYOUT).rows[0].values["start"] == date(2026, 9, 1)
    old = xlsx(TITLES, line(start=46266 - 1462))
    assert read(rezip(old, {"xl/workbook.xml": _in_1904(old)}), LAYOUT).rows[0].values["start"] == date(2026, 9, 1)


def _in_1904(data: bytes) -> bytes:
    book = part(data, "xl/workbook.xml")
    assert b"<workbookPr " in book
    return book.replace(b"<workbookPr ", b'<workbookPr date1904="1" ')


def test_ten_thousand_rows_are_all_read() -> None:
    reading = read(xlsx(TITLES, *([line()] * 10_000)), LAYOUT)
    assert reading.ok and len(reading.rows) == 10_000


def test_a_note_on_a_cell_in_error_is_not_the_error() -> None:
    cells = line()
    cells[2] = (
        '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
        "<office:annotation><text:p>vu</text:p></office:annotation><text:p>#N/A</text:p></table:table-cell>"
    )
    (problem,) = read(ods(ods_row(*TITLES), ods_row(*cells)), LAYOUT).problems
    assert problem.sentence.startswith("la formule donne l'erreur #N/A :")
