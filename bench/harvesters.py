"""Two harvesters written by others take everything from our OAI-PMH repository while it changes.

    python -m bench.harvesters [20000]

`oaipmh-scythe` and Sickle read a site served by gunicorn, with a database of its own, in both formats. Once a few pages
have gone, notices are changed and others withdrawn, before and behind the place where the harvester stands. Then each
set is asked for, and what changed since the beginning. A fault is a sentence; the exit code is 1 if there is one.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import corpus

OAI = "{http://www.openarchives.org/OAI/2.0/}"
TITLES = {
    "oai_dc": ".//{http://purl.org/dc/elements/1.1/}title",
    "lom": ".//{http://ltsc.ieee.org/xsd/LOM}general/{http://ltsc.ieee.org/xsd/LOM}title/{http://ltsc.ieee.org/xsd/LOM}string",
}
SIZE, CHANGED = 20_000, 250
PORT = 8799


@dataclass(frozen=True)
class Seen:
    """One record, as a harvester received it. `title` is "" for a deleted one."""

    identifier: str
    datestamp: str
    deleted: bool
    sets: tuple[str, ...]
    title: str


@dataclass
class Harvested:
    """What one harvest brought, in order; and at each page, where its token said it stood (None: no token)."""

    records: list[Seen] = field(default_factory=list)
    cursors: list[int | None] = field(default_factory=list)
    announced: int | None = None
    seconds: float = 0.0

    @property
    def last(self) -> Mapping[str, Seen]:
        """What the harvester knows in the end: the last it was told of each identifier."""
        return {one.identifier: one for one in self.records}


# --- The two harvesters


def harvesters() -> Mapping[str, Callable[[str, "Harvested"], Any]]:
    """By name, what lists records with the arguments of the protocol, noting its pages in a harvest."""
    from oaipmh_scythe import Scythe
    from oaipmh_scythe.iterator import OAIItemIterator as ScytheIterator
    from sickle import Sickle  # type: ignore[import-untyped]
    from sickle.iterator import OAIItemIterator as SickleIterator  # type: ignore[import-untyped]

    def scythe(address: str, got: Harvested) -> Any:
        client: Any = Scythe(address, iterator=_noting(ScytheIterator, got))

        def listing(**asked: str) -> Any:
            renamed = {"metadataPrefix": "metadata_prefix", "set": "set_", "from": "from_"}
            return client.list_records(**{renamed.get(name, name): value for name, value in asked.items()})

        return listing

    def sickle(address: str, got: Harvested) -> Any:
        return Sickle(address, iterator=_noting(SickleIterator, got), timeout=60).ListRecords

    return {"oaipmh-scythe": scythe, "Sickle": sickle}


def _noting(iterator: Any, got: Harvested) -> Any:
    """Their own iterator, of which we note the token that came with each page."""

    class Noting(iterator):  # type: ignore[misc]
        def _get_resumption_token(self) -> Any:
            token = super()._get_resumption_token()
            got.cursors.append(int(token.cursor) if token and token.cursor is not None else None)
            if token and token.complete_list_size and got.announced is None:
                got.announced = int(token.complete_list_size)
            return token

    return Noting


def take(name: str, address: str, prefix: str, meanwhile: Mapping[int, Callable[[], None]], **asked: str) -> Harvested:
    """Everything that harvester receives; `meanwhile` says what happens once so many records were taken."""
    got, begin = Harvested(), time.monotonic()
    for record in harvesters()[name](address, got)(metadataPrefix=prefix, **asked):
        got.records.append(_seen(record, prefix))
        if len(got.records) in meanwhile:
            meanwhile[len(got.records)]()
    got.seconds = time.monotonic() - begin
    return got


def _seen(record: Any, prefix: str) -> Seen:
    header = record.xml.find(f"{OAI}header")
    title = record.xml.find(TITLES[prefix])
    return Seen(
        identifier=header.findtext(f"{OAI}identifier"),
        datestamp=header.findtext(f"{OAI}datestamp"),
        deleted=header.get("status") == "deleted",
        sets=tuple(one.text for one in header.findall(f"{OAI}setSpec")),
        title="" if title is None else title.text,
    )


# --- What changes under them


def fill(size: int) -> int:
    """So many notices made of our own words, all in the same few seconds; how many were withdrawn, one in fifty."""
    from traam.programme.catalogue.models import Notice

    long_ago = datetime(2025, 9, 1, 8, tzinfo=UTC)
    rows = (
        Notice(
            source_key=f"made:{made.id}",
            title=made.title[:300],
            summary=made.summary,
            years=made.codes["annee"][0],
            academies=list(made.codes["academie"]),
            disciplines=list(made.codes["discipline"]),
            levels=list(made.codes["niveau"]),
            competences=list(made.codes["crcn"]),
            source_url=f"https://exemple.fr/travaux/{made.id}",
            datestamp=long_ago + timedelta(seconds=made.id // 997),
        )
        for made in corpus.notices(size)
    )
    Notice.objects.bulk_create(rows, batch_size=500)
    gone = Notice.objects.filter(source_key__in=[f"made:{n}" for n in range(7, size, 50)])
    return gone.update(state=Notice.State.WITHDRAWN, reason="Retirée pour l'essai.")


def change(count: int, seed: int) -> set[str]:
    """Change so many notices anywhere in the list, withdraw one in six of them; the identifiers, as harvesters say."""
    from django.utils import timezone

    from traam.programme.catalogue.models import Notice
    from traam.programme.catalogue.records import identifier

    keys = list(Notice.objects.filter(state=Notice.State.PUBLISHED).order_by("pk").values_list("pk", flat=True))
    chosen = Notice.objects.filter(pk__in=random.Random(seed).sample(keys, count)).order_by("pk")
    touched = set()
    for number, notice in enumerate(chosen):
        notice.title = f"{notice.title[:280]} (revu {seed})"
        if number % 6 == 5:
            notice.state, notice.reason = Notice.State.WITHDRAWN, "Retirée pour l'essai."
        notice.datestamp = timezone.now().replace(microsecond=0)
        notice.save()
        touched.add(identifier(notice))
    return touched


# --- What is wrong with what they got


def expected() -> dict[str, tuple[bool, str]]:
    """Of every notice: whether it is withdrawn, and its title."""
    from traam.programme.catalogue.models import Notice
    from traam.programme.catalogue.records import identifier

    return {
        identifier(one): (one.state == Notice.State.WITHDRAWN, "" if one.state == Notice.State.WITHDRAWN else one.title)
        for one in Notice.objects.defer("summary", "sections", "pieces", "tests").iterator()
    }


def faults(got: Harvested, wanted: Mapping[str, tuple[bool, str]], touched: set[str]) -> Iterator[str]:
    """Sentences. A record may come twice only when it changed since: the second time with a later datestamp."""
    last = got.last
    lost, strangers = wanted.keys() - last.keys(), last.keys() - wanted.keys()
    if lost:
        yield f"{len(lost)} records are lost, {min(lost)} among them"
    if strangers:
        yield f"{len(strangers)} records do not exist, {min(strangers)} among them"
    stale = [one for name, one in last.items() if (one.deleted, one.title) != wanted.get(name)]
    if stale:
        yield f"{len(stale)} records are not what they are now, {stale[0]} among them"
    times: dict[str, list[str]] = defaultdict(list)
    for one in got.records:
        times[one.identifier].append(one.datestamp)
    for name, stamps in times.items():
        if len(stamps) > 1 and (name not in touched or stamps != sorted(set(stamps))):
            yield f"{name} comes {len(stamps)} times without having changed in between: {stamps}"
    yield from _token_faults(got)


def _token_faults(got: Harvested) -> Iterator[str]:
    said = [cursor for cursor in got.cursors if cursor is not None]
    if said != sorted(set(said)) or (said and said[0] != 0):
        yield f"the cursors of the tokens do not go up from 0: {said[:9]}"
    if got.cursors and len(got.cursors) > 1 and got.announced is None:
        yield "no token says the size of the list"


def set_faults(name: str, address: str, prefix: str, known: Mapping[str, Seen], specs: Iterable[str]) -> Iterator[str]:
    """Each set gives its records and those of the sets under it, and no other."""
    for spec in specs:
        wanted = {one.identifier for one in known.values() if any(f"{s}:".startswith(f"{spec}:") for s in one.sets)}
        found = take(name, address, prefix, {}, set=spec).last.keys()
        if found != wanted:
            yield f"{name}, set {spec}: {len(found)} records instead of {len(wanted)}"


# --- By themselves


@contextmanager
def _served(data: str) -> Iterator[str]:
    """The site as it is served, on a port of its own."""
    command = [sys.executable, "-m", "traam", "serve", "--port", str(PORT)]
    server = subprocess.Popen(command, env=os.environ | {"TRAAM_DATA": data}, cwd=Path(__file__).resolve().parents[1])
    try:
        address = f"http://127.0.0.1:{PORT}/oai"
        for _ in range(100):
            time.sleep(0.2)
            try:
                urllib.request.urlopen(f"{address}?verb=Identify", timeout=5).close()
                break
            except OSError:
                continue
        yield address
    finally:
        server.terminate()
        server.wait(10)


def _one(name: str, address: str, prefix: str, size: int, turn: int) -> tuple[Harvested, list[str]]:
    """One harvest under changes: a quarter of them early, then another, the rest near the end."""
    time.sleep(1)  # what changed before is of another second
    touched: set[str] = set()
    since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def some(count: int, part: int) -> Callable[[], None]:
        return lambda: touched.update(change(count, 10 * turn + part))

    parts = (60, 60, CHANGED - 120)
    meanwhile = {
        size * place // 100: some(count, n) for n, (place, count) in enumerate(zip((2, 40, 90), parts, strict=True))
    }
    got = take(name, address, prefix, meanwhile)
    wrong = list(faults(got, expected(), touched))
    again = take(name, address, prefix, {}, **{"from": since}).last.keys()
    if again != touched:
        wrong.append(f"asked what changed since {since}, {len(again)} records instead of {len(touched)}")
    return got, wrong


def main() -> int:
    size = int(sys.argv[1]) if sys.argv[1:] else SIZE
    failed = False
    with tempfile.TemporaryDirectory(prefix="traam-bench-") as data:
        os.environ |= {"TRAAM_DATA": data, "DJANGO_SETTINGS_MODULE": "traam.config.settings"}
        subprocess.run([sys.executable, "-m", "traam", "prepare"], check=True, stdout=subprocess.DEVNULL)
        import django

        django.setup()
        withdrawn = fill(size)
        print(f"{size} notices dont {withdrawn} retirées ; {CHANGED} changent pendant chaque moisson.\n", flush=True)
        print(f"{'moissonneur':<16}{'format':<8}{'reçues':>8}{'notices':>9}{'retirées':>10}{'répétées':>10}", end="")
        print(f"{'pages':>7}{'secondes':>10}  fautes", flush=True)
        with _served(data) as address:
            for turn, (name, prefix) in enumerate((n, p) for p in TITLES for n in harvesters()):
                got, wrong = _one(name, address, prefix, size, turn)
                last = got.last
                if turn < 2:
                    specs = ["academie", "academie:lyon", "discipline", "discipline:MATH", "annee", "annee:2025-2026"]
                    wrong += set_faults(name, address, prefix, last, specs)
                gone = sum(one.deleted for one in last.values())
                print(
                    f"{name:<16}{prefix:<8}{len(got.records):>8}{len(last):>9}{gone:>10}"
                    f"{len(got.records) - len(last):>10}{len(got.cursors):>7}{got.seconds:>10.1f}  {len(wrong)}",
                    flush=True,
                )
                for sentence in wrong[:5]:
                    print(f"    {sentence}")
                failed = failed or bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
