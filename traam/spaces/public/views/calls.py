"""The calls for applications: what is asked, by when, by whom, and the results."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from traam import editions
from traam.design.pages import Request, anyone, reads
from traam.engines.rulebook import Milestone, Rulebook
from traam.programme.catalogue import queries
from traam.programme.catalogue.models import PublicCall
from traam.spaces.public.wording import CALL_STATES


@dataclass(frozen=True)
class Deadline:
    """One line of the calendar; `article` is the anchor of its clause, "" when the text names no such date."""

    label: str
    on: date
    article: str
    past: bool


def _book(call: PublicCall) -> Rulebook:
    return editions.book(call.edition_id)


def deadlines(call: PublicCall, today: date) -> list[Deadline]:
    articles = {milestone.label: milestone.article for milestone in _book(call).milestones}
    return [Deadline(label, on, articles.get(label, ""), on < today) for label, on in call.dates]


def applications_due(call: PublicCall) -> tuple[Milestone | None, date | None]:
    """The milestone by which academies send their projects, and its day in this call."""
    milestone = _book(call).milestone("applications_due")
    day = next((on for label, on in call.dates if milestone and label == milestone.label), None)
    return milestone, day


@reads(may=anyone, public=True)
def calls(request: Request) -> HttpResponse:
    shown = [(call, *CALL_STATES[call.state], applications_due(call)[1]) for call in queries.calls()]
    return render(request, "public/calls.html", {"calls": shown})


@reads(find=queries.call, may=anyone, public=True)
def call(request: Request, call: PublicCall) -> HttpResponse:
    milestone, due = applications_due(call)
    context = {
        "call": call,
        "book": _book(call),
        "state": CALL_STATES[call.state],
        "deadlines": deadlines(call, request.at.date()),
        "themes": queries.themes_of(call),
        "milestone": milestone,
        "due": due,
        "open": call.state == "open",
        "announced": call.state in {"announced", "archived"},
    }
    return render(request, "public/call.html", context)
