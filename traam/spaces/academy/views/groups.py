"""What the groups of an academy still owe, for its DAN and its inspectors."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from traam.design import lists
from traam.design.pages import Request, reads
from traam.engines.workflow import Missing, Verdict
from traam.programme.calls.exports import FORMS
from traam.programme.groups.exports import obligations as exports
from traam.programme.groups.policies import may_follow_academy
from traam.programme.groups.queries import Table, owed_in_academy
from traam.programme.groups.states import GROUP
from traam.programme.people.models import Person
from traam.programme.people.queries import academy as find_academy
from traam.reference import Academy

KINDS = {"forming": "new", "working": "info", "ended": ""}


def _asked(request: Request, table: Table) -> tuple[lists.Filters, Table]:
    offered = [lists.select(*one) for one in table.filters]
    filters = lists.read_filters(request, *offered, lists.check("retard", "En retard"))
    return filters, table.matching({one.name: one.value for one in filters})


@reads(find=find_academy, may=may_follow_academy)
def groups(request: Request, academy: Academy) -> HttpResponse:
    table = owed_in_academy(academy.code, request.at.date())
    filters, shown = _asked(request, table)
    context = {
        "academy": academy,
        "table": table,
        "filters": filters,
        "page": lists.page_of(shown.lines, request),
        "states": GROUP.states,
        "kinds": KINDS,
        "forms": tuple(FORMS),
    }
    return render(request, "academy/groups.html", context)


def _file(slug: str, form: str) -> tuple[Academy, str]:
    if form not in FORMS:
        raise Missing("Ce format n'existe pas : choisissez .xlsx, .ods ou .csv.")
    return find_academy(slug), form


def _may_have_file(person: Person, wanted: tuple[Academy, str], at: datetime) -> Verdict:
    return may_follow_academy(person, wanted[0], at)


@reads(find=_file, may=_may_have_file)
def groups_file(request: Request, wanted: tuple[Academy, str]) -> HttpResponse:
    """The table as a file, filtered as the page is."""
    academy, form = wanted
    _, shown = _asked(request, owed_in_academy(academy.code, request.at.date()))
    data = exports.obligations(shown, f"Exigences des groupes de l'académie {academy.of_name}", form)
    head = {"Content-Disposition": f'attachment; filename="exigences-des-groupes-{academy.slug}.{form}"'}
    return HttpResponse(data, content_type=FORMS[form][1], headers=head)
