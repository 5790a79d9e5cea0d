"""What readers of the public site look for and do not find."""

from django.http import HttpResponse

from traam.design.forms import show
from traam.design.pages import Request, reads
from traam.programme.catalogue.searches import queries
from traam.programme.catalogue.searches.counting import TOLD_FROM
from traam.programme.people.policies import is_national

PERIODS = {4: "4 semaines", 12: "12 semaines", 52: "un an"}


@reads(may=is_national)
def searches(request: Request) -> HttpResponse:
    asked = request.GET.get("semaines", "")
    weeks = next((known for known in PERIODS if str(known) == asked), 12)
    found = queries.looked_for(request.at.date(), weeks)
    return show(
        request,
        "steering/searches.html",
        found=found,
        weeks=weeks,
        periods=PERIODS,
        told_from=TOLD_FROM,
        most=queries.MOST,
    )
