"""The empty tables that receive a backup: those of the moment it was made, brought forward once it is put back."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps as present
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Node = tuple[str, str]


def applied() -> list[str]:
    """The migrations of the site that the database went through, as "application.name". It may remember others, of
    applications that are gone."""
    found = MigrationRecorder(connection).applied_migrations()
    return sorted({f"{app}.{name}" for app, name in found} & {*known()})


def known() -> list[str]:
    """The migrations of this version of the site."""
    return list(_on_the_disk())


@cache
def _on_the_disk() -> tuple[str, ...]:
    return tuple(sorted(f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations))


def _nodes(migrations: Iterable[str]) -> set[Node]:
    return {(app, name) for app, _, name in (each.partition(".") for each in migrations)}


def _leaves(loader: MigrationLoader, nodes: set[Node]) -> list[Node]:
    """The last migration of each application among these."""
    graph = loader.graph.node_map
    return sorted(
        node
        for node in nodes
        if not any(child.key[0] == node[0] and child.key in nodes for child in graph[node].children)
    )


def apps_of(migrations: list[str]) -> Apps:
    """The models of that moment."""
    if migrations == known():
        return present
    loader = MigrationLoader(None)
    state: Any = loader.project_state(_leaves(loader, _nodes(migrations)))
    return state.apps  # type: ignore[no-any-return]


def build(migrations: list[str]) -> None:
    """Make the tables of that moment in an empty database."""
    executor = MigrationExecutor(connection)
    executor.migrate(_leaves(executor.loader, _nodes(migrations)))


def copy_of_sqlite(source: Path, target: Path) -> None:
    """Make in an empty file the tables of another, without their rows; a second where migrations take six."""
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as there:
        made = there.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
            "ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END"
        ).fetchall()
        past = there.execute("SELECT app, name, applied FROM django_migrations ORDER BY id").fetchall()
    with closing(sqlite3.connect(target)) as here, here:
        for (statement,) in made:
            here.execute(statement)
        here.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)", past)


def ours() -> set[str]:
    """The tables of the site that are in a database, whatever its version."""
    there = set(connection.introspection.table_names())
    return there & {*connection.introspection.django_table_names(), "django_migrations"}


def strangers() -> set[str]:
    """The tables of a database that are not the site's."""
    return set(connection.introspection.table_names()) - ours()


@contextmanager
def without_triggers() -> Iterator[None]:
    """No trigger of the site runs inside: the rows of the journal come with their chain, none is tied again."""
    switch = _switched if connection.vendor == "postgresql" else _set_apart
    with connection.cursor() as cursor, switch(cursor):
        yield


@contextmanager
def _switched(cursor: Any) -> Iterator[None]:
    tables = [connection.ops.quote_name(name) for name in sorted(ours())]
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # a migration of the same transaction may have hurried some
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the keys of the rows still had to say
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def _set_apart(cursor: Any) -> Iterator[None]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
    yield
    for _, made in triggers:
        cursor.execute(made)


def empty() -> None:
    """Take every row away from the tables of the site, in the transaction that is open, without triggers."""
    quote = connection.ops.quote_name
    tables = [quote(name) for name in sorted(ours() - {"django_migrations"})]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)}")
        else:
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own tables


def drop_postgresql() -> None:
    """Drop the site's tables, and the functions of its triggers, in the transaction that is open."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for name in sorted(ours()):
            cursor.execute(f"DROP TABLE {quote(name)} CASCADE")
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace "
            "AND prorettype = 'trigger'::regtype AND proowner = current_user::regrole"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {quote(name)}() CASCADE")
