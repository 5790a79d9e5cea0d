"""The lists of services to whom the syntheses are sent."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import PageForm, apply_invalid, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid
from traam.programme.valorisation.syntheses import actions, policies, sending
from traam.programme.valorisation.syntheses.models import MailingList


class MailingListForm(PageForm):
    name = forms.CharField(label="Nom de la liste", max_length=150)
    recipients = forms.CharField(
        label="Destinataires",
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Une ligne par adresse. Exemple : Bureau des usages <bureau.usages@education.gouv.fr>",
    )


def _trail(*more: str) -> list[tuple[str, str]]:
    steps = [("Pilotage", reverse("steering:home"))]
    return steps + [("Listes de diffusion", reverse("steering:mailing_lists")) for _ in more[:1]]


@reads(may=policies.may_keep_lists)
def mailing_lists(request: Request) -> HttpResponse:
    return show(request, "steering/mailing_lists.html", lists=sending.every_list(), trail=_trail())


@writes(may=policies.may_keep_lists)
def new_mailing_list(request: Request) -> HttpResponse:
    return _form(request, MailingListForm(posted(request)), "")


@writes(find=sending.mailing_list, may=policies.may_keep_list)
def edit_mailing_list(request: Request, kept: MailingList) -> HttpResponse:
    initial = {"name": kept.name, "recipients": sending.as_text(kept)}
    form = MailingListForm(posted(request), initial=initial)
    return _form(request, form, kept.key)


def _form(request: Request, form: MailingListForm, key: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            kept = actions.save_list(key, given["name"], given["recipients"], actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, f"Liste « {kept.name} » enregistrée.")
            return redirect("steering:mailing_lists")
    return show(
        request,
        "design/form.html",
        form,
        title="Écrire une liste de diffusion",
        introduction="Les synthèses publiées lui sont envoyées par leurs auteurs. Chaque adresse reçoit une version "
        "une seule fois, même si elle est dans plusieurs listes.",
        submit_label="Enregistrer",
        cancel=reverse("steering:mailing_lists"),
        trail=_trail("lists"),
    )
