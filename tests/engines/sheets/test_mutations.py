"""A thousand workbooks as people make them: none crashes the reader, none loses a value in silence.

Every workbook is a good one of the call, changed by one family of mutations and, half of the time, by another. What
was typed is known: each value must be read as the form would read it, or be told at its cell.
"""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from workbook_cases import BY_KEY, CALL, GOOD, THEMES, Case, Formula, Rich, changed, good, is_blank, shown

from traam.engines.sheets import Bounds, Reading, bounded, check, child, fold, mark, marker, read
from traam.engines.sheets.cells import as_text
from traam.engines.sheets.grid import reference

EACH = 25
"""Workbooks of each family."""


# What somebody types in a cell.

TEXTS: list[object] = [
    "x" * 1001,
    "x" * 1000 + "  ",
    "x" * 151,
    "\u00a0\u00a0texte\u00a0",
    "  espaces   multiples ",
    "=1+1",
    "+33 1 99 00 00 00",
    "-",
    "@moi",
    "'apostrophe",
    'un "guillemet" ; un point-virgule, une virgule',
    "deux\nlignes",
    "trois\n\nlignes\n",
    "un\tonglet",
    "👩🏽\u200d🏫 é",
    "e\u0301te\u0301",
    "<b>gras</b> &amp; &",
    "zéro\u200blargeur",
    "12,50",
    "0012",
    "1e5",
    "VRAI",
    "01/09/2026",
    "_x0041_",
    " ",
    "\u00a0",
    "\u200b",
    ".",
]
NUMBERS: list[object] = [0, 1, 7, -3, 12.0, 12.5, 199000001, 46266, 1e20, 99, 100, "3", " 4 ", "1\u202f0", "2,0", "II"]
DATES: list[object] = [
    date(2026, 9, 1),
    datetime.fromisoformat("2026-09-01T10:30"),
    "01/09/2026",
    "1er septembre 2026",
    "2026-09-01",
    "30/02/2026",
    "hier",
    46266,
    "46266",
    date(1900, 3, 1),
]
WRONG: dict[str, list[object]] = {
    "theme": ["", None, "Un thème inventé", THEMES[0].upper(), f"  {THEMES[2]}\u00a0", "Calculer coder comprendre", 3],
    "degree": ["second degre", "Troisième degré", "", True],
    "axes": ["Axe 1, Axe 2", "axe 1;axe 2", "Axe 9", "Axe 1\nAxe 3", "1", 1, ";", "Axe 1 ; Axe 1"],
    "inspector_email": ["non", "a@b", "a@b.fr;c@d.fr", "mailto:a@b.fr", "Nom <a@b.fr>", "a@b.fr\u00a0", 12],
    "inspector_phone": ["01 23", 199000001, "+687 26 00 00", "01.99.00.00.00", "0199000000\u00a0", "néant", 12.5],
    "referent_school": ["0699901w", "0699901A", "Collège", "0699901 W", 699901],
    "dasen_agreement": [True, False, "oui", "OUI ", "Peut-être", "O"],
}


def somewhere(case: Case, keys: set[str] | None = None) -> tuple[int, int]:
    """A cell of the rows, of one of some columns."""
    places = [n for n, (_, key) in enumerate(case.columns) if key and (keys is None or key in keys)]
    return case.rng.randrange(len(case.rows)), case.rng.choice(places or [0])


def put(case: Case, where: tuple[int, int], value: object) -> None:
    case.rows[where[0]][where[1]] = value


def of_kind(*kinds: str) -> set[str]:
    return {key for key, column in BY_KEY.items() if column.kind in kinds}


def texts(case: Case) -> None:
    put(case, somewhere(case, of_kind("text")), case.rng.choice(TEXTS))


def texts_anywhere(case: Case) -> None:
    for _ in range(3):
        put(case, somewhere(case), case.rng.choice(TEXTS))


def numbers(case: Case) -> None:
    put(case, somewhere(case, of_kind("integer", "text", "phone")), case.rng.choice(NUMBERS))


def numbers_anywhere(case: Case) -> None:
    put(case, somewhere(case), case.rng.choice(NUMBERS))


