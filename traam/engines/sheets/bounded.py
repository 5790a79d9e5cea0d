"""Runs the reader of values in a process with a limit of memory and of time."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from traam.engines.sheets.package import BadFile, damaged

_CHILD = Path(__file__).with_name("child.py")

Cells = list[list[object]]
"""Rows of cells from A1: `None`, `bool`, `int`, `float`, `str`, `date` or `datetime`."""


@dataclass(frozen=True)
class Bounds:
    """What one reading may use: bytes of address space, seconds of processor, seconds of waiting."""

    memory: int = 768 * 2**20
    seconds: int = 20
    patience: float = 30


def values(data: bytes, sheets: Sequence[str], bounds: Bounds | None = None) -> dict[str, Cells]:
    """The cells of the named sheets, or `BadFile` when the reader fails, is killed or takes too long."""
    bounds = bounds or Bounds()
    request = json.dumps({"sheets": list(sheets), "memory": bounds.memory, "seconds": bounds.seconds})
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter on our own file
            [sys.executable, "-I", str(_CHILD)],
            input=request.encode() + b"\n" + data,
            capture_output=True,
            timeout=bounds.patience,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _exhausted() from None
    if done.returncode != 0:
        raise _exhausted()
    answer = json.loads(done.stdout)
    if answer.get("failure") == "MemoryError":
        raise _exhausted()
    if "failure" in answer:
        raise damaged()
    return {name: [[_value(cell) for cell in row] for row in rows] for name, rows in answer["sheets"].items()}


def _exhausted() -> BadFile:
    return BadFile(
        "la lecture du fichier a été arrêtée parce qu'elle demandait trop de mémoire ou de temps : "
        "recopiez vos lignes dans un modèle neuf, puis déposez-le"
    )


def _value(cell: object) -> object:
    if not isinstance(cell, dict):
        return cell
    iso = str(cell["date"])
    try:
        return datetime.fromisoformat(iso) if "T" in iso else date.fromisoformat(iso)
    except ValueError:  # a time of day alone
        return iso
