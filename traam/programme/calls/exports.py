"""Files out: the spreadsheet an academy fills, and all that a call received, in the three formats of spreadsheets."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils import timezone

from traam import reference
from traam.engines import sheets
from traam.engines.sheets import Column, Form, Layout
from traam.programme.calls import queries, rules, states
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign

FORMS: dict[str, tuple[Form, str]] = {
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    "csv": ("csv", "text/csv; charset=utf-8"),
}
"""The formats by the end of the address: what the engine calls them, and their media types."""

BEFORE = (
    Column("academy", "Académie", width=22),
    Column("state", "État", width=22),
)
AFTER = (
    Column("inspector_opinion", "Avis de l'inspecteur", width=18),
    Column("inspector_comment", "Commentaire de l'inspecteur", width=40),
    Column("forwarded_on", "Remontée le", kind="date", width=14),
)
"""What the platform says of an application, around what the academy answered."""


def workbook(campaign: Campaign, academy: str, form: Form = "xlsx") -> bytes:
    """The spreadsheet of the call for an academy, holding the applications it has already entered.

    What it holds, sent back as it is, changes nothing and gives the same bytes.
    """
    entered = [a for a in queries.of_academy(campaign, academy) if a.state != "withdrawn"]
    due = campaign.on("applications_due")
    name = reference.academies()[academy].name
    return sheets.write(
        rules.layout_to_fill(campaign, queries.open_themes(campaign)),
        [rules.as_cells(application) for application in entered],
        title=f"{campaign.title} - académie de {name}",
        notice=[
            "Une ligne par équipe et par thème. Les listes déroulantes viennent de l'appel.",
            "Dans une cellule, Alt + Entrée passe à la ligne (Ctrl + Entrée dans LibreOffice).",
            "Une colonne marquée d'une étoile peut rester vide pour l'instant ; la remontée, elle, demande tout.",
            *([f"À déposer sur la plateforme au plus tard le {due:%d/%m/%Y}."] if due else []),
            "Déposez ce fichier, en .xlsx, en .ods ou en .csv : chaque erreur sera montrée avec sa cellule, "
            "et rien ne sera écrit avant votre accord.",
        ],
        form=form,
    )


def of_academy(campaign: Campaign, academy: str, form: Form) -> bytes:
    """All that an academy entered, its withdrawn applications too."""
    title = f"{campaign.title} - académie {reference.academies()[academy].of_name}"
    return _everything(queries.of_academy(campaign, academy), title, form)


def of_campaign(campaign: Campaign, form: Form) -> bytes:
    """All that went up to the national team, by academy then theme."""
    return _everything(queries.all_forwarded(campaign), f"{campaign.title} - candidatures remontées", form)


def layout() -> Layout:
    """The columns of an export: every answer, with who gave it, its state and what was said of it."""
    asked = (replace(column, required=False, present=False) for column in rules.COLUMNS)
    return Layout(name="export des candidatures", sheet="Candidatures", columns=(*BEFORE, *asked, *AFTER))


def _everything(applications: Iterable[Application], title: str, form: Form) -> bytes:
    return sheets.write(layout(), [_row(one) for one in applications], title=title, form=form)


def _row(application: Application) -> Mapping[str, object]:
    return {
        **rules.as_cells(application),
        "academy": application.academy_name,
        "state": states.APPLICATION.states[application.state],
        "inspector_opinion": application.get_inspector_opinion_display(),
        "inspector_comment": application.inspector_comment,
        "forwarded_on": timezone.localdate(application.forwarded_at) if application.forwarded_at else None,
    }
