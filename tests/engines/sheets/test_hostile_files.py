"""Files that are not what they say: a sentence for each, and the process lives on."""

import io
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheet_makers import (
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

from traam.engines.sheets import Bounds, read
from traam.engines.sheets.bounded import values
from traam.engines.sheets.package import BadFile, unpack

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def refusal(data: bytes, filename: str = "envoi.xlsx") -> str:
    reading = read(data, LAYOUT, filename=filename)
    assert reading.rows == () and len(reading.problems) == 1
    assert reading.problems[0].ref == ""
    return reading.problems[0].sentence


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "le fichier est vide"),
        (b"\0\0\n", "le fichier est vide"),
        (OLE, "c'est un ancien format .xls ; enregistrez-le en .xlsx ou .ods"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protégé par un mot de passe"),
        (OLE + "WordDocument".encode("utf-16-le"), "c'est un texte au format .doc"),
        (b"%PDF-1.7\n%\xe2\xe3", "c'est un document PDF, malgré son nom en .xlsx"),
        (b"<html><table>", "c'est une page web, pas un classeur"),
        (b"\xef\xbb\xbf\n<table>", "c'est une page web, pas un classeur"),
        (b"\x89PNG\r\n\x1a\n\0\0", "ce fichier n'est pas un classeur"),
        (b"PK\x03\x04" + b"\0" * 40, "le fichier est incomplet"),
        (zipped(a_txt=b"x"), "ce fichier n'est pas un classeur"),
        (zipped(word__document_xml=b"<w/>"), "c'est un texte (.docx)"),
        (zipped(xl__workbook_bin=b"x"), "c'est un classeur binaire .xlsb"),
        (zipped(xl__workbook_xml=b"<w/>"), "le fichier est abîmé"),
        (
            zipped(content_xml=b"<w/>", mimetype=b"application/vnd.oasis.opendocument.text"),
            "n'est pas un classeur",
        ),
    ],
)
def test_what_is_not_a_workbook_is_named(data: bytes, sentence: str) -> None:
    assert sentence in refusal(data)


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_a_cut_file_asks_to_be_sent_again(keep: float) -> None:
    data = xlsx(TITLES, line())
    assert "le fichier est incomplet" in refusal(data[: int(len(data) * keep)])


def test_a_part_that_does_not_unpack() -> None:
    data = bytearray(xlsx(TITLES, line()))
    start = data.index(SHEET_PART.encode()) + len(SHEET_PART)
    data[start + 20 : start + 60] = b"\xff" * 40
    assert "déposez" in refusal(bytes(data))


@pytest.mark.parametrize(
    "changes",
    [
        {"xl/vbaProject.bin": b"x"},
        {"[Content_Types].xml": b"<t>application/vnd.ms-excel.sheet.macroEnabled.main+xml</t>"},
        {"xl/macrosheets/sheet1.xml": b"<x/>"},
    ],
)
def test_macros_are_refused(changes: dict[str, bytes]) -> None:
    assert "contient des macros : enregistrez-le sans macros" in refusal(rezip(xlsx(TITLES), changes))


def test_an_open_document_with_macros_or_a_password_is_refused() -> None:
    assert "contient des macros" in refusal(ods(ods_row(*TITLES), parts={"Basic/Standard/a.xml": b"<x/>"}))
    locked = ods(ods_row("x"), parts={"META-INF/manifest.xml": b"<m><manifest:encryption-data/></m>"})
    assert "mot de passe" in refusal(locked)


def test_a_value_in_the_last_cell_of_the_grid_does_not_kill_us() -> None:
    data = with_sheet_data(f'<row r="1">{inline("A1", "x")}</row><row r="1048576">{inline("XFD1048576", "y")}</row>')
    assert len(data) < 10_000
    assert [str(problem) for problem in read(data, LAYOUT).problems] == [
        "Candidatures!XFD1048576 : une valeur se trouve loin sous le tableau : effacez-la, ou remontez-la",
        "Candidatures!XFD1048576 : une valeur se trouve loin à droite du tableau : effacez-la",
    ]


def test_the_reader_itself_survives_what_aborts_its_library() -> None:
    far = f'<row r="1">{inline("A1", "x")}</row><row r="1048576">{inline("XFD1048576", "y")}</row>'
    with pytest.raises(BadFile, match="trop de mémoire ou de temps"):
        values(with_sheet_data(far), ["Candidatures"])


def test_an_open_document_that_repeats_without_end_does_not_kill_us() -> None:
    wide = ods_cell("x", 'table:number-columns-repeated="16384"')
    reading = read(ods(ods_row(wide, extra='table:number-rows-repeated="1048576"')), LAYOUT)
    assert [problem.ref for problem in reading.problems] == ["Candidatures", "Candidatures!XFD1048576"]


def test_a_hostile_sheet_beside_ours_is_not_even_read() -> None:
    data = xlsx(TITLES, line(), others={"Bombe": [["x"]]})
    far = f'<worksheet><sheetData><row r="1048576">{inline("XFD1048576", "y")}</row></sheetData></worksheet>'
    assert read(rezip(data, {"xl/worksheets/sheet2.xml": far.encode()}), LAYOUT).ok


