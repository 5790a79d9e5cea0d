"""Workbooks of applications, as academies send them, and what the database holds before and after."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xlsxwriter
from django.db.models import Model

from traam.demo.build import school_number
from traam.programme.calls import rules
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign

TITLES = tuple(rules.TITLES.values())
LYON = "10"


def open_campaign() -> Campaign:
    return Campaign.objects.get(state="open")


def good(**answers: object) -> dict[str, object]:
    """The answers of a row in order, as a DAN types them; some changed by key."""
    theme = open_campaign().themes.order_by("pk")[1]
    return {
        "theme": theme.title,
        "degree": "Second degré",
        "titles": "Écrire avec des sources",
        "axes": "Axe 1 ; Axe 2",
        "description": "Les élèves vérifient ce qu'ils lisent.",
        "inspector_name": "Inspecteur de Lyon",
        "inspector_email": "inspecteur@ac-exemple.fr",
        "inspector_phone": "01 99 00 00 00",
        "referent_name": "Professeur référent",
        "referent_school": school_number(LYON),
        "referent_email": "referent.nouveau@ac-exemple.fr",
        "referent_phone": "01 99 00 00 01",
        "dasen_agreement": "Non",
        "rank": 1,
        "school_kind": "Collège",
        **answers,
    }


def line(answers: Mapping[str, object]) -> list[object]:
    return [answers[key] for key in rules.TITLES]


def workbook(
    *rows: Sequence[object],
    titles: Sequence[object] = TITLES,
    sheet: str = "Candidatures",
    then: Callable[[Any, Any], None] | None = None,
) -> bytes:
    """An .xlsx whose sheet holds the titles then the rows; `then(book, sheet)` adds what it wants."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(sheet)
        for number, cells in enumerate((titles, *rows)):
            for position, cell in enumerate(cells):
                if cell is not None:
                    page.write(number, position, cell)
        if then:
            then(book, page)
    return stream.getvalue()


def of(*answers: Mapping[str, object], **options: Any) -> bytes:
    return workbook(*(line(one) for one in answers), **options)


def held(model: type[Model] = Application) -> list[dict[str, object]]:
    """All the rows of a table, to compare before and after."""
    return list(model._default_manager.order_by("pk").values())
