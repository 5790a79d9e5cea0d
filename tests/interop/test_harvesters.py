"""Two harvesters written by others, over a real server, while the catalogue changes (20,000 of them: bench/harvesters).

The server answers in a thread of its own with the connection of the test: nothing is committed, nothing to clean.
"""

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.utils import timezone

from bench import harvesters
from traam.interop import repository
from traam.programme.catalogue.models import Notice

pytestmark = pytest.mark.django_db
SIZE, PAGE = 160, 25


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """A line for each request would drown what fails."""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(repository, "PAGE_SIZE", PAGE)
    connection = connections["default"]
    connection.inc_thread_sharing()
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)  # as the test client does
    server = make_server("localhost", 0, WSGIHandler(), handler_class=_Quiet)

    def serve() -> None:
        connections["default"] = connection
        server.serve_forever(poll_interval=0.02)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}/oai"
    server.shutdown()
    thread.join(5)
    server.server_close()
    connection.dec_thread_sharing()


@pytest.mark.parametrize("prefix", ["oai_dc", "lom"])
@pytest.mark.parametrize("name", ["oaipmh-scythe", "Sickle"])
def test_a_harvest_under_changes_loses_nothing_and_repeats_only_what_changed(
    address: str, name: str, prefix: str
) -> None:
    Notice.objects.update(datestamp=timezone.now().replace(microsecond=0) - timedelta(days=900))
    harvesters.fill(SIZE)
    since = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    touched: set[str] = set()
    moments = {PAGE + 1: 1, SIZE // 2: 2, SIZE - 5: 3}
    got = harvesters.take(
        name,
        address,
        prefix,
        {taken: lambda seed=seed: touched.update(harvesters.change(20, seed)) for taken, seed in moments.items()},  # type: ignore[misc]
    )
    assert list(harvesters.faults(got, harvesters.expected(), touched)) == []
    assert len(got.cursors) > SIZE // PAGE and len(got.records) > len(got.last) > SIZE
    assert sum(one.deleted for one in got.last.values()) >= SIZE // 50 + 9
    assert harvesters.take(name, address, prefix, {}, **{"from": since}).last.keys() == touched
    specs = ["academie", "academie:lyon", "discipline"]
    assert list(harvesters.set_faults(name, address, prefix, got.last, specs)) == []


def test_the_faults_of_a_harvest_are_seen() -> None:
    """Lost, invented, out of date, repeated for nothing, a token that goes back."""
    one = harvesters.Seen("oai:a:1", "2026-01-01T00:00:00Z", False, (), "Un")
    wanted = {"oai:a:1": (False, "Un"), "oai:a:2": (True, "")}
    got = harvesters.Harvested([one, one, harvesters.Seen("oai:a:3", "", False, (), "")], [0, 5, 3], 3)
    told = " ".join(harvesters.faults(got, wanted, set()))
    for said in ("1 records are lost", "do not exist", "comes 2 times", "do not go up"):
        assert said in told
    assert "are not what they are now" in " ".join(
        harvesters.faults(got, wanted | {"oai:a:1": (False, "Deux")}, {"oai:a:1"})
    )
