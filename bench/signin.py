"""Does whoever guesses passwords slow down whoever knows hers? A hundred mistaken sign-ins a second, and a good one.

    python -m bench.signin [--seconds 20] [--rate 100]

The site as `traam serve` runs it, with a database of its own and no demonstration. The good sign-ins come one after the
other: from a browser that signed in before, from a network that did, and from a stranger; the mistaken ones from one
address or from a hundred, on one account or on thousands. What is timed is the answer to the password: a session open.
The first seconds of a flood are measured too: before its address is known for what it is, it costs proofs.
"""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "k" * 32  # of the form: the cookie and the field agree
EMAIL, PASSWORD = "bonne.{}@signin.invalid", "quatre mots tirés au sort"
PEOPLE = 3
MOST = 2.0  # times what it takes alone
HANDS = 25  # connections of whoever guesses

PREPARE = """
import django; django.setup()
from django.core.management import call_command
from django.utils import timezone
from traam.config.commands import prepare
from traam.programme.journal.actions import System
from traam.programme.people.actions import accept_invitation, appoint, know
prepare()
at = timezone.localtime()
for n in range({people}):
    person = know({email!r}.format(n), "Personne", actor=System(), at=at)
    appoint(person, "expert", actor=System(), at=at)
    accept_invitation(person, {password!r}, at=at)
"""


class Browser:
    """A connection that keeps its cookies. `comes_from`: the address that the proxy in front of the site would say."""

    def __init__(self, port: int, comes_from: str) -> None:
        self.port, self.comes_from = port, comes_from
        self.cookies: dict[str, str] = {"csrftoken": TOKEN}
        self.connection: http.client.HTTPConnection | None = None

    def sign_in(self, email: str, password: str) -> tuple[int, float]:
        body = urlencode({"csrfmiddlewaretoken": self.cookies["csrftoken"], "email": email, "password": password})
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": self.comes_from,
        }
        begin = time.monotonic()
        self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            self.connection.request("POST", "/connexion", body, headers)
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            return 0, time.monotonic() - begin
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, time.monotonic() - begin

    def leave(self) -> None:
        self.cookies.pop("sessionid", None)


@dataclass
class Flood:
    """Mistaken sign-ins at a steady pace, whatever the answers: `who` and `whence` give those of each one."""

    port: int
    rate: float
    who: Callable[[int], str]
    whence: Callable[[int], str]
    answers: Counter[int] = field(default_factory=Counter)
    late: float = 0.0

    def __enter__(self) -> "Flood":
        self.begun, self.number, self.lock, self.over = time.monotonic(), 0, threading.Lock(), threading.Event()
        self.hands = [threading.Thread(target=self._guess, daemon=True) for _ in range(HANDS)]
        for hand in self.hands:
            hand.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for hand in self.hands:
            hand.join(10)

    def _guess(self) -> None:
        browser = Browser(self.port, "")
        while not self.over.is_set():
            with self.lock:
                number, self.number = self.number, self.number + 1
            due = self.begun + number / self.rate
            if (wait := due - time.monotonic()) > 0:
                time.sleep(wait)
            self.late = max(self.late, time.monotonic() - due)
            browser.comes_from = self.whence(number)
            status, _ = browser.sign_in(self.who(number), f"faux-{number}")
            self.answers[status] += 1

    @property
    def pace(self) -> float:
        return sum(self.answers.values()) / (time.monotonic() - self.begun)


