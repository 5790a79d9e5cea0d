"""The editor of a scenario. What was typed is never lost: not to a colleague's save, not to a session that ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from traam.design import kept
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid
from traam.programme.productions import policies, queries, rules
from traam.programme.productions.actions import Stale, save
from traam.programme.productions.models import Scenario
from traam.spaces.workshop.forms import ScenarioForm, initial, typed
from traam.spaces.workshop.views.scenarios import read_sections
from traam.spaces.workshop.vocabulary import LICENCE_HINTS


@kept.keeping
@writes(find=queries.scenario, may=policies.is_author, why="scenario")
def edit_scenario(request: Request, scenario: Scenario) -> HttpResponse:
    verdict = policies.may_edit(request.user, scenario, request.at)
    if request.method != "POST":
        verdict.require()
        waiting = kept.given_back(request)
        return _editor(request, scenario, ScenarioForm(scenario, waiting), returned=waiting is not None)
    form = ScenarioForm(scenario, request.POST)
    if "preview" in request.POST:
        return _preview(request, scenario, form)
    if "resume" in request.POST and verdict:
        return _editor(request, scenario, form)
    if not form.is_valid():
        return _editor(request, scenario, form)
    if not verdict:
        return _side_by_side(request, scenario, form, verdict.reason)
    return _save(request, scenario, form)


def _save(request: Request, scenario: Scenario, form: ScenarioForm) -> HttpResponse:
    content, revision = form.content(), form.cleaned_data["revision"]
    try:
        save(scenario, content, revision=revision, actor=request.user, at=request.at)
    except Stale as stale:
        return _side_by_side(request, stale.stored, form)
    except Invalid as invalid:
        apply_invalid(form, invalid)
        return _editor(request, scenario, form)
    kept.forget(request)
    messages.success(request, "Scénario enregistré.")
    if "stay" in request.POST:
        return redirect("workshop:edit_scenario", scenario.pk)
    return redirect("workshop:scenario", scenario.pk)


def _editor(request: Request, scenario: Scenario, form: ScenarioForm, **more: Any) -> HttpResponse:
    texts = {key: str(form[key].value() or "") for key in rules.SECTION_TITLES}
    blocking = {finding.fact for finding in rules.findings(scenario) if finding.blocking}
    form.mark_asked(blocking)
    context = {
        "scenario": scenario,
        "group": scenario.group,
        "theme": scenario.group.application.theme,
        "section_keys": [(key, asked) for key, _, asked, _ in rules.SECTIONS],
        "sections": read_sections(texts),
        "blocking": blocking,
        "licence_hints": LICENCE_HINTS,
        "returned": False,
        "previewed": False,
        **more,
    }
    return show(request, "workshop/editor.html", form, **context)


def _preview(request: Request, scenario: Scenario, form: ScenarioForm) -> HttpResponse:
    """What the text will look like; nothing is kept. htmx asks for the panel only."""
    if "HX-Request" not in request.headers:
        return _editor(request, scenario, form, previewed=True)
    texts = {key: request.POST.get(key, "") for key in rules.SECTION_TITLES}
    return render(request, "workshop/_sections.html", {"sections": read_sections(texts), "base": 4})


def _side_by_side(request: Request, stored: Scenario, form: ScenarioForm, reason: str = "") -> HttpResponse:
    """Both texts, for every field that differs (409). With a `reason`, the text can only be copied."""
    mine, theirs = typed(form.content()), initial(stored)
    labels = {name: str(field.label) for name, field in form.fields.items()}
    differing = [
        (labels[name], _shown(form, name, theirs.get(name)), _shown(form, name, mine.get(name)))
        for name in labels
        if name != "revision" and _compared(theirs.get(name)) != _compared(mine.get(name))
    ]
    context = {"scenario": stored, "form": form, "differing": differing, "reason": reason}
    context["group"] = stored.group
    return render(request, "workshop/side_by_side.html", context, status=409)


def _compared(value: object) -> object:
    """Boxes come back in the order of the list, whatever order they were stored in."""
    return sorted(value) if isinstance(value, list) else value or ""


def _shown(form: ScenarioForm, name: str, value: object) -> str:
    if isinstance(value, bool):
        return "Coché" if value else "Non coché"
    if isinstance(value, list | tuple):
        choices = dict(form.fields[name].choices)  # type: ignore[attr-defined]
        return "\n".join(str(choices.get(code, code)) for code in value)
    return "" if value is None else str(value)
