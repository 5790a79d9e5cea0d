"""A meeting: planned, convened, held, and who was there."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam.design.forms import PageForm, apply_invalid, attempt, show
from traam.design.pages import Request, reads, writes
from traam.design.typography import plural
from traam.engines import calendars
from traam.engines.workflow import Invalid, Verdict
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.catalogue.minutes import is_public
from traam.programme.groups import queries
from traam.programme.groups.actions import meetings as actions
from traam.programme.groups.actions.minutes import SECTIONS
from traam.programme.groups.models import Attendance, Group, Meeting
from traam.programme.groups.policies import meetings as policies
from traam.programme.groups.queries import diary, meetings
from traam.programme.groups.states import MEETING, MINUTES
from traam.programme.people.models import Person
from traam.spaces.workshop.meeting_forms import AttendanceForm, CancelForm, PlanForm, PointForm
from traam.spaces.workshop.views.calendar import MEETING_KINDS, address_of, host_of, trail_of

MINUTES_KINDS = {"draft": "", "published": "success"}
PRESENCE_KINDS = {"present": "success", "excused": "", "absent": "warning"}


@writes(find=queries.group, may=policies.may_plan, why="meeting")
def plan_meeting(request: Request, group: Group) -> HttpResponse:
    return _plan(request, group)


@writes(find=campaigns.theme, may=policies.may_plan_national, why="meeting")
def plan_national(request: Request, theme: Theme) -> HttpResponse:
    return _plan(request, theme)


def _plan(request: Request, host: Group | Theme) -> HttpResponse:
    form = PlanForm(request.POST or None)
    if done := attempt(request, form, lambda _: actions.plan(host, form.values(), actor=request.user, at=request.at)):
        meeting = done.made
        messages.success(request, "Réunion prévue. Convoquez maintenant les personnes.")
        return redirect("workshop:meeting", meeting.pk)
    return show(
        request,
        "workshop/plan.html",
        form,
        title="Prévoir une réunion",
        introduction="Personne n'est prévenu pour l'instant : la convocation s'envoie depuis la page de la réunion.",
        submit_label="Prévoir la réunion",
        cancel=address_of(host),
        trail=trail_of(host),
    )


def _trail(meeting: Meeting) -> list[tuple[str, str]]:
    return [*trail_of(host_of(meeting)), (meeting.subject, reverse("workshop:meeting", args=[meeting.pk]))]


@reads(find=meetings.meeting, may=policies.may_see_meeting, why="meeting")
def meeting(request: Request, meeting: Meeting) -> HttpResponse:
    return render(request, "workshop/meeting.html", context_of(request, meeting))


def context_of(request: Request, meeting: Meeting, point_form: PageForm | None = None) -> dict[str, Any]:
    """What the page of a meeting shows, and what this person may do there."""
    person, at = request.user, request.at
    seats = meetings.seats(meeting, at)
    minutes = getattr(meeting, "minutes", None)
    may_write = policies.may_write_minutes(person, meeting, at)
    secretary = bool(policies.is_secretary(person, meeting, at))
    points = meeting.points.all()
    return {
        "meeting": meeting,
        "host": meeting.host_name,
        "trail": trail_of(host_of(meeting)),
        "state": (MEETING.states[meeting.state], MEETING_KINDS[meeting.state]),
        "past": meeting.on <= at.date(),
        "seats": seats,
        "presence_kinds": PRESENCE_KINDS,
        "presence_labels": dict(Attendance.State.choices),
        "is_host": bool(policies.may_host(person, meeting, at)),
        "convene": _may_convene(person, meeting, request),
        "may_change": bool(policies.may_change_meeting(person, meeting, at)),
        "may_cancel": bool(policies.may_move_meeting("cancel", person, meeting, at)),
        "may_hold": bool(policies.may_move_meeting("hold", person, meeting, at)),
        "may_correct": bool(policies.may_correct_attendance(person, meeting, at)),
        "may_reopen": bool(policies.may_move_meeting("reopen", person, meeting, at)),
        "minutes": minutes,
        "minutes_state": (MINUTES.states[minutes.state], MINUTES_KINDS[minutes.state]) if minutes else None,
        "sections": [(title, minutes.sections.get(key, "")) for key, title in SECTIONS.items()] if minutes else [],
        "may_write": bool(may_write),
        "may_publish": policies.may_move_minutes("publish", person, minutes, at) if minutes else None,
        "may_resume": bool(minutes and policies.may_move_minutes("resume", person, minutes, at)),
        "goes_public": is_public(meeting),
        "decisions": [point for point in points if point.kind == "decision"],
        "actions": [point for point in points if point.kind == "action"],
        "settles": {p.pk for p in points if p.kind == "action" and (secretary or p.owner_id == person.pk)},
        "today": at.date(),
        "form": point_form or PointForm(seats),
    }


def _may_convene(person: Person, meeting: Meeting, request: Request) -> Verdict:
    verdict = policies.may_change_meeting(person, meeting, request.at)
    if verdict and meeting.on < request.at.date():
        return Verdict(False, "Cette réunion est passée : elle ne se convoque plus.")
    if verdict and meeting.begins is None:
        return Verdict(False, "Donnez d'abord l'heure de la réunion.")
    return verdict


@writes(find=meetings.meeting, may=policies.may_change_meeting, why="meeting")
def change_meeting(request: Request, meeting: Meeting) -> HttpResponse:
    initial = {name: getattr(meeting, name) for name in PlanForm.base_fields}
    form = PlanForm(request.POST or None, initial=initial)
    if attempt(request, form, lambda _: actions.change(meeting, form.values(), actor=request.user, at=request.at)):
        messages.success(request, "Réunion corrigée.")
        return redirect("workshop:meeting", meeting.pk)
    told = "Si la date, l'heure ou le lieu changent, les personnes déjà convoquées reçoivent une nouvelle convocation."
    return show(
        request,
        "workshop/plan.html",
        form,
        title="Corriger la réunion",
        introduction=told if meeting.called_at else "Personne n'a encore été convoqué.",
        submit_label="Enregistrer",
        cancel=reverse("workshop:meeting", args=[meeting.pk]),
        trail=_trail(meeting),
    )


@writes(find=meetings.meeting, may=policies.may_change_meeting, why="meeting")
def convene(request: Request, meeting: Meeting) -> HttpResponse:
    if request.method == "POST":
        try:
            told = actions.convene(meeting, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            messages.success(request, _convened(told))
    return redirect("workshop:meeting", meeting.pk)


def _convened(told: int) -> str:
    if not told:
        return "Tout le monde avait déjà sa convocation : personne n'est prévenu deux fois."
    return f"Convocation écrite à {plural(told, 'personne')}, avec l'événement pour l'agenda."


def _may_cancel(person: Person, meeting: Meeting, at: Any) -> Verdict:
    return policies.may_move_meeting("cancel", person, meeting, at)


@writes(find=meetings.meeting, may=_may_cancel, why="meeting")
def cancel_meeting(request: Request, meeting: Meeting) -> HttpResponse:
    form = CancelForm(request.POST or None)
    if attempt(request, form, lambda given: actions.cancel(meeting, **given)):
        messages.success(request, "Réunion annulée.")
        return redirect("workshop:meeting", meeting.pk)
    told = "Les personnes convoquées en sont averties, et la réunion devient « annulée » dans leur agenda."
    return show(
        request,
        "design/form.html",
        form,
        title="Annuler la réunion",
        introduction=told if meeting.called_at else "Personne n'avait encore été convoqué.",
        submit_label="Annuler la réunion",
        cancel=reverse("workshop:meeting", args=[meeting.pk]),
        trail=_trail(meeting),
    )


@writes(find=meetings.meeting, may=policies.may_note_attendance, why="meeting")
def attendance(request: Request, meeting: Meeting) -> HttpResponse:
    seats = meetings.seats(meeting, request.at)
    form = AttendanceForm(seats, _everyone(request, seats) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        note = actions.correct_attendance if meeting.state == "held" else actions.hold
        try:
            note(meeting, form.presences(), actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Présences notées : la réunion est tenue.")
            return redirect("workshop:meeting", meeting.pk)
    return show(request, "workshop/attendance.html", form, meeting=meeting, seats=seats, trail=_trail(meeting))


def _everyone(request: Request, seats: Any) -> Any:
    """What was sent, or everyone present when that button was pressed."""
    if "everyone" not in request.POST:
        return request.POST
    return {f"state-{seat.person.pk}": Attendance.State.PRESENT for seat in seats}


def _may_reopen(person: Person, meeting: Meeting, at: Any) -> Verdict:
    return policies.may_move_meeting("reopen", person, meeting, at)


@writes(find=meetings.meeting, may=_may_reopen, why="meeting")
def reopen_meeting(request: Request, meeting: Meeting) -> HttpResponse:
    if request.method == "POST":
        actions.reopen(meeting, actor=request.user, at=request.at)
        messages.success(request, "La réunion est de nouveau prévue. Les présences notées sont gardées.")
    return redirect("workshop:meeting", meeting.pk)


@reads(find=meetings.meeting, may=policies.may_see_meeting)
def meeting_file(request: Request, meeting: Meeting) -> HttpResponse:
    """The event alone, for the diary of whoever reads the page."""
    body = calendars.calendar(meeting.subject, [diary.event(meeting)])
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="reunion-{meeting.pk}.ics"'
    return answer
