"""Where the groups of a campaign stand, as their référents told it once."""

from operator import attrgetter

from django.http import HttpResponse
from django.shortcuts import render

from traam.design import lists
from traam.design.pages import Request, reads
from traam.programme.campaigns import policies
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import ProgressNote
from traam.programme.groups.queries import progress as queries

MOODS = {"on_time": "success", "fragile": "warning", "late": "error"}


@reads(find=campaigns.campaign, may=policies.may_steer, why="group")
def progress(request: Request, campaign: Campaign) -> HttpResponse:
    themes = [(theme.pk, theme.title) for theme in campaigns.themes(campaign)]
    filters = lists.read_filters(
        request,
        lists.select("etat", "Où en est le groupe", queries.ASKED.items(), "Tous les groupes"),
        lists.select("theme", "Thème", themes, "Tous les thèmes"),
    )
    rows = queries.progress_of_campaign(campaign, request.at, filters["etat"], filters["theme"])
    context = {
        "campaign": campaign,
        "filters": filters,
        "page": lists.page_of(rows, request),
        "moods": dict(ProgressNote.Mood.choices),
        "kinds": MOODS,
        "title": attrgetter("academy_name"),
        "under": attrgetter("application.theme.title"),
    }
    return render(request, "steering/progress.html", context)
