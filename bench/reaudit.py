"""Visit 3,000 addresses again, on a local server that takes its time, kill the visitor half way, and resume.

    python -m bench.reaudit [--size 3000]

The server stands for thirty academies and twenty other sites. It writes down every request: what was asked twice, what
was never asked, and how long each site was left alone. It fails when a promise is not kept.
"""

import argparse
import asyncio
import hashlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

SIZE, SITES, ELSEWHERE = 3_000, 30, 20
LATENCY = (0.05, 0.2)  # seconds
DELAY = 1.0  # between two visits to a site
PROMISE = 600  # seconds for all the addresses
IN_A_ROW = 10  # a busy machine sees one request late, and the next on time: the pace is what counts
LEASE = 90  # seconds, as `auditing.LEASE`
LAST_MOMENT = 0.5  # seconds: what was asked just before the death may have to be asked again
HERE = Path(__file__).resolve().parents[1]


# --- the sites


def page(host: str, number: int) -> bytes:
    """A page as those of the academies: a menu, some text, links, an image, sometimes a document, sometimes a fault."""
    draw = random.Random(f"{host}/{number}")  # noqa: S311 - the same page every time
    menu = "".join(f'<li><a href="/rubrique/{n}">Rubrique numéro {n}</a></li>' for n in range(8))
    text = "".join(f"<h2>Étape {n}</h2><p>{'Les élèves observent puis écrivent. ' * 12}</p>" for n in range(8))
    others = "".join(
        f'<p><a href="http://ailleurs{draw.randrange(ELSEWHERE)}.test:{{port}}/fiche/{draw.randrange(15)}">'
        f"Une ressource, fiche {n}</a></p>"
        for n in range(2)
    )
    own = f'<p><a href="/annexe/{number}">Annexe de la page {number}</a></p>' if number % 2 else ""
    paper = f'<p><a href="/documents/{number}.pdf">Fiche de l’élève (PDF)</a></p>' if number % 10 == 0 else ""
    fault = '<a href="https://www.facebook.com/groupe">Notre page</a>' if number % 25 == 0 else ""
    return f"""<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Scénario {number} de {host}</title>
<link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/deed.fr"></head>
<body><nav><ul>{menu}</ul></nav><main><h1>Scénario {number}</h1>{text}{others}{own}{paper}{fault}
<img src="/images/{number}.png" alt="Un schéma de la séance {number}"></main>
<footer><a href="/mentions-legales">Mentions légales</a> <a href="/accessibilite">Accessibilité : non conforme</a>
</footer></body></html>""".encode()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f030005fe02fea72d"
    "35810000000049454e44ae426082"
)


def body_of(host: str, path: str, port: int) -> tuple[bytes, str]:
    if path.startswith("/scenarios/"):
        return page(host, int(path.rsplit("/", 1)[1])).replace(b"{port}", str(port).encode()), "text/html"
    if path.startswith("/images/"):
        return PNG, "image/png"
    if path.startswith("/documents/"):
        return paper(), "application/pdf"
    return (
        b"<!doctype html><html lang=fr><title>Une rubrique</title><h1>Une rubrique</h1><p>Son texte.</p>",
        "text/html",
    )


def paper() -> bytes:
    """A small PDF without any structure."""
    import io

    import pikepdf

    stream = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(stream, deterministic_id=True)
    return stream.getvalue()


def serve(log: Path, port_file: Path) -> None:
    """The server: one line of JSON for each request, written before it is answered."""

    async def main() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        port_file.write_text(str(port))
        async with server:
            await server.serve_forever()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, _ = head[0].split(" ", 2)
            host = next(line[5:].strip() for line in head if line.lower().startswith("host:"))
            book.write(json.dumps([time.time(), host.partition(":")[0], method, path]) + "\n")
            book.flush()
            draw = int.from_bytes(hashlib.sha256(f"{host}{path}".encode()).digest()[:2]) / 65536
            await asyncio.sleep(LATENCY[0] + (LATENCY[1] - LATENCY[0]) * draw)
            body, media = body_of(host.partition(":")[0], path, int(host.partition(":")[2]))
            told = (
                f"HTTP/1.1 200 OK\r\ncontent-type: {media}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
            )
            writer.write(told.encode() + (b"" if method == "HEAD" else body))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # whoever asked was killed
        finally:
            writer.close()

    with log.open("a") as book:
        asyncio.run(main())


# --- the visitor, in a process of its own


def sweep(port: int) -> None:
    """What `traam audit --due` does, with these names leading to this machine."""
    import django

    django.setup()
    from django.utils import timezone

    from traam.gateways.fetching import Fetcher, Limits, Polite
    from traam.programme.publication.sweeping import Sweep

    fetcher = Fetcher(
        polite=Polite(DELAY),
        limits=Limits(ports=frozenset({port})),
        resolver=lambda _: ["127.0.0.1"],
        reachable=lambda _: True,
    )
    Sweep(fetcher, timezone.now).run()
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]), flush=True)


