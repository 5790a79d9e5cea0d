"""Writing a communication support: nothing typed is lost, not to a colleague's save."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design import kept
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid
from traam.programme.productions import policies, support_rules
from traam.programme.productions.actions.supports import StaleSupport
from traam.programme.productions.actions.supports import save as save_support
from traam.programme.productions.models import Support
from traam.programme.productions.queries import supports as queries
from traam.spaces.workshop import support_forms
from traam.spaces.workshop.support_forms import SupportForm
from traam.spaces.workshop.views.supports import trail
from traam.spaces.workshop.views.writing import forget, found, two_texts
from traam.spaces.workshop.vocabulary import LICENCE_HINTS


@kept.keeping
@writes(find=queries.support, may=policies.is_author, why="support")
def edit_support(request: Request, support: Support) -> HttpResponse:
    verdict = policies.may_edit(request.user, support, request.at)
    if request.method != "POST":
        verdict.require()
        return _editor(request, support, SupportForm(support))
    form = SupportForm(support, request.POST)
    if ("resume" in request.POST and verdict) or not form.is_valid():
        return _editor(request, support, form)
    if not verdict:
        return _both(request, support, form, verdict.reason)
    revision = form.cleaned_data["revision"]
    try:
        save_support(support, form.content(), revision=revision, actor=request.user, at=request.at)
    except StaleSupport as stale:
        return _both(request, stale.stored, form)
    except Invalid as invalid:
        apply_invalid(form, invalid)
        return _editor(request, support, form)
    forget(request, place(support))
    messages.success(request, "Support enregistré.")
    return redirect("workshop:support", support.pk)


def place(support: Support) -> str:
    return f"support:{support.pk}"


def _editor(request: Request, support: Support, form: SupportForm) -> HttpResponse:
    asked = {finding.fact for finding in support_rules.findings(support) if finding.blocking}
    asked |= {finding.fact for finding in support_rules.to_mend(support)}
    return show(
        request,
        "workshop/supports/editor.html",
        form,
        support=support,
        trail=trail(support),
        asked=asked,
        licence_hints=LICENCE_HINTS,
        again=found(request, place(support), form),
        place=place(support),
    )


def _both(request: Request, stored: Support, form: SupportForm, reason: str = "") -> HttpResponse:
    mine = {name: form.cleaned_data[name] for name in form.fields}
    theirs = support_forms.initial(stored)
    address = reverse("workshop:edit_support", args=[stored.pk])
    return two_texts(request, form, theirs, mine, ("revision", str(stored.revision)), address, trail(stored), reason)
