"""What the public pages depend on, told in one short read: it is never the same again once something public changed.

The database itself notes each change, by triggers, in the transaction that makes it (docs/decisions/0018): no verb has
to remember to, nor an import, nor whoever mends a row by hand. Each change draws a token at random, so that what a
transaction that is rolled back could show is never taken for what another one commits.
"""

from functools import cache
from pathlib import Path
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.db import connection

from traam.engines.search import stamp

TABLE = "catalogue_generation"
# They follow what is public, count its readers or wait to become it: no public page shows them.
UNSEEN = frozenset(
    {
        TABLE,
        "catalogue_change",
        "catalogue_changecounter",
        "catalogue_searchcount",
        "catalogue_readcount",
        "catalogue_deposit",
        "catalogue_correspondence",
    }
)
# Tables of other steps that public pages show.
SHOWN = frozenset({"people_academycontact"})

State = tuple[object, ...]


def tables() -> frozenset[str]:
    """Those that a page may show: whose changes are noted, and where they are."""
    return followed() | {TABLE}


@cache
def followed() -> frozenset[str]:
    """The tables whose changes are noted: all those of the catalogue, new ones too, and a few of other steps."""
    mine = {model._meta.db_table for model in apps.get_app_config("catalogue").get_models(include_auto_created=True)}
    return frozenset((mine - UNSEEN) | SHOWN)


def now() -> State:
    """What the database says of itself (`tokens`), and the commit that this machine's index is at."""
    return (*tokens(), stamp(Path(settings.INDEX_FOLDER)))


def tokens() -> tuple[str, ...]:
    """Never the same again once a public row changed: one query of a table of a few rows at most."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT token FROM {TABLE} ORDER BY id")  # noqa: S608 - a constant
        return tuple(token for (token,) in cursor.fetchall())


# --- The triggers

_NOTED = "noted_as_public"
# Whoever changes something takes a row nobody else holds, or adds one: no writer ever waits for another.
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {_NOTED}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {TABLE} SET token = gen_random_uuid()::text
        WHERE id = (SELECT id FROM {TABLE} ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
        INSERT INTO {TABLE} (token) VALUES (gen_random_uuid()::text);
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608 - constants
_EVENTS = ("insert", "update", "delete")


_FOUND = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal",
}


def forget() -> None:
    """Take the triggers away: SQLite will not change a table that one of them writes in."""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND[connection.vendor])
        for name, table in cursor.fetchall():
            if name.startswith(_NOTED):
                where = "" if connection.vendor == "sqlite" else f' ON "{table}"'
                cursor.execute(f'DROP TRIGGER "{name}"{where}')


def follow() -> None:
    """Have every change of these tables noted, from now on. Safe to do again."""
    forget()
    if not _there({TABLE}):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table in _there(followed()):
            for statement in _triggers(table):
                cursor.execute(statement)
        # What was written meanwhile was not noted.
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608 - a constant
        cursor.execute(f"INSERT INTO {TABLE} (token) VALUES (%s)", [str(uuid4())])  # noqa: S608


def _name(table: str, event: str) -> str:
    return f'"{_NOTED}_{table}_{event}"'


def _triggers(table: str) -> list[str]:
    if connection.vendor == "postgresql":
        events = "INSERT OR UPDATE OR DELETE OR TRUNCATE"
        head = f'CREATE TRIGGER {_name(table, "any")} AFTER {events} ON "{table}"'
        return [f"{head} FOR EACH STATEMENT EXECUTE FUNCTION {_NOTED}()"]
    # One writer at a time: one row is enough.
    noted = f"INSERT OR REPLACE INTO {TABLE} (id, token) VALUES (1, hex(randomblob(16)))"  # noqa: S608 - a constant
    return [
        f'CREATE TRIGGER {_name(table, event)} AFTER {event.upper()} ON "{table}" BEGIN {noted}; END'
        for event in _EVENTS
    ]


def _there(wanted: frozenset[str] | set[str]) -> list[str]:
    """Those that exist: a database at an earlier migration lacks some."""
    return sorted(wanted & set(connection.introspection.table_names()))
