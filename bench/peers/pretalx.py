"""pretalx, our nearest neighbour, with 2 000 submissions and 5 000 reviews: `python -m bench.peers.pretalx`.

It gets a virtual environment and a database of its own under the folder of measures (`var/bench`, or what TRAAM_BENCH
names), outside what git follows; what is done is not done again. Without a network it says so and gives nothing.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# The newest version that accepts Python 3.11.
VERSION = "2025.2.2"
SUBMISSIONS, REVIEWS = 2_000, 5_000
ROOT = Path(__file__).resolve().parents[2]


class Unavailable(Exception):
    """pretalx cannot be measured here: why, in one sentence."""


def folder() -> Path:
    """Where peers are kept: it survives from one run to the next."""
    return Path(os.environ.get("TRAAM_BENCH") or ROOT / "var" / "bench") / f"pretalx-{VERSION}"


def say(sentence: str) -> None:
    print(f"  pretalx : {sentence}", file=sys.stderr, flush=True)


def _run(*command: str | Path, env: Mapping[str, str] | None = None) -> str:
    """The output of a command; its last words when it fails."""
    done = subprocess.run(
        [str(part) for part in command], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        words = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
        raise Unavailable(" ".join(words[-3:])[-400:] or f"code {done.returncode}")
    return done.stdout


def _install(home: Path) -> Path:
    """pretalx's own Python, installed once; a failed install leaves nothing half done."""
    python, stamp = home / "venv" / "bin" / "python", home / "installed"
    if not stamp.exists():
        say(f"installation de la version {VERSION} (une fois, une minute environ)…")
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        _run(sys.executable, "-m", "venv", home / "venv")
        _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"pretalx=={VERSION}")
        stamp.touch()
    return python


def _environment(home: Path) -> dict[str, str]:
    """Ours, without what would send pretalx to our settings or to somebody's configuration."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PRETALX_", "DJANGO_", "DATABASE_", "PYTHON"))}
    return kept | {
        "PRETALX_CONFIG_FILE": os.devnull,
        "PRETALX_DATA_DIR": str(home / "data"),
        "PRETALX_FILESYSTEM_STATIC": str(home / "data"),
        "PYTHONWARNINGS": "ignore",
    }


def _schema(home: Path, python: Path) -> None:
    stamp = home / "schema"
    if not stamp.exists():
        say("création de sa base…")
        shutil.rmtree(home / "data", ignore_errors=True)
        _run(python, "-m", "pretalx", "migrate", "--verbosity", "0", "--no-input", env=_environment(home))
        stamp.touch()


def measure() -> list[dict[str, Any]]:
    """A row for each page: system, page, rows, queries, cpu_ms, bytes (or failure). Raises Unavailable."""
    home = folder()
    python = _install(home)
    _schema(home, python)
    say("données (une fois) et mesures…")
    lines = _run(
        python, "-m", "bench.peers.inside_pretalx", str(SUBMISSIONS), str(REVIEWS), env=_environment(home)
    ).splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def main() -> int:
    try:
        rows = measure()
    except Unavailable as why:
        say(f"pas de mesure : il n'a pas pu être installé ou lancé ici (sans réseau ?). {why}")
        return 1
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
