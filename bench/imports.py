"""Import the history's scenarios and spreadsheets of applications; print seconds, memory, the ratio to the baseline.

python -m bench.imports
"""

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "traam.config.settings"
PEAK = "--peak"
if PEAK not in sys.argv:  # the process that measures memory reads the database of the one that started it
    SCRATCH = tempfile.TemporaryDirectory(prefix="traam-bench-")
    os.environ["TRAAM_DATA"] = SCRATCH.name

import django  # noqa: E402
from django.conf import settings  # noqa: E402

# Names of style sheets without their hash: no file has to be collected.
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from python_calamine import load_workbook  # noqa: E402

from traam.demo import build as demonstration  # noqa: E402
from traam.engines import sheets  # noqa: E402
from traam.programme.calls import imports, queries, rules  # noqa: E402
from traam.programme.calls.models import Application  # noqa: E402
from traam.programme.campaigns.models import Campaign  # noqa: E402
from traam.programme.catalogue import imports as catalogue_imports  # noqa: E402
from traam.programme.catalogue import index  # noqa: E402
from traam.programme.catalogue.models import Notice  # noqa: E402
from traam.programme.people.models import Person  # noqa: E402

ROUNDS = 5
SCENARIOS = demonstration.HISTORY / "scenarios.jsonl"


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The shortest of several runs, in seconds, each undone."""
    seconds = []
    for _ in range(rounds):
        try:
            with transaction.atomic():
                begin = time.perf_counter()
                work()
                seconds.append(time.perf_counter() - begin)
                raise InterruptedError
        except InterruptedError:
            pass
    return min(seconds)


def raw_insert(rows: list[str]) -> None:
    """The least a database can do with these rows: one JSON text each, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE scratch (line TEXT)")
        cursor.executemany("INSERT INTO scratch VALUES (%s)", [(row,) for row in rows])
        cursor.execute("DROP TABLE scratch")


def scenarios_baseline() -> None:
    raw_insert([json.dumps(json.loads(line)) for line in SCENARIOS.read_text(encoding="utf-8").splitlines()])


def import_scenarios() -> None:
    Notice.objects.filter(source_key__startswith="history:").delete()
    report = catalogue_imports.history(SCENARIOS, at=timezone.now())
    assert report.added == 54, report.problems


def workbook(campaign: Campaign, count: int) -> bytes:
    """A spreadsheet of `count` applications of one academy, all complete."""
    themes = queries.open_themes(campaign)
    source = Application.objects.filter(theme__campaign=campaign, state="forwarded").first()
    assert source is not None
    cells = rules.as_cells(source)
    rows = [
        {
            **cells,
            "theme": themes[n % len(themes)].title,
            "referent_email": f"referent{n}@bench.invalid",
            "axes": ("Axe 1",),
        }
        for n in range(count)
    ]
    return sheets.write(rules.layout(campaign, themes), rows, title="Mesure")


def applications_baseline(data: bytes) -> Callable[[], None]:
    def work() -> None:
        sheet = load_workbook(io.BytesIO(data)).get_sheet_by_name("Candidatures")
        raw_insert([json.dumps(row, default=str) for row in sheet.to_python()])

    return work


def through_the_pages(campaign: Campaign, dan: Person, data: bytes, count: int) -> Callable[[], None]:
    """What the DAN waits for: her file is sent, and the page that says what it would write is there."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(dan)

    def work() -> None:
        sent = client.post(
            reverse("academy:upload", args=["lyon", campaign.pk]), {"file": SimpleUploadedFile("mesure.xlsx", data)}
        )
        assert sent.status_code == 302, sent.status_code
        page = client.get(sent.headers["Location"])
        assert page.status_code == 200 and str(count) in page.content.decode()

    return work


# Run by an interpreter that holds nothing: a process starts its account of memory with what its parent held.
LAUNCHER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def launched(*command: str | Path, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a command from a small process, which prints the most memory (kB) that the command held."""
    small = [sys.executable, "-c", LAUNCHER, sys.executable, *map(str, command)]
    return subprocess.run(small, input=data, capture_output=True, check=True)


