"""What the supervisor reads."""

from collections import namedtuple
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from traam.demo.build import DOMAIN
from traam.gateways import signs
from traam.interop import measuring
from traam.programme.catalogue import actions, index
from traam.programme.catalogue.models import Notice, PublicCall
from traam.programme.letters.models import Letter

pytestmark = pytest.mark.django_db
TOKEN = "un-jeton-tire-au-hasard-de-32-signes"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _nothing_was_seen_before(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.INDEX_FOLDER = tmp_path / "index"  # the one of the run may be ahead of what tests put back
    settings.METRICS_TOKEN = TOKEN


def told(client: Client) -> dict[str, Any]:
    answer = client.get("/sante/", headers=BEARER)
    return {"status": answer.status_code, **answer.json()}


def test_the_site_is_well(client: Client) -> None:
    index.update()
    waiting = Letter.objects.filter(state="waiting").count()
    answer = client.get("/sante/")
    assert answer.status_code == 200
    assert answer.json().items() >= {"database": True, "letters_waiting": waiting, "index_lag": 0}.items()
    assert set(answer.json()) == {"state", "database", "letters_waiting", "index_lag"}, "nothing else without a token"


def test_the_index_that_lags_is_seen(client: Client) -> None:
    index.update()
    actions.note_changes(Notice.objects.all()[:3])
    assert client.get("/sante/").json()["index_lag"] == 3


def test_an_index_not_built_yet_is_not_built_by_the_supervisor(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.INDEX_FOLDER = tmp_path / "none"
    assert client.get("/sante/").json()["index_lag"] > 0
    assert "index_version" in told(client)["late"]
    assert not (tmp_path / "none").exists()


def letter(key: str, **more: Any) -> Letter:
    to, now = Letter.objects.order_by("pk")[0].to, timezone.now()
    values = {"subject": "x", "body": "x", "written_at": now, "next_attempt_at": now, **more}
    return Letter.objects.create(key=key, to=to, **values)


def test_letters_that_wait_are_counted(client: Client) -> None:
    before = client.get("/sante/").json()["letters_waiting"]
    letter("essai")
    assert client.get("/sante/").json()["letters_waiting"] == before + 1


def test_a_queue_that_does_not_move_and_a_server_that_refuses_are_seen(client: Client) -> None:
    Letter.objects.filter(state="waiting").update(state="sent")
    assert told(client)["letters_late_seconds"] == 0
    letter("late", next_attempt_at=timezone.now() - timedelta(hours=1))
    letter("refused", attempts=2, next_attempt_at=timezone.now() + timedelta(hours=1))
    letter("failed", state="failed")
    found = told(client)
    assert found["state"] == "degraded" and found["status"] == 200
    assert 3590 < found["letters_late_seconds"] < 3700
    assert {"letters_late_seconds", "letters_refused", "letters_unsettled"} <= set(found["late"])


def test_what_should_come_back_and_does_not_is_seen(client: Client) -> None:
    now = timezone.now()
    pulse = signs.Pulse("travailleur")
    pulse(now - timedelta(minutes=20))
    signs.leave("quotidien", now - timedelta(hours=3))
    assert told(client)["backup_age_seconds"] is None
    signs.leave("sauvegarde", now - timedelta(days=3), rows=12, size=3, digest="ab")
    found = told(client)
    assert 1190 < found["worker_age_seconds"] < 1300
    assert "worker_age_seconds" in found["late"] and "backup_age_seconds" in found["late"]
    assert "daily_age_seconds" not in found["late"]


def test_a_disk_that_is_full_stops_the_site(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage(10**12, 10**12, 10**6))
    found = told(client)
    assert (found["status"], found["state"]) == (503, "down") and "data_free_bytes" in found["late"]


def test_a_silent_database_is_said_without_details(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DatabaseError("password authentication failed for user traam")

    monkeypatch.setattr(PublicCall.objects, "exists", fail)
    answer = client.get("/sante/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()) == (503, {"state": "down", "database": False})


def test_the_national_team_reads_a_page_and_the_others_its_summary(sign_in: Callable[[str], Client]) -> None:
    html = {"Accept": "text/html,*/*"}
    page = sign_in("bureau").get("/sante/", headers=html).content.decode()
    assert "Signes de vie" in page and "File des courriels" in page
    for name in ("dan.lyon", "referent.lyon"):
        summary = sign_in(name).get("/sante/", headers=html).content.decode()
        assert "Santé du site" in summary and "File des courriels" not in summary


# --- measures


def samples(client: Client) -> dict[tuple[str, ...], float]:
    answer = client.get("/metriques", headers=BEARER)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (one.name, *(one.labels[name] for name in sorted(one.labels))): one.value
        for family in families
        for one in family.samples
    }


def test_requests_are_counted_by_page_and_never_by_address(client: Client) -> None:
    before = samples(client)
    notice = Notice.objects.order_by("pk")[0]
    client.get(f"/notices/{notice.pk}")
    client.get(f"/rien/{DOMAIN}/secret")
    client.get("/connexion?next=/secret")
    after = samples(client)
    grown = {key for key, value in after.items() if value > before.get(key, 0)}
    assert ("traam_requests_total", "GET", "aucune", "404") in grown
    assert ("traam_request_seconds_count", "desk:sign_in") in grown
    assert not [key for key in after if "secret" in str(key) or DOMAIN in str(key)]
    assert after["traam_sign_ok", "database"] == 1 and ("traam_letters", "waiting") in after
    assert any(key[0] == "traam_database_queries_total" for key in grown)


def test_measures_are_shut_without_their_token(client: Client, settings: Any) -> None:
    assert client.get("/metriques").status_code == 403
    assert client.get("/metriques", headers={"Authorization": "Bearer " + "x" * 36}).status_code == 403
    settings.METRICS_TOKEN, settings.DEMONSTRATION = "", False
    answer = client.get("/metriques", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403 and "TRAAM_METRICS_TOKEN" in answer.content.decode()
    settings.DEMONSTRATION = True
    assert client.get("/metriques").status_code == 200
    assert client.get("/metriques", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 403
    assert client.get("/metriques", REMOTE_ADDR="192.0.2.1").status_code == 403


def test_the_measures_say_what_they_are() -> None:
    text = measuring.exposition(timezone.localtime()).decode()
    assert text.count("# HELP traam_requests_total") == 1 and "# TYPE traam_request_seconds histogram" in text
