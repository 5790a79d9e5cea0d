"""The files that people share: kept on the disk beside the database, never among the files the site serves.

A file is named by the SHA-256 of its bytes, so the same file is kept once, and no name chosen by a person ever
reaches the disk. It is whole or absent: written aside, flushed, then put in its place.
"""

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

_NAME = re.compile(r"[0-9a-f]{64}")
# A file that nobody wants may belong to someone who is about to write that she does.
SPARED = timedelta(days=1)


class Lost(Exception):
    """The file is not on the disk."""


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "documents"


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise Lost(name)
    return _folder() / name[:2] / name


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time puts a file in its place or takes files away."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def keep(data: bytes) -> str:
    """Keep these bytes, and answer their name. They are on the disk when this returns."""
    name = hashlib.sha256(data).hexdigest()
    place = _path(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=place.parent, prefix="aside-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with _alone():
            Path(aside).replace(place)
            _flush(place.parent)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    return name


def _flush(folder: Path) -> None:
    """Make the names in a folder as lasting as the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def reading(name: str) -> BinaryIO:
    """The file, open; the caller closes it. Raises `Lost`."""
    try:
        return _path(name).open("rb")
    except OSError as problem:
        raise Lost(name) from problem


def size(name: str) -> int:
    """In bytes. Raises `Lost`."""
    try:
        return _path(name).stat().st_size
    except OSError as problem:
        raise Lost(name) from problem


def free() -> int:
    """The bytes that the disk of the files can still take."""
    _folder().mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(_folder()).free


def names() -> Iterator[str]:
    """The names of all the files that are kept."""
    return (path.name for path in _folder().glob("??/*") if _NAME.fullmatch(path.name))


def forget(names: Iterable[str]) -> None:
    """Take away files that were just kept for nothing."""
    for name in names:
        _path(name).unlink(missing_ok=True)


@contextmanager
def spared() -> Iterator[None]:
    """Meanwhile, no file is taken away: whoever reads the rows finds the files they speak of."""
    _folder().mkdir(parents=True, exist_ok=True)
    with (_folder() / "reading").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_SH)
        yield


@contextmanager
def _nobody_reads() -> Iterator[bool]:
    """False when somebody asked that the files be spared."""
    with (_folder() / "reading").open("w") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def names_in(content: object) -> Iterator[str]:
    """The names of files anywhere in a content of JSON."""
    if isinstance(content, str):
        if _NAME.fullmatch(content):
            yield content
    elif isinstance(content, Mapping | list | tuple):
        for part in content.values() if isinstance(content, Mapping) else content:
            yield from names_in(part)


def sweep(wanted: Iterable[str], *, before: datetime) -> int:
    """Take away the files written before that moment that nobody wants any more; how many.

    A file kept since `before` is spared: whoever kept it may be about to write that she wants it. While a backup
    reads them, all are.
    """
    kept, gone = set(wanted), 0
    if not _folder().is_dir():
        return 0
    with _nobody_reads() as free_to, _alone():
        for path in _folder().glob("??/*") if free_to else ():
            if path.name not in kept and path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
                gone += 1
    return gone
