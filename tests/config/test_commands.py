import json
import socket
from io import BytesIO
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone

from traam.config.commands import run
from traam.demo.build import HISTORY, build
from traam.programme.calls import exports, rules
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue.models import Notice
from traam.programme.letters.models import Letter
from traam.programme.people.models import Appointment

pytestmark = pytest.mark.django_db


def test_the_demonstration_is_safe_to_build_again() -> None:
    before = (Application.objects.count(), Notice.objects.count())
    assert build(timezone.localtime()) is False
    assert (Application.objects.count(), Notice.objects.count()) == before


def test_the_history_is_imported_again_without_doubling(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "history", str(HISTORY / "scenarios.jsonl")]) == 0
    assert capsys.readouterr().out.startswith("0 scénario ajouté, 0 changé, 54 inchangés.")


def test_a_bad_history_is_refused_with_its_lines_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (HISTORY / "scenarios.jsonl").read_text(encoding="utf-8").splitlines()[:2]
    first = {**json.loads(rows[0]), "id": "N1", "academy": "Atlantide"}
    (tmp_path / "x.jsonl").write_text(f"{json.dumps(first)}\n{{pas du json\n{rows[1]}\n", encoding="utf-8")
    count = Notice.objects.count()
    assert run(["import", "history", str(tmp_path / "x.jsonl")]) == 1
    said = capsys.readouterr().err
    assert "Ligne 1" in said and "Atlantide" in said and "Ligne 2" in said and "Rien n'a été écrit" in said
    assert Notice.objects.count() == count


def test_a_file_that_does_not_exist_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "history", "/nulle/part.csv"]) == 1
    assert "n'existe pas" in capsys.readouterr().err


def test_a_wrong_usage_answers_two() -> None:
    with pytest.raises(SystemExit) as stopped:
        run(["danser"])
    assert stopped.value.code == 2


def test_an_academy_spreadsheet_is_imported_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    campaign = Campaign.objects.get(state="open")
    path = tmp_path / "lille.xlsx"
    path.write_bytes(exports.workbook(campaign, "09"))
    assert run(["import", "applications", str(path), "--academie", "lille", "--dry-run"]) == 0
    assert "0 nouvelles" in capsys.readouterr().out
    path.write_bytes(b"%PDF-1.7 ...")
    assert run(["import", "applications", str(path), "--academie", "lille"]) == 1
    assert "PDF" in capsys.readouterr().err


def test_a_spreadsheet_comes_back_marked_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from openpyxl import load_workbook

    path, out = tmp_path / "lille.xlsx", tmp_path / "annoté.xlsx"
    book = load_workbook(BytesIO(exports.workbook(Campaign.objects.get(state="open"), "09")))
    place = list(rules.TITLES).index("referent_email") + 1
    sheet = book["Candidatures"]
    sheet.cell(2, 1, Campaign.objects.get(state="open").themes.order_by("pk")[1].title)
    sheet.cell(2, place, "sans arobase")
    book.save(path)
    before = Application.objects.count()
    command = ["import", "applications", str(path), "--academy", "lille", "--marked", str(out)]
    assert run(command) == 1
    assert "signe @" in capsys.readouterr().err
    marked = load_workbook(out)["Candidatures"].cell(2, place)
    assert "signe @" in marked.comment.text
    assert Application.objects.count() == before
    assert run([*command, "--dry-run"]) == 1, "what would be refused is refused before too"


def test_the_worker_sends_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    # The connection of a test is never too old: its transaction is in it.
    monkeypatch.setattr("traam.config.commands.close_old_connections", lambda: None)
    monkeypatch.setattr("traam.config.auditing.Visits.work", lambda *_: 0)  # tried elsewhere
    waiting = Letter.objects.filter(state="waiting").count()
    assert waiting > 0
    assert run(["work", "--once"]) == 0
    to_readers = [one.to for one in mail.outbox if "List-Id" in one.extra_headers]
    assert len(mail.outbox) - len(to_readers) == min(waiting, 50)
    assert len(to_readers) == 3, "the issue of the demonstration leaves too"
    assert all("List-Id" in one.extra_headers for one in mail.outbox[-3:]), "the letters of the platform leave first"


def test_the_first_account_of_a_new_site_invites_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["first", "bureau@example.org", "Bureau"]) == 1, "the demonstration has one already"
    Appointment.objects.filter(role="national").delete()
    assert run(["first", "bureau@example.org", "Bureau"]) == 0
    assert "/invitation/" in capsys.readouterr().out


def test_a_port_that_is_taken_is_said_before_anything_is_built(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert run(["start", "--port", str(port)]) == 1
    assert f"Le port {port} est pris" in capsys.readouterr().err
