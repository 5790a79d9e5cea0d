"""Files out: the indicators of the campaigns, each with its definition."""

from collections.abc import Sequence
from typing import cast

from traam.engines.sheets import Column, Form, Layout, write
from traam.programme.campaigns.models import Campaign
from traam.programme.indicators.definitions import Value
from traam.programme.indicators.queries import Line

COLUMNS = (
    Column("part", "Partie", width=18),
    Column("label", "Indicateur", width=34),
    Column("campaign", "Campagne", width=34),
    Column("value", "Valeur", width=12),
    Column("unit", "Unité", width=10),
    Column("definition", "Définition", width=90),
)


def indicators(campaigns: Sequence[Campaign], lines: Sequence[Line], form: str) -> bytes:
    """A line for each indicator of each campaign. `form`: xlsx, ods or csv."""
    rows = [
        {
            "part": line.indicator.part,
            "label": line.indicator.label,
            "campaign": campaign.title,
            "value": plain(line.values[n], line.indicator.unit, line.indicator.decimals),
            "unit": line.indicator.unit,
            "definition": line.indicator.definition,
        }
        for line in lines
        for n, campaign in enumerate(campaigns)
    ]
    layout = Layout("indicateurs", "Indicateurs", COLUMNS)
    return write(layout, rows, title="Indicateurs des campagnes", form=cast(Form, form))


def plain(value: Value, unit: str, decimals: int) -> str:
    """A number that a spreadsheet reads in French: no space, a decimal comma. A part of 1 is given in hundredths."""
    if value is None:
        return ""
    value = value * 100 if unit == "%" else value
    return f"{value:.{1 if unit == '%' else max(decimals, 0 if value == int(value) else 1)}f}".replace(".", ",")
