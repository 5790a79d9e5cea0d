"""Whom the platform is to forget: what was asked, what the end of retention proposes, and what is done."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import PageForm, attempt, show
from traam.design.pages import Request, reads, writes
from traam.programme.letters import privacy
from traam.programme.people import forgetting
from traam.programme.people.models import Forgetting
from traam.programme.people.policies import is_national
from traam.programme.people.queries import by_email


class KeepForm(PageForm):
    answer = forms.CharField(
        label="Pourquoi ces données sont gardées",
        help_text="La personne le lira.",
        max_length=1000,
        widget=forms.Textarea,
    )


class ForWhomForm(PageForm):
    email = forms.EmailField(label="Adresse électronique de la personne", help_text="Celle de son compte.")
    names = forms.BooleanField(label="Retirer aussi son nom des œuvres publiées qu'elle a signées", required=False)
    reason = forms.CharField(label="Comment elle l'a demandé", max_length=1000, widget=forms.Textarea)


@reads(may=is_national)
def forgettings(request: Request) -> HttpResponse:
    return show(request, "steering/forgettings.html", rows=forgetting.all_of_them())


@writes(may=is_national)
def ask_forgetting(request: Request) -> HttpResponse:
    """For somebody who wrote to the national team."""
    form = ForWhomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = by_email(form.cleaned_data["email"])
        if person is None:
            form.add_error("email", "Aucun compte n'a cette adresse : cherchez la personne dans l'annuaire.")
        else:
            typed = form.cleaned_data
            row = privacy.ask(typed["reason"], typed["names"], about=person, actor=request.user, at=request.at)
            return redirect("steering:forgetting", row.pk)
    return show(
        request,
        "design/form.html",
        form,
        title="Inscrire une demande d'effacement",
        introduction="Pour une personne qui a écrit au bureau national. Vérifiez d'abord que c'est bien elle.",
        submit_label="Inscrire la demande",
        cancel=reverse("steering:forgettings"),
        trail=[("Pilotage", reverse("steering:home")), ("Effacements", reverse("steering:forgettings"))],
    )


@reads(find=forgetting.forgetting, may=privacy.may_read)
def forgetting_page(request: Request, row: Forgetting) -> HttpResponse:
    open_ = row.state in forgetting.OPEN
    return show(
        request,
        "steering/forgetting.html",
        row=row,
        would_go=forgetting.what_would_go(row.person) if open_ else [],
        accept=privacy.may_accept(request.user, row, request.at),
        keep=privacy.may_keep(request.user, row, request.at),
    )


@writes(find=forgetting.forgetting, may=privacy.may_accept)
def accept_forgetting(request: Request, row: Forgetting) -> HttpResponse:
    if request.method == "POST":
        row = privacy.accept(row, actor=request.user, at=request.at)
        messages.success(request, f"Les données seront effacées le {row.due:%d/%m/%Y}. La personne reçoit un courriel.")
    return redirect("steering:forgetting", row.pk)


@writes(find=forgetting.forgetting, may=privacy.may_keep)
def keep_data(request: Request, row: Forgetting) -> HttpResponse:
    form = KeepForm(request.POST or None)
    if attempt(request, form, lambda given: privacy.keep(row, **given)):
        messages.success(request, "Ces données sont gardées.")
        return redirect("steering:forgetting", row.pk)
    return show(
        request,
        "design/form.html",
        form,
        title=f"Garder les données de {row.person.name}",
        submit_label="Garder ces données",
        cancel=reverse("steering:forgetting", args=[row.pk]),
        trail=[("Pilotage", reverse("steering:home")), ("Effacements", reverse("steering:forgettings"))],
    )
