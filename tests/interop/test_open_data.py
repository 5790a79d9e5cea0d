"""The catalogue as files: whole, of one moment, made again when it changes, given once."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import jsonschema_rs
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from traam.interop.api import document
from traam.interop.opendata import columns, files
from traam.programme.catalogue import listing
from traam.programme.catalogue.models import Notice, PastResult, PublicSynthesis, PublicTheme

pytestmark = pytest.mark.django_db


def get(client: Client, form: str, **headers: str) -> bytes:
    answer: Any = client.get(f"/donnees/notices.{form}", headers=headers)
    assert answer.status_code == 200
    content: bytes = answer.getvalue()
    return content


def published() -> set[int]:
    return set(Notice.objects.filter(state=Notice.State.PUBLISHED).values_list("pk", flat=True))


def table(client: Client, name: str) -> list[dict[str, str]]:
    answer: Any = client.get(f"/donnees/{name}.csv")
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode(), newline="")))


def test_every_form_holds_every_notice(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(get(client, "csv").decode(), newline="")))
    assert {int(row["id"]) for row in rows} == published() and len(rows) == len(published())
    assert list(rows[0]) == [column.name for column in columns.NOTICES.columns]
    for form in ("ods", "xlsx"):
        lines = CalamineWorkbook.from_filelike(io.BytesIO(get(client, form))).get_sheet_by_index(0).to_python()
        assert [line[0] for line in lines[1:]] == [float(row["id"]) for row in rows]
    assert get(client, "parquet")[:4] == b"PAR1"
    whole = [json.loads(line) for line in get(client, "jsonl").splitlines()]
    assert [one["id"] for one in whole] == [int(row["id"]) for row in rows]


@pytest.mark.parametrize(("name", "thing"), [(one.name, one.whole.name) for one in columns.TABLES.values()])
def test_every_line_is_what_the_interface_tells(client: Client, name: str, thing: str) -> None:
    answer: Any = client.get(f"/donnees/{name}.jsonl")
    whole = [json.loads(line) for line in answer.getvalue().splitlines()]
    assert whole
    judge = jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{thing}", "components": document.document()["components"]},
        validate_formats=True,
    )
    for one in whole:
        judge.validate(one)
    assert [one["id"] for one in whole] == [int(row["id"]) for row in table(client, name)]


def test_what_was_learnt_is_told_too(client: Client) -> None:
    link = {"name": "GTnum Écoute", "laboratory": "LabE", "address": "https://lab.example.org", "brings": "Du recul."}
    theme = PublicTheme.objects.order_by("pk")[0]
    PublicTheme.objects.filter(pk=theme.pk).update(research=[link])
    PublicSynthesis.objects.order_by("pk")[0].themes.add(theme)
    rows = {int(row["id"]): row for row in table(client, "themes")}
    assert set(rows) == set(PublicTheme.objects.values_list("pk", flat=True))
    assert (rows[theme.pk]["research"], rows[theme.pk]["research_urls"]) == (link["name"], link["address"])
    online = PublicSynthesis.objects.filter(state="published")
    told = table(client, "syntheses")
    assert {int(row["id"]) for row in told} == set(online.values_list("pk", flat=True)) != set()
    assert str(theme.pk) in told[0]["theme_ids"].split(" | ") and told[0]["figures"]
    assert {int(row["id"]) for row in table(client, "resultats")} == set(
        PastResult.objects.values_list("pk", flat=True)
    )


def test_a_synthesis_that_is_withdrawn_leaves_the_files(client: Client) -> None:
    now = timezone.now()
    assert files.current(now).rows["syntheses"] == 1
    PublicSynthesis.objects.update(state="withdrawn", changed_at=now + timedelta(minutes=1))
    assert files.current(now + files.PATIENCE).rows["syntheses"] == 0


def test_files_made_by_a_site_that_had_fewer_tables_are_made_again(client: Client) -> None:
    files.current(timezone.now())
    manifest = files._root() / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["rows"], told["files"] = 12, {"csv": told["files"]["notices.csv"]}
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert files.current(timezone.now()).rows["notices"] == len(published())


def test_a_file_is_given_once_to_who_keeps_it(client: Client) -> None:
    first = client.get("/donnees/notices.csv")
    assert 'filename="traam-notices.csv"' in first["Content-Disposition"]
    again = client.get("/donnees/notices.csv", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    head: Any = client.head("/donnees/notices.csv")
    assert head["Content-Length"] == first["Content-Length"] and head.getvalue() == b""
    assert first["Access-Control-Allow-Origin"] == "*"


def change() -> Notice:
    """Withdraw one, later than whatever changed before."""
    notice: Any = Notice.objects.filter(state=Notice.State.PUBLISHED).first()
    last = listing.notices_changed_at() or timezone.now()
    notice.state, notice.datestamp = Notice.State.WITHDRAWN, last + timedelta(minutes=1)
    notice.save()
    found: Notice = notice
    return found


def test_what_was_withdrawn_leaves_the_files_but_not_at_each_reader(client: Client) -> None:
    now = timezone.now()
    before = files.current(now)
    gone = change()
    assert files.current(now + timedelta(minutes=5)).folder == before.folder
    after = files.current(now + files.PATIENCE)
    assert after.folder != before.folder and after.rows["notices"] == before.rows["notices"] - 1
    assert f"/{gone.pk}," not in after.path("notices.csv").read_text(encoding="utf-8")
    assert before.path("notices.csv").exists(), "for who is about to open it"
    change()
    files.current(now + 2 * files.PATIENCE)
    assert after.path("notices.csv").exists() and not before.path("notices.csv").exists()


def test_what_did_not_change_is_not_made_again(client: Client) -> None:
    now = timezone.now()
    assert files.current(now).folder == files.current(now + timedelta(days=9)).folder
    files.refresh(at=now + timedelta(days=9))
    assert files.current(now).at == now


def test_a_long_making_is_left_to_the_worker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "QUICK", 0.0)
    now = timezone.now()
    before = files.current(now)
    change()
    later = now + timedelta(hours=1)
    assert files.current(later).folder == before.folder
    files.refresh(at=later)
    assert files.current(later).folder != before.folder


def test_a_reader_does_not_wait_for_another_making(client: Client) -> None:
    now = timezone.now()
    before = files.current(now)
    change()
    with files._alone(wait=True):
        assert files.current(now + timedelta(hours=1)).folder == before.folder


def test_a_making_that_died_leaves_the_files_before_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    before = files.current(now)
    change()

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(files, "_told", full)
        with pytest.raises(OSError, match="space"):
            files.refresh(at=now + timedelta(hours=1))
    assert files.in_force() == before and before.path("notices.csv").exists()


def test_a_lost_file_is_made_again(client: Client) -> None:
    before = get(client, "csv")
    made = files.in_force()
    assert made is not None
    made.path("notices.csv").unlink()
    assert get(client, "csv") == before


def test_the_number_of_queries_does_not_grow_with_the_catalogue() -> None:
    counts = []
    for keep in (1, 100):
        Notice.objects.update(state=Notice.State.WITHDRAWN)
        some = Notice.objects.values_list("pk", flat=True)[:keep]
        Notice.objects.filter(pk__in=list(some)).update(state=Notice.State.PUBLISHED)
        with CaptureQueriesContext(connection) as queries:
            read = [columns.NOTICES.row(notice) for notice in listing.every_notice()]
        assert len(read) == min(keep, Notice.objects.count())
        counts.append(len(queries))
    assert counts == [1, 1]


def test_the_descriptions_name_what_is_there(client: Client) -> None:
    for name, one in columns.TABLES.items():
        schema = client.get(f"/donnees/{name}.schema.json").json()
        assert [field["name"] for field in schema["fields"]] == [column.name for column in one.columns]
    answer = client.get("/donnees/catalogue.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    told = {
        one["@id"].rpartition("/")[2]: int(one["dcat:byteSize"]["@value"])
        for dataset in answer.json()["dcat:dataset"]
        for one in dataset["dcat:distribution"]
    }
    assert told == {name: len(client.get(f"/donnees/{name}").getvalue()) for name in files.NAMES}  # type: ignore[attr-defined]


def test_the_page_lists_the_files_and_their_sizes(client: Client) -> None:
    page = client.get("/donnees/").content.decode()
    assert all(f'href="/donnees/{name}"' in page for name in files.NAMES)
    assert len(page.encode()) < 50_000
    assert "Licence Ouverte 2.0" in page
    assert client.get("/donnees/notices.pdf").json()["detail"].endswith("csv, ods, xlsx, parquet, jsonl.")
    assert client.get("/donnees/magie.csv").json()["detail"].endswith("notices, themes, syntheses, resultats.")
