"""The calls for applications: what is asked, by when, by whom, whom to contact, and the results."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from traam import reference
from traam.design.pages import Request, anyone, reads
from traam.design.pdf import pdf
from traam.engines.calendars import Event, calendar
from traam.engines.rulebook import Milestone
from traam.programme.catalogue import queries
from traam.programme.catalogue.models import PublicAmendment, PublicCall
from traam.programme.people.models import AcademyContact
from traam.programme.people.queries import contacts
from traam.reference import Academy
from traam.spaces.public.wording import CALL_STATES


@dataclass(frozen=True)
class Deadline:
    """One line of the calendar; `article` is the anchor of its clause, "" when the text names no such date.

    `amendment` is the last one that moved it, if any.
    """

    label: str
    on: date
    article: str
    past: bool
    amendment: PublicAmendment | None


def deadlines(call: PublicCall, today: date) -> list[Deadline]:
    articles = {milestone.label: milestone.article for milestone in call.edition.milestones}
    moved = {row.label: row for row in reversed(call.amended) if row.kind == "date"}
    return [Deadline(label, on, articles.get(label, ""), on < today, moved.get(label)) for label, on in call.dates]


def applications_due(call: PublicCall) -> tuple[Milestone | None, date | None]:
    """The milestone by which academies send their projects, and its day in this call."""
    milestone = call.edition.milestone("applications_due")
    day = next((on for label, on in call.dates if milestone and label == milestone.label), None)
    return milestone, day


def _contacts() -> list[tuple[Academy, AcademyContact | None]]:
    """Every academy in the order of the alphabet, the collectivities last, with whom to contact when it said so."""
    known = contacts()
    current = [academy for academy in reference.academies().values() if academy.current]
    ordered = sorted(current, key=lambda academy: (academy.kind == "collectivite", queries.plain(academy.name)))
    return [(academy, known.get(academy.code)) for academy in ordered]


@reads(may=anyone, public=True)
def calls(request: Request) -> HttpResponse:
    shown = [(call, *CALL_STATES[call.state], applications_due(call)[1]) for call in queries.calls()]
    return render(request, "public/calls.html", {"calls": shown})


def _context(call: PublicCall, today: date) -> dict[str, Any]:
    """What the page of a call and its PDF both say."""
    milestone, due = applications_due(call)
    return {
        "call": call,
        "book": call.edition,
        "fields": _fields(call),
        "state": CALL_STATES[call.state],
        "deadlines": deadlines(call, today),
        "themes": queries.themes_of(call),
        "contacts": _contacts(),
        "milestone": milestone,
        "due": due,
        "open": call.state == "open",
        "announced": call.state in {"announced", "archived"},
    }


def _fields(call: PublicCall) -> Sequence[tuple[str, Sequence[str]]]:
    """The fields that an application must fill, and those it may, in the words of the edition."""
    fields = call.edition.application_fields
    parts = (("Demandé", True), ("Facultatif", False))
    found = [(title, [field.label for field in fields if field.mandatory is wanted]) for title, wanted in parts]
    return [(title, labels) for title, labels in found if labels]


@reads(find=queries.call, may=anyone, public=True)
def call(request: Request, call: PublicCall) -> HttpResponse:
    return render(request, "public/call.html", _context(call, timezone.localdate(request.at)))


@reads(find=queries.call, may=anyone, public=True)
def call_pdf(request: Request, call: PublicCall) -> HttpResponse:
    # What is past depends on the day of the reader: a printed call does not say it, and its bytes stay the same.
    context = {**_context(call, date.min), "address": settings.SITE_ADDRESS + reverse("public:call", args=[call.pk])}
    return pdf(
        request,
        "public/call_pdf.html",
        context,
        filename=f"appel-{slugify(call.title)}.pdf",
        dated=call.changed_at.date(),
    )


@reads(find=queries.call, may=anyone, public=True)
def call_calendar(request: Request, call: PublicCall) -> HttpResponse:
    """The dates of the call for a diary."""
    address = settings.SITE_ADDRESS + reverse("public:call", args=[call.pk])
    site = settings.SITE_ADDRESS.partition("://")[2]
    version = len(call.amendments)  # grows when dates move, so that diaries follow
    events = [
        Event(
            f"{call.pk}-{slugify(label)}@{site}",
            f"TraAM : {label}",
            on,
            call.changed_at,
            sequence=version,
            address=address,
        )
        for label, on in call.dates
    ]
    answer = HttpResponse(calendar(call.title, events), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="appel-{slugify(call.title)}.ics"'
    return answer
