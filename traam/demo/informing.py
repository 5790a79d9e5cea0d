"""The information pages of the demonstration, imported from its own folder as any other, then published."""

from datetime import datetime
from pathlib import Path

from traam.programme.catalogue.information import actions, imports, queries
from traam.programme.people.models import Person

PAGES = Path(__file__).resolve().parent / "pages"


def inform(bureau: Person, at: datetime) -> None:
    report = imports.pages(PAGES, actor=bureau, at=at)
    if report.problems:
        raise RuntimeError("; ".join(report.problems))
    for written in queries.every():
        actions.publish(written, actor=bureau, at=at)
