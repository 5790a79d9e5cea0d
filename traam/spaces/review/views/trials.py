"""Where the scenarios of the themes a person leads are tried."""

from django.http import HttpResponse
from django.shortcuts import render

from traam.design.pages import Request, reads
from traam.programme.people.policies import is_national
from traam.programme.productions import policies
from traam.programme.productions.queries import trials as queries


@reads(may=policies.may_review)
def trials(request: Request) -> HttpResponse:
    themes = queries.led(request.user, request.at, everything=bool(is_national(request.user, request.at)))
    totals = queries.totals(themes)
    rows = [(theme, totals[theme.pk]) for theme in themes]
    return render(request, "review/trials.html", {"rows": rows})