def dates(case: Case) -> None:
    put(case, somewhere(case, of_kind("date")), case.rng.choice(DATES))


def dates_anywhere(case: Case) -> None:
    put(case, somewhere(case), case.rng.choice(DATES))


def booleans(case: Case) -> None:
    put(case, somewhere(case), case.rng.choice([True, False]))


def wrong_values(case: Case) -> None:
    key = case.rng.choice(list(WRONG))
    put(case, somewhere(case, {key}), case.rng.choice(WRONG[key]))


def empty_cells(case: Case) -> None:
    for _ in range(case.rng.randint(1, 10)):
        put(case, somewhere(case), case.rng.choice([None, "", " ", "\u00a0"]))


def empty_row(case: Case) -> None:
    case.rows[case.rng.randrange(len(case.rows))] = [case.rng.choice([None, " "]) for _ in case.columns]


def one_value_rows(case: Case) -> None:
    row: list[object] = [None for _ in case.columns]
    row[case.rng.randrange(len(row))] = case.rng.choice(["reste", ".", "\u0301", 0, False])
    case.rows.append(row)


def gaps(case: Case) -> None:
    case.gaps = {case.rng.randrange(len(case.rows)) for _ in range(2)}


# What somebody does to the columns.


def permuted(case: Case) -> None:
    order = list(range(len(case.columns)))
    case.rng.shuffle(order)
    _reorder(case, order)


def _reorder(case: Case, order: list[int]) -> None:
    case.columns = [case.columns[n] for n in order]
    case.rows = [[row[n] for n in order] for row in case.rows]


def missing(case: Case) -> None:
    kept = sorted(case.rng.sample(range(len(case.columns)), case.rng.randint(2, len(case.columns) - 1)))
    _reorder(case, kept)


def renamed(case: Case) -> None:
    for _ in range(case.rng.randint(1, 3)):
        place = case.rng.randrange(len(case.columns))
        heading, _key = case.columns[place]
        new = case.rng.choice(["Remarque", heading[:-2], f"{heading} bis", "Sujet", "=Titre", "x" * 400, "12"])
        if all(fold(new) not in BY_KEY[key].names for key in BY_KEY):
            case.columns[place] = (new, None)


def headings_as_typed(case: Case) -> None:
    for place, (heading, key) in enumerate(case.columns):
        typed = case.rng.choice(
            [heading.upper(), f" {heading} *", heading.replace("é", "e"), heading.replace(" ", "\u00a0")]
        )
        case.columns[place] = (typed, key)


def duplicated(case: Case) -> None:
    place = case.rng.randrange(len(case.columns))
    case.columns.append((case.columns[place][0], None))
    for row in case.rows:
        row.append(case.rng.choice([row[place], "autre", None]))


def extra(case: Case) -> None:
    for _ in range(case.rng.randint(1, 3)):
        place = case.rng.randint(0, len(case.columns))
        case.columns.insert(place, (case.rng.choice(["Remarque", "", " ", "Vu"]), None))
        for row in case.rows:
            row.insert(place, case.rng.choice(["note", 3, None]))


def to_the_right(case: Case) -> None:
    """Values beside the table, under no title."""
    case.rows[-1] = [*case.rows[-1], *[None] * case.rng.randint(0, 3), "à côté"]


# What somebody does to the sheet.


def lower_header(case: Case) -> None:
    for _ in range(case.rng.randint(1, 14)):
        case.above.append(
            case.rng.choice([[], ["Appel 2026"], [None, "Académie de Lyon", date(2026, 1, 1)], ["Thème"]])
        )


def header_too_low(case: Case) -> None:
    case.above += [["x"]] * case.rng.randint(15, 30)


def no_header(case: Case) -> None:
    case.columns = [(f"Colonne {n}", None) for n, _ in enumerate(case.columns)]


def merged_down(case: Case) -> None:
    if case.form == "csv" or len(case.rows) < 2:
        return
    case.gaps = set()
    row, place = case.rng.randrange(len(case.rows) - 1), case.rng.randrange(len(case.columns))
    _merge(case, row, place, row + 1, place)