def prepare(size: int, port: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from traam.programme.publication.models import Watched

    call_command("migrate", verbosity=0)
    now = timezone.now()
    rows = [
        Watched(
            address=f"http://site{n % SITES}.test:{port}/scenarios/{n // SITES}",
            licence="CC-BY-SA",
            next_at=now,
            added_at=now,
        )
        for n in range(size)
    ]
    random.Random(0).shuffle(rows)  # noqa: S311 - as months of releases would
    Watched.objects.bulk_create(rows)


def written() -> Counter[str]:
    """How many visits are kept of each address."""
    from django.db import connection

    from traam.programme.publication.models import AuditRun

    found = Counter(AuditRun.objects.values_list("watched__address", flat=True))
    connection.close()
    return found


# --- the measure


def launch(command: Sequence[str], data: str) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "TRAAM_", "DJANGO_"))}
    env |= {"TRAAM_DATA": data, "DJANGO_SETTINGS_MODULE": "traam.config.settings", "PYTHONWARNINGS": "ignore"}
    return subprocess.Popen(
        [sys.executable, "-m", "bench.reaudit", *command], cwd=HERE, env=env, stdout=subprocess.PIPE, text=True
    )


def until(condition: Callable[[], bool], most: float) -> None:
    end = time.monotonic() + most
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the bench waited too long")
        time.sleep(0.2)


def requests(log: Path) -> list[tuple[float, str, str, str]]:
    return [tuple(json.loads(line)) for line in log.read_text().splitlines()]


def pages_of(asked: list[tuple[float, str, str, str]]) -> Counter[str]:
    return Counter(host + path for _, host, _, path in asked if path.startswith("/scenarios/"))


def rests(asked: list[tuple[float, str, str, str]], several: int = 1) -> list[float]:
    """The mean time between two requests to one site, over so many in a row; the shortest first."""
    by_host: dict[str, list[float]] = {}
    for at, host, _, _ in asked:
        by_host.setdefault(host, []).append(at)
    pairs = (pair for times in by_host.values() for pair in zip(times, times[several:], strict=False))
    return sorted((after - before) / several for before, after in pairs)


def measure(size: int, data: str) -> list[str]:
    """Print the figures; the promises that were not kept."""
    log, port_file = Path(data, "requests"), Path(data, "port")
    log.touch()
    server = launch(["--serve", str(log), str(port_file)], data)
    try:
        until(port_file.exists, 10)
        port = port_file.read_text()
        prepare(size, int(port))
        begin = time.monotonic()
        first = launch(["--sweep", port], data)
        until(lambda: sum(written().values()) >= size // 2 or first.poll() is not None, PROMISE)
        os.kill(first.pid, signal.SIGKILL)
        death = time.time()
        first.wait()
        half = sum(written().values())
        told = resumed(port, data)
        if sum(written().values()) < size:  # a small bench ends before the leases of the dead
            time.sleep(LEASE + 1)
            told = resumed(port, data)
        spent = time.monotonic() - begin
    finally:
        server.kill()
    return judge(size, half, death, spent, told, requests(log))


def resumed(port: str, data: str) -> str:
    return launch(["--sweep", port], data).communicate(timeout=PROMISE)[0]


def judge(
    size: int, half: int, death: float, spent: float, told: str, asked: list[tuple[float, str, str, str]]
) -> list[str]:
    kept, pages = written(), pages_of(asked)
    again = {name for name, count in pages.items() if count > 1}
    sudden = {h + p for at, h, _, p in asked if death - LAST_MOMENT <= at <= death}
    lives = [r for r in asked if r[0] <= death], [r for r in asked if r[0] > death]
    rest = sorted(rests(lives[0]) + rests(lives[1]))
    pace = min(rests(lives[0], IN_A_ROW) + rests(lives[1], IN_A_ROW), default=DELAY)
    processor, memory = json.loads(told.splitlines()[-1])
    print("| Mesure | Valeur |\n|---|---|")
    for label, value in (
        ("adresses", f"{size}, sur {SITES} sites"),
        ("durée, avec la mort et la reprise", f"{spent:.0f} s (promis : {PROMISE} s)"),
        ("visites par seconde", f"{size / spent:.1f}"),
        ("requêtes reçues par les sites", f"{len(asked)}"),
        ("écrites avant kill -9", f"{half}"),
        ("processeur de la reprise", f"{processor:.0f} s"),
        ("mémoire la plus haute de la reprise", f"{memory:.0f} Mo"),
        (
            f"rythme le plus vif d'un site, sur {IN_A_ROW} requêtes",
            f"une toutes les {pace:.2f} s (voulu : {DELAY:.0f} s)",
        ),
        ("repos entre deux requêtes, pour 99 % d'entre elles", f"{rest[len(rest) // 100]:.2f} s ou plus"),
        ("adresses écrites deux fois", f"{sum(1 for n in kept.values() if n > 1)}"),
        ("adresses oubliées", f"{size - len(kept)}"),
        ("pages demandées deux fois", f"{len(again)} (la réponse arrivait à l'instant de la mort)"),
    ):
        print(f"| {label} | {value} |")
    checks = {
        f"plus de {PROMISE} s": spent <= PROMISE,
        "un site n'a pas été ménagé": pace >= DELAY * 0.9,
        "une adresse a été écrite deux fois": max(kept.values()) == 1,
        "une adresse a été oubliée": len(kept) == size and len(pages) == size,
        "une page a été redemandée sans raison": again <= sudden,
    }
    return [problem for problem, held in checks.items() if not held]


def main(arguments: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--serve", nargs=2, type=Path)
    parser.add_argument("--sweep", type=int)
    options = parser.parse_args(arguments)
    if options.serve:
        serve(*options.serve)
        return 0
    if options.sweep:
        sweep(options.sweep)
        return 0
    with tempfile.TemporaryDirectory(prefix="traam-bench-") as data:
        os.environ |= {"TRAAM_DATA": data, "DJANGO_SETTINGS_MODULE": "traam.config.settings"}
        broken = measure(options.size, data)
    for problem in broken:
        print(f"Promesse non tenue : {problem}.", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
