"""Measures in a process of their own: knows nothing of Django, so that nothing is shared with what is measured."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any


def rows_of(module: str, size: int) -> dict[str, dict[str, Any]]:
    """The rows of one size, by label of page, measured by a process and a database of their own."""
    with tempfile.TemporaryDirectory(prefix="traam-bench-") as data:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "TRAAM_", "DJANGO_"))}
        done = subprocess.run(
            [sys.executable, "-m", module, "--size", str(size)],
            env=env | {"TRAAM_DATA": data, "PYTHONWARNINGS": "ignore"},
            cwd=Path(__file__).resolve().parents[1],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return {row["label"]: row for row in map(json.loads, done.stdout.splitlines())}
