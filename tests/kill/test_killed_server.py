"""The server is killed (SIGKILL) while somebody types: what she typed up to two seconds before is found again."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ROOT = Path(__file__).parents[2]
TEXT = "Les élèves ouvrent le débat, chacun note ses arguments, puis la classe vote et recommence. "
AT_MOST = 2.0  # seconds of typing that may be lost
# Fingers that never pause, whatever else the machine does: a pause would be the time to keep what was typed.
TYPING = """text => {
  window.typed = [];
  window.fingers = setInterval(() => {
    document.execCommand("insertText", false, text[window.typed.length % text.length]);
    window.typed.push([Date.now(), window.typed.length + 1]);
  }, 60);
}"""


class Server:
    """The site as it is served, with a database of its own."""

    def __init__(self, database: str, data: Path) -> None:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port: int = door.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRAAM_", "DATABASE_"))}
        given = {"PYTHONPATH": str(ROOT), "TRAAM_DATA": str(data), "DATABASE_URL": database}
        self.environment = {**kept, **given, "DJANGO_SETTINGS_MODULE": "traam.config.settings"}
        self.run("-m", "traam", "prepare").wait(120)
        self.process = self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, *command],
            env=self.environment,
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def start(self) -> "subprocess.Popen[bytes]":
        bind = f"127.0.0.1:{self.port}"
        process = self.run(
            "-m",
            "gunicorn",
            "traam.config.wsgi:application",
            "--bind",
            bind,
            "--worker-class",
            "gthread",
            "--threads",
            "4",
        )
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{self.address}/connexion", timeout=5)  # noqa: S310 - our own server
            except OSError:
                time.sleep(0.1)
            else:
                return process
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """All its processes at once, without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def served(database: str, data: Path) -> Iterator[Server]:
    server = Server(database, data)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


def open_editor(page: Page, address: str, number: int) -> None:
    page.goto(f"{address}/connexion?next=/atelier/scenarios/{number}/modifier")
    page.get_by_label("Adresse électronique").fill(f"referent.lyon@{DOMAIN}")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Écrire le scénario")


def test_two_seconds_of_typing_at_most_are_lost(
    database: str, tmp_path: Path, browser_page: Callable[..., Page]
) -> None:
    from traam.programme.productions.models import Scenario

    number = Scenario.objects.get(title__startswith="Débattre").pk
    with served(database, tmp_path) as server:
        page = browser_page()
        open_editor(page, server.address, number)
        steps = page.get_by_role("textbox", name=re.compile("^Déroulement"))
        steps.click()
        page.evaluate(TYPING, TEXT)
        page.wait_for_timeout(6_000)
        server.kill()
        dead = time.time()
        typed: list[tuple[float, int]] = page.evaluate("clearInterval(window.fingers) || window.typed")
        safe = max((count for when, count in typed if when / 1000 <= dead - AT_MOST), default=0)
        assert safe > 20
        page.keyboard.type("!")
        expect(page.locator("[data-typing-state]")).to_contain_text("n’est plus gardée")

        page.context.set_offline(True)  # else this page sends its text again as soon as the server is back
        server.process = server.start()
        other = browser_page()
        open_editor(other, server.address, number)
        found = other.get_by_role("textbox", name=re.compile("^Déroulement")).input_value()
        everything = (TEXT * 20)[: len(typed)]
        assert everything.startswith(found.removesuffix("!"))
        assert len(found) >= safe, f"{len(typed)} typed, {safe} two seconds before, {len(found)} found again"
        expect(other.get_by_text(re.compile("Texte retrouvé, tapé le"))).to_be_visible()

        page.context.set_offline(False)
        expect(page.locator("[data-typing-state]")).to_contain_text("Votre saisie est gardée", timeout=40_000)
        other.reload()
        expect(other.get_by_role("textbox", name=re.compile("^Déroulement"))).to_have_value(f"{everything}!")
