"""Writing in a module: its own texts, a section, an activity. Nothing typed is lost, not to a colleague's save."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design import kept
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid
from traam.programme.productions import module_policies, module_rules
from traam.programme.productions.actions.modules import StaleModule, save_module
from traam.programme.productions.courses import DOCUMENTS
from traam.programme.productions.models import Module
from traam.programme.productions.queries import modules as queries
from traam.spaces.workshop import module_forms
from traam.spaces.workshop.module_forms import ModuleForm
from traam.spaces.workshop.views.modules import trail
from traam.spaces.workshop.views.writing import forget, found, two_texts
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
