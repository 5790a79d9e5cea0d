"""Each line of the logs has the reference of its request, and can be read by a program."""

import json
import logging
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from traam.config import env, logs
from traam.design.references import ReferenceMiddleware


def line(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    logs.WithReference().filter(record)
    return formatter.format(record)


def record(message: str, *, problem: bool = False, **facts: Any) -> logging.LogRecord:
    made = logging.LogRecord(
        "traam.trial", logging.ERROR, __file__, 1, message, None, sys.exc_info() if problem else None
    )
    made.__dict__.update(facts)
    return made


def test_a_line_written_during_a_request_has_its_reference() -> None:
    said: list[str] = []

    def answer(request: Any) -> HttpResponse:
        said.append(line(logs.Json(), record("Élan « perdu »\nsuite")))
        said.append(line(logs.Text(), record("deux\nlignes")))
        return HttpResponse()

    ReferenceMiddleware(answer)(RequestFactory().get("/", headers={"X-Request-ID": "suivi-0123456789"}))
    told = json.loads(said[0])
    assert told["reference"] == "suivi-0123456789" and told["message"] == "Élan « perdu »\nsuite"
    assert "\n" not in said[0]
    assert "[suivi-0123456789] deux\\nlignes" in said[1] and "\n" not in said[1]
    assert json.loads(line(logs.Json(), record("after")))["reference"] == ""


def test_an_exception_is_one_object() -> None:
    try:
        raise ValueError("trial")
    except ValueError:
        told = json.loads(line(logs.Json(), record("broken", problem=True)))
    assert told["exception"].endswith("ValueError: trial")


def test_a_line_of_the_server_names_the_page_and_nobody(caplog: pytest.LogCaptureFixture) -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/invitation/MTI/secret",
        "REMOTE_ADDR": "192.0.2.7",
        "traam.route": "invitation/<str:uid>/<str:token>",
        "traam.reference": "suivi-0123456789",
    }
    server = logs.ServersLogger.__new__(logs.ServersLogger)
    with caplog.at_level(logging.INFO, "traam.access"):
        server.access(SimpleNamespace(status="200 OK", sent=12), None, environ, timedelta(milliseconds=31))
    told = json.loads(line(logs.Json(), caplog.records[0]))
    assert told["route"] == "invitation/<str:uid>/<str:token>" and told["status"] == 200 and told["seconds"] == 0.031
    assert "secret" not in json.dumps(told) and "192.0.2.7" not in json.dumps(told)


def test_an_address_that_was_not_found_is_not_written() -> None:
    asked = RequestFactory().get("/invitation/MTI/secret")
    made = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "%s: %s", ("Not Found", asked.path), None)
    made.request = asked
    ReferenceMiddleware(lambda request: HttpResponse(status=404))(asked)
    assert line(logs.Text(), made).endswith(f"[{asked.META['traam.reference']}] Not Found: (aucune page)")


def test_the_form_of_the_lines_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAAM_LOGS", "xml")
    with pytest.raises(env.BadSetting, match="texte ou json"):
        env.choice("TRAAM_LOGS", "texte", [logs.TEXT, logs.JSON])
    assert logs.configuration("json", True)["loggers"]["traam.access"]["level"] == "INFO"
