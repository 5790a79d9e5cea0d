"""Scenarios read by the inspector of a group, then published."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam import reference
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid, Missing
from traam.programme.catalogue import actions as catalogue
from traam.programme.catalogue import queries as notices
from traam.programme.productions import actions as productions
from traam.programme.productions import policies as production_policies
from traam.programme.productions import queries as scenarios
from traam.programme.productions import rules
from traam.programme.productions.models import Scenario
from traam.programme.productions.states import SCENARIO
from traam.programme.publication import policies as publication
from traam.programme.publication import queries as releases
from traam.programme.publication.states import PUBLISHERS
from traam.spaces.review.forms import VerdictForm, WithdrawalForm

HOME = ("Évaluation", "review:home")
VERDICTS = ("validate", "endorse", "confirm", "send_back", "reopen")
DONE = {
    "validate": "Scénario validé : il peut être publié.",
    "endorse": "Scénario transmis à l'expert, qui le valide.",
    "confirm": "Scénario validé : il peut être publié.",
    "send_back": "Scénario renvoyé aux auteurs, avec votre commentaire.",
    "reopen": "Scénario rouvert : les auteurs peuvent le reprendre.",
}


def _typed(request: Request) -> Any:
    """What was sent, even if it is empty: an empty form is refused, not taken for a first visit."""
    return request.POST if request.method == "POST" else None


@writes(find=scenarios.scenario, may=production_policies.may_see, why="review")
def scenario(request: Request, scenario: Scenario) -> HttpResponse:
    form = VerdictForm(_typed(request))
    verb = request.POST.get("verb", "")
    if request.method == "POST" and form.is_valid():
        if verb not in VERDICTS:
            raise Missing("Cette action n'existe pas : revenez au scénario et choisissez un bouton.")
        try:
            productions.move(scenario, verb, **form.cleaned_data, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, DONE[verb])
            return redirect("review:scenario", scenario.pk)
    return show(request, "review/scenario.html", form, **_scenario_context(request, scenario))


def _scenario_context(request: Request, scenario: Scenario) -> dict[str, Any]:
    person, at = request.user, request.at
    held = production_policies.standing(person, scenario, at)
    text = scenarios.as_submitted(scenario)
    release = releases.latest(scenario)
    licence = reference.licences().get(text.licence) if text else None
    findings = rules.findings(scenario, text) if text else ()
    return {
        "scenario": scenario,
        "text": text,
        "campaign": scenario.group.application.theme.campaign,
        "sections": [(title, text.sections[key]) for key, title, _, _ in rules.SECTIONS if text.sections.get(key)]
        if text
        else [],
        "findings": findings,
        "tests": scenarios.tests(scenario),
        "turns": scenarios.turns(scenario),
        "verbs": {move.verb: move.label for move in SCENARIO.moves},
        "moves": sorted(
            (move for move in production_policies.moves(person, scenario, at) if move.verb in VERDICTS),
            key=lambda move: VERDICTS.index(move.verb),
        ),
        "licence": licence.label if licence else "",
        "inspects": "inspector" in held,
        "publishes": bool(held & PUBLISHERS),
        "release": release,
        "public_copy": notices.notice_of_scenario(scenario.pk),
        "may_release": publication.may_release(person, scenario, at),
        "may_withdraw": publication.may_withdraw(person, scenario, at),
        "state_label": SCENARIO.states[scenario.state],
    }


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
