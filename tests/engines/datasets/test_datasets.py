"""Tables for everyone: the same rows in every form, read back by other hands."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from traam.engines import datasets
from traam.engines.datasets import Column, Dataset, Distribution, ods, parquet, thrift, xlsx

PARIS = timezone(timedelta(hours=2))
COLUMNS = (
    Column("id", "Numéro", "integer", "Le numéro.", True),
    Column("title", "Titre", "text", "Le titre."),
    Column("levels", "Niveaux", "texts", "Les niveaux."),
    Column("archived", "Archive", "boolean", "Une archive.", True),
    Column("on", "Publié le", "date", "Le jour."),
    Column("at", "Modifié le", "moment", "L'instant.", True),
)
MOMENT = datetime(2026, 5, 4, 11, 30, tzinfo=PARIS)
ROWS: Sequence[datasets.Row] = (
    (1, "Été, « 2nde »\n  deux   lignes", ["3e", "4e"], True, date(2026, 5, 4), MOMENT),
    (2, None, [], False, None, MOMENT),
    (3, '=HYPERLINK("http://mal.exemple")', ["3e"], False, date(1969, 12, 31), MOMENT),
    (4, "-1 & <b>\x00\ud7ff", ["6e"], True, None, MOMENT),
)


def written(form: str, rows: Sequence[datasets.Row] = ROWS) -> bytes:
    stream = io.BytesIO()
    writer = datasets.writer(form, stream, COLUMNS, name="Notices")
    for row in rows:
        writer.add(row)
    writer.close()
    return stream.getvalue()


@pytest.mark.parametrize("form", datasets.FORMS)
def test_the_same_rows_give_the_same_bytes(form: str) -> None:
    assert written(form) == written(form)


def test_no_other_form_exists() -> None:
    with pytest.raises(ValueError, match="pdf"):
        written("pdf")


def test_csv_is_read_back_and_runs_nothing() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv").decode(), newline="")))
    assert rows[0] == {
        "id": "1",
        "title": "Été, « 2nde »\n  deux   lignes",
        "levels": "3e | 4e",
        "archived": "true",
        "on": "2026-05-04",
        "at": "2026-05-04T09:30:00Z",
    }
    assert rows[1]["title"] == rows[1]["levels"] == rows[1]["on"] == ""
    assert [row["title"][:2] for row in rows[2:]] == ["'=", "'-"]


def test_a_negative_number_stays_a_number() -> None:
    assert b"\r\n-5," in written("csv", [(-5, None, [], True, None, MOMENT)])


def test_xlsx_holds_types_and_no_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx")))["Notices"]
    lines: list[Any] = list(sheet.iter_rows())
    assert [cell.value for cell in lines[0]] == [column.title for column in COLUMNS]
    assert [cell.value for cell in lines[1]][:4] == [1, "Été, « 2nde »\n  deux   lignes", "3e | 4e", True]
    assert lines[1][4].value == datetime(2026, 5, 4) and lines[1][4].is_date  # noqa: DTZ001 - as workbooks have it
    assert lines[3][1].data_type == "s" and lines[3][1].value.startswith("=HYPERLINK")
    assert not any(cell.hyperlink for line in lines for cell in line)


def test_ods_is_read_back_with_its_types_and_spaces() -> None:
    data = written("ods")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Notices").to_python()
    assert rows[1][:5] == [1.0, rows[1][1], "3e | 4e", True, date(2026, 5, 4)]
    package = zipfile.ZipFile(io.BytesIO(data))
    assert package.infolist()[0].filename == "mimetype" and package.infolist()[0].compress_type == zipfile.ZIP_STORED
    root = etree.fromstring(package.read("content.xml"))
    text = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
    second = root.findall(f".//{text}p")[len(COLUMNS) + 2]
    assert [(child.tag, child.get(f"{text}c")) for child in second] == [
        (f"{text}s", None),
        (f"{text}s", "1"),
        (f"{text}s", "2"),
    ]
    assert not root.xpath("//@*[local-name()='formula']")


@pytest.mark.parametrize("make", [ods.OpenDocument, xlsx.OfficeOpen])
def test_a_table_longer_than_a_sheet_goes_on_in_the_next(make: Any) -> None:
    stream = io.BytesIO()
    writer = make(stream, COLUMNS, "Notices", most_rows=3)
    for row in ROWS:
        writer.add(row)
    writer.close()
    book = CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue()))
    assert book.sheet_names == ["Notices", "Notices 2"]
    assert [len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names] == [3, 3]


def test_a_text_too_long_for_a_cell_says_that_it_goes_on() -> None:
    long: list[datasets.Row] = [(1, "a" * 40_000, [], True, None, MOMENT)]
    value = openpyxl.load_workbook(io.BytesIO(written("xlsx", long)))["Notices"]["B2"].value
    assert len(str(value)) == xlsx.LONGEST and str(value).endswith("…")


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], ()])
@pytest.mark.parametrize("in_group", [1, 3, 100])
def test_parquet_is_read_back_by_the_library_of_reference(rows: Sequence[Any], in_group: int) -> None:
    stream = io.BytesIO()
    writer = parquet.Parquet(stream, COLUMNS, rows_in_group=in_group)
    for row in rows:
        writer.add(row)
    writer.close()
    table = pq.read_table(io.BytesIO(stream.getvalue()))
    assert [tuple(row.values()) for row in table.to_pylist()] == [tuple(row) for row in rows]


def test_the_compact_protocol_writes_its_own_examples() -> None:
    """From the specification of Thrift: zigzag, variable lengths, short and long lists."""
    assert [thrift.varint(n) for n in (0, 127, 128, 300)] == [b"\0", b"\x7f", b"\x80\x01", b"\xac\x02"]
    assert thrift.struct({1: thrift.I32(-1), 3: thrift.I64(1), 4: "é"}) == b"\x15\x01\x26\x02\x18\x02\xc3\xa9\0"
    assert thrift.struct({1: [thrift.I32(1)] * 15}) == b"\x19\xf5\x0f" + b"\x02" * 15 + b"\0"
    assert thrift.struct({1: [{}]}) == b"\x19\x1c\0\0"


def test_the_schema_tells_each_column() -> None:
    told = datasets.table_schema(COLUMNS, key="id")
    assert [field["type"] for field in told["fields"]] == ["integer", "string", "string", "boolean", "date", "datetime"]
    assert told["fields"][0]["constraints"] == {"required": True} and "constraints" not in told["fields"][1]
    assert "« | »" in told["fields"][2]["description"]


def test_the_description_names_every_file_with_its_size() -> None:
    files = [Distribution("CSV", "https://x.fr/n.csv", "text/csv", "CSV", 12, "ab" * 32, MOMENT)]
    page, api = "https://x.fr/donnees/", "https://x.fr/api/v1/"
    told = datasets.dcat(
        Dataset(f"{page}#n", "Titre", "Texte", ["école"], page, api, api, "TraAM", "c@x.fr", f"{page}s.json", files),
        Dataset(f"{page}#t", "Thèmes", "Texte", ["école"], page, api, api, "TraAM", "c@x.fr", f"{page}t.json", ()),
        title="Catalogue",
    )
    assert all(isinstance(value, str) for value in told["@context"].values()), "nothing to fetch"
    first, second = told["dcat:dataset"]
    assert second["dct:conformsTo"]["@id"] == f"{page}t.json" and first["dct:publisher"] == told["dct:publisher"]
    assert [one["@id"] for one in told["dcat:service"]["dcat:servesDataset"]] == [f"{page}#n", f"{page}#t"]
    (one,) = first["dcat:distribution"]
    assert one["dcat:byteSize"]["@value"] == "12" and one["dct:format"]["@id"].endswith("/file-type/CSV")
    assert "licence-ouverte" in one["dct:license"]["@id"]
    json.dumps(told)
