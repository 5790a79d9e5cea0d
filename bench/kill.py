"""The site is killed (SIGKILL) again and again while many people write: is every write it said yes to there?

    python -m bench.kill [--writes 1000] [--kills 8] [--clients 32] [--here]

Real processes of gunicorn, real requests. A write is one act: an address shared with a theme, and its entry in the
journal. It is acknowledged when its answer came back. Both databases, one after the other; `--here`: only that of
DATABASE_URL, which holds the demonstration already.
"""

import argparse
import http.client
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "k" * 32  # of the forms: the cookie and the field agree
AT_MOST = 120.0  # seconds without an answer


@dataclass
class Writes:
    """What the clients ask for, until `total` are acknowledged. `said_yes` and `unknown` are the numbers of writes."""

    total: int
    said_yes: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)
    refused: dict[int, int] = field(default_factory=dict)
    slowest: float = 0.0
    _next: int = 0
    _lock: Any = field(default_factory=threading.Lock)

    def take(self) -> int | None:
        with self._lock:
            self._next += 1
            return self._next if len(self.said_yes) < self.total else None

    def answered(self, number: int, status: int, seconds: float) -> None:
        with self._lock:
            if status != 302:
                self.refused[status] = self.refused.get(status, 0) + 1
                return
            self.said_yes.add(number)
            self.slowest = max(self.slowest, seconds)

    def lost_sight_of(self, number: int) -> None:
        with self._lock:
            self.unknown.add(number)


@dataclass(frozen=True)
class Writer:
    """A person who may write, by her session."""

    path: str
    session: str


class Site:
    """The site as `traam serve` runs it."""

    def __init__(self, workers: int) -> None:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = int(door.getsockname()[1])
        self.workers = workers
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Seconds until it answers."""
        begin = time.monotonic()
        command = [sys.executable, "-m", "gunicorn", "traam.config.wsgi:application", "--log-level", "critical"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--threads", "4"]
        command += ["--workers", str(self.workers)]
        self.process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        while time.monotonic() - begin < AT_MOST:
            try:
                call = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                call.request("GET", "/oai")
                call.getresponse().read()
            except OSError:
                time.sleep(0.05)
            else:
                return time.monotonic() - begin
        raise SystemExit("Le site n'a pas démarré.")

    def kill(self) -> None:
        """All its processes at once, without a word."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


