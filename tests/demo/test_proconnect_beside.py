"""The ProConnect to try lives beside a demonstration that is started, and not a moment longer."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from traam.config import commands
from traam.demo import proconnect
from traam.gateways.identity import ProConnect, Site

SITE = "http://127.0.0.1:8123"
ALIVE = (
    "import sys, time; from traam.demo import proconnect\n"
    f"with proconnect.beside('{SITE}') as told: print(told['TRAAM_PROCONNECT_ISSUER'], flush=True); time.sleep(60)"
)


def answers(issuer: str) -> bool:
    parts = urlsplit(issuer)
    with socket.socket() as door:
        return door.connect_ex((parts.hostname, parts.port)) == 0


def until_it_is_gone(issuer: str) -> bool:
    for _ in range(200):
        if not answers(issuer):
            return True
        time.sleep(0.05)
    return False


def page(address: str) -> str:
    with urlopen(address, timeout=20) as answer:  # noqa: S310 - our own address
        return str(answer.read().decode())


def test_it_serves_the_site_that_started_it_then_ends_with_it() -> None:
    with proconnect.beside(SITE) as told:
        issuer = told["TRAAM_PROCONNECT_ISSUER"]
        client = ProConnect(Site(issuer, told["TRAAM_PROCONNECT_CLIENT_ID"], told["TRAAM_PROCONNECT_SECRET"]))
        address, _ = client.leave_for(f"{SITE}/connexion/proconnect/retour")
        shown = page(address)
        assert "Ceci n'est pas ProConnect." in shown and "Continuer comme Dan De Lyon" in shown
    assert not answers(issuer)


def test_it_dies_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", ALIVE], stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603
        assert parent.stdout
        issuer = parent.stdout.readline().strip()
        assert "openid-configuration" not in page(f"{issuer}/.well-known/openid-configuration")
        os.kill(parent.pid, signal.SIGKILL)
    assert until_it_is_gone(issuer)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """What `traam start` gives to the site that it serves."""
    given: list[Mapping[str, str]] = []

    def serve(port: int, told: Mapping[str, str]) -> int:
        given.append(told)
        if told:
            assert "issuer" in page(f"{told['TRAAM_PROCONNECT_ISSUER']}/.well-known/openid-configuration")
        return 0

    def start() -> tuple[Mapping[str, str], str]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        assert commands.start(argparse.Namespace(port=port)) == 0
        return given[-1], capsys.readouterr().out

    monkeypatch.setattr(commands, "demo", lambda _: 0)
    monkeypatch.setattr(commands, "_working", nullcontext)
    monkeypatch.setattr(commands, "_serve", serve)
    return start


def test_the_demonstration_is_started_with_it(started: Any) -> None:
    told, said = started()
    assert set(told) == set(proconnect.SETTINGS)
    assert "un faux ProConnect" in said
    assert not answers(told["TRAAM_PROCONNECT_ISSUER"])


@pytest.mark.parametrize(
    "named",
    [
        {"PROCONNECT": {"issuer": "https://ailleurs.invalid"}},
        {"SITE_ADDRESS": "https://traam.exemple.fr"},
        {"DEMONSTRATION": False},
    ],
)
def test_nowhere_else(started: Any, settings: Any, named: dict[str, Any]) -> None:
    for name, value in named.items():
        setattr(settings, name, value)
    told, said = started()
    assert not told and "ProConnect" not in said


def test_a_site_that_is_served_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Mapping[str, str]] = []
    monkeypatch.setattr(commands, "_serve", lambda port, told: given.append(told) or 0)
    monkeypatch.setattr(commands, "port_is_free", lambda _: True)
    monkeypatch.setattr(proconnect, "beside", lambda _: pytest.fail("a trial beside a site that is served"))
    assert commands.serve(argparse.Namespace(port=1)) == 0
    assert given == [{}]
