"""One file holds the site: it is made while others write, and puts back every row, or none."""

import argparse
import os
import shutil
import signal
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from traam.config.backup import command, restoring, saving, schemas, tables
from traam.config.backup.archive import Damaged, Reader
from traam.demo.build import DOMAIN
from traam.engines.workflow import Refused
from traam.gateways import signs, storage
from traam.programme.calls.models import Upload
from traam.programme.groups.models import Document, Group, Meeting
from traam.programme.letters.models import Item, Letter
from traam.programme.people.models import Person, Typing

pytestmark = pytest.mark.django_db(transaction=True)
AT = timezone.localtime()
ROOT = Path(__file__).parents[2]
Rows = dict[str, list[list[Any]]]


@pytest.fixture
def site(demonstration: None, settings: Any, tmp_path: Path) -> Path:
    """A site with rows and a file that a careless backup would lose; the folder for its backups."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    group = Group.objects.order_by("pk")[0]
    person = Person.objects.order_by("pk")[0]
    name = storage.keep(b"Le compte rendu.")
    Document.objects.create(
        group=group,
        title="Compte rendu",
        file=name,
        filename="a.txt",
        personal_data="none",
        shared_by=person,
        shared_at=AT,
    )
    Typing.objects.create(
        person=person,
        place="unusual",
        fields={"z": ["« 👩‍🏫 »"], "a": [1e22, 2.0, 0.1, -7, True, None, {"é": "\u2028"}]},
        typed_at=datetime(2026, 1, 2, 3, 4, 5, 6, UTC),
    )
    meeting = Meeting.objects.order_by("pk")[0]
    meeting.begins = time(9, 5)
    meeting.save()
    Typing.objects.create(person=person, place="gone", typed_at=AT).delete()
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


def everything() -> Rows:
    from django.apps import apps

    return {label: list(tables.rows(model)) for label, model in tables.saved(apps).items()}


def save(folder: Path, tell: saving.Tell = saving.silent) -> Path:
    target = folder / "site.traam"
    saving.save(target, at=AT, tell=tell)
    return target


def test_a_site_that_is_restored_is_the_one_that_was_saved(site: Path) -> None:
    before, last = everything(), tables.last(Typing)
    file = save(site)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in site.iterdir()] == [file.name]

    Letter.objects.all().delete()
    Person.objects.filter(email=f"bureau@{DOMAIN}").update(name="Une autre")
    storage.forget(storage.names())
    with pytest.raises(Refused, match="n'est pas vide"):
        restoring.restore(file, replace=False)
    assert Person.objects.get(email=f"bureau@{DOMAIN}").name == "Une autre"

    done = restoring.restore(file, replace=True)
    assert everything() == before
    assert done.added == 1 and done.notices is not None and done.notices > 50
    with storage.reading(Document.objects.get(title="Compte rendu").file) as kept:
        assert kept.read() == b"Le compte rendu."
    person = Person.objects.order_by("pk")[0]
    assert Typing.objects.create(person=person, place="next", typed_at=AT).pk == (last or 0) + 1, (
        "a number is not reused"
    )
    assert [path.name for path in site.iterdir()] == [file.name]


def test_what_is_committed_during_a_backup_is_not_in_it_and_waits_for_nobody(site: Path) -> None:
    before = everything()
    written: list[bool] = []

    def write() -> None:
        """Two rows in one act: one in a table already read or not, the other in a later one."""
        person = Person.objects.order_by("pk")[0]
        with transaction.atomic():
            at = {"written_at": AT}
            letter = Letter.objects.create(key="load", to=person, subject="s", body="b", next_attempt_at=AT, **at)
            Item.objects.create(key="load", to=person, text="t", label="l", address="/", letter=letter, **at)
            Typing.objects.filter(place="unusual").update(fields={"a": ["changed"]})
        connections.close_all()
        written.append(True)

    def meanwhile(done: int, total: int) -> None:
        if not written:
            other = Thread(target=write)
            other.start()
            other.join(15)
            assert written, "the writer waited for the backup"

    file = save(site, meanwhile)
    assert Item.objects.filter(key="load").exists()
    reader = Reader(file)
    assert {label: list(reader.lines(label)) for label in reader.manifest.tables} == before
    reader.close()


def test_a_file_swept_during_a_backup_waits_for_its_end(site: Path) -> None:
    name = Document.objects.get(title="Compte rendu").file
    os.utime(next(saving.Path(restoring.settings.MEDIA_ROOT).glob(f"documents/??/{name}")), (0, 0))
    swept: list[int] = []
    save(site, lambda done, total: swept.append(storage.sweep([], before=AT)))
    assert set(swept) == {0}
    assert storage.sweep([], before=AT) == 1


def test_a_file_that_the_disk_lost_is_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    storage.forget(storage.names())
    options = argparse.Namespace(target=site / "a.traam", verify=False)
    assert command.backup(options) == 0
    said = capsys.readouterr()
    assert "Sauvegarde relue et entière" in said.out and "fichier déposé manque au disque" in said.err
    assert (sign := signs.read(command.SIGN)) and sign.facts["digest"] in said.out
    assert command.backup(argparse.Namespace(target=site / "a.traam", verify=True)) == 0
    assert command.backup(options) == 1
    assert "existe déjà" in capsys.readouterr().err


def dies(act: Callable[[Callable[[int, int], None]], object], after: int) -> None:
    """Do it in a process that is killed once it has told its progress so many times."""
    told: list[int] = []

    def tell(done: int, total: int) -> None:
        told.append(done)
        if len(told) == after:
            os.kill(os.getpid(), signal.SIGKILL)

    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            act(tell)
        except BaseException:
            traceback.print_exc()  # of a process that pytest does not watch
        finally:
            os._exit(3)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def test_a_death_in_the_middle_leaves_nothing_half_done(site: Path) -> None:
    dies(lambda tell: save(site, tell), 30)
    assert not (site / "site.traam").exists()
    file = save(site)
    assert [path.name for path in site.iterdir()] == [file.name], "what the dead left is taken away"
    Letter.objects.all().delete()
    before = everything()
    dies(lambda tell: restoring.restore(file, replace=True, tell=tell), 60)
    assert everything() == before


def test_a_restore_that_fails_changes_nothing(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = save(site)
    storage.forget(storage.names())
    Letter.objects.all().delete()
    before = everything()
    same = restoring._same
    monkeypatch.setattr(restoring, "_same", lambda model, label, table: same(model, label, replace(table, digest="")))
    with pytest.raises(Damaged, match="rien n'a été changé"):
        restoring.restore(file, replace=True)
    assert everything() == before and list(storage.names()) == []

    older = schemas.known()[:-1]
    monkeypatch.setattr(schemas, "known", lambda: older)
    with pytest.raises(Refused, match="version plus récente"):
        restoring.restore(file, replace=True)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL takes none of these")
def test_what_postgresql_would_not_take_is_told_when_it_is_saved(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = Letter.objects.order_by("pk").values_list("pk", flat=True)[0]
    Letter.objects.filter(pk=number).update(body="a\0b", subject="s" * 300)
    Upload.objects.all().delete()
    assert command.backup(argparse.Namespace(target=site / "a.traam", verify=False)) == 0
    said = capsys.readouterr().err
    assert f"letters.letter, ligne {number}, colonne body : un caractère nul" in said
    assert "colonne subject : 300 caractères, pour 200 au plus" in said
    monkeypatch.setattr(restoring.connection, "vendor", "postgresql", raising=False)
    monkeypatch.setattr(schemas, "strangers", set)
    with pytest.raises(Refused, match="PostgreSQL n'accepte pas"):
        restoring.restore(site / "a.traam", replace=True)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="the journey begins on PostgreSQL")
def test_a_site_goes_to_sqlite_and_comes_back_row_for_row(site: Path, tmp_path: Path) -> None:
    before = everything()
    file = save(site)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRAAM_", "DATABASE_"))}
    there = {**kept, "PYTHONPATH": str(ROOT), "TRAAM_DATA": str(tmp_path / "sqlite")}
    for verb, path in (("restore", file), ("backup", site / "back.traam")):
        words = [sys.executable, "-m", "traam", verb, str(path)]
        done = subprocess.run(words, env=there, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    gone, back = Reader(file).manifest, Reader(site / "back.traam").manifest
    assert gone.tables == back.tables and gone.media == back.media == 1
    assert "SQLite" in back.database
    shutil.rmtree(restoring.settings.MEDIA_ROOT)
    Letter.objects.all().delete()
    restoring.restore(site / "back.traam", replace=True)
    assert everything() == before and len(list(storage.names())) == 1