def test_too_many_rows() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 100_001))
    (problem,) = read(with_sheet_data(rows), LAYOUT).problems
    assert problem.ref == "Candidatures"
    assert problem.sentence == (
        "la feuille compte 100\u202f000 lignes remplies pour 20\u202f000 au plus : partagez-la en plusieurs fichiers"
    )


def test_the_limit_of_rows_is_the_callers() -> None:
    data = xlsx(TITLES, *([line()] * 40))
    assert read(data, LAYOUT, max_rows=40).ok
    assert "pour 20 au plus" in read(data, LAYOUT, max_rows=20).problems[0].sentence


def test_a_zip_bomb_is_seen_before_it_unpacks() -> None:
    bomb = b"<worksheet>" + b" " * 30_000_000
    assert "trop volumineux une fois déplié" in refusal(rezip(xlsx(TITLES), {SHEET_PART: bomb}))


def test_a_zip_that_lies_about_its_sizes_is_refused() -> None:
    bomb = rezip(xlsx(TITLES), {SHEET_PART: b"<worksheet>" + b" " * 30_000_000})
    data = bytearray(bomb)
    entry = data.rindex(SHEET_PART.encode()) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    data[entry + 24 : entry + 28] = struct.pack("<I", 100)
    assert "déposez" in refusal(bytes(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", ["xl/workbook.xml", SHEET_PART, "xl/sharedStrings.xml", "docProps/app.xml"])
def test_declarations_are_refused_wherever_they_hide(name: str, encoding: str) -> None:
    evil = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    assert "déclarations interdites (DOCTYPE)" in refusal(rezip(xlsx(TITLES), {name: evil.encode(encoding)}))


def test_a_reader_that_runs_out_of_memory_or_time_is_stopped() -> None:
    data = xlsx(TITLES, *([line()] * 2_000))
    starved = read(data, LAYOUT, bounds=Bounds(memory=16 * 2**20))
    assert "trop de mémoire ou de temps : recopiez vos lignes" in starved.problems[0].sentence
    late = read(data, LAYOUT, bounds=Bounds(patience=0.001))
    assert late.problems == starved.problems


def test_a_part_that_the_reader_refuses() -> None:
    data = xlsx(TITLES, line())
    strings = part(data, "xl/sharedStrings.xml")
    assert "le fichier est abîmé" in refusal(rezip(data, {"xl/sharedStrings.xml": strings[:-60]}))
    assert "le fichier est abîmé" in refusal(rezip(data, {SHEET_PART: part(data, SHEET_PART)[:-60]}))
    assert "le fichier est abîmé" in refusal(with_sheet_data('<row r="1"><c r="ZZZZ99999999"/></row>'))


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" t="s"><v>999999</v></c>',
        '<c r="A1" t="s"><v>-1</v></c>',
        '<c r="A1"><v>1e999</v></c>',
        '<c r="A1" t="zz"><v>a</v></c>',
    ],
)
def test_cells_that_make_no_sense_get_a_sentence(cell: str) -> None:
    assert read(with_sheet_data(f'<row r="1">{cell}</row>'), LAYOUT).problems


SAMPLES = (xlsx(TITLES, line()), ods(ods_row(*TITLES), ods_row(*line())))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.floats(0, 0.9999), st.binary(max_size=6)), max_size=5))
def test_mutated_zips_never_raise_another_thing(data: bytes, changes: list[tuple[float, bytes]]) -> None:
    changed = bytearray(data)
    for where, what in changes:
        start = int(where * len(changed))
        changed[start : start + len(what)] = what
    _walk(bytes(changed))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SAMPLES), st.floats(0, 0.9999), st.integers(0, 40), st.binary(max_size=12))
def test_mutated_documents_never_raise_another_thing(data: bytes, where: float, cut: int, what: bytes) -> None:
    name = SHEET_PART if b"xl/workbook.xml" in data else "content.xml"
    content = part(data, name)
    start = int(where * len(content))
    _walk(rezip(data, {name: content[:start] + what + content[start + cut :]}))


def _walk(data: bytes) -> None:
    try:
        package = unpack(data)
        for sheet in package.sheets:
            package.facts(sheet)
    except BadFile as bad:
        assert bad.sentence


@settings(max_examples=6, deadline=None)
@given(st.floats(0, 0.9999), st.binary(min_size=1, max_size=4))
def test_mutated_documents_read_to_the_end(where: float, what: bytes) -> None:
    content = part(SAMPLES[0], SHEET_PART)
    start = int(where * len(content))
    read(rezip(SAMPLES[0], {SHEET_PART: content[:start] + what + content[start + len(what) :]}), LAYOUT)


def test_a_hostile_sheet_is_left_out_of_the_search_for_ours() -> None:
    data = xlsx(TITLES, line(), sheet="Feuille 1", others={"Bombe": [["x"]]})
    far = f'<worksheet><sheetData><row r="1048576">{inline("XFD1048576", "y")}</row></sheetData></worksheet>'
    reading = read(rezip(data, {"xl/worksheets/sheet2.xml": far.encode()}), LAYOUT)
    assert reading.ok and len(reading.rows) == 1
