"""An issue for a hundred thousand readers, through a true SMTP server, by a worker killed half way.

    python -m bench.letters [--readers 100000]

The server (aiosmtpd, on loopback) is a process of its own and writes a line for each message it took: for whom, and its
Message-ID. The worker is `traam work`, in its own process, killed (SIGKILL) when half of them are there, then begun
again. What is left in doubt is settled as the bureau would: by looking for its Message-ID in the log of the server.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
READERS = 100_000
MOST_MEMORY_MB = 300
LATEST = 3 * 3600  # seconds: then something is broken
PAGE = 10_000


# --- The server


def serve(port: int, log: Path) -> None:
    from aiosmtpd.smtp import SMTP

    class Taking:
        def __init__(self) -> None:
            self.file = log.open("a", buffering=1, encoding="utf-8")

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            head = envelope.content.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").decode("ascii", "replace")
            name = next((line[12:] for line in head.split("\r\n") if line.lower().startswith("message-id: ")), "?")
            unsubscribe = "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
            self.file.write(f"{time.time():.3f} {envelope.rcpt_tos[0]} {name.strip()} {int(unsubscribe)}\n")
            return "250 pris"

    async def listen() -> None:
        taking = Taking()
        made = await asyncio.get_running_loop().create_server(
            lambda: SMTP(taking, decode_data=False, enable_SMTPUTF8=False), "127.0.0.1", port
        )
        await made.serve_forever()

    asyncio.run(listen())


# --- The site, in processes of its own


def prepare(readers: int) -> None:
    """The readers, written as the site keeps them, and an issue ready to leave."""
    _django()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from traam.engines.newsletters import Issue, Links, Piece, html, text
    from traam.programme.journal.actions import System
    from traam.programme.people.actions import appoint, know
    from traam.programme.people.models import Role
    from traam.programme.subscriptions import actions, addresses
    from traam.programme.subscriptions.models import Reader, Subscription

    at = timezone.localtime()
    bureau = know("bureau@exemple.fr", "Bureau national", actor=System(), at=at)
    appoint(bureau, Role.NATIONAL, actor=System(), at=at)
    values = actions.NewsletterValues("ÉduNum Lettres", "Pour mesurer.")
    newsletter = actions.found("mesure", values, actor=bureau, at=at)
    for first in range(0, readers, PAGE):
        made = Reader.objects.bulk_create(
            Reader(
                key=f"cle-{n:018}",
                secret=f"secret-{n:036}",
                email=f"lectrice.{n}@exemple.fr",
                consent=actions.CONSENT,
                asked_at=at,
                confirmed_at=at,
            )
            for n in range(first, min(first + PAGE, readers))
        )
        Subscription.objects.bulk_create(Subscription(reader=one, newsletter=newsletter, since=at) for one in made)
    words = "Ce que font les élèves : ils comparent deux images, datent la plus ancienne et écrivent un verdict. " * 3
    piece = Piece("notice", "Enquêter sur une image", "3e · Académie de Lyon", words, "https://traam.example/notices/1")
    issue = Issue(newsletter.title, 1, "L'esprit critique", at.date(), words, (piece,) * 8)
    links = Links(addresses.issue_of(newsletter, 1), addresses.STOP, addresses.CHOICES, "traam.example")
    finished = actions.Finished(issue.title, words, issue.stored(), html(issue, links), text(issue, links))
    actions.publish(newsletter, 1, finished, actor=bureau, at=timezone.localtime())


def state() -> None:
    """What the database says of the sending, on a line."""
    _django()
    from traam.gateways.mail import message_id
    from traam.programme.subscriptions import queries
    from traam.programme.subscriptions.models import Post, Sending

    sending = Sending.objects.get()
    doubt = [(one.pk, message_id(one.reference)) for one in queries.in_state(sending, Post.UNSURE)]
    told = {"state": sending.state, "problem": sending.problem, "counts": queries.progress(sending).counts}
    print(json.dumps(told | {"doubt": doubt}))


def settle(log: Path) -> None:
    """As the bureau does: look for the Message-ID in the log of the server, then say."""
    _django()
    from django.utils import timezone

    from traam.gateways.mail import message_id
    from traam.programme.people.models import Person
    from traam.programme.subscriptions import actions, queries
    from traam.programme.subscriptions.models import Post, Sending

    taken, bureau = {line.split()[2] for line in log.read_text().splitlines()}, Person.objects.get()
    for one in queries.in_state(Sending.objects.get(), Post.UNSURE):
        decide = actions.leave if message_id(one.reference) in taken else actions.send_again
        decide(one, actor=bureau, at=timezone.localtime())


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "traam.config.settings")
    import django

    django.setup()


# --- The measure


class Run:
    def __init__(self, readers: int, folder: Path) -> None:
        self.readers, self.log = readers, folder / "smtp.log"
        self.log.touch()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "TRAAM_", "DJANGO_"))}
        self.env = kept | {
            "TRAAM_DATA": str(folder),
            "TRAAM_DEMONSTRATION": "0",
            "TRAAM_SECRET_KEY": "mesure-" * 6,
            "TRAAM_SMTP_HOST": "127.0.0.1",
            "TRAAM_SMTP_PORT": str(self.port),
            "TRAAM_LETTERS_RATE": "0",
            "PYTHONWARNINGS": "ignore",
        }
        self.peak = 0
        self.seconds = 0.0

    def part(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "bench.letters", *arguments]
        return subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def done(self, *arguments: str) -> str:
        process = self.part(*arguments)
        told, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"bench.letters {arguments[0]} : code {process.returncode}")
        return told

    def taken(self) -> int:
        with self.log.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))

    def state(self) -> dict[str, Any]:
        return dict(json.loads(self.done("--state")))

    def work(self, until: Any) -> None:
        """`traam work`, killed when `until()` says so."""
        begin = time.monotonic()
        command = [sys.executable, "-m", "traam", "work"]
        worker = subprocess.Popen(command, env=self.env, cwd=ROOT, start_new_session=True)
        try:
            while not until():
                if worker.poll() is not None or time.monotonic() - begin > LATEST:
                    raise SystemExit("Le travailleur s'est arrêté, ou n'en finit pas.")
                self.peak = max(self.peak, _peak_kb(worker.pid))
                time.sleep(0.5)
            self.seconds += time.monotonic() - begin
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


def _peak_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def measure(readers: int) -> int:
    with tempfile.TemporaryDirectory(prefix="traam-bench-") as folder:
        run = Run(readers, Path(folder))
        server = run.part("--server", str(run.port), str(run.log))
        try:
            return _measure(run)
        finally:
            server.kill()
            server.wait()


def _measure(run: Run) -> int:
    begin = time.monotonic()
    run.done("--prepare", str(run.readers))
    print(f"{run.readers} abonnés et un numéro écrits en {time.monotonic() - begin:.0f} s.", flush=True)
    run.work(lambda: run.taken() >= run.readers // 2)
    killed = run.taken()
    print(f"Travailleur tué (SIGKILL) après {killed} messages reçus par le serveur.", flush=True)
    run.work(lambda: run.taken() >= run.readers - 1)
    busy, loads = run.seconds, os.getloadavg()
    rate = _rate(run.log)
    run.work(lambda: run.state()["state"] == "done")
    told = run.state()
    found = len(told["doubt"])
    in_log = {line.split()[2] for line in run.log.read_text().splitlines()}
    arrived = sum(name in in_log for _, name in told["doubt"])
    print(f"Repris : {run.taken()} messages reçus, {told['counts']}.")
    print(f"En doute : {found}, montrés avec leur Message-ID ; le serveur en avait {arrived}.", flush=True)
    run.done("--settle", str(run.log))
    if found > arrived:
        run.work(lambda: run.state()["state"] == "done")
    lines = [line.split() for line in run.log.read_text().splitlines()]
    people, names = Counter(line[1] for line in lines), Counter(line[2] for line in lines)
    twice, lost = sum(count > 1 for count in people.values()), run.readers - len(people)
    print(f"Destinataires : {len(people)} ; Message-ID : {len(names)} ; en double : {twice} ; perdus : {lost} ; "
          f"sans arrêt en un clic : {sum(line[3] != '1' for line in lines)}.")  # fmt: skip
    print(f"Débit : {rate:.0f} messages par seconde sur une conversation (médiane par minute), {busy:.0f} s en tout ; "
          f"charge de la machine {loads[0]:.1f}.")  # fmt: skip
    print(f"Mémoire du travailleur au plus : {run.peak / 1024:.0f} Mo.")
    sound = not twice and not lost and len(names) == run.readers and found <= 1 and run.peak < MOST_MEMORY_MB * 1024
    return 0 if sound else 1


def _rate(log: Path) -> float:
    """Messages in a second: the median of the minutes (or of the seconds, when it was short)."""
    moments = [float(line.split()[0]) for line in log.read_text().splitlines()]
    slot = 60 if moments[-1] - moments[0] > 300 else 1
    counts = sorted(Counter(int(moment // slot) for moment in moments).values())
    return counts[len(counts) // 2] / slot


def main() -> int:
    parser = argparse.ArgumentParser("bench.letters")
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--server", nargs=2)
    parser.add_argument("--prepare", type=int)
    parser.add_argument("--state", action="store_true")
    parser.add_argument("--settle", type=Path)
    asked = parser.parse_args()
    if asked.server:
        serve(int(asked.server[0]), Path(asked.server[1]))
    elif asked.prepare:
        prepare(asked.prepare)
    elif asked.state:
        state()
    elif asked.settle:
        settle(asked.settle)
    else:
        return measure(asked.readers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
