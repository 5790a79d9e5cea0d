"""`save` writes the backup of the site that runs; `check` reads one through."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from shutil import disk_usage
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from traam.config.backup import archive, schemas, tables
from traam.config.backup.archive import Manifest, Reader, Writer
from traam.config.daily import WANTERS
from traam.design.typography import size_fr
from traam.engines.workflow import Verdict
from traam.gateways import storage

Tell = Callable[[int, int], None]
"""Told as the work goes on: what is done, of how much."""
MOST_TOLD = 20


def silent(done: int, total: int) -> None:
    """For whoever wants no news."""


def refuse(sentence: str) -> None:
    Verdict(False, sentence).require()


@contextmanager
def _still() -> Iterator[None]:
    """Everything read inside is of one moment, while others write: nobody waits."""
    if connection.vendor == "sqlite":
        usual: Any = connection
        mode, usual.transaction_mode = usual.transaction_mode, "DEFERRED"  # else it would take the place of a writer
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")  # the first read is the moment
                yield
        finally:
            usual.transaction_mode = mode
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def database_name() -> str:
    """ "PostgreSQL 15.8", "SQLite 3.40.1"."""
    if connection.vendor == "sqlite":
        from sqlite3 import sqlite_version

        return f"SQLite {sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


def database_size() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def save(target: Path, *, at: datetime, tell: Tell = silent) -> tuple[Manifest, str]:
    """Write the backup of the site at `target`, read it through, and only then give it its name.

    What it holds, and the digest of the whole. Raises `Refused` when it cannot be made.
    """
    if target.exists():
        refuse(f"{target} existe déjà : donnez un autre nom, une sauvegarde n'en remplace pas une autre.")
    if not target.parent.is_dir():
        refuse(f"Le dossier {target.parent} n'existe pas : créez-le, ou écrivez ailleurs.")
    if schemas.applied() != schemas.known():
        refuse("La base n'est pas à jour de cette version du site : lancez d'abord traam prepare.")
    with archive.aside(target) as path:
        with storage.spared(), _still():
            manifest, digest = _write(path, at, tell)
        if problems := check(path):
            raise archive.Damaged(
                ["La sauvegarde relue n'est pas celle qui a été écrite : le disque est-il sain ?", *problems]
            )
        path.replace(target)
    _flush(target.parent)
    return manifest, digest


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Files:
    """The files that the rows speak of: those that are there, and those that are lost."""

    def __init__(self) -> None:
        self.there: dict[str, int] = {}
        self.lost: list[str] = []
        for name in sorted(set(chain.from_iterable(wanted() for wanted in WANTERS))):
            try:
                self.there[name] = storage.size(name)
            except storage.Lost:
                self.lost.append(name)


def _write(path: Path, at: datetime, tell: Tell) -> tuple[Manifest, str]:
    files = _Files()
    need, free = database_size() + sum(files.there.values()), disk_usage(path.parent).free
    if need > free:
        refuse(f"Il faut {size_fr(need)} libres dans {path.parent}, il en reste {size_fr(free)} : rien n'a été écrit.")
    models = tables.saved(apps)
    total = sum(model._base_manager.count() for model in models.values()) + len(files.there)
    writer, described, done = Writer(path), {}, 0
    unfit: list[str] = []
    for label, model in models.items():
        described[label] = _table(writer, label, model, unfit)
        done += described[label].rows
        tell(done, total)
    for name in files.there:
        with storage.reading(name) as file:
            try:
                writer.medium(name, file)
            except ValueError:
                refuse(f"Le fichier déposé {name} est abîmé sur le disque : rétablissez-le, puis recommencez.")
        done += 1
        tell(done, total)
    manifest = Manifest(
        format=archive.FORMAT,
        version=version("traam"),
        made_at=at.isoformat(),
        database=database_name(),
        migrations=schemas.applied(),
        tables=described,
        media=len(files.there),
        media_bytes=sum(files.there.values()),
        lost=files.lost,
        unfit=unfit,
        left_out=tables.LEFT_OUT,
    )
    return manifest, writer.finish(manifest)


def _table(writer: Writer, label: str, model: tables.Model, unfit: list[str]) -> archive.Table:
    count = tables.Count()
    with writer.table(label) as part:
        for row in tables.rows(model):
            count.add(row)
            part.write(tables.line(row))
            if len(unfit) < MOST_TOLD:
                unfit.extend(tables.unfit(model, row))
    names = [field.column for field in tables.columns(model)]
    return archive.Table(names, count.rows, count.digest, tables.last(model))


def check(path: Path, tell: Tell = silent) -> list[str]:
    """Read a backup through: what is wrong with it, part by part; nothing when every byte is as it was written."""
    try:
        reader = Reader(path)
    except archive.Damaged as damaged:
        return damaged.problems
    try:
        problems = list(_wrong(reader, tell))
        if not problems and not reader.sealed():
            problems = ["Des octets ont changé hors des tables et des fichiers : l'empreinte de l'ensemble est fausse."]
        return problems
    finally:
        reader.close()


def _wrong(reader: Reader, tell: Tell) -> Iterator[str]:
    manifest = reader.manifest
    done, total = 0, manifest.rows + manifest.media
    for label, table in manifest.tables.items():
        yield from _wrong_table(reader, label, table)
        done += table.rows
        tell(done, total)
    for name in reader.media:
        try:
            reader.medium(name)
        except archive.Damaged as damaged:
            yield from damaged.problems
        done += 1
        tell(done, total)
    if len(reader.media) != manifest.media:
        yield f"{manifest.media} fichiers déposés annoncés, {len(reader.media)} trouvés."


def _wrong_table(reader: Reader, label: str, table: archive.Table) -> Iterator[str]:
    count = tables.Count()
    try:
        for row in reader.lines(label):
            count.add(row)
    except archive.Damaged as damaged:
        yield from damaged.problems
        return
    if (count.rows, count.digest) != (table.rows, table.digest):
        yield f"La table {label} a changé depuis la sauvegarde : {count.rows} lignes lues, {table.rows} annoncées."
