"""The applications of a teacher: hers alone, and the calls she may answer."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from traam import reference
from traam.design.pages import Request, reads
from traam.programme.calls import policies, queries, rules
from traam.programme.calls.models import Application
from traam.programme.calls.queries import AcademyCall
from traam.programme.campaigns.queries import open_calls
from traam.programme.people.models import Role
from traam.programme.people.policies import academies_of
from traam.programme.selection.queries import announced_among, results_of


@dataclass(frozen=True)
class Line:
    """One application of hers: how many points keep it from being proposed, and what became of it."""

    application: Application
    blocking: int
    result: str


def _lines(applications: list[Application]) -> list[Line]:
    announced = announced_among({a.theme.campaign.pk: a.theme.campaign for a in applications}.values())
    results = results_of([a for a in applications if a.theme.campaign_id in announced])
    return [Line(a, _blocking(a), results.get(a.pk, "")) for a in applications]


def _blocking(application: Application) -> int:
    if application.state != "draft":
        return 0
    lacks = rules.lacks(rules.stored(application), application.theme.campaign)
    return sum(lack.blocking and lack.field not in rules.OF_THE_ACADEMY for lack in lacks)


@reads(may=policies.may_write_some)
def mine(request: Request) -> HttpResponse:
    codes = academies_of(request.user, request.at, Role.TEACHER)
    calls = [AcademyCall(campaign, reference.academies()[code]) for campaign in open_calls() for code in codes]
    context = {
        "calls": [(call, policies.may_begin_on(request.user, call, request.at)) for call in calls],
        "lines": _lines(queries.written_by(request.user, request.at)),
        "several": len(codes) > 1,
    }
    return render(request, "academy/mine.html", context)
