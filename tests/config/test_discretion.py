"""What the site writes down says nothing of a person, and opens no door."""

import io
import logging
import logging.config
import smtplib
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from traam.config import daily, logs
from traam.config.discretion import Discretion, discreet
from traam.demo.build import DOMAIN
from traam.programme.letters import actions as letters
from traam.programme.people.models import Person
from traam.programme.people.queries import invitation_path


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("envoi à Une.Personne+tri@ac-lyon.fr refusé", "envoi à [adresse] refusé"),
        ("q=une%40ac-lyon.fr&page=2", "q=[secret]&page=2"),
        ("appeler le 01 99 00 00 00 ou +33 1 99 00 00 00", "appeler le [téléphone] ou [téléphone]"),
        ("Not Found: /invitation/MTI/c9x-secret", "Not Found: /invitation/[secret]"),
        ("GET /calendriers/AbC_12.ics 404", "GET /calendriers/[secret] 404"),
        ("/retour?code=abc&state=def", "/retour?code=[secret]&state=[secret]"),
        ("Cookie: sessionid=abc; x=1", "Cookie: [secret]"),
        ("Key (lower(email))=(nom inconnu) already exists.", "Key (lower(email))=([valeurs]) already exists."),
        ("2026-11-22 18:00:00.000 12 lignes en 0.0123456789 s", "2026-11-22 18:00:00.000 12 lignes en 0.0123456789 s"),
        ("empreinte 0123456789abcdef0123456789", "empreinte 0123456789abcdef0123456789"),
    ],
)
def test_a_line_keeps_what_happened_and_loses_who(written: str, kept: str) -> None:
    assert discreet(written) == kept


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the console of the site would receive, with its filters and its form, from INFO up."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    form = logs.configuration("texte", False)
    configured = logging.config.DictConfigurator(form)
    for name in form["handlers"]["console"]["filters"]:
        handler.addFilter(configured.configure_filter(form["filters"][name]))
    handler.setFormatter(configured.configure_formatter(form["formatters"]["line"]))
    root = logging.getLogger()
    level, _ = root.level, root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


def test_the_console_of_the_site_is_discreet() -> None:
    handlers = settings.LOGGING["handlers"]
    assert all(each["filters"][-1] == "discretion" for each in handlers.values()), "last: it rewrites what others made"
    wanted = logs.configuration("json", True)["filters"]["discretion"]["()"]
    assert wanted == f"{Discretion.__module__}.{Discretion.__name__}"


@pytest.mark.django_db
def test_a_day_of_failures_names_nobody(lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    her = Person.objects.get(email=f"dan.lyon@{DOMAIN}")
    token = default_token_generator.make_token(her)
    client = Client(raise_request_exception=False)

    def broken(*_: Any, **__: Any) -> Any:
        raise ValueError(f"Cannot draw {her.email}, 01 99 00 00 01")

    def refused(*_: Any, **__: Any) -> Any:
        raise smtplib.SMTPRecipientsRefused({her.email: (550, f"no such user {her.email}".encode())})

    for address in (
        f"/invitation/{invitation_path(her)}x",
        "/nulle-part",
        f"/calendriers/{token}.ics",
        f"/?q={her.email}",
    ):
        client.get(address)
    client.post("/connexion", {"email": her.email, "password": "wrong-password-of-hers"})
    client.force_login(her)
    client.get("/pilotage/journal")
    with monkeypatch.context() as patch:
        patch.setattr("traam.spaces.desk.own_data.forgetting.open_one", broken)
        assert client.get("/mes-donnees").status_code == 500
    daily._try(broken, timezone.localtime())
    letters.write("discretion", to=her, subject="…", body="…", at=timezone.localtime())
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.message.EmailMessage.send", refused)
        letters.deliver(at=timezone.localtime())
    try:
        with transaction.atomic():
            Person.objects.create(email=her.email, name=her.name, created_at=timezone.now())
    except IntegrityError:
        logging.getLogger("trial").exception("twice")
    written = lines.getvalue()
    assert "Cannot draw [adresse], [téléphone]" in written, "the failures are there"
    assert "twice" in written
    for hidden in (her.email, her.name, "wrong-password-of-hers", token, token.partition("-")[2], "01 99"):
        assert hidden not in written, written[max(0, written.find(hidden) - 300) :][:600]
