"""`traam audit`: an address, a file, or all that is due; and the visits of the worker."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from traam.config import auditing as command
from traam.config.commands import run
from traam.engines.pageaudit.values import Fetched, Link
from traam.programme.publication.actions import auditing
from traam.programme.publication.models import AuditRun, Contest, Watched
from traam.programme.selection import proposals

GOOD = """<!doctype html><html lang="fr"><head><title>Une séance de français</title>
<link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/"></head><body><h1>Une séance</h1>
<p>Les élèves lisent puis écrivent ensemble.</p></body></html>"""
SOCIAL = GOOD.replace("</body>", '<a href="https://www.facebook.com/classe">Notre page</a></body>')


class Site:
    """Stands for the fetcher."""

    html = GOOD

    def __init__(self, **_: Any) -> None: ...

    def fetch(self, address: str, *, most_bytes: int | None = None, seconds: float | None = None) -> Fetched:
        if "interdit" in address:
            return Fetched(address, address, error="refused", detail="Cette adresse n'est pas publique.")
        return Fetched(address, address, 200, (("content-type", "text/html; charset=utf-8"),), self.html.encode())

    def ask(self, address: str, **_: Any) -> Link:
        return Link(address, 200)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> type[Site]:
    monkeypatch.setattr(command, "Fetcher", Site)
    monkeypatch.setattr(Site, "html", GOOD)
    return Site


def test_an_address_without_a_blocking_fault_is_0_and_with_one_is_1(
    site: type[Site], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["audit", "https://a.exemple.fr/"]) == 0
    assert "À VÉRIFIER" in (told := capsys.readouterr().out) or "DÉFAUT" in told
    monkeypatch.setattr(site, "html", SOCIAL)
    assert run(["audit", "https://a.exemple.fr/"]) == 1
    told = capsys.readouterr().out
    assert '<a href="https://www.facebook.com/classe">' in told and "Pour corriger" in told
    assert "affichée dans un navigateur" in told, "what was not done is said"


def test_the_report_in_json_holds_what_a_page_would_show(
    site: type[Site], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(site, "html", SOCIAL)
    assert run(["audit", "https://a.exemple.fr/", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    (social,) = [one for one in told["findings"] if one["code"] == "social"]
    assert (social["severity"], social["answer"], told["blocking"]) == ("blocking", "fault", 1)
    assert "facebook" in social["element"] and social["mend"]


def test_wrong_usage_is_2(site: type[Site], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit"]) == 2
    assert run(["audit", "https://a.fr/", "--due"]) == 2
    assert run(["audit", "--file", str(tmp_path / "rien.html")]) == 2
    assert run(["audit", "http://interdit.fr/"]) == 2
    assert "pas publique" in capsys.readouterr().err
    strange = tmp_path / "son.mp3"
    strange.write_bytes(b"ID3")
    assert run(["audit", "--file", str(strange)]) == 2


def test_a_file_is_audited_without_being_on_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    page.write_text(SOCIAL)
    assert run(["audit", "--file", str(page)]) == 1
    told = capsys.readouterr().out
    assert told.startswith("page.html") and "fichier.invalid" not in told
    paper = tmp_path / "fiche.pdf"
    paper.write_bytes(b"%PDF-1.4 broken")
    assert run(["audit", "--file", str(paper)]) == 0, "no check of a document blocks by itself"
    assert "fiche.pdf" in capsys.readouterr().out


@pytest.fixture
def due(db: None, settings: Any, tmp_path: Path) -> list[Watched]:
    settings.DATA = tmp_path
    for model in (AuditRun, Contest, Watched):
        model.objects.all().delete()
    return [auditing.watch(f"https://site{n}.exemple.fr/", at=timezone.now()) for n in range(3)]


def test_all_that_is_due_is_visited(
    site: type[Site], due: list[Watched], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(site, "html", SOCIAL)
    assert run(["audit", "--due"]) == 1
    told = capsys.readouterr()
    assert "3 adresses visitées, 3 avec un défaut bloquant" in told.out
    assert "\r" not in told.err and "site0.exemple.fr" in told.err, "a log is not a terminal"
    assert run(["audit", "--due"]) == 0
    assert "Aucune adresse" in capsys.readouterr().out
    assert AuditRun.objects.count() == 3


def test_the_worker_visits_a_few_and_obeys_a_stop(
    site: type[Site], due: list[Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nothing:
        ready, sentence = False, "Chromium n'est pas installé."

    monkeypatch.setattr(command, "availability", Nothing)
    monkeypatch.setattr(command, "SLICE", 2)
    turns: list[int] = []
    visits = command.Visits()
    assert visits.work(lambda: turns.append(1)) == 2
    assert turns, "letters leave meanwhile"
    assert set(AuditRun.objects.values_list("static_only", flat=True)) == {"Chromium n'est pas installé."}

    def stop() -> None:
        raise proposals.Interrupted

    with pytest.raises(proposals.Interrupted):
        visits.work(stop)
    assert not Watched.objects.exclude(claimed_until=None).exists(), "nothing is held by who stopped"
    assert visits.work(lambda: None) + AuditRun.objects.count() >= 3
    assert visits.work(lambda: None) == 0
