"""Runs the reader of values, and the writer of marks, in a process with a limit of memory and of time."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from traam.engines.sheets.package import BadFile, damaged
from traam.engines.sheets.plan import Plan

_READER = Path(__file__).with_name("child.py")
_MARKER = Path(__file__).with_name("marker.py")

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
    answer = json.loads(_run(_READER, {"sheets": list(sheets)}, data, bounds or Bounds()))
    if answer.get("failure") == "MemoryError":
        raise _exhausted()
    if "failure" in answer:
        raise damaged()
    return {name: [[_value(cell) for cell in row] for row in rows] for name, rows in answer["sheets"].items()}


def mark(data: bytes, kind: str, plan: Plan, bounds: Bounds | None = None) -> bytes:
    """The workbook (``kind`` is xlsx or ods) with its marks, or `BadFile` when it cannot be edited."""
    asked = {"plan": plan.as_json(), "kind": kind}
    said, _, marked = _run(_MARKER, asked, data, bounds or Bounds()).partition(b"\n")
    if said == b"MemoryError":
        raise _exhausted()
    if said != b"ok":
        raise damaged()
    return marked


def _run(script: Path, asked: Mapping[str, object], data: bytes, bounds: Bounds) -> bytes:
    """What a script of ours answers about a file, within bounds."""
    request = json.dumps({**asked, "memory": bounds.memory, "seconds": bounds.seconds})
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter on our own file
            [sys.executable, "-I", str(script)],
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
    return done.stdout


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
