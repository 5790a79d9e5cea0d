"""Where the groups of an academy stand, as their référents told it once."""

from operator import attrgetter

from django.http import HttpResponse
from django.shortcuts import render

from traam.design import lists
from traam.design.pages import Request, reads
from traam.programme.groups.models import ProgressNote
from traam.programme.groups.policies import may_follow_academy
from traam.programme.groups.queries import progress as queries
from traam.programme.people.queries import academy as find_academy
from traam.reference import Academy

MOODS = {"on_time": "success", "fragile": "warning", "late": "error"}


@reads(find=find_academy, may=may_follow_academy)
def progress(request: Request, academy: Academy) -> HttpResponse:
    every = "Tous les groupes"
    filters = lists.read_filters(request, lists.select("etat", "Où en est le groupe", queries.ASKED.items(), every))
    context = {
        "academy": academy,
        "filters": filters,
        "page": lists.page_of(queries.progress_of_academy(academy.code, request.at, filters["etat"]), request),
        "moods": dict(ProgressNote.Mood.choices),
        "kinds": MOODS,
        "title": attrgetter("application.theme.title"),
        "under": attrgetter("application.theme.campaign.title"),
    }
    return render(request, "academy/progress.html", context)
