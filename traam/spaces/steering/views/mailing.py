"""Before a campaign opens: who will receive what, and when."""

from django.http import HttpResponse

from traam.design.forms import show
from traam.design.pages import Request, reads
from traam.design.typography import date_fr
from traam.programme.campaigns import policies, queries
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.queries.forecast import forecast


@reads(find=queries.campaign, may=policies.may_steer, why="call")
def mailing(request: Request, campaign: Campaign) -> HttpResponse:
    """A simulation, under the calendar of the campaign and the roles of today: nothing is written."""
    foreseen = forecast(campaign, request.at)
    by_day: dict[str, int] = {}
    for sending in foreseen.sendings:
        day = date_fr(sending.on)
        by_day[day] = by_day.get(day, 0) + sending.letters
    return show(request, "steering/mailing.html", campaign=campaign, foreseen=foreseen, days=list(by_day.items()))
