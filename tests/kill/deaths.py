"""Runs an act that is killed at each of its steps, and tells what each death left."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def run(act: str, database: str, data: Path, **more: str) -> list[dict[str, Any]]:
    """The deaths of an act, as `killing.py` tells them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRAAM_", "DATABASE_"))}
    given = {
        "DJANGO_SETTINGS_MODULE": "traam.config.settings",
        "PYTHONPATH": str(ROOT),
        "TRAAM_DATA": str(data),
        "DATABASE_URL": database,
    }
    done = subprocess.run(
        [sys.executable, str(HERE / "killing.py"), act],
        env={**kept, **given, **more},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]
