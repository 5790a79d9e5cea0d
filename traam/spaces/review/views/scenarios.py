"""Scenarios that were validated, published then withdrawn."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid
from traam.programme.catalogue import actions as catalogue
from traam.programme.productions import queries as scenarios
from traam.programme.productions.models import Scenario
from traam.programme.publication import policies as publication
from traam.spaces.review.forms import WithdrawalForm

HOME = ("Évaluation", "review:home")


def _typed(request: Request) -> Any:
    """What was sent, even if it is empty: an empty form is refused, not taken for a first visit."""
    return request.POST if request.method == "POST" else None


@writes(find=scenarios.scenario, may=publication.may_release, why="release")
def release(request: Request, scenario: Scenario) -> HttpResponse:
    if request.method == "POST":
        try:
            catalogue.release(scenario, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, f"Le scénario n'est pas publié. {invalid}")
        else:
            messages.success(request, "Scénario publié : il est dans le catalogue, à une adresse qui ne changera pas.")
    return redirect("review:scenario", scenario.pk)


@writes(find=scenarios.scenario, may=publication.may_withdraw, why="release")
def withdraw(request: Request, scenario: Scenario) -> HttpResponse:
    form = WithdrawalForm(_typed(request))
    address = reverse("review:scenario", args=[scenario.pk])
    if request.method == "POST" and form.is_valid():
        try:
            catalogue.withdraw(scenario, **form.cleaned_data, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Scénario retiré : son adresse publique dit qu'il l'a été, et pourquoi.")
            return redirect(address)
    return show(
        request,
        "design/form.html",
        form,
        title="Retirer le scénario de la publication",
        introduction=f"« {scenario} » ne sera plus lisible dans le catalogue. "
        "Son adresse publique reste : elle donnera la raison que vous écrivez ici.",
        submit_label="Retirer de la publication",
        cancel=address,
        trail=[(HOME[0], reverse(HOME[1])), (scenario.title, address)],
    )
