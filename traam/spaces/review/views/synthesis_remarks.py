"""What the national group says of a synthesis, and what its authors answer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from traam.design.forms import apply_invalid, attempt
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid
from traam.programme.valorisation.syntheses import actions, policies, queries
from traam.programme.valorisation.syntheses.models import Synthesis
from traam.programme.valorisation.syntheses.queries import Said
from traam.spaces.review.synthesis_forms import MoveForm, RemarkForm
from traam.spaces.review.views.syntheses import answer_form, page


@writes(find=queries.synthesis, may=policies.may_remark, why="synthesis")
def remark_synthesis(request: Request, synthesis: Synthesis) -> HttpResponse:
    if request.method != "POST":
        return redirect("review:synthesis", synthesis.pk)
    form = RemarkForm(request.POST, auto_id="remarque_%s")
    if attempt(request, form, lambda given: actions.remark(synthesis, **given)):
        messages.success(request, "Remarque enregistrée : les auteurs sont prévenus.")
        return redirect("review:synthesis", synthesis.pk)
    answer = page(request, synthesis, MoveForm(auto_id="decision_%s"), form)
    answer.status_code = 422
    return answer


@writes(find=queries.said, may=policies.may_answer, why="synthesis")
def answer_synthesis_remark(request: Request, said: Said) -> HttpResponse:
    if request.method != "POST":
        return redirect("review:synthesis", said.synthesis.pk)
    form = answer_form(said.remark, request.POST)
    if form.is_valid():
        try:
            actions.answer(said.remark, form.cleaned_data["answer"], actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Réponse enregistrée.")
            return redirect("review:synthesis", said.synthesis.pk)
    refused = page(request, said.synthesis, MoveForm(auto_id="decision_%s"), answer=(said.remark.pk, form))
    refused.status_code = 422
    return refused


@writes(find=queries.said, may=policies.may_close, why="synthesis")
def close_synthesis_remark(request: Request, said: Said) -> HttpResponse:
    if request.method == "POST":
        actions.close(said.remark, actor=request.user, at=request.at)
        messages.success(request, "Remarque close.")
    return redirect("review:synthesis", said.synthesis.pk)
