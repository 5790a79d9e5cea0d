"""Files of service fait: the one a payment service loads and proves (.csv), and spreadsheets to read."""

import json

from traam.engines import ledger, sheets
from traam.engines.sheets import Column, Form, Layout
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.queries import service as queries

FORMS: dict[str, tuple[Form, str]] = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
}
WIDTHS = {"Projet": 40, "Nom et prénom": 30, "Observation": 40, "Période": 10, "Ligne": 10, "Rang": 10}
SHOWN = ledger.COLUMNS[: ledger.SHOWN]
LAYOUT = Layout(
    name="service fait",
    sheet="Service fait",
    columns=tuple(Column(f"c{place}", title, width=WIDTHS.get(title, 18)) for place, title in enumerate(SHOWN)),
)


def of_campaign(campaign: Campaign, form: Form, academy: str = "") -> bytes:
    """The lines sent, in their order; those of one academy when it is given. Only the .csv carries the seals."""
    lines = queries.sealed(campaign, academy)
    if form == "csv":
        return ledger.to_csv(lines)
    rows = [dict(zip((c.key for c in LAYOUT.columns), ledger.cells(json.loads(x.payload)), strict=True)) for x in lines]
    return sheets.write(LAYOUT, rows, title=f"{campaign.title} - service fait", form=form)
