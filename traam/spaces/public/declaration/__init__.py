"""The accessibility declaration: drawn from dated tests (RGAA 4.1, duty of declaration).

`automatic.json` is written by the browser tests (`make accessibility`), `written.toml` by hand.
"""

import json
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from traam import reference

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Tried:
    """A criterion of RGAA that the machine tried: on how many pages it had something to say, and found a fault."""

    criterion: str
    theme: str
    label: str
    pages: int
    faulty: int


@dataclass(frozen=True)
class Automatic:
    on: date
    tool: str
    browser: str
    pages: int
    tried: tuple[Tried, ...]

    @property
    def faulty(self) -> int:
        return sum(1 for one in self.tried if one.faulty)


@dataclass(frozen=True)
class Declaration:
    """`written` holds the lists `trial`, `limit` and `plan` of `written.toml`. `dated` is the latest of its tests."""

    automatic: Automatic
    written: dict[str, list[dict[str, Any]]]

    @property
    def dated(self) -> date:
        days: list[date] = [trial["on"] for trial in self.written["trial"]]
        return max(self.automatic.on, *days)


@cache
def declaration() -> Declaration:
    told = json.loads((HERE / "automatic.json").read_text(encoding="utf-8"))
    known = reference.rgaa()
    tried = tuple(
        Tried(criterion, known[criterion].theme, known[criterion].label, pages, faulty)
        for criterion, pages, faulty in told["criteria"]
    )
    automatic = Automatic(date.fromisoformat(told["on"]), told["tool"], told["browser"], told["pages"], tried)
    return Declaration(automatic, tomllib.loads((HERE / "written.toml").read_text(encoding="utf-8")))