def merged_across(case: Case) -> None:
    if case.form != "csv":
        row, place = case.rng.randrange(len(case.rows)), case.rng.randrange(len(case.columns) - 1)
        _merge(case, row, place, row, place + 1)


def _merge(case: Case, top: int, left: int, bottom: int, right: int) -> None:
    inside = [(row, place) for row in range(top, bottom + 1) for place in range(left, right + 1)]
    if case.merged or any(place >= len(case.rows[row]) for row, place in inside):
        return
    for row, place in inside[1:]:
        case.rows[row][place] = None
    if not isinstance(case.rows[top][left], str):
        case.rows[top][left] = "fusion"
    case.faults |= set(inside)
    case.merged.append((case.number(top), left + 1, case.number(bottom), right + 1))


def formulas(case: Case) -> None:
    for _ in range(3):
        where = somewhere(case)
        value = shown(case.rows[where[0]][where[1]])
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and not is_blank(value):
            put(case, where, Formula(value))


def formulas_never_computed(case: Case) -> None:
    put(case, somewhere(case), Formula(None))


def errors(case: Case) -> None:
    put(case, somewhere(case), Formula(case.rng.choice(["#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!"])))


def typed_errors(case: Case) -> None:
    where = somewhere(case)
    put(case, where, case.rng.choice(["#REF!", "#NOM?", " #N/A ", "Err:502"]))
    case.faults.add(where)


def rich_texts(case: Case) -> None:
    put(
        case,
        somewhere(case, of_kind("text")),
        Rich(("un ", "mot", case.rng.choice([" gras", "  très\tgras", "\ngras"]))),
    )


def finish(*what: Callable[[Any, Any, Case], None]) -> Callable[[Case], None]:
    """A change that only Excel makes to a sheet, and that changes no value."""

    def change(case: Case) -> None:
        case.form = "xlsx"
        chosen = case.rng.choice(what)
        case.finishing.append(lambda book, page: chosen(book, page, case))

    return change


def _hide_rows(book: Any, page: Any, case: Case) -> None:
    page.set_row(case.number(0) - 1, None, None, {"hidden": True})


def _hide_columns(book: Any, page: Any, case: Case) -> None:
    page.set_column("C:F", None, None, {"hidden": True})


def _filter(book: Any, page: Any, case: Case) -> None:
    page.autofilter(case.header - 1, 0, case.number(len(case.rows) - 1) - 1, len(case.columns) - 1)
    page.filter_column(0, "x == Oui")


def _comment(book: Any, page: Any, case: Case) -> None:
    page.write_comment(case.number(0) - 1, 0, "Vu", {"author": "Une collègue"})
    page.write_comment(case.header - 1, 2, "À corriger : non")


def _paint(book: Any, page: Any, case: Case) -> None:
    page.set_row(case.number(0) - 1, 40, book.add_format({"bg_color": "#FFD8CC", "bold": True}))
    page.conditional_format("A1:Z99", {"type": "duplicate", "format": book.add_format({"bg_color": "red"})})


def _protect(book: Any, page: Any, case: Case) -> None:
    page.protect("secret")
    page.freeze_panes(3, 3)
    page.set_landscape()


def _draw(book: Any, page: Any, case: Case) -> None:
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": f"='{case.sheet}'!$A$1:$A$3"})
    page.insert_chart("B9", chart)
    page.insert_textbox("D9", "À ne pas oublier")


def _hide_sheet(book: Any, page: Any, case: Case) -> None:
    book.add_worksheet("Autre").activate()
    page.hide()


def extra_sheets(case: Case) -> None:
    case.form = "xlsx"
    for name in case.rng.sample(["Brouillon", "Listes", "À corriger", "Mode d'emploi", "Feuille 2"], 2):
        case.others[name] = [["Thème", "Degré"], ["x", 1]]


def twin_sheet(case: Case) -> None:
    case.form = "xlsx"
    case.sheet = "Un"
    case.others["Deux"] = [[column.title for column in CALL.columns], ["x"]]


def renamed_sheet(case: Case) -> None:
    case.sheet = case.rng.choice(["Feuille 1", "candidatures ", "CANDIDATURES", "Académie 'de' Lyon", "a!b", "Sheet1"])


