"""What the database itself does for the journal: refuse to change it, and tie each act to the one before.

On PostgreSQL the tie is made by the commit, after everything else the commit checks: a first deferred trigger asks for
a second one, which so comes last, takes the lock of the chain, and lets it go with the commit. No transaction waits for
anything while it holds that lock: it cannot be in a deadlock. On SQLite a transaction that writes is alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("journal_entry", "journal_link")
REFUSAL = "Le journal ne se change pas et ne s''efface pas : inscrivez un nouvel acte."
RAISE = f"RAISE EXCEPTION USING MESSAGE = '{REFUSAL}', ERRCODE = 'integrity_constraint_violation';"
FIXED = ("at", "actor_id", "verb", "object_type", "object_id", "words", "content")

# An entry whose words are rewritten: all the rest stays, and a later act, already in the journal, says it.
ALLOWED_REWRITING = """
    NEW.id = OLD.id AND {same}
    AND NEW.redacted_by > coalesce(OLD.redacted_by, OLD.id)
    AND EXISTS (
        SELECT 1 FROM journal_entry act
        WHERE act.id = NEW.redacted_by AND act.verb = 'redact'
        AND act.object_type = 'journal.entry' AND act.object_id = CAST(OLD.id AS {text})
    )
"""


def _allowed(vendor: str) -> str:
    same, text = ("IS NOT DISTINCT FROM", "text") if vendor == "postgresql" else ("IS", "TEXT")
    kept = " AND ".join(f'NEW."{name}" {same} OLD."{name}"' for name in FIXED)
    return ALLOWED_REWRITING.format(same=kept, text=text)


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return [
        f"CREATE TRIGGER journal_entry_unchanged BEFORE UPDATE ON journal_entry "
        f"WHEN NOT coalesce({_allowed('sqlite')}, 0) {refuse}",
        f"CREATE TRIGGER journal_entry_kept BEFORE DELETE ON journal_entry {refuse}",
        f"CREATE TRIGGER journal_link_unchanged BEFORE UPDATE ON journal_link {refuse}",
        f"CREATE TRIGGER journal_link_kept BEFORE DELETE ON journal_link {refuse}",
        """
        CREATE TRIGGER journal_entry_chained AFTER INSERT ON journal_entry
        BEGIN
            INSERT INTO journal_link (entry_id, number, link)
            SELECT NEW.id, last.number + 1, SHA256(last.link || ':' || (last.number + 1) || ':' || NEW.content)
            FROM (
                SELECT number, link FROM journal_link UNION ALL SELECT 0, printf('%064d', 0)
                ORDER BY number DESC LIMIT 1
            ) last;
        END
        """,
    ]


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"


# 8390876126816135791 is the number of an advisory lock that nothing else takes: the eight bytes « traam.jo ».
FUNCTIONS = {
    "journal_refuse": f"BEGIN {RAISE} END",
    "journal_ask_chain": """
        BEGIN
            INSERT INTO journal_link (entry_id, link) VALUES (NEW.id, '');
            RETURN NULL;
        END""",
    "journal_chain": """
        DECLARE
            last_number bigint := 0;
            last_link text;
            content text;
        BEGIN
            PERFORM pg_advisory_xact_lock(8390876126816135791);
            SELECT e.content INTO content FROM journal_entry e WHERE e.id = NEW.entry_id;
            SELECT l.number, l.link INTO last_number, last_link
                FROM journal_link l WHERE l.number IS NOT NULL ORDER BY l.number DESC LIMIT 1;
            last_number := coalesce(last_number, 0) + 1;
            UPDATE journal_link SET number = last_number, link = encode(sha256(convert_to(
                coalesce(last_link, repeat('0', 64)) || ':' || last_number || ':' || content, 'UTF8')), 'hex')
                WHERE entry_id = NEW.entry_id;
            RETURN NULL;
        END""",
}


def _postgresql() -> list[str]:
    refuse = "EXECUTE FUNCTION journal_refuse()"
    allowed = _allowed("postgresql")
    functions = {
        **FUNCTIONS,
        # A subquery may not be in the WHEN of a trigger: it is in its function.
        "journal_rewrite": f"""
        BEGIN
            IF coalesce({allowed}, false) THEN RETURN NEW; END IF;
            {RAISE}
        END""",
    }
    after = "AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    return [
        *(_function(name, body) for name, body in functions.items()),
        "CREATE TRIGGER journal_entry_unchanged BEFORE UPDATE ON journal_entry "
        "FOR EACH ROW EXECUTE FUNCTION journal_rewrite()",
        f"CREATE TRIGGER journal_entry_kept BEFORE DELETE ON journal_entry FOR EACH ROW {refuse}",
        f"CREATE TRIGGER journal_entry_whole BEFORE TRUNCATE ON journal_entry {refuse}",
        "CREATE TRIGGER journal_link_unchanged BEFORE UPDATE ON journal_link FOR EACH ROW "
        f"WHEN (OLD.number IS NOT NULL OR NEW.entry_id <> OLD.entry_id) {refuse}",
        f"CREATE TRIGGER journal_link_kept BEFORE DELETE ON journal_link FOR EACH ROW {refuse}",
        f"CREATE TRIGGER journal_link_whole BEFORE TRUNCATE ON journal_link {refuse}",
        f"CREATE CONSTRAINT TRIGGER journal_entry_chained {after.format(table='journal_entry')} "
        "EXECUTE FUNCTION journal_ask_chain()",
        f"CREATE CONSTRAINT TRIGGER journal_link_chained {after.format(table='journal_link')} "
        "WHEN (NEW.number IS NULL) EXECUTE FUNCTION journal_chain()",
    ]


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the guards on. A migration that makes the tables of the journal again calls it at its end."""
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guards off, for a migration."""
    with connection.cursor() as cursor:
        for table, name in _names(connection):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")


def _names(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    asked = {
        "postgresql": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal "
        "AND tgrelid::regclass::text IN ('journal_entry', 'journal_link') AND tgenabled <> 'D' ORDER BY tgname",
        "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' "
        "AND tbl_name IN ('journal_entry', 'journal_link') ORDER BY name",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return [(str(table), str(name)) for table, name in cursor.fetchall()]


def names(connection: BaseDatabaseWrapper) -> list[str]:
    """The guards that are on, in alphabetical order."""
    return [name for _, name in _names(connection)]


EXPECTED = {
    "sqlite": [
        "journal_entry_chained",
        "journal_entry_kept",
        "journal_entry_unchanged",
        "journal_link_kept",
        "journal_link_unchanged",
    ],
    "postgresql": [
        "journal_entry_chained",
        "journal_entry_kept",
        "journal_entry_unchanged",
        "journal_entry_whole",
        "journal_link_chained",
        "journal_link_kept",
        "journal_link_unchanged",
        "journal_link_whole",
    ],
}


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """No guard inside, in one transaction: whatever happens, they are there after it.

    For what fills an empty database with rows already chained (a restore), and for the tests, which empty theirs. An
    architecture test wants no other caller.
    """
    with transaction.atomic(using=connection.alias):
        if connection.vendor == "postgresql":
            _switch(connection, "DISABLE")
            yield
            _switch(connection, "ENABLE")
        else:
            remove(connection)
            yield
            install(connection)


def _switch(connection: BaseDatabaseWrapper, how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
