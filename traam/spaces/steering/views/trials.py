"""The tests in class of a campaign, theme by theme."""

from django.http import HttpResponse
from django.shortcuts import render

from traam.design.pages import Request, reads
from traam.programme.campaigns import policies
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Campaign
from traam.programme.productions.queries import trials as queries


@reads(find=campaigns.campaign, may=policies.may_steer, why="class_test")
def trials(request: Request, campaign: Campaign) -> HttpResponse:
    rows = queries.of_campaign(campaign)
    names = ("scenarios", "untested", "elsewhere", "tests", "waiting")
    context = {
        "campaign": campaign,
        "rows": rows,
        "sums": {name: sum(getattr(totals, name) for _, totals in rows) for name in names},
    }
    return render(request, "steering/trials.html", context)