def delimited_by_others(case: Case) -> None:
    case.form = "csv"
    case.separator = case.rng.choice([";", ",", "\t"])
    case.encoding = case.rng.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"])


def wrong_extension(case: Case) -> None:
    case.filename = case.rng.choice(["envoi.pdf", "envoi.csv", "envoi", "envoi.xls", "../../envoi.ods", "é\x00.xlsx"])


# What happens to the file.


def cut(case: Case) -> None:
    case.dangerous = case.spoilt = True
    keep = case.rng.uniform(0, 0.999)
    case.after.append(lambda data: data[: int(len(data) * keep)])


def scratched(case: Case) -> None:
    case.dangerous = case.spoilt = True
    rng = case.rng

    def scratch(data: bytes) -> bytes:
        made = bytearray(data)
        for _ in range(rng.randint(1, 20)):
            made[rng.randrange(len(made))] = rng.randrange(256)
        return bytes(made)

    case.after.append(scratch)


def huge_range(case: Case) -> None:
    """A style, or a value, in the last cells of the grid; a style on all its columns."""
    case.form = "xlsx"
    rng, kind = case.rng, case.rng.choice(["blank", "value", "columns"])
    place = (rng.randint(30_000, 1_048_576), rng.randint(1, 16_384)) if kind == "value" else (1_048_576, 16_384)
    holds = ' t="str"><v>loin</v></c>' if kind == "value" else ' s="1"/>'
    row = f'<row r="{place[0]}"><c r="{reference(place)}"{holds}</row></sheetData>'

    def stretch(part: bytes) -> bytes:
        return part.replace(b"</sheetData>", row.encode())

    if kind == "columns":
        case.finishing.append(lambda book, page: page.set_column(0, 16_383, 12, book.add_format({"bold": True})))
    else:
        case.after.append(lambda data: changed(data, "xl/worksheets/sheet1.xml", stretch))
        case.dangerous = True


def counted_from_1904(case: Case) -> None:
    case.form = "xlsx"
    days = [row[place] for row in case.rows for place, (_, key) in enumerate(case.columns) if key == "referent_since"]
    days += [cell for row in case.rows for cell in row if isinstance(cell, date)]
    case.options = {"date_1904": all(isinstance(day, date) and day.year > 1904 for day in days)}


def without_references(case: Case) -> None:
    """Cells that do not say where they are follow one another: some programs write that."""
    case.form = "xlsx"
    if case.above or case.gaps or any(is_blank(shown(cell)) for row in case.rows for cell in row) or case.merged:
        return
    if any(not heading for heading, _ in case.columns) or case.finishing:
        return

    def strip(part: bytes) -> bytes:
        return re.sub(rb'(<(?:c|row)) r="[A-Z]*\d+"', rb"\1", part)

    case.after.append(lambda data: changed(data, "xl/worksheets/sheet1.xml", strip))


VALUES = [
    *(texts, texts_anywhere, numbers, numbers_anywhere, dates, dates_anywhere, booleans, wrong_values),
    *(empty_cells, empty_row, one_value_rows, gaps, rich_texts, formulas, formulas_never_computed, errors),
]
FAMILIES: dict[str, Callable[[Case], None]] = {
    **{one.__name__: one for one in VALUES},
    **{
        one.__name__: one
        for one in (permuted, missing, renamed, headings_as_typed, duplicated, extra, to_the_right, lower_header)
    },
    **{one.__name__: one for one in (header_too_low, no_header, merged_down, merged_across, typed_errors)},
    "hidden": finish(_hide_rows, _hide_columns, _hide_sheet),
    "decorated": finish(_filter, _comment, _paint, _protect, _draw),
    **{one.__name__: one for one in (extra_sheets, twin_sheet, renamed_sheet, delimited_by_others, wrong_extension)},
    **{one.__name__: one for one in (cut, scratched, huge_range, counted_from_1904, without_references)},
}


