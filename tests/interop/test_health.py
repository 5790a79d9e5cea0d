"""What the supervisor reads."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from traam.programme.catalogue import actions, index
from traam.programme.catalogue.models import Notice, PublicCall
from traam.programme.letters.models import Letter

pytestmark = pytest.mark.django_db


def test_the_site_is_well(client: Client) -> None:
    index.update()
    waiting = Letter.objects.filter(state="waiting").count()
    answer = client.get("/sante/")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "letters_waiting": waiting, "index_lag": 0}


def test_the_index_that_lags_is_seen(client: Client) -> None:
    index.update()
    actions.note_changes(Notice.objects.all()[:3])
    assert client.get("/sante/").json()["index_lag"] == 3


def test_an_index_not_built_yet_is_not_built_by_the_supervisor(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.INDEX_FOLDER = tmp_path / "none"
    assert client.get("/sante/").json()["index_lag"] > 0
    assert not (tmp_path / "none").exists()


def test_letters_that_wait_are_counted(client: Client) -> None:
    before = client.get("/sante/").json()["letters_waiting"]
    letter = Letter.objects.first()
    assert letter is not None
    now = timezone.now()
    Letter.objects.create(key="essai", to=letter.to, subject="x", body="x", written_at=now, next_attempt_at=now)
    assert client.get("/sante/").json()["letters_waiting"] == before + 1


def test_a_silent_database_is_said_without_details(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DatabaseError("password authentication failed for user traam")

    monkeypatch.setattr(PublicCall.objects, "exists", fail)
    answer = client.get("/sante/")
    assert (answer.status_code, answer.json()) == (503, {"database": False})
