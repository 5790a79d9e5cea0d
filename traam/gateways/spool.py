"""Lines that a page adds beside the index of its machine, for the worker of that machine to count: a page that only
reads writes nothing in the database. A disc that is full costs a count, never a page."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

LARGEST_FILE = 5_000_000
"""Bytes: past that the worker has been away for long, or a robot is at work, and nothing more is counted."""


def _file(name: str) -> Path:
    return Path(settings.INDEX_FOLDER) / f"{name}.log"


def add(name: str, line: list[str]) -> None:
    try:
        descriptor = os.open(_file(name), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.fstat(descriptor).st_size < LARGEST_FILE:
                os.write(descriptor, (json.dumps(line) + "\n").encode())
        finally:
            os.close(descriptor)
    except OSError:
        return


def take(name: str) -> Path | None:
    """The lines so far, set apart under another name: unlink it once they are counted. None: there is nothing.

    Those that a worker took and did not count, because it died, come first.
    """
    taken = _file(name).with_suffix(".taken")
    if not taken.exists():
        if not _file(name).exists():
            return None
        _file(name).replace(taken)
    return taken


def lines(taken: Path) -> Iterator[list[str]]:
    """What is not a line, such as half of one on a disc that was full, is left out."""
    for text in taken.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, list):
            yield line
