"""Where the groups of a theme stand, as their référents told it once."""

from operator import attrgetter

from django.http import HttpResponse
from django.shortcuts import render

from traam.design import lists
from traam.design.pages import Request, reads
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.groups import policies
from traam.programme.groups.models import ProgressNote
from traam.programme.groups.queries import progress as queries

MOODS = {"on_time": "success", "fragile": "warning", "late": "error"}


@reads(find=campaigns.theme, may=policies.may_follow_theme, why="group")
def progress(request: Request, theme: Theme) -> HttpResponse:
    every = "Tous les groupes"
    filters = lists.read_filters(request, lists.select("etat", "Où en est le groupe", queries.ASKED.items(), every))
    context = {
        "theme": theme,
        "filters": filters,
        "page": lists.page_of(queries.progress_of_theme(theme, request.at, filters["etat"]), request),
        "moods": dict(ProgressNote.Mood.choices),
        "kinds": MOODS,
        "title": attrgetter("academy_name"),
        "under": attrgetter("application.title"),
    }
    return render(request, "review/progress.html", context)
