"""The control of a scenario before it is published: the checklist of its edition, and the waivers."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from traam.design import kept, typed
from traam.design.forms import apply_invalid, attempt, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.pageaudit.checks import CHECKS
from traam.engines.workflow import Invalid
from traam.programme.people import actions as people_actions
from traam.programme.people import queries as people_queries
from traam.programme.people.models import Person
from traam.programme.productions import queries as scenarios
from traam.programme.productions.models import Scenario
from traam.programme.publication import actions, sheet_policies, sheet_queries, sheet_rules
from traam.programme.publication.models import Waiver
from traam.spaces.review.rights_forms import ChecklistForm, EndForm, WaiverForm

BADGES = {
    "absent": "new",
    "lacking": "warning",
    "early": "info",
    "unsigned": "new",
    "refused": "error",
    "unchecked": "new",
    "ready": "success",
}


def summary(scenario: Scenario, person: Person, at: datetime) -> dict[str, Any]:
    """What the page of a scenario shows of its rights."""
    sheet, waivers = sheet_queries.sheet(scenario), sheet_queries.waivers(scenario)
    found = sheet_rules.progress(sheet, sheet_rules.obstacles_of(scenario, sheet, waivers, at))
    today = localtime(at).date()
    return {
        "sheet": sheet,
        "progress": found,
        "kind": BADGES[found.code],
        "may_answer": bool(sheet is not None and sheet_policies.may_answer(person, scenario, at)),
        "may_grant": bool(sheet_policies.may_grant(person, scenario, at)),
        "waivers": [waiver for waiver in waivers if waiver.ended_at is None and waiver.until >= today],
    }


def _trail(scenario: Scenario) -> list[tuple[str, str]]:
    return [
        ("Évaluation", reverse("review:home")),
        (scenario.title, reverse("review:scenario", args=[scenario.pk])),
    ]


def _edition(scenario: Scenario) -> str:
    return reverse("public:edition", args=[scenario.group.application.theme.campaign.edition_id])


@kept.keeping
@writes(find=scenarios.scenario, may=sheet_policies.may_see, why="release")
def checklist(request: Request, scenario: Scenario) -> HttpResponse:
    """Each line with what the sheet says of it; answered by who may, read by who reads the scenario."""
    sheet, waivers = sheet_queries.sheet(scenario), sheet_queries.waivers(scenario)
    today = localtime(request.at).date()
    lines = sheet_rules.checklist(sheet, waivers, today) if sheet else []
    verdict = sheet_policies.may_answer(request.user, scenario, request.at)
    if request.method == "POST":
        verdict.require()
    place = f"checklist:{scenario.pk}"
    form = ChecklistForm(lines, posted(request))
    if request.method == "POST" and sheet is not None and form.is_valid():
        try:
            shown = request.POST.get("shown", "")
            actions.answer_all(sheet, form.answers(), shown=shown, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            kept.forget(request)
            people_actions.drop_typing(place, actor=request.user)
            return _answered(request, scenario)
    again = typed.again(request, people_queries.typing(request.user, place)) if verdict else None
    if again:
        again.fill(form)
    return show(
        request,
        "review/checklist.html",
        form,
        scenario=scenario,
        sheet=sheet,
        lines=lines,
        verdict=verdict,
        again=again,
        place=place,
        may_grant=bool(sheet_policies.may_grant(request.user, scenario, request.at)),
        trail=_trail(scenario),
        edition=_edition(scenario),
        settled=len([line for line in lines if line.settled]),
    )


def _answered(request: Request, scenario: Scenario) -> HttpResponse:
    found = summary(scenarios.scenario(scenario.pk), request.user, request.at)["progress"]
    if found.code == "ready":
        messages.success(request, "Contrôle terminé : rien, du côté des droits, n'empêche la publication.")
        return redirect("review:scenario", scenario.pk)
    said = "Réponses enregistrées."
    if found.code == "refused":
        said += " Le professeur référent sera prévenu de ce qui est à corriger."
    messages.success(request, said)
    return redirect("review:checklist", scenario.pk)


@reads(find=scenarios.scenario, may=sheet_policies.may_see, why="release")
def waivers(request: Request, scenario: Scenario) -> HttpResponse:
    today = localtime(request.at).date()
    rows = sheet_queries.waivers(scenario)
    names = _names(scenario)
    context = {
        "scenario": scenario,
        "trail": _trail(scenario),
        "edition": _edition(scenario),
        "names": {waiver.pk: names.get(f"{waiver.of}:{waiver.code}", waiver.code) for waiver in rows},
        "current": [waiver for waiver in rows if waiver.ended_at is None and waiver.until >= today],
        "over": [waiver for waiver in rows if waiver.ended_at is not None or waiver.until < today],
        "verdict": sheet_policies.may_grant(request.user, scenario, request.at),
    }
    return render(request, "review/waivers.html", context)


def _names(scenario: Scenario) -> dict[str, str]:
    """What may be waived, by "of:code": the lines of the checklist, then what the audit looks for."""
    questions = scenario.group.application.theme.campaign.edition.checklist
    return {f"control:{question.id}": question.question for question in questions} | {
        f"audit:{check.code}": check.title for check in CHECKS.values()
    }


@kept.keeping
@writes(find=scenarios.scenario, may=sheet_policies.may_grant, why="release")
def grant_waiver(request: Request, scenario: Scenario) -> HttpResponse:
    """`?ligne=` is a line of the checklist, `?defaut=` a check of the audit, `?constat=` the key of one finding."""
    names = _names(scenario)
    choices = [
        (key, f"{'Contrôle' if key.startswith('control:') else 'Audit'} : {name}") for key, name in names.items()
    ]
    asked = request.GET
    what = f"control:{asked['ligne']}" if "ligne" in asked else f"audit:{asked.get('defaut', '')}"
    form = WaiverForm(
        choices,
        posted(request),
        {"what": what if what in names else ""},
    )
    if request.method == "POST" and form.is_valid():
        of, _, code = form.cleaned_data["what"].partition(":")
        one = asked.get("constat", "") if of == Waiver.Of.AUDIT and code == asked.get("defaut") else ""
        reason, until = form.cleaned_data["reason"], form.cleaned_data["until"]
        try:
            made = actions.grant(scenario, of, code, one, reason, until, actor=request.user, at=request.at)
        except Invalid as invalid:
            errors = {"what" if name == "code" else name: said for name, said in invalid.errors.items()}
            apply_invalid(form, Invalid(errors))
        else:
            kept.forget(request)
            messages.success(request, f"Dérogation accordée jusqu'au {made.until:%d/%m/%Y}.")
            return redirect("review:waivers", scenario.pk)
    return show(
        request,
        "design/form.html",
        form,
        title="Accorder une dérogation",
        introduction=f"« {scenario} » pourra être publié malgré une réponse « non » ou un défaut de l'audit, jusqu'au "
        "jour que vous donnez. Le professeur référent est prévenu.",
        submit_label="Accorder la dérogation",
        cancel=reverse("review:waivers", args=[scenario.pk]),
        trail=[*_trail(scenario), ("Dérogations", reverse("review:waivers", args=[scenario.pk]))],
    )


@writes(find=sheet_queries.waiver, may=sheet_policies.may_end, why="release")
def end_waiver(request: Request, waiver: Waiver) -> HttpResponse:
    scenario = waiver.scenario
    form = EndForm(posted(request))
    address = reverse("review:waivers", args=[scenario.pk])
    if attempt(request, form, lambda given: actions.end_waiver(waiver, **given)):
        messages.success(request, "La dérogation a pris fin.")
        return redirect(address)
    name = _names(scenario).get(f"{waiver.of}:{waiver.code}", waiver.code)
    return show(
        request,
        "design/form.html",
        form,
        title="Mettre fin à la dérogation",
        introduction=f"« {scenario} » : {name} Accordée jusqu'au {waiver.until:%d/%m/%Y}.",
        submit_label="Mettre fin à la dérogation",
        cancel=address,
        trail=[*_trail(scenario), ("Dérogations", address)],
    )
