"""The addresses that are visited, as a file: what the list shows, no more."""

from collections.abc import Iterable
from typing import cast

from traam.engines.pageaudit.checks import CHECKS
from traam.engines.sheets import Column, Form, Layout, write
from traam.programme.publication import audit_states
from traam.programme.publication.reports import Row

COLUMNS = (
    Column("label", "Page", width=50),
    Column("address", "Adresse", width=60),
    Column("academy", "Académie", width=22),
    Column("state", "État", width=22),
    Column("blocking", "Défauts bloquants", kind="integer", width=12),
    Column("major", "Majeurs", kind="integer", width=12),
    Column("minor", "Mineurs", kind="integer", width=12),
    Column("to_check", "À vérifier", kind="integer", width=12),
    Column("visited", "Dernière visite", kind="date", width=16),
    Column("faults", "Défauts constatés", width=80),
)


def addresses(rows: Iterable[Row], form: str) -> bytes:
    """A line for each address, in the order given. `form`: xlsx, ods or csv."""
    layout = Layout("adresses surveillées", "Adresses", COLUMNS)
    notice = ["Une machine ne dit pas qu'une page est sans défaut : ce qui est « à vérifier » reste à lire."]
    cells = [_row(row) for row in rows]
    return write(layout, cells, title="Adresses surveillées", notice=notice, form=cast(Form, form))


def _row(row: Row) -> dict[str, object]:
    return {
        "label": row.label,
        "address": row.watched.address,
        "academy": row.academy,
        "state": audit_states.STATES[row.state],
        **{severity: row.of(severity) for severity in ("blocking", "major", "minor")},
        "to_check": row.to_check,
        "visited": row.visited_at.date() if row.visited_at else None,
        "faults": "\n".join(CHECKS[code].title for code in row.codes if code in CHECKS),
    }
