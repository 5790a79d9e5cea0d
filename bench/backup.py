"""The site is saved while people write: is what is saved of one moment, and is what is restored what was saved?

    python -m bench.backup [--groups 130] [--backups 3] [--clients 16]

A simulated year, real processes of gunicorn, real requests, `traam backup` as it is typed. Each backup is restored on
the other database and saved again there: both manifests must say the same rows, table by table. A write is a row and an
entry of the journal, in one act: both are saved or none, and so is every write acknowledged before the backup began.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.kill import ROOT, Site, Writes, client, people, the_site

OURS = "https://exemple.fr/kill/"
MEDIA = 100  # files of a megabyte


@dataclass(frozen=True)
class Cost:
    seconds: float
    cpu: float
    memory: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.cpu:.1f} s de processeur, {self.memory:.0f} Mo de mémoire)"


def command(*words: str, data: str, database: str = "") -> Cost:
    """Run `traam …` as it is typed."""
    environment = {**os.environ, "TRAAM_DATA": data}
    environment.pop("DATABASE_URL", None)
    if database:
        environment["DATABASE_URL"] = database
    begin = time.monotonic()
    line = [sys.executable, "-W", "ignore", "-m", "traam", *words]
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(line, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(child.pid, 0)
        if status:
            said.seek(0)
            raise SystemExit(f"traam {' '.join(words)} : {said.read().decode()[-2000:]}")
    return Cost(time.monotonic() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def manifest(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as opened:
        read: dict[str, Any] = json.loads(opened.read("manifest.json"))
        return read


def column(file: Path, label: str, name: str) -> list[Any]:
    """One column of a table of a backup."""
    place = manifest(file)["tables"][label]["columns"].index(name)
    with zipfile.ZipFile(file) as opened, opened.open(f"tables/{label}.jsonl") as lines:
        return [json.loads(line)[place] for line in lines]


def written(file: Path) -> tuple[set[int], set[int]]:
    """The numbers of the writes that a backup holds: by their rows, by their entries."""
    rows = {int(one.removeprefix(OURS)) for one in column(file, "groups.watchitem", "address") if one.startswith(OURS)}
    data = [one.get("address", "") for one in column(file, "journal.entry", "data") if isinstance(one, dict)]
    return rows, {int(one.removeprefix(OURS)) for one in data if isinstance(one, str) and one.startswith(OURS)}


def share_files() -> None:
    """Documents that groups share, so that a backup has files to keep."""
    from django.utils import timezone

    from traam.gateways import storage
    from traam.programme.groups.models import Group, Member

    at = timezone.now()
    members = list(Member.objects.filter(until=None).exclude(person=None).select_related("group", "person")[:MEDIA])
    assert isinstance(members[0].group, Group)
    for number in range(MEDIA):
        member, data = members[number % len(members)], os.urandom(1_000_000)
        member.group.documents.create(
            title=f"Document {number}",
            file=storage.keep(data),
            filename="a.bin",
            size=len(data),
            personal_data="none",
            shared_by=member.person,
            shared_at=at,
        )


def saved_under_load(options: argparse.Namespace, folder: Path, here: str, there: str) -> list[str]:
    """Save again and again while clients write; what is wrong."""
    from django.db import connection

    share_files()
    wrong: list[str] = []
    writers, writes = people(), Writes(10**9, _next=10**6 if here else 0)  # a site that came holds the first ones
    connection.close()
    site = Site(2)
    site.start()
    pool = [
        threading.Thread(target=client, args=(site, writers[n % len(writers)], writes), daemon=True)
        for n in range(options.clients)
    ]
    for thread in pool:
        thread.start()
    files = []
    for number in range(options.backups):
        time.sleep(2)
        before = set(writes.said_yes)
        file = folder / f"{number}.traam"
        cost = command("backup", str(file), data=str(folder), database=here)
        rows, entries = written(file)
        total = sum(table["rows"] for table in manifest(file)["tables"].values())
        size, meanwhile = file.stat().st_size / 1e6, len(writes.said_yes) - len(before)
        print(
            f"    sauvegarde : {cost}, {total} lignes, {size:.0f} Mo avec les fichiers ; "
            f"{meanwhile} écritures acquittées pendant"
        )
        if rows != entries:
            wrong.append(f"{len(rows ^ entries)} écritures n'ont que leur ligne, ou que leur acte.")
        if lost := before - rows:
            wrong.append(f"{len(lost)} écritures acquittées avant la sauvegarde n'y sont pas.")
        files.append(file)
    writes.total = 0
    site.kill()
    wrong += [f"{count} réponses {status}." for status, count in writes.refused.items()]
    for number, file in enumerate(files):
        wrong += restored(file, folder, there, replace=number > 0)
    return wrong


def restored(file: Path, folder: Path, there: str, *, replace: bool) -> list[str]:
    """Restore on the other database, look at its journal, save it again: the same rows, table by table."""
    data, again = folder.with_name(f"{folder.name}-moved"), file.with_suffix(".again")
    cost = command("restore", str(file), *(["--replace"] if replace else []), data=str(data), database=there)
    command("journal", "verify", data=str(data), database=there)
    command("backup", str(again), data=str(data), database=there)
    one, other = manifest(file)["tables"], manifest(again)["tables"]
    different = [label for label in one if one[label] != other.get(label)]
    print(
        f"    rétablie sur {manifest(again)['database']} : {cost}, chaîne entière, "
        f"{len(one) - len(different)} tables sur {len(one)} identiques ligne à ligne"
    )
    return [f"Tables différentes : {', '.join(different)}."] if different or one.keys() != other.keys() else []


def main() -> int:
    parser = argparse.ArgumentParser("bench.backup")
    parser.add_argument("--groups", type=int, default=130)
    parser.add_argument("--backups", type=int, default=3)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--inside", metavar="DOSSIER")
    options = parser.parse_args()
    if options.inside:  # the address of PostgreSQL is that of the environment
        return measure(options, Path(options.inside))
    with tempfile.TemporaryDirectory(prefix="traam-backup-") as folder:
        words = ["--groups", options.groups, "--backups", options.backups, "--clients", options.clients]
        line = [sys.executable, "-W", "ignore"]
        inside = [*line, "-m", "bench.backup", "--inside", folder, *map(str, words)]
        return subprocess.run([*line, "tests/on_postgresql.py", *inside], cwd=ROOT, check=False).returncode


def measure(options: argparse.Namespace, folder: Path) -> int:
    """A year on SQLite goes to PostgreSQL; there it is written again, and goes back to SQLite."""
    postgresql = os.environ.pop("DATABASE_URL")
    wrong, data = 0, folder / "site"
    data.mkdir()
    command("simulate", "--groups", str(options.groups), "--seed", "7", data=str(data))
    for here, there in (("", postgresql), (postgresql, "")):
        name = "PostgreSQL" if here else "SQLite"
        print(f"  depuis {name}", flush=True)
        line = [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            f"from bench import backup; backup.one({str(data)!r}, {here!r}, {there!r})",
        ]
        environment = {**os.environ, "TRAAM_DATA": str(data), "DJANGO_SETTINGS_MODULE": "traam.config.settings"}
        numbers = {"BENCH_BACKUPS": str(options.backups), "BENCH_CLIENTS": str(options.clients)}
        environment |= numbers | ({"DATABASE_URL": here} if here else {})
        wrong |= subprocess.run(line, cwd=ROOT, env=environment, check=False).returncode
        data = data.with_name(f"{data.name}-moved")
    return wrong


def one(data: str, here: str, there: str) -> None:
    """In a process whose settings are those of the database that is saved."""
    the_site()
    given = argparse.Namespace(backups=int(os.environ["BENCH_BACKUPS"]), clients=int(os.environ["BENCH_CLIENTS"]))
    wrong = saved_under_load(given, Path(data), here, there)
    for sentence in wrong:
        print(f"    FAUX : {sentence}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    sys.exit(main())
