"""What breaks keeps what was typed, says a reference, and tells nothing else."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from traam.demo.build import DOMAIN
from traam.programme.people import actions
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.spaces.workshop.views import watch

TEXT = "Un long texte « écrit » depuis une heure, <b>avec</b> & des signes.\nEt une seconde ligne."


@pytest.fixture
def author(db: None) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(Person.objects.get(email=f"referent.lyon@{DOMAIN}"))
    return client


def address() -> str:
    number = Scenario.objects.get(title__startswith="Débattre").group_id
    return f"/atelier/groupes/{number}/veille"


class Stopped(Exception):
    sqlstate = "40P01"


def breaking(monkeypatch: pytest.MonkeyPatch, problem: Exception, times: int = 9) -> list[int]:
    """The act of the page raises, so many times; how often it was asked."""
    asked: list[int] = []
    act = watch.actions.share_watch

    def broken(*given: Any, **named: Any) -> Any:
        asked.append(1)
        if len(asked) <= times:
            raise problem
        return act(*given, **named)

    monkeypatch.setattr(watch.actions, "share_watch", broken)
    return asked


def typed() -> dict[str, str]:
    return {"address": "https://exemple.fr/a", "title": "Une lecture", "why": TEXT, "tags": "débat"}


def test_a_page_that_breaks_gives_back_what_was_typed(author: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, RuntimeError("a secret detail"))
    answer = author.post(address(), typed(), headers={"X-Request-ID": "suivi-0123456789"})
    page = answer.content.decode()
    assert answer.status_code == 500 and "a secret detail" not in page and "Traceback" not in page
    assert answer["X-Request-ID"] == "suivi-0123456789" and "suivi-0123456789" in page
    assert "<b>avec</b>" not in page and "seconde ligne" in page
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    fields = {name: unescape(value) for name, value in hidden}
    assert {name: fields[name] for name in typed()} == typed()
    assert "en rouvrant la page du formulaire" in page
    again = unescape(author.get(address()).content.decode())
    assert "seconde ligne" in again and "Texte retrouvé" in again

    monkeypatch.undo()
    assert author.post(address(), fields).status_code == 302, "the button of the page sends the same again"


def test_a_database_that_is_away_is_said_in_french(author: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, OperationalError("connection refused on 10.0.0.5"))
    answer = author.post(address(), typed())
    page = unescape(answer.content.decode())
    assert answer.status_code == 503 and answer["Retry-After"] == "60"
    assert "momentanément indisponible" in page and "seconde ligne" in page and "10.0.0.5" not in page


@pytest.mark.django_db(transaction=True)
def test_an_act_stopped_by_a_deadlock_is_done_again_once(demonstration: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(Person.objects.get(email=f"referent.lyon@{DOMAIN}"))
    problem = OperationalError("deadlock detected")
    problem.__cause__ = Stopped()
    asked = breaking(monkeypatch, problem, 1)
    assert client.post(address(), typed()).status_code == 302 and len(asked) == 2
    monkeypatch.undo()

    asked = breaking(monkeypatch, OperationalError("database is locked"))
    answer = client.post(address(), {**typed(), "address": "https://exemple.fr/b"})
    assert answer.status_code == 503 and len(asked) == 2 and answer["Retry-After"] == "5"
    assert "Recommencez dans quelques secondes" in unescape(answer.content.decode())


def test_a_password_is_never_given_back(client: Client, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    from django.utils import timezone

    from traam.programme.journal.actions import System
    from traam.programme.people.queries import invitation_path
    from traam.spaces.desk import entrance

    def broken(*given: Any, **named: Any) -> None:
        raise RuntimeError

    invited = actions.know(f"neuve@{DOMAIN}", "Une invitée", actor=System(), at=timezone.now())
    monkeypatch.setattr(entrance.accounts, "accept_invitation", broken)
    client.raise_request_exception = False
    words = "des mots bien secrets 2026"
    answer = client.post(f"/invitation/{invitation_path(invited)}", {"password": words, "again": words})
    assert answer.status_code == 500 and words not in answer.content.decode()


def test_a_form_that_the_site_did_not_give_is_not_shown(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(Person.objects.get(email=f"referent.lyon@{DOMAIN}"))
    breaking(monkeypatch, RuntimeError())
    answer = client.post(address(), typed())
    assert answer.status_code == 403 and "seconde ligne" not in answer.content.decode()


@pytest.mark.parametrize("given", ["court", "x" * 65, "a b c d e f g h", "<script>alert(1)</script>"])
def test_a_reference_that_is_not_well_formed_is_drawn_again(client: Client, given: str) -> None:
    answer = client.get("/robots.txt", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{16}", answer["X-Request-ID"])
