"""What the groups that a person follows still owe: those of her themes, those she pilots, those of her academy."""

from django.http import HttpResponse
from django.shortcuts import render

from traam.design import lists
from traam.design.pages import Request, reads
from traam.engines.workflow import Missing
from traam.programme.calls.exports import FORMS
from traam.programme.groups.exports import obligations as exports
from traam.programme.groups.queries import Table, owed_to
from traam.programme.groups.states import GROUP
from traam.programme.productions import policies

KINDS = {"forming": "new", "working": "info", "ended": ""}


def _asked(request: Request, table: Table) -> tuple[lists.Filters, Table]:
    offered = [lists.select(*one) for one in table.filters]
    filters = lists.read_filters(request, *offered, lists.check("retard", "En retard"))
    return filters, table.matching({one.name: one.value for one in filters})


@reads(may=policies.may_review)
def groups(request: Request) -> HttpResponse:
    table = owed_to(request.user, request.at)
    filters, shown = _asked(request, table)
    context = {
        "table": table,
        "filters": filters,
        "page": lists.page_of(shown.lines, request),
        "states": GROUP.states,
        "kinds": KINDS,
        "forms": tuple(FORMS),
    }
    return render(request, "review/groups.html", context)


@reads(may=policies.may_review)
def groups_file(request: Request, form: str) -> HttpResponse:
    """The table as a file, filtered as the page is."""
    if form not in FORMS:
        raise Missing("Ce format n'existe pas : choisissez .xlsx, .ods ou .csv.")
    _, shown = _asked(request, owed_to(request.user, request.at))
    data = exports.obligations(shown, "Exigences des groupes que je suis", form)
    head = {"Content-Disposition": f'attachment; filename="exigences-des-groupes.{form}"'}
    return HttpResponse(data, content_type=FORMS[form][1], headers=head)
