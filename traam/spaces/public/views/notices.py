from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from traam import reference
from traam.design.pages import Request, anyone, reads
from traam.programme.catalogue import queries
from traam.programme.catalogue.models import Notice
from traam.spaces.public import wording


def _tests(notice: Notice) -> list[dict[str, Any]]:
    return [
        {
            **test,
            "academy": wording.of_academy(reference.academies()[test["academy"]]),
            "level": reference.levels()[test["level"]].label,
            "on": date.fromisoformat(test["on"]),
            "elsewhere": test["academy"] not in notice.academies,
        }
        for test in notice.tests
    ]


def _contents(notice: Notice) -> list[tuple[str, str]]:
    """The headings of the page: pairs (title, anchor)."""
    parts = [(title, f"partie-{number}") for number, (title, _) in enumerate(notice.sections, 1)]
    return parts + ([("Tests en classe", "tests")] if notice.tests else [])


@reads(find=queries.notice, may=anyone, public=True)
def notice(request: Request, notice: Notice) -> HttpResponse:
    """A withdrawn notice answers 410 at its address, for ever."""
    if notice.state == Notice.State.WITHDRAWN:
        return render(request, "public/withdrawn.html", {"record": notice}, status=410)
    address = f"{settings.SITE_ADDRESS}{request.path}"
    context = {
        "record": notice,
        "address": address,
        "contents": _contents(notice),
        "tests": _tests(notice),
        "duration": wording.duration(notice.duration_minutes),
        "when": wording.when(notice),
        "sources": wording.addresses(notice.source_url),
        "links": [pair for link in notice.links for pair in wording.addresses(link)],
        "citation": wording.citation(notice, address),
    }
    return render(request, "public/notice.html", context)