def peak_of_child(data: bytes) -> float:
    """The most memory (MB) that the bounded reader of values held for this workbook."""
    child = Path(sheets.__file__).with_name("child.py")
    request = json.dumps({"sheets": ["Candidatures"], "memory": 2**31, "seconds": 60}).encode() + b"\n" + data
    return int(launched("-I", child, data=request).stdout) / 1024


def peak_of_parent(campaign: Campaign, data: bytes) -> tuple[float, float]:
    """The memory (MB) of a process of the site before it reads this workbook, and the most it held while reading."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(data)
        file.flush()
        told = launched("-W", "ignore", "-m", "bench.imports", PEAK, str(campaign.pk), file.name).stderr
    before, after = told.split()[-2:]
    return int(before) / 1024, int(after) / 1024


def tell_peaks(campaign_key: str, path: str) -> int:
    """In a process of its own: what it held before and while reading, in kB, on the standard error."""
    campaign = Campaign.objects.get(pk=campaign_key)
    data = Path(path).read_bytes()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    imports.read(campaign, "10", data)
    print(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
    return 0


def say(label: str, seconds: float, baseline: float, most: float | None = None) -> None:
    held = "" if most is None else f"{'oui' if seconds < most else '**non**'} (< {most:.0f} s)"
    print(f"| {label} | {seconds:.3f} s | {baseline:.3f} s | × {seconds / baseline:.0f} | {held} |", flush=True)


def main() -> int:
    call_command("migrate", verbosity=0)
    demonstration.build(timezone.localtime())
    campaign = Campaign.objects.get(state="open")
    dan = Person.objects.get(email=demonstration.ACCOUNTS[3].email)
    print(
        f"Base : {connection.vendor} ; meilleur de {ROUNDS} passages (un seul au-delà de 250 lignes), chacun annulé.\n"
    )
    print("| Mesure | Nous | Base de comparaison | Rapport | Tenu ? |\n|---|---|---|---|---|")
    say("import de scenarios.jsonl (54 lignes)", best(import_scenarios), best(scenarios_baseline))
    for count, rounds, most in ((250, ROUNDS, 2), (2_000, 1, None), (10_000, 1, 20)):
        data = workbook(campaign, count)
        spreadsheet(campaign, dan, data, count, rounds, most)
    begin = time.perf_counter()
    notices = index.rebuild()
    say(f"index reconstruit ({notices} notices)", time.perf_counter() - begin, best(scenarios_baseline))
    before, after = peak_of_parent(campaign, data)
    print(
        f"\nMémoire pour {count} lignes ({len(data) / 1e6:.1f} Mo) : {peak_of_child(data):.0f} Mo au plus pour l'enfant"
    )
    print(f"qui lit, {after:.0f} Mo au plus pour le processus du site, qui en tenait {before:.0f} avant la lecture.")
    print(
        "Base de comparaison : les mêmes lignes, lues (json, calamine) et insérées telles quelles, "
        "sans règle ni journal."
    )
    return 0


def spreadsheet(campaign: Campaign, dan: Person, data: bytes, count: int, rounds: int, most: float | None) -> None:
    """From the file sent to the page that tells what it would do, then what the two verbs take."""

    def preview() -> None:
        assert imports.read(campaign, "10", data).count("new") == count

    def write() -> None:
        assert not imports.apply(campaign, "10", data, actor=dan, at=timezone.now()).problems

    base = best(applications_baseline(data), rounds)
    shown = through_the_pages(campaign, dan, data, count)
    say(f"tableur de {count} lignes : du dépôt à l'aperçu affiché", best(shown, rounds), base, most)
    say(f"tableur de {count} lignes : lecture et règles", best(preview, rounds), base)
    if count <= 2_000:
        say(f"tableur de {count} lignes : écriture", best(write, rounds), base)


if __name__ == "__main__":
    sys.exit(tell_peaks(*sys.argv[2:4]) if PEAK in sys.argv else main())
