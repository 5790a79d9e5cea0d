"""`restore` puts a backup in the place of what the site holds: all of it, or nothing."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage

from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import DataError, connection, transaction

from traam.config.backup import archive, schemas, tables
from traam.config.backup.archive import Manifest, Reader
from traam.config.backup.saving import Tell, check, refuse, silent
from traam.design.typography import size_fr
from traam.gateways import storage
from traam.programme.catalogue import generation, index

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Restored:
    """What was put back; `notices` are those of the index made again, None when it could not be."""

    manifest: Manifest
    notices: int | None
    added: int


def restore(source: Path, *, replace: bool, tell: Tell = silent) -> Restored:
    """Put a backup back. Raises `Refused` (the site is not empty, the version is newer) or `archive.Damaged`."""
    if problems := check(source):
        raise archive.Damaged(problems)
    reader = Reader(source)
    try:
        manifest = reader.manifest
        _ask(manifest, replace)
        _space(reader)
        added = _files(reader)
        try:
            _rows(reader, tell)
        except BaseException:
            storage.forget(added)
            raise
    finally:
        reader.close()
    for name in settings.CACHES:
        caches[name].clear()
    return Restored(manifest, _index(), len(added))


def _index() -> int | None:
    """The site is restored already: what stops the index does not undo it."""
    try:
        return index.rebuild()
    except Exception:
        logger.exception("L'index de recherche n'a pas pu être reconstruit.")
        return None


def _ask(manifest: Manifest, replace: bool) -> None:
    """May this backup come here?"""
    if newer := sorted(set(manifest.migrations) - set(schemas.known())):
        refuse(
            f"Cette sauvegarde vient d'une version plus récente du site ({manifest.version}, {newer[0]}) : "
            "installez cette version, puis rétablissez."
        )
    if strange := sorted(schemas.strangers()) if connection.vendor == "postgresql" else []:
        refuse(
            f"La base contient des tables qui ne sont pas celles du site ({strange[0]}) : donnez-lui une base à elle."
        )
    if connection.vendor == "postgresql" and manifest.unfit:
        where = " ; ".join(manifest.unfit[:5])
        refuse(f"PostgreSQL n'accepte pas toutes ces valeurs. Corrigez-les sur le site d'origine : {where}.")
    if not replace and (holds := _holds()):
        refuse(f"Ce site n'est pas vide ({holds}) : ajoutez --replace pour mettre la sauvegarde à la place de tout.")


def _holds() -> str:
    """What the site holds already; "" when it is new."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, noun in (("people_person", "des personnes"), ("journal_entry", "un journal")):
            if table in there:
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - named just above
                if cursor.fetchone():
                    return noun
    return "des fichiers déposés" if next(storage.names(), None) else ""


def _space(reader: Reader) -> None:
    """Twice the tables for SQLite (the new file, then its pages in the old one); and the files."""
    if storage.free() < reader.manifest.media_bytes:
        refuse(f"Il faut {size_fr(reader.manifest.media_bytes)} libres pour les fichiers déposés : rien n'a été écrit.")
    if connection.vendor == "sqlite":
        folder = Path(str(connection.settings_dict["NAME"])).parent
        need = 3 * reader.unpacked + reader.manifest.media_bytes
        if disk_usage(folder).free < need:
            refuse(f"Il faut {size_fr(need)} libres dans {folder} : rien n'a été écrit.")


def _files(reader: Reader) -> list[str]:
    """Keep the files; those that were not there before. One too many harms nobody: the worker sweeps it."""
    there, added = set(storage.names()), []
    try:
        for name in reader.media:
            if name not in there:
                added.append(storage.keep(reader.medium(name)))
    except BaseException:
        storage.forget(added)
        raise
    return added


def _rows(reader: Reader, tell: Tell) -> None:
    if connection.vendor == "postgresql":
        with transaction.atomic():
            _into_postgresql(reader, tell)
        return
    live = Path(str(connection.settings_dict["NAME"]))
    live.parent.mkdir(parents=True, exist_ok=True)
    like = live.exists() and schemas.applied() == reader.manifest.migrations
    with archive.aside(live) as path:
        if like:
            schemas.copy_of_sqlite(live, path)
        with _moved_to(path):
            if not like:
                schemas.build(reader.manifest.migrations)
            with transaction.atomic():
                _fill(reader, tell)
                connection.check_constraints()
            _bring_forward(reader.manifest)  # not inside: SQLite alters no table there; nobody sees this file yet
        _pour(path, live)


def _into_postgresql(reader: Reader, tell: Tell) -> None:
    """In one transaction, tables included: whoever looks meanwhile waits, and finds the old site or the new one."""
    manifest = reader.manifest
    if schemas.applied() != manifest.migrations:
        schemas.drop_postgresql()
        schemas.build(manifest.migrations)
    _fill(reader, tell)
    _bring_forward(manifest)


@contextmanager
def _moved_to(path: Path) -> Iterator[None]:
    """The database of this process is another file: migrations and models know one name only. Nothing is asked of the
    disk there, since that file is nothing to anybody if the machine falls."""
    usual = {key: connection.settings_dict[key] for key in ("NAME", "OPTIONS")}
    quick = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    connection.close()
    connection.settings_dict.update(NAME=str(path), OPTIONS={**usual["OPTIONS"], "init_command": quick})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(usual)


def _fill(reader: Reader, tell: Tell) -> None:
    """Put every row in, then read every table again: it must be the one that was saved."""
    manifest = reader.manifest
    models = tables.saved(schemas.apps_of(manifest.migrations))
    if set(models) != set(manifest.tables):
        refuse(f"Tables inattendues : {', '.join(sorted(set(models) ^ set(manifest.tables)))}.")
    with schemas.without_triggers():
        schemas.empty()  # tables just made may hold what their migrations wrote
        done = 0
        for label, table in manifest.tables.items():
            _insert(reader, models[label], label, table)
            done += table.rows
            tell(done, manifest.rows)
    for label, table in manifest.tables.items():
        _same(models[label], label, table)


def _bring_forward(manifest: Manifest) -> None:
    """To this version of the site."""
    if manifest.migrations != schemas.known():
        call_command("migrate", verbosity=0, interactive=False)
    generation.follow()  # tables made by the executor have no trigger yet


def _insert(reader: Reader, model: tables.Model, label: str, table: archive.Table) -> None:
    try:
        tables.insert(model, reader.lines(label), table.columns)
    except DataError as problem:
        refuse(f"La base n'accepte pas une ligne de la table {label} : {problem}. Rien n'a été changé.")
    if table.last is not None:
        tables.resume(model, table.last)


def _same(model: tables.Model, label: str, table: archive.Table) -> None:
    """Read in the order of the columns of the manifest."""
    count = tables.Count()
    names = [field.column for field in tables.columns(model)]
    places = [names.index(name) for name in table.columns]
    for row in tables.rows(model):
        count.add([row[place] for place in places])
    if (count.rows, count.digest) != (table.rows, table.digest):
        raise archive.Damaged([f"La table {label} relue n'est pas celle de la sauvegarde : rien n'a été changé."])


def _pour(path: Path, live: Path) -> None:
    """Put the pages of the new file in the old one, in one transaction of SQLite.

    Not by changing the name of a file: the processes of the site would go on with the file that has none.
    """
    connection.close()
    with closing(sqlite3.connect(path)) as made, closing(sqlite3.connect(live, timeout=60)) as here:
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        made.backup(here)
    connection.close()
