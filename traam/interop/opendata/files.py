"""The files themselves: every table in every form, made together, put in force together.

Each making has a folder of its own; a manifest, replaced in one move, names the one in force: nobody reads half a file,
nor one file of today beside one of yesterday.
"""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import file_digest
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic
from typing import Any

from django.conf import settings

from traam.engines import datasets
from traam.interop.api import things
from traam.interop.machines import as_json
from traam.interop.opendata.columns import TABLES, Table
from traam.programme.catalogue import listing
from traam.programme.catalogue.syntheses import queries as synthesised

PATIENCE = timedelta(minutes=10)  # a busy day makes them again no more often
QUICK = 20.0  # seconds: beyond, only the worker makes them again, no reader waits for it


@dataclass(frozen=True)
class Form:
    title: str
    media: str
    kind: str  # among the file types of the European Union
    says: str


FORMS = {
    "csv": Form("CSV", "text/csv; charset=utf-8", "CSV", "Valeurs séparées par des virgules, en UTF-8."),
    "ods": Form("ODS", "application/vnd.oasis.opendocument.spreadsheet", "ODS", "Pour LibreOffice et les tableurs."),
    "xlsx": Form(
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "XLSX",
        "Pour Excel et les tableurs.",
    ),
    "parquet": Form("Parquet", "application/vnd.apache.parquet", "", "Pour DuckDB, pandas, Spark : types et listes."),
    "jsonl": Form(
        "JSON Lines",
        "application/x-ndjson",
        "",
        "Un objet entier par ligne, avec son texte, comme dans l'interface.",
    ),
}


@dataclass(frozen=True)
class Made:
    """A making: `changed` says the last changes it knows; `rows` counts each table, `files` are (size, SHA-256) by
    name ("notices.csv")."""

    folder: str
    site: str
    changed: str
    at: datetime
    seconds: float
    rows: dict[str, int]
    files: dict[str, tuple[int, str]]

    def path(self, name: str) -> Path:
        return _root() / self.folder / name


NAMES = tuple(f"{table}.{form}" for table in TABLES for form in FORMS)


def _root() -> Path:
    return Path(settings.OPEN_DATA_FOLDER)


def in_force() -> Made | None:
    try:
        told = json.loads((_root() / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    files = {name: (size, digest) for name, (size, digest) in told["files"].items()}
    if set(files) != set(NAMES):
        return None  # made by a site that had other tables
    return Made(**{**told, "files": files, "at": datetime.fromisoformat(told["at"])})


def _changed() -> str:
    dates = (listing.notices_changed_at(), synthesised.changed_at(), listing.past_results_changed_at())
    return " ".join(last.astimezone(UTC).isoformat() if last else "-" for last in dates)


def current(at: datetime) -> Made:
    """The files as a reader gets them: made now when there are none, or when the catalogue changed and it is quick."""
    found = in_force()
    if found is None:
        with _alone(wait=True):
            return in_force() or _make(at)
    late = at - found.at >= PATIENCE and found.seconds < QUICK
    if (late and found.changed != _changed()) or found.site != settings.SITE_ADDRESS:
        with _alone(wait=False) as mine:
            return _make(at) if mine else found
    return found


def made_again(at: datetime) -> Made:
    """When a file of the manifest is not there: put in force by another meanwhile, or lost."""
    with _alone(wait=True):
        found = in_force()
        whole = found is not None and all(found.path(name).is_file() for name in NAMES)
        return found if found is not None and whole else _make(at)


def refresh(*, at: datetime) -> None:
    """For the worker: make the files again if the catalogue changed since."""
    with _alone(wait=True):
        found = in_force()
        if found is None or found.changed != _changed():
            _make(at)


@contextmanager
def _alone(*, wait: bool) -> Iterator[bool]:
    """One making at a time on a machine; False when another is at it and one did not want to wait."""
    _root().mkdir(parents=True, exist_ok=True)
    with (_root() / "making.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _make(at: datetime) -> Made:
    before = in_force()
    begun, changed = monotonic(), _changed()  # read before the rows: what changes meanwhile is made again
    folder = Path(mkdtemp(dir=_root(), prefix="fichiers-"))
    rows = {name: _write(folder, table) for name, table in TABLES.items()}
    files = {name: _told(folder / name) for name in NAMES}
    made = Made(folder.name, settings.SITE_ADDRESS, changed, at, monotonic() - begun, rows, files)
    fresh = _root() / "manifest.fresh"
    fresh.write_text(json.dumps({**vars(made), "at": at.isoformat()}), encoding="utf-8")
    fresh.replace(_root() / "manifest.json")
    _forget(keep={made.folder, before.folder if before else ""})
    return made


def _write(folder: Path, table: Table) -> int:
    """All the forms of a table in one reading; how many rows."""
    with ExitStack() as stack:
        streams = {form: stack.enter_context((folder / f"{table.name}.{form}").open("wb")) for form in FORMS}
        columns = table.columns
        writers = [datasets.writer(form, streams[form], columns, name=table.title) for form in datasets.FORMS]
        count = 0
        for told in table.rows():
            count += 1
            cells = table.row(told)
            for writer in writers:
                writer.add(cells)
            streams["jsonl"].write(as_json(table.whole.told(told)) + b"\n")
        for writer in writers:
            writer.close()
    return count


def _told(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, file_digest(file, "sha256").hexdigest()


def _forget(*, keep: set[str]) -> None:
    """Older makings, but not the last one: someone may be about to open a file that the manifest named."""
    for old in _root().glob("fichiers-*"):
        if old.name not in keep:
            shutil.rmtree(old, ignore_errors=True)


def described(made: Made) -> dict[str, Any]:
    """The DCAT-AP description: a catalogue of the tables."""
    return datasets.dcat(*(_dataset(table, made) for table in TABLES.values()), title=TITLE)


TITLE = "Catalogue des travaux académiques mutualisés (TraAM)"
_KEYWORDS = ("éducation", "numérique éducatif", "scénario pédagogique", "TraAM", "CRCN")


def _dataset(table: Table, made: Made) -> datasets.Dataset:
    page = things.site("interop:open_data")
    return datasets.Dataset(
        identifier=f"{page}#{table.name}",
        title=f"{TITLE} : {table.title.lower()}",
        says=table.says,
        keywords=_KEYWORDS,
        page=page,
        api=things.site("interop:api_root"),
        openapi=things.site("interop:api_document"),
        publisher="Travaux académiques mutualisés (TraAM)",
        contact=str(settings.CONTACT),
        schema=things.site("interop:open_data_schema", table.name),
        files=[_distribution(table, form, made) for form in FORMS],
    )


def _distribution(table: Table, name: str, made: Made) -> datasets.Distribution:
    form = FORMS[name]
    size, digest = made.files[f"{table.name}.{name}"]
    return datasets.Distribution(
        title=f"{table.title}, {form.title}",
        address=things.site("interop:open_data_file", table.name, name),
        media=form.media.partition(";")[0],
        kind=form.kind,
        size=size,
        digest=digest,
        at=made.at,
    )
