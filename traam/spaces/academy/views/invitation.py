"""Bring into an academy those who write and those who read there."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import attempt, posted, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Verdict
from traam.programme.letters import actions
from traam.programme.people import policies, queries
from traam.programme.people.models import Person, Role
from traam.reference import Academy
from traam.spaces.academy.forms import InvitationForm

OFFERED = (Role.TEACHER, Role.INSPECTOR)  # what an academy gives by itself; the rest is the national team's


def _may_invite(person: Person, academy: Academy, at: datetime) -> Verdict:
    return policies.may_invite_some(person, academy.code, at)


@writes(find=queries.academy, may=_may_invite)
def invite(request: Request, academy: Academy) -> HttpResponse:
    roles = [role for role in OFFERED if role in policies.roles_to_give(request.user, academy.code, request.at)]
    form = InvitationForm(roles, posted(request))
    if done := attempt(request, form, lambda given: actions.invite(academy=academy.code, **given)):
        messages.success(request, _told(done.made))
        return redirect("academy:invite", academy.slug)
    return show(
        request,
        "design/form.html",
        form,
        title=f"Inviter dans l'académie {academy.of_name}",
        introduction="La personne reçoit ce rôle et, si elle n'a pas de compte, un courriel pour choisir son mot de "
        "passe. Un enseignant écrit et suit ses propres candidatures ; un inspecteur lit et vise celles de l'académie.",
        submit_label="Inviter",
        cancel=reverse("academy:home"),
        trail=[("Académie", reverse("academy:home"))],
    )


def _told(person: Person) -> str:
    if person.is_open:
        return f"{person.name} a reçu ce rôle. Son compte était déjà ouvert : aucune invitation n'est envoyée."
    return f"{person.name} est invité : le courriel part à {person.email}."
