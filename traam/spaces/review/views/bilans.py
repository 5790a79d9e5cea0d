"""A bilan put on line, or taken off."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import attempt, posted, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid
from traam.programme.catalogue import bilans as catalogue
from traam.programme.productions.models import Bilan
from traam.programme.productions.queries import bilans
from traam.spaces.review.forms import WithdrawalForm


@writes(find=bilans.bilan, may=catalogue.may_publish, why="bilan")
def publish_bilan(request: Request, bilan: Bilan) -> HttpResponse:
    if request.method == "POST":
        try:
            catalogue.publish(bilan, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, f"Le bilan n'est pas mis en ligne. {invalid}")
        else:
            messages.success(request, "Bilan mis en ligne : il est sur les pages du thème et de l'académie.")
    return redirect("review:bilan", bilan.pk)


@writes(find=bilans.bilan, may=catalogue.may_withdraw, why="bilan")
def withdraw_bilan(request: Request, bilan: Bilan) -> HttpResponse:
    form = WithdrawalForm(posted(request))
    address = reverse("review:bilan", args=[bilan.pk])
    if attempt(request, form, lambda given: catalogue.withdraw(bilan, **given)):
        messages.success(request, "Bilan retiré : son adresse publique dit qu'il l'a été, et pourquoi.")
        return redirect(address)
    return show(
        request,
        "design/form.html",
        form,
        title="Retirer le bilan de la publication",
        introduction="Ce bilan ne sera plus lisible par tous. Son adresse reste : elle donnera la raison écrite ici.",
        submit_label="Retirer de la publication",
        cancel=address,
        trail=[("Bilan académique", address)],
    )
