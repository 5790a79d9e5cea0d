"""Files out: what the groups still owe their cahiers des charges, as the table of the pages shows it."""

from typing import cast

from traam.engines.sheets import Column, Form, Layout, write
from traam.programme.groups import states
from traam.programme.groups.queries.obligations import Line, Owed, Table

COLUMNS = (
    Column("academy", "Académie", width=22),
    Column("region", "Région académique", width=28),
    Column("theme", "Thème", width=50),
    Column("campaign", "Campagne", width=24),
    Column("state", "État", width=18),
    Column("referent", "Professeur référent", width=28),
    Column("asked", "Exigences", kind="integer", width=11),
    Column("owed", "Manquent", kind="integer", width=11),
    Column("late", "En retard", kind="integer", width=11),
    Column("due", "Première échéance", kind="date", width=18),
    Column("what", "Ce qui manque", width=80),
)


def obligations(table: Table, title: str, form: str) -> bytes:
    """A line for each group, in the order of the table, filtered as it is. `form`: xlsx, ods or csv."""
    layout = Layout("exigences des groupes", "Groupes", COLUMNS)
    rows = [_row(line) for line in table.lines]
    return write(layout, rows, title=title, form=cast(Form, form))


def _row(line: Line) -> dict[str, object]:
    return {
        "academy": line.academy.name,
        "region": line.academy.region,
        "theme": line.theme,
        "campaign": line.campaign.title,
        "state": states.GROUP.states[line.state],
        "referent": line.referent,
        "asked": line.asked,
        "owed": len(line.owed),
        "late": line.late,
        "due": line.due,
        "what": "\n".join(_said(one) for one in line.owed),
    }


def _said(owed: Owed) -> str:
    when = f", au plus tard le {owed.due:%d/%m/%Y}" if owed.due else ""
    return f"{owed.label} (article {owed.article}){when}{', en retard' if owed.late else ''}"
