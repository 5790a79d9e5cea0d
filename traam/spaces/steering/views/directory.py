"""People and the letters sent to them."""

import unicodedata
from datetime import date, datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from traam.design.forms import apply_invalid, posted, show
from traam.design.pages import Request, reads, writes
from traam.design.typography import date_fr
from traam.engines.workflow import Invalid, Verdict, refuse
from traam.gateways.mail import message_id
from traam.programme.letters import actions as letter_actions
from traam.programme.letters import policies as letter_policies
from traam.programme.letters import queries as letter_queries
from traam.programme.letters.models import Letter
from traam.programme.people import actions, policies, queries
from traam.programme.people.models import Appointment, Person, Role
from traam.programme.people.policies import appointments
from traam.spaces.steering.forms import EndRoleForm, InviteForm

PER_PAGE = 50


@reads(may=policies.is_national)
def people(request: Request) -> HttpResponse:
    words, role = _plain(request.GET.get("q", "")).split(), request.GET.get("role", "")
    everyone = [(p, appointments(p, request.at), policies.to_come(p, request.at)) for p in queries.directory()]
    found = [
        (person, held, coming)
        for person, held, coming in everyone
        if all(word in _plain(f"{person.name} {person.email}") for word in words)
        and (not role or any(appointment.role == role for appointment in [*held, *coming]))
    ]
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    asked = {"q": request.GET.get("q", ""), "role": role}
    return show(request, "steering/people.html", page_=page, asked=asked, roles=Role.choices, total=len(found))


def _plain(text: str) -> str:
    """Without capitals or accents, for whoever looks for somebody in a hurry."""
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


@writes(may=policies.may_invite)
def invite(request: Request) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            person = letter_actions.invite(
                typed["email"],
                typed["name"],
                typed["role"],
                academy=typed["academy"],
                since=typed["since"],
                until=typed["until"],
                actor=request.user,
                at=request.at,
            )
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, _told(person))
            return redirect("steering:people")
    return show(request, "steering/invite.html", form)


def _told(person: Person) -> str:
    if person.is_open:
        return f"{person.name} a reçu ce rôle. Son compte était déjà ouvert : aucune invitation n'est envoyée."
    return f"{person.name} est invité : le courriel part à {person.email}."


def _may_end(person: Person, appointment: Appointment, at: datetime) -> Verdict:
    verdict = policies.may_invite(person, at)
    if verdict and appointment.person_id == person.pk and appointment.role == Role.NATIONAL:
        return refuse("Vous ne pouvez pas quitter vous-même le bureau national : demandez-le à l'un de ses membres.")
    return verdict


@writes(find=queries.appointment, may=_may_end)
def end_role(request: Request, appointment: Appointment) -> HttpResponse:
    """Asks, then gives a role its last day."""
    today = request.at.date()
    form = EndRoleForm(posted(request), initial={"last_day": appointment.until or today})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["last_day"] or today
        try:
            actions.end_appointment(appointment, last_day=day, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, _ended(appointment, day, today))
            return redirect("steering:people")
    over = appointment.until is not None and appointment.until < today
    return show(request, "steering/end_role.html", form, appointment=appointment, over=over)


def _ended(appointment: Appointment, day: date, today: date) -> str:
    who = appointment.person.name
    if day < today:
        return f"{who} n'a plus ce rôle, dès maintenant : {appointment}."
    when = "ce soir" if day == today else f"au {date_fr(day)} inclus"
    return f"{who} garde ce rôle jusqu'{'à ' if day == today else ''}{when} : {appointment}."


@reads(may=policies.is_national)
def letters(request: Request) -> HttpResponse:
    return show(
        request,
        "steering/letters.html",
        letters=letter_queries.latest(200),
        waiting=letter_queries.waiting_count(),
        unsettled=[(letter, message_id(letter.reference)) for letter in letter_queries.unsettled()],
        unsettled_count=letter_queries.failed_count(),
    )


@writes(find=letter_queries.letter, may=letter_policies.may_settle)
def send_again(request: Request, letter: Letter) -> HttpResponse:
    if request.method == "POST":
        letter_actions.send_again(letter, actor=request.user, at=request.at)
        messages.success(request, f"Le courriel à {letter.to.name} va repartir dans la minute.")
    return redirect("steering:letters")


@writes(find=letter_queries.letter, may=letter_policies.may_settle)
def leave_letter(request: Request, letter: Letter) -> HttpResponse:
    if request.method == "POST":
        told = letter_actions.leave(letter, actor=request.user, at=request.at)
        said = "noté comme parti" if told.state == Letter.State.SENT else "abandonné"
        messages.success(request, f"Le courriel à {letter.to.name} est {said}.")
    return redirect("steering:letters")
