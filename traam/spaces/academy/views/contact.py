"""Whom to contact in an academy: a service, written by its DAN, public as it is saved."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import PageForm, attempt, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Verdict
from traam.programme.people import actions, policies, queries
from traam.programme.people.models import AcademyContact, Person
from traam.reference import Academy


class ContactForm(PageForm):
    """A service, and at least one way to reach it."""

    service = forms.CharField(
        label="Service",
        max_length=150,
        help_text="Un service, pas une personne. Exemple : Délégation académique au numérique éducatif.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = forms.CharField(
        label="Adresse électronique du service",
        required=False,
        max_length=254,
        help_text="De préférence une adresse de service, qui reste quand les personnes changent.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label="Téléphone", required=False, max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label="Page du service",
        required=False,
        max_length=200,
        help_text="L'adresse entière, qui commence par https://.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )


def _may_save(person: Person, academy: Academy, at: datetime) -> Verdict:
    return policies.may_save_contact(person, academy.code, at)


def _initial(known: AcademyContact | None) -> dict[str, Any]:
    return {name: getattr(known, name) for name in ContactForm.base_fields} if known else {}


@writes(find=queries.academy, may=_may_save)
def contact(request: Request, academy: Academy) -> HttpResponse:
    form = ContactForm(request.POST or None, initial=_initial(queries.contacts().get(academy.code)))
    national = bool(policies.is_national(request.user, request.at))
    back = reverse("steering:contacts") if national else reverse("academy:home")
    if attempt(request, form, lambda given: actions.save_contact(academy.code, **given)):
        messages.success(request, f"Le contact de l'académie {academy.of_name} est enregistré, et public.")
        return redirect(back)
    return show(
        request,
        "academy/contact.html",
        form,
        academy=academy,
        back=back,
        trail=[("Pilotage", reverse("steering:home")), ("Contacts", back)] if national else [("Académie", back)],
    )
