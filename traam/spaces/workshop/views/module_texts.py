"""Writing in a module: its own texts, a section, an activity. Nothing typed is lost, not to a colleague's save."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam.design import kept, typed
from traam.design.forms import PageForm, apply_invalid, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid
from traam.programme.people import actions as people_actions
from traam.programme.people import queries as people_queries
from traam.programme.productions import module_policies, module_rules
from traam.programme.productions.actions.modules import StaleModule, save_module
from traam.programme.productions.courses import DOCUMENTS
from traam.programme.productions.models import Module
from traam.programme.productions.queries import modules as queries
from traam.spaces.workshop import module_forms
from traam.spaces.workshop.module_forms import ModuleForm
from traam.spaces.workshop.views.modules import trail
from traam.spaces.workshop.vocabulary import LICENCE_HINTS

PARTS_ASKED = {name for name, _, _ in DOCUMENTS}


@kept.keeping
@writes(find=queries.module, may=module_policies.is_author, why="module")
def edit_module(request: Request, module: Module) -> HttpResponse:
    verdict = module_policies.may_edit(request.user, module, request.at)
    if request.method != "POST":
        verdict.require()
        return _editor(request, module, ModuleForm(module))
    form = ModuleForm(module, request.POST)
    if ("resume" in request.POST and verdict) or not form.is_valid():
        return _editor(request, module, form)
    if not verdict:
        return _stale(request, module, form, verdict.reason)
    try:
        save_module(module, form.content(), revision=form.cleaned_data["revision"], actor=request.user, at=request.at)
    except StaleModule:
        return _stale(request, queries.module(module.pk), form)
    except Invalid as invalid:
        apply_invalid(form, invalid)
        return _editor(request, module, form)
    forget(request, place(module))
    messages.success(request, "Textes du module enregistrés.")
    return redirect("workshop:edit_module" if "stay" in request.POST else "workshop:module", module.pk)


def place(module: Module) -> str:
    return f"module:{module.pk}"


def forget(request: Request, where: str) -> None:
    """What was typed is saved: nothing waits any more."""
    kept.forget(request)
    people_actions.drop_typing(where, actor=request.user)


def found(request: Request, where: str, form: PageForm) -> typed.Again | None:
    """What was being typed at this place, put in the form."""
    again = typed.again(request, people_queries.typing(request.user, where))
    if again:
        again.fill(form)
    return again


def _editor(request: Request, module: Module, form: ModuleForm) -> HttpResponse:
    blocking = {finding.fact for finding in module_rules.findings(module) if finding.blocking}
    return show(
        request,
        "workshop/modules/editor.html",
        form,
        module=module,
        trail=trail(module),
        asked=blocking | PARTS_ASKED,
        rights_asked="rights_checked" in blocking,
        licence_hints=LICENCE_HINTS,
        again=found(request, place(module), form),
        place=place(module),
    )


def _stale(request: Request, stored: Module, form: ModuleForm, reason: str = "") -> HttpResponse:
    theirs, mine = module_forms.initial(stored), module_forms.typed(form.content())
    address = reverse("workshop:edit_module", args=[stored.pk])
    return two_texts(request, form, theirs, mine, ("revision", str(stored.revision)), address, trail(stored), reason)


def two_texts(
    request: Request,
    form: PageForm,
    theirs: Mapping[str, Any],
    mine: Mapping[str, Any],
    mark: tuple[str, str],
    address: str,
    steps: list[tuple[str, str]],
    reason: str = "",
) -> HttpResponse:
    """Both texts, for every field that differs (409). With a `reason`, the text can only be copied.

    `mark` is the hidden field, and its new value, that says which text the page is now opened on.
    """
    differing = [
        (str(each.label), _shown(each, theirs.get(name)), _shown(each, mine.get(name)))
        for name, each in form.fields.items()
        if name not in {mark[0], "file", "section"} and _compared(theirs.get(name)) != _compared(mine.get(name))
    ]
    context = {
        "form": form,
        "differing": differing,
        "mark": mark,
        "address": address,
        "trail": steps,
        "reason": reason,
        "file_again": bool(request.FILES),
    }
    return render(request, "workshop/modules/two_texts.html", context, status=409)


def _compared(value: object) -> object:
    """Boxes come back in the order of the list, whatever order they were stored in."""
    return sorted(value) if isinstance(value, list | tuple) else value or ""


def _shown(each: Any, value: object) -> str:
    if isinstance(value, bool):
        return "Coché" if value else "Non coché"
    if isinstance(value, list | tuple):
        choices = dict(each.choices)
        return "\n".join(str(choices.get(code, code)) for code in value)
    return "" if value is None else str(value)
