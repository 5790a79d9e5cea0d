"""Rebuilding beside, then switching at once: `root/current` names the folder in force.

The folder in force before stays until the next rebuild, for the readers that are opening it.
"""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from .index import Index, committed
from .values import Document, IndexUnavailable

_BATCH = 5_000


def open_current(root: Path) -> Index:
    """The index in force under `root`; `IndexUnavailable` when there is none that can be read."""
    return Index.open(folder_in_force(root))


def folder_in_force(root: Path) -> Path:
    """Where `open_current` finds its index: a reader that holds another folder has missed a rebuild."""
    return root / _current(root)


def stamp(root: Path) -> tuple[object, ...]:
    """What changes with each commit and each rebuild under `root`, read without opening the index; () without one."""
    try:
        folder = folder_in_force(root)
        return folder.name, *committed(folder)
    except (IndexUnavailable, OSError):
        return ()


def rebuild(root: Path, documents: Iterable[Document], facets: tuple[str, ...], mark: int) -> Index:
    """A new index of `documents`, in force once complete; searches go on with the former."""
    root.mkdir(parents=True, exist_ok=True)
    with _alone(root):
        before = _named(root)
        numbers = [int(path.name.removeprefix("index-")) for path in root.glob("index-*")]
        folder = root / f"index-{max(numbers, default=0) + 1}"
        index = Index.create(folder, facets)
        remaining = iter(documents)
        while batch := list(islice(remaining, _BATCH)):
            index.apply(batch, (), mark=0)
        index.apply((), (), mark=mark)
        index.close()
        index.reload()
        _point(root, folder.name)
        _sweep(root, {folder.name, before})
    return index


def _named(root: Path) -> str | None:
    try:
        return _current(root)
    except IndexUnavailable:
        return None


def _current(root: Path) -> str:
    try:
        name = (root / "current").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnavailable(f"No index under {root}. Rebuild it.") from error
    if not name.removeprefix("index-").isdecimal():
        raise IndexUnavailable(f"{root / 'current'} does not name an index. Rebuild it.")
    return name


def _point(root: Path, name: str) -> None:
    """Written whole and flushed before it takes the place of the former: never half a name."""
    fresh = root / "current.new"
    with fresh.open("w", encoding="ascii") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(root / "current")
    descriptor = os.open(root, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(root: Path, kept: set[str | None]) -> None:
    """Removes older folders and what a rebuild that died left behind."""
    for folder in root.glob("index-*"):
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Two rebuilds of one root follow each other; the lock dies with its process."""
    with (root / "rebuild.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