@contextmanager
def served() -> Iterator[int]:
    with tempfile.TemporaryDirectory(prefix="traam-bench-") as data, socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = int(door.getsockname()[1])
        door.close()
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "TRAAM_", "DJANGO_"))}
        env = clean | {
            "TRAAM_DATA": data,
            "TRAAM_DEMONSTRATION": "non",
            "TRAAM_SECRET_KEY": "b" * 50,
            "TRAAM_PROXIES": "1",
            "DJANGO_SETTINGS_MODULE": "traam.config.settings",
            "PYTHONWARNINGS": "ignore",
        }
        people = PREPARE.format(people=PEOPLE, email=EMAIL, password=PASSWORD)
        subprocess.run([sys.executable, "-c", people], env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        command = [sys.executable, "-m", "traam", "serve", "--port", str(port)]
        # A line of its journal for each attempt is not read.
        site = subprocess.Popen(command, env=env, cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            _wait_for(port)
            yield port
        finally:
            site.terminate()
            site.wait(15)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/connexion")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("Le site n'a pas démarré.")


HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


def goods(port: int, seconds: float) -> dict[str, list[tuple[int, float]]]:
    """The good sign-ins, each kind in turn, for that long: their status and their time."""
    known = Browser(port, HERE)
    known.sign_in(EMAIL.format(0), PASSWORD)
    Browser(port, HERE).sign_in(EMAIL.format(1), PASSWORD)
    found: dict[str, list[tuple[int, float]]] = {"navigateur connu": [], "réseau connu": [], "inconnu, ailleurs": []}
    end, turn = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        known.leave()
        known.connection = None  # the site closes what stays silent for two seconds
        found["navigateur connu"].append(known.sign_in(EMAIL.format(0), PASSWORD))
        found["réseau connu"].append(Browser(port, HERE).sign_in(EMAIL.format(1), PASSWORD))
        turn += 1
        stranger = Browser(port, f"198.51.100.{turn % 250 + 1}")
        found["inconnu, ailleurs"].append(stranger.sign_in(EMAIL.format(2), PASSWORD))
        time.sleep(0.2)
    return found


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--rate", type=float, default=100)
    asked = options.parse_args()
    floods: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
        "une adresse, la même que les bonnes ; mille comptes": (lambda n: f"faux.{n % 1000}@x.invalid", lambda n: HERE),
        "une autre adresse ; le compte même": (lambda n: EMAIL.format(0), lambda n: ELSEWHERE),
        "cent adresses ; mille comptes": (lambda n: f"faux.{n % 1000}@x.invalid", lambda n: f"203.0.113.{n % 100 + 1}"),
    }
    print("| Essais manqués | Bonne connexion | Réussies | Médiane | La plus longue | Fois le temps, seule |")
    print("|---|---|---:|---:|---:|---:|")
    worst = 0.0
    with served() as port:
        alone = goods(port, asked.seconds / 2)
        _rows("aucun", alone, alone)
        for name, (who, whence) in floods.items():
            with Flood(port, asked.rate, who, whence) as flood:
                under = goods(port, asked.seconds)
            worst = max(worst, _rows(f"{name} ({flood.pace:.0f}/s)", under, alone))
            told = ", ".join(f"{status} × {count}" for status, count in sorted(flood.answers.items()))
            print(f"  réponses aux essais manqués : {told}", file=sys.stderr)
    held = worst <= MOST
    print(f"\nAu plus {MOST:.0f} fois le temps d'une connexion seule : {'tenu' if held else 'NON TENU'} ({worst:.2f}).")
    return 0 if held else 1


def _rows(flood: str, found: dict[str, list[tuple[int, float]]], alone: dict[str, list[tuple[int, float]]]) -> float:
    """Print a line for each kind of good sign-in; the worst ratio. One that is refused is no sign-in at all."""
    worst = 0.0
    for kind, tries in found.items():
        times = [seconds for status, seconds in tries if status == 302]
        median = statistics.median(times) if times else float("inf")
        ratio = median / statistics.median(seconds for _, seconds in alone[kind])
        worst = max(worst, ratio if len(times) == len(tries) else float("inf"))
        slowest = max(times, default=float("inf"))
        done = f"{len(times)}/{len(tries)}"
        print(f"| {flood} | {kind} | {done} | {median:.2f} s | {slowest:.2f} s | {ratio:.2f} |", flush=True)
    return worst


if __name__ == "__main__":
    sys.exit(main())