def made(family: str, seed: int) -> Case:
    rng = Random(f"{family} {seed}")  # noqa: S311 - the same workbooks every time
    case = good(rng)
    second = rng.choice(VALUES) if rng.random() < 0.5 else None
    if second is not None:
        second(case)
    FAMILIES[family](case)
    return case


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Says whether what is read next goes through the bounded process, or through the same code right here."""
    usual = bounded._run

    def here(script: Path, asked: Any, data: bytes, bounds: Bounds) -> bytes:
        if script == bounded._MARKER:
            return marker.answer(data, json.loads(json.dumps(asked)))
        return json.dumps(child.answer(data, asked["sheets"])).encode()

    return lambda safe: monkeypatch.setattr(bounded, "_run", here if safe else usual)


def test_there_are_a_thousand() -> None:
    assert EACH * len(FAMILIES) >= 1_000


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_is_lost_in_silence_and_the_form_agrees(family: str, in_process: Callable[[bool], None]) -> None:
    for seed in range(EACH):
        case = made(family, seed)
        data = case.data()
        in_process(not case.dangerous)
        reading = read(data, CALL, filename=case.filename)
        _told_in_words(reading)
        if not case.spoilt:
            _nothing_lost(case, reading)
        if seed % 4 == 0 and reading.header and not case.dangerous:
            assert read(mark(data, CALL, reading.problems), CALL) == reading, (family, seed)


def _told_in_words(reading: Reading) -> None:
    for problem in (*reading.problems, *reading.warnings):
        assert problem.sentence and "Traceback" not in problem.sentence and "Error" not in problem.sentence
    assert reading.rows or reading.problems or reading.header


def _nothing_lost(case: Case, reading: Reading) -> None:
    if any("!" not in problem.ref for problem in reading.problems) and not reading.header:
        return  # the file was refused as a whole, in words
    rows = {row.number: row for row in reading.rows}
    told: dict[str, list[str]] = {}
    for problem in reading.problems:
        told.setdefault(problem.ref.rpartition("!")[2], []).append(problem.sentence)
    warned = {warning.ref.rpartition("!")[2] for warning in reading.warnings}
    faulty = any("loin" in problem.sentence for problem in reading.problems)
    for index, row in enumerate(case.rows):
        for place, cell in enumerate(row):
            where = f"{case.form} {case.filename} row {index} place {place} {cell!r}"
            if not faulty:
                _kept(case, (index, place), cell, rows, told, warned, where)


def _kept(
    case: Case, at: tuple[int, int], cell: object, rows: Any, told: dict[str, list[str]], warned: set[str], where: str
) -> None:
    number = case.number(at[0])
    ref = reference((number, at[1] + 1))
    heading = reference((case.header, at[1] + 1))
    key = case.columns[at[1]][1] if at[1] < len(case.columns) else None
    if at in case.faults or (isinstance(cell, Formula) and cell.is_fault):
        covered = cell is None  # merged with the cell beside it
        nothing = covered or (case.form == "csv" and is_blank(shown(cell)))  # no formula in a text
        assert nothing or _is_told(case, ref, heading, key, told, warned), where
        return
    value = shown(cell)
    if key is None:
        assert is_blank(value) or heading in warned or heading in told, where
        return
    form = value if isinstance(value, float) and not value.is_integer() else _as_posted(value)
    values, sentences = check([BY_KEY[key]], {key: form})
    if number not in rows:
        assert is_blank(value), f"{where}: a row was lost"
        return
    assert rows[number].cells[key] == ref, where
    assert told.get(ref, []) == sentences.get(key, []), f"{where}: the form says {sentences}"
    assert rows[number].values[key] == values[key], where


def _is_told(case: Case, ref: str, heading: str, key: str | None, told: dict[str, list[str]], warned: set[str]) -> bool:
    corners = {reference((top, left)) for top, left, _, _ in case.merged}
    return ref in told or bool(corners & set(told)) or (key is None and (heading in warned or heading in told))


def _as_posted(value: object) -> object:
    """What somebody would have typed in the field of the form for the same answer."""
    return None if value is None else as_text(value)


def test_the_good_workbook_is_good() -> None:
    _, problems = check(CALL.columns, GOOD)
    assert problems == {}
