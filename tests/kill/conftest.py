"""A database of its own for the process that is killed, and a mail server that writes down what it accepts."""

import os
import shutil
import socketserver
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest


@pytest.fixture(scope="session")
def snapshot(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Database"]:
    """A copy of the test database, made before any test opens its transaction."""
    from django.db import connection
    from django.utils import timezone

    from traam.demo.build import build

    asked = connection.settings_dict
    assert "test_" in str(asked["NAME"]) or "memory" in str(asked["NAME"]), "not the database of the tests"
    with django_db_blocker.unblock():
        build(timezone.localtime())  # already there, unless a test that commits has emptied the database
        if connection.vendor == "sqlite":
            path = tmp_path_factory.mktemp("kill") / "snapshot.sqlite3"
            connection.ensure_connection()
            with closing(sqlite3.connect(path)) as copy:
                connection.connection.backup(copy)
            yield Database(str(path))
            return
        connection.close()  # nobody may be there while it is copied
    where = {"user": asked["USER"], "host": asked["HOST"], "port": asked["PORT"] or None}
    made = Database(f"kill_{os.getpid()}", where)
    made.copy_of(str(asked["NAME"]))
    yield made
    made.drop()


@dataclass(frozen=True)
class Database:
    """A file of SQLite (no `where`), or a database of the PostgreSQL server that is there."""

    name: str
    where: dict[str, Any] | None = None

    def copy_of(self, source: str) -> None:
        if self.where is None:
            shutil.copyfile(source, self.name)
        else:
            self.drop()
            # A server of pages that a test before started may have left a session there.
            self._execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'")  # noqa: S608
            self._execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{source}"')

    def drop(self) -> None:
        if self.where is not None:
            self._execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(dbname="postgres", autocommit=True, **(self.where or {})) as server:
            server.execute(statement.encode())

    @property
    def address(self) -> str:
        """Its DATABASE_URL."""
        if self.where is None:
            return f"sqlite:///{self.name}"
        return f"postgresql://{self.where['user']}@/{self.name}?host={quote(self.where['host'], safe='')}"


@pytest.fixture
def database(snapshot: Database, tmp_path: Path) -> Iterator[str]:
    """The address of a database of one's own, which holds the demonstration."""
    if snapshot.where is None:
        mine = Database(str(tmp_path / "mine.sqlite3"))
    else:
        mine = Database(f"{snapshot.name}_mine", snapshot.where)
    mine.copy_of(snapshot.name)
    yield mine.address
    mine.drop()


class Conversation(socketserver.StreamRequestHandler):
    """The least of SMTP. A message is written down before it is accepted: whoever hears yes is in the log."""

    server: "MailServer"

    def handle(self) -> None:
        self._say("220 tests")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self._say("354 go on")
                self._take()
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            self._say("250 yes")

    def _take(self) -> None:
        identifier = ""
        for line in iter(self.rfile.readline, b".\r\n"):
            if line.lower().startswith(b"message-id:"):
                identifier = line.split(b":", 1)[1].strip().decode("ascii")
        with self.server.log.open("a", encoding="ascii") as log:
            log.write(f"{identifier}\n")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode("ascii"))


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    log: Path


@dataclass(frozen=True)
class Post:
    port: int
    log: Path


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with MailServer(("127.0.0.1", 0), Conversation) as server:
        server.log = tmp_path / "received"
        server.log.touch()
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield Post(server.server_address[1], server.log)
        server.shutdown()
