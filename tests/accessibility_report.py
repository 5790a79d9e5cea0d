"""What axe-core tried on every page that the browser tests cross: the dated test of the accessibility declaration.

TRAAM_ACCESSIBILITY=traam/spaces/public/accessibility.json pytest -n 2 --dist loadfile -m browser

Each worker gathers its part; the controller writes the whole when all is done.
"""

import json
import os
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

CRITERION = re.compile(r"RGAA-(\d+\.\d+)\.\d+")


class Gathered:
    """Pages by address without its numbers; for each criterion of RGAA, the pages it applied to and failed on."""

    def __init__(self) -> None:
        self.tool = self.browser = ""
        self.pages: set[str] = set()
        self.tried: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    def add(self, address: str, results: dict[str, Any]) -> None:
        engine, environment = results["testEngine"], results["testEnvironment"]
        self.tool = f"{engine['name']} {engine['version']}"
        self.browser = next(iter(re.findall(r"Chrome/[\d]+", environment["userAgent"])), "")
        self.pages.add(re.sub(r"\d+", "1", re.sub(r"^https?://[^/]+|[?#].*$", "", address)))
        for seen, outcomes in ((self.tried, ("passes", "violations")), (self.failed, ("violations",))):
            rules = [rule for outcome in outcomes for rule in results[outcome]]
            seen.update({found for rule in rules for tag in rule["tags"] for found in CRITERION.findall(tag)})

    def told(self) -> dict[str, Any]:
        return {
            "tool": self.tool,
            "browser": self.browser,
            "pages": sorted(self.pages),
            "tried": dict(self.tried),
            "failed": dict(self.failed),
        }

    def join(self, other: dict[str, Any]) -> None:
        self.tool, self.browser = self.tool or other["tool"], self.browser or other["browser"]
        self.pages.update(other["pages"])
        self.tried.update(other["tried"])
        self.failed.update(other["failed"])

    def report(self, on: date) -> dict[str, Any]:
        order = sorted(self.tried, key=lambda criterion: tuple(map(int, criterion.split("."))))
        return {
            "on": on.isoformat(),
            "tool": self.tool,
            "browser": self.browser,
            "pages": len(self.pages),
            "criteria": [[one, self.tried[one], self.failed[one]] for one in order],
        }


GATHERED = Gathered()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    where = os.environ.get("TRAAM_ACCESSIBILITY")
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["accessibility"] = json.dumps(GATHERED.told())
    elif where and GATHERED.pages:
        text = json.dumps(GATHERED.report(date.today()), indent=1)  # noqa: DTZ011 - the day of the machine
        Path(where).write_text(text + "\n", encoding="utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker has ended: what it gathered."""
    told = getattr(node, "workeroutput", {}).get("accessibility")
    if told:
        GATHERED.join(json.loads(told))