def client(site: Site, writer: Writer, writes: Writes) -> None:
    """Write until nothing is left. An answer that never came is a write of which nobody knows."""
    while (number := writes.take()) is not None:
        body = urlencode({**told(number), "csrfmiddlewaretoken": TOKEN})
        headers = {
            "Cookie": f"sessionid={writer.session}; csrftoken={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        begin = time.monotonic()
        while True:
            call = http.client.HTTPConnection("127.0.0.1", site.port, timeout=AT_MOST)
            try:
                call.connect()
            except OSError:  # dead: nothing was asked yet
                time.sleep(0.05)
                continue
            try:
                call.request("POST", writer.path, body, headers)
                status = call.getresponse().status
            except (OSError, http.client.HTTPException):
                writes.lost_sight_of(number)
            else:
                writes.answered(number, status, time.monotonic() - begin)
            break


def told(number: int) -> dict[str, str]:
    return {
        "address": f"https://exemple.fr/kill/{number}",
        "title": f"Écriture {number}",
        "why": "Elle compte.",
        "tags": "essai",
    }


def run(writers: list[Writer], writes: Writes, kills: int, clients: int, workers: int) -> tuple[Site, float]:
    """Let the clients write, and kill the site at as many moments; the seconds it took."""
    site, begin = Site(workers), time.monotonic()
    site.start()
    draw = random.Random(7)
    moments = [
        draw.randint(part * writes.total // kills, (part + 1) * writes.total // kills - 1) for part in range(kills)
    ]
    pool = [
        threading.Thread(target=client, args=(site, writers[n % len(writers)], writes), daemon=True)
        for n in range(clients)
    ]
    for thread in pool:
        thread.start()
    for moment in moments:
        while len(writes.said_yes) < moment and any(thread.is_alive() for thread in pool):
            time.sleep(0.002)
        site.kill()
        site.start()
    for thread in pool:
        thread.join(AT_MOST)
    return site, time.monotonic() - begin


# --- the database, in this process


def the_site() -> None:
    """The settings, and the demonstration when it is not there."""
    import django
    from django.conf import settings

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    django.setup()


def build() -> None:
    from django.utils import timezone

    from traam.config.commands import prepare
    from traam.demo import build as demonstration

    prepare()
    demonstration.build(timezone.localtime())


def people() -> list[Writer]:
    """Those who may share with their theme, signed in."""
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from traam.programme.groups import policies
    from traam.programme.groups.models import Member

    at, found = timezone.localtime(), []
    for member in Member.objects.filter(until=None).exclude(person=None).select_related("person", "group"):
        if policies.may_share(member.person, member.group, at):
            browser = Client()
            browser.force_login(member.person)
            path = reverse("workshop:share_watch", args=[member.group_id])
            found.append(Writer(path, browser.cookies["sessionid"].value))
    return found


def judged(writes: Writes) -> list[str]:
    """What is wrong, nothing when all is well: every acknowledged write is there once, none is half there."""
    from django.db import connection

    from traam.programme.groups.models import WatchItem
    from traam.programme.journal.models import Entry
    from traam.programme.journal.verification import verify

    def number(address: str) -> int:
        return int(address.rpartition("/")[2])

    ours = "https://exemple.fr/kill/"
    rows = [
        number(address)
        for address in WatchItem.objects.filter(address__startswith=ours).values_list("address", flat=True)
    ]
    acts = Entry.objects.filter(verb="share_watch").values_list("data", flat=True)
    entries = [number(data["address"]) for data in acts if data["address"].startswith(ours)]
    wrong = [f"{count} réponses {status}." for status, count in writes.refused.items()]
    if missing := writes.said_yes - set(rows):
        wrong.append(f"{len(missing)} écritures acquittées sont perdues.")
    if len(rows) != len(set(rows)):
        wrong.append("Une écriture a été faite deux fois.")
    if sorted(rows) != sorted(entries):
        wrong.append(f"{len(set(rows) ^ set(entries))} écritures n'ont que leur ligne, ou que leur acte.")
    if strangers := set(rows) - writes.said_yes - writes.unknown:
        wrong.append(f"{len(strangers)} écritures que personne n'a demandées.")
    if not (chain := verify()).whole:
        wrong.append(chain.sentence)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if (told := cursor.fetchone()[0]) != "ok":
                wrong.append(f"SQLite : {told}")
    kept = len(set(rows) & writes.unknown)
    print(f"    sans réponse : {len(writes.unknown)}, dont {kept} faites en entier et les autres pas du tout")
    print(f"    {chain.sentence}")
    return wrong


def measure(options: argparse.Namespace) -> int:
    from django.db import connection

    if not options.here:
        build()
    writers, writes = people(), Writes(options.writes)
    connection.close()
    site, seconds = run(writers, writes, options.kills, options.clients, options.workers)
    site.kill()
    print(
        f"  {connection.vendor} : {len(writes.said_yes)} écritures acquittées, {options.clients} à la fois, "
        f"{options.kills} morts, {seconds:.1f} s ; la plus longue attente, démarrages compris, {writes.slowest:.1f} s"
    )
    for sentence in (wrong := judged(writes)):
        print(f"    FAUX : {sentence}")
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser("bench.kill")
    parser.add_argument("--writes", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--here", action="store_true")
    options = parser.parse_args()
    if options.here:
        the_site()
        return measure(options)
    return max(each(options, wrapper) for wrapper in ([], ["tests/on_postgresql.py"]))


def each(options: argparse.Namespace, wrapper: list[str]) -> int:
    """One database, in a process of its own; PostgreSQL only when its tools are there."""
    if wrapper and not (list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb")):
        print("  postgresql : pas installé ici.")
        return 0
    with tempfile.TemporaryDirectory(prefix="traam-kill-") as folder:
        environment = {**os.environ, "TRAAM_DATA": folder, "DJANGO_SETTINGS_MODULE": "traam.config.settings"}
        environment.pop("DATABASE_URL", None)
        again = [sys.executable, "-W", "ignore"]
        numbers = ["--writes", options.writes, "--kills", options.kills, "--clients", options.clients]
        step = "import sys; from bench import kill; kill.the_site(); kill.build(); sys.argv[1:1] = ['--here']; "
        inside = [*again, "-c", step + "sys.exit(kill.main())", *map(str, numbers)]
        command = [*again, *wrapper, *inside] if wrapper else inside
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
