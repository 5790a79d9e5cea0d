"""The site is killed while many people write: every write it said yes to is there, whole. The measure: `bench.kill`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.django_db  # the database that is copied is the one of the tests
ROOT = Path(__file__).parents[2]


def test_no_acknowledged_write_is_lost_and_the_chain_is_whole(database: str, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRAAM_", "DATABASE_"))}
    given = {
        "DJANGO_SETTINGS_MODULE": "traam.config.settings",
        "PYTHONPATH": str(ROOT),
        "TRAAM_DATA": str(tmp_path),
        "DATABASE_URL": database,
    }
    words = ["--here", "--writes", "60", "--kills", "1", "--clients", "8", "--workers", "1"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench.kill", *words],
        env={**kept, **given},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert "Le journal est entier" in done.stdout
