"""The IAN of an academy, by discipline: who they are, naming one, ending a mission."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam import reference
from traam.design.forms import PageForm, attempt, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid, Verdict
from traam.programme.groups import actions, policies, queries
from traam.programme.groups.models import Relay
from traam.programme.people.models import Person
from traam.programme.people.queries import academy as find_academy
from traam.reference import Academy


def _disciplines() -> list[tuple[str, str]]:
    return [("", "Choisissez une discipline"), *((code, d.label) for code, d in reference.disciplines().items())]


class RelayForm(PageForm):
    discipline = forms.ChoiceField(label="Discipline", choices=_disciplines)
    name = forms.CharField(label="Prénom et nom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="Exemple : prenom.nom@ac-lyon.fr.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


def _may_name(person: Person, academy: Academy, at: datetime) -> Verdict:
    return policies.may_name_relays(person, academy.code, at)


@writes(find=find_academy, may=_may_name)
def relays(request: Request, academy: Academy) -> HttpResponse:
    form = RelayForm(request.POST or None)
    if done := attempt(request, form, lambda given: actions.name_relay(academy.code, **given)):
        row = done.made
        messages.success(request, f"{row.person.name} : {row}.")
        return redirect("academy:relays", academy.slug)
    return show(
        request,
        "academy/relays.html",
        form,
        academy=academy,
        relays=queries.relays_of_academy(academy.code),
        trail=[("Académie", reverse("academy:home"))],
    )


def _may_end(person: Person, row: Relay, at: datetime) -> Verdict:
    return policies.may_name_relays(person, row.academy, at)


@writes(find=queries.relay, may=_may_end)
def end_relay(request: Request, row: Relay) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.end_relay(row, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            messages.success(request, f"La mission de {row.person.name} a pris fin.")
    return redirect("academy:relays", reference.academies()[row.academy].slug)
