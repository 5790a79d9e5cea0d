"""The file of a backup: whatever is damaged in it is seen, and said."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from traam.config.backup import archive, tables
from traam.config.backup.archive import Manifest, Reader, Writer
from traam.config.backup.saving import check

ROWS = [[1, "Élan", {"b": 1, "a": [2.0, None]}], [2, "\ud83d", True], [3, "x" * 500, None]]
MEDIUM = b"Un document." * 100


def manifest(rows: list[list[object]] = ROWS) -> Manifest:
    count = tables.Count()
    for row in rows:
        count.add(row)
    table = archive.Table(["id", "name", "data"], count.rows, count.digest, 7)
    return Manifest(1, "0.1.0", "2026-11-22T10:00:00+01:00", "x", ["a.0001"], {"a.b": table}, 1, 1200, [], [], {})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "site.traam"
    writer = Writer(path)
    with writer.table("a.b") as part:
        for row in ROWS:
            part.write(tables.line(row))
    writer.medium(hashlib.sha256(MEDIUM).hexdigest(), io.BytesIO(MEDIUM))
    writer.finish(manifest())
    return path


def test_what_is_read_is_what_was_written(file: Path) -> None:
    assert check(file) == []
    reader = Reader(file)
    assert list(reader.lines("a.b")) == ROWS
    assert reader.medium(reader.media[0]) == MEDIUM
    assert reader.manifest == manifest()
    assert reader.digest == hashlib.sha256(file.read_bytes()[: -archive.SEAL_LENGTH]).hexdigest()


def test_a_byte_changed_anywhere_is_seen(file: Path) -> None:
    whole = file.read_bytes()
    for place in [*range(0, len(whole), 97), len(whole) - 1, len(whole) - archive.SEAL_LENGTH - 1]:
        changed = bytearray(whole)
        changed[place] ^= 0x20
        file.write_bytes(changed)
        assert check(file), f"byte {place}"


@pytest.mark.parametrize(
    ("member", "sentence"),
    [("tables/a.b.jsonl", "La table a.b"), ("media/", "Le fichier déposé"), ("manifest.json", "manifeste")],
)
def test_the_part_that_is_damaged_is_named(file: Path, member: str, sentence: str) -> None:
    with zipfile.ZipFile(file) as opened:
        info = next(info for info in opened.infolist() if info.filename.startswith(member))
    data = bytearray(file.read_bytes())
    place = info.header_offset + 30 + len(info.filename) + 45
    data[place] ^= 0xFF
    file.write_bytes(data)
    assert sentence in " ".join(check(file))


def test_a_file_that_is_cut_is_no_backup(file: Path) -> None:
    whole = file.read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - archive.SEAL_LENGTH - 1):
        file.write_bytes(whole[:length])
        assert "coupé ou abîmé" in " ".join(check(file)), length


def test_a_table_that_was_written_anew_is_seen(file: Path, tmp_path: Path) -> None:
    """Its seal is right, its rows are not those that the manifest counts."""
    path = tmp_path / "other.traam"
    writer = Writer(path)
    with writer.table("a.b") as part:
        part.write(tables.line([1, "Elan", {}]))
    writer.medium(hashlib.sha256(MEDIUM).hexdigest(), io.BytesIO(MEDIUM))
    writer.finish(manifest())
    assert check(path) == ["La table a.b a changé depuis la sauvegarde : 1 lignes lues, 3 annoncées."]


def test_another_format_is_told(tmp_path: Path) -> None:
    path = tmp_path / "next.traam"
    Writer(path).finish(replace(manifest([]), format=2, media=0))
    assert "format 2" in check(path)[0]


def test_the_digest_does_not_see_how_a_database_writes_json() -> None:
    one, other = tables.Count(), tables.Count()
    one.add([1, {"b": 1e22, "a": 2.0}])
    other.add([1, json.loads('{"a": 2, "b": 10000000000000000000000}')])
    assert one.digest == other.digest
    other.add([2, {"a": 2.5}])
    assert one.digest != other.digest


def test_a_file_left_by_a_death_is_taken_away_and_that_of_the_living_is_not(tmp_path: Path) -> None:
    target = tmp_path / "site.traam"
    left = tmp_path / ".site.traam.dead.part"
    left.write_bytes(b"half")
    with archive.aside(target) as mine:
        assert not left.exists()
        with archive.aside(target):
            assert mine.exists()
    assert list(tmp_path.iterdir()) == []
