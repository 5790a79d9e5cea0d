"""The file of a backup: a ZIP that any tool opens, sealed by the SHA-256 of all its bytes.

    LISEZMOI.txt · tables/<application.model>.jsonl · media/<digest> · manifest.json

The seal is the comment that ends the ZIP. A line of a table is a JSON list, in the order of the columns that the
manifest names.
"""

import fcntl
import hashlib
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

FORMAT = 1
PREFIX = b"traam-backup sha256 "
SEAL_LENGTH = len(PREFIX) + 64
MANIFEST, README = "manifest.json", "LISEZMOI.txt"
CHUNK = 1 << 20
_NAME = re.compile(r"[0-9a-f]{64}")
_ABOUT = """Sauvegarde d'un site TraAM.

Elle se rétablit par : traam restore FICHIER
Elle se vérifie par  : traam backup --verify FICHIER

tables/ : une table par fichier, une ligne par objet JSON, dans l'ordre des colonnes de manifest.json.
media/  : les fichiers déposés, chacun nommé par l'empreinte SHA-256 de son contenu.
Elle contient des données personnelles : gardez-la comme le site lui-même.
"""


class Damaged(Exception):
    """The file is not what was written. `problems` are sentences."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True)
class Table:
    """What the manifest says of a table. `last` is the last number its sequence gave, None when it has none."""

    columns: list[str]
    rows: int
    digest: str
    last: int | None

    def __post_init__(self) -> None:
        if not (isinstance(self.rows, int) and isinstance(self.digest, str) and isinstance(self.columns, list)):
            raise TypeError("not the description of a table")


@dataclass(frozen=True)
class Manifest:
    """What the file holds. `migrations` are "application.name"; `lost`: files that rows speak of and the disk had not;
    `unfit`: where a value stands that PostgreSQL does not take."""

    format: int
    version: str
    made_at: str
    database: str
    migrations: list[str]
    tables: dict[str, Table]
    media: int
    media_bytes: int
    lost: list[str]
    unfit: list[str]
    left_out: dict[str, str]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        told = json.loads(text)
        if told.get("format") != FORMAT:
            raise Damaged(
                [f"Sauvegarde de format {told.get('format')} : cette version du site lit le format {FORMAT}."]
            )
        return cls(**{**told, "tables": {label: Table(**table) for label, table in told["tables"].items()}})


def digest_of(stream: IO[bytes], most: int | None = None) -> str:
    """The SHA-256 of a stream, or of its first `most` bytes."""
    made, left = hashlib.sha256(), most
    while block := stream.read(CHUNK if left is None else min(CHUNK, left)):
        made.update(block)
        if left is not None:
            left -= len(block)
    return made.hexdigest()


@contextmanager
def aside(target: Path) -> Iterator[Path]:
    """A file beside `target`, readable by its owner alone, to be put in its place when it is whole.

    It is gone afterwards, and those that a killed process left there are taken away.
    """
    for left in target.parent.glob(f".{target.name}.*.part"):
        _take_away(left)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # it says that its process lives
        yield Path(name)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(name + suffix).unlink(missing_ok=True)
        os.close(handle)


def _take_away(left: Path) -> None:
    with suppress(OSError), left.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        left.unlink()


class Writer:
    """Writes the parts one after the other, in memory only what is in hand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._zip.writestr(README, _ABOUT)

    @contextmanager
    def table(self, label: str) -> Iterator[IO[bytes]]:
        with self._zip.open(f"tables/{label}.jsonl", "w", force_zip64=True) as part:
            yield part

    def medium(self, name: str, file: IO[bytes]) -> int:
        """Add a file of the storage; its size. Raises `ValueError` when its bytes are not those of its name."""
        info, made, size = zipfile.ZipInfo(f"media/{name}"), hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as part:
            while block := file.read(CHUNK):
                made.update(block)
                size += part.write(block)
        if made.hexdigest() != name:
            raise ValueError(name)
        return size

    def finish(self, manifest: Manifest) -> str:
        """Write the manifest and the seal; the digest of the whole. Everything is on the disk when it returns."""
        self._zip.writestr(MANIFEST, manifest.text())
        self._zip.comment = PREFIX + b"0" * 64
        self._zip.close()
        with self.path.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            digest = digest_of(file, size - SEAL_LENGTH)
            file.seek(size - 64)
            file.write(digest.encode())
            file.flush()
            os.fsync(file.fileno())
        return digest


class Reader:
    """A backup open for reading. Raises `Damaged` when it cannot be one, or not this version's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            names = self._zip.namelist()
            self.manifest = Manifest.read(self._zip.read(MANIFEST))
        except Damaged:
            raise
        except (zipfile.BadZipFile, OSError, EOFError) as problem:
            raise Damaged(
                [f"Ce fichier n'est pas une sauvegarde entière : il est coupé ou abîmé ({problem})."]
            ) from None
        except Exception as problem:  # whatever a damaged manifest or directory raises
            raise Damaged([f"Le manifeste de la sauvegarde est illisible ({type(problem).__name__})."]) from None
        self.media = [name.removeprefix("media/") for name in names if name.startswith("media/")]

    def close(self) -> None:
        self._zip.close()

    @property
    def digest(self) -> str:
        """What the seal says; "" without one."""
        seal = self._zip.comment
        return seal[len(PREFIX) :].decode("ascii", "replace") if seal.startswith(PREFIX) else ""

    @property
    def unpacked(self) -> int:
        """The size of the tables, in bytes of JSON."""
        return sum(info.file_size for info in self._zip.infolist() if info.filename.startswith("tables/"))

    def sealed(self) -> bool:
        """Is every byte the one that was written?"""
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            return digest_of(file, max(0, size - SEAL_LENGTH)) == self.digest

    def lines(self, label: str) -> Iterator[list[Any]]:
        """The rows of a table. Raises `Damaged`."""
        try:
            with self._zip.open(f"tables/{label}.jsonl") as part:
                for line in part:
                    yield json.loads(line)
        except Exception as problem:  # zlib, struct, unicode, JSON: all of them say the same
            raise Damaged([f"La table {label} est abîmée ({type(problem).__name__})."]) from None

    def medium(self, name: str) -> bytes:
        """A file of the storage, whole. Raises `Damaged`."""
        try:
            data = self._zip.read(f"media/{name}")
        except Exception as problem:
            raise Damaged([f"Le fichier déposé {name[:12]}… est abîmé ({type(problem).__name__})."]) from None
        if not _NAME.fullmatch(name) or hashlib.sha256(data).hexdigest() != name:
            raise Damaged([f"Le fichier déposé {name[:12]}… n'est plus celui qui a été sauvegardé."])
        return data
