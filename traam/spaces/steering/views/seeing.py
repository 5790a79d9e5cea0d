"""Begin and end « Voir comme »."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from traam.design.forms import attempt, show
from traam.design.pages import Request, signed_in, writes
from traam.programme.people import queries
from traam.programme.people import seeing as actions
from traam.programme.people.models import Person
from traam.spaces.steering import seeing
from traam.spaces.steering.forms import SeeAsForm, SeeAsRoleForm


@writes(may=actions.may_see_as_some)
def see_as_role(request: Request) -> HttpResponse:
    """As a role sees it, and the last times it was done."""
    form = SeeAsRoleForm(request.POST or None)
    if done := attempt(request, form, lambda given: actions.see_as_role(**given)):
        seeing.begin(request, done.made)
        return redirect("desk:dashboard")
    return show(request, "steering/see_as_role.html", form, latest=actions.latest())


@writes(find=queries.person, may=actions.may_see_as)
def see_as(request: Request, person: Person) -> HttpResponse:
    form = SeeAsForm(request.POST or None)
    if done := attempt(request, form, lambda given: actions.see_as(person, **given)):
        seeing.begin(request, done.made)
        return redirect("desk:dashboard")
    return show(request, "steering/see_as.html", form, person=person)


@writes(may=signed_in)
def stop_seeing(request: Request) -> HttpResponse:
    """The middleware ended it before the page was called: it is over when the page answers."""
    if request.method == "POST":
        messages.success(request, "Vous voyez de nouveau le site en votre nom.")
    return redirect("desk:dashboard")
