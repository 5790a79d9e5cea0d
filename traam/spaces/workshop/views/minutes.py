"""The minutes of a meeting, typed without losing a word; its decisions and its actions."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design import kept
from traam.design.forms import apply_invalid, attempt, posted, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid, Missing, UnknownMove, Verdict
from traam.programme.campaigns.models import Theme
from traam.programme.catalogue import minutes as public
from traam.programme.groups.actions import minutes as actions
from traam.programme.groups.models import Meeting, Minutes, Point
from traam.programme.groups.policies import meetings as policies
from traam.programme.groups.queries import meetings
from traam.programme.groups.states import MINUTES
from traam.programme.people.models import Person
from traam.spaces.workshop.meeting_forms import MinutesForm, PointForm
from traam.spaces.workshop.views.calendar import host_of, trail_of
from traam.spaces.workshop.views.meetings import context_of
from traam.spaces.workshop.views.writing import forget, found, two_texts


def _initial(meeting: Meeting) -> dict[str, object]:
    """What is saved; before, the agenda of the meeting begins its minutes."""
    minutes = getattr(meeting, "minutes", None)
    if minutes is None:
        return {"revision": 0, "agenda": meeting.agenda}
    return {"revision": minutes.revision, **minutes.sections}


def _trail(meeting: Meeting) -> list[tuple[str, str]]:
    return [*trail_of(host_of(meeting)), (meeting.subject, reverse("workshop:meeting", args=[meeting.pk]))]


@kept.keeping
@writes(find=meetings.meeting, may=policies.is_secretary, why="meeting")
def edit_minutes(request: Request, meeting: Meeting) -> HttpResponse:
    place = f"minutes:{meeting.pk}"
    verdict = policies.may_write_minutes(request.user, meeting, request.at)
    form = MinutesForm(posted(request), initial=_initial(meeting))
    if request.method == "POST" and form.is_valid() and "resume" not in request.POST:
        if not verdict:
            return _both(request, meeting, form, verdict.reason)
        try:
            sections, revision = form.sections(), form.cleaned_data["revision"]
            actions.save_minutes(meeting, sections, revision=revision, actor=request.user, at=request.at)
        except actions.Stale:
            return _both(request, meetings.meeting(meeting.pk), form)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            forget(request, place)
            messages.success(request, "Compte rendu enregistré.")
            return redirect("workshop:meeting", meeting.pk)
    if request.method != "POST":
        verdict.require()
    again = found(request, place, form)
    context = {"meeting": meeting, "trail": _trail(meeting), "again": again, "place": place}
    context["goes_public"] = public.is_public(meeting)
    return show(request, "workshop/minutes.html", form, **context)


def _both(request: Request, stored: Meeting, form: MinutesForm, reason: str = "") -> HttpResponse:
    theirs = _initial(stored)
    address = reverse("workshop:edit_minutes", args=[stored.pk])
    mark = ("revision", str(theirs["revision"]))
    return two_texts(request, form, theirs, form.sections(), mark, address, _trail(stored), reason)


@dataclass(frozen=True)
class Step:
    """A move of the minutes; `theme` leads to the campaign."""

    minutes: Minutes
    verb: str
    theme: Theme


def _find_step(pk: int, verb: str) -> Step:
    meeting = meetings.meeting(pk)
    minutes = getattr(meeting, "minutes", None)
    try:
        MINUTES.move(verb)
    except UnknownMove:
        minutes = None
    if minutes is None:
        raise Missing("Cette action n'existe pas pour ce compte rendu.")
    minutes.meeting = meeting
    host = host_of(meeting)
    return Step(minutes, verb, host if isinstance(host, Theme) else host.application.theme)


def _may_step(person: Person, step: Step, at: object) -> Verdict:
    return policies.may_move_minutes(step.verb, person, step.minutes, at)  # type: ignore[arg-type]


@writes(find=_find_step, may=_may_step, why="meeting")
def move_minutes(request: Request, step: Step) -> HttpResponse:
    if request.method == "POST":
        try:
            if step.verb == "publish":
                online = public.publish_minutes(step.minutes, actor=request.user, at=request.at)
                where = " Il est sur la page publique du thème." if online else ""
                messages.success(request, f"Compte rendu validé.{where}")
            else:
                public.resume_minutes(step.minutes, actor=request.user, at=request.at)
                messages.success(request, "Le compte rendu est de nouveau en cours d'écriture.")
        except Invalid as invalid:
            for sentence in (each for several in invalid.errors.values() for each in several):
                messages.error(request, sentence)
    return redirect("workshop:meeting", step.minutes.meeting_id)


@writes(find=meetings.meeting, may=policies.may_write_minutes, why="meeting")
def add_point(request: Request, meeting: Meeting) -> HttpResponse:
    if request.method != "POST":
        return redirect("workshop:meeting", meeting.pk)
    form = PointForm(meetings.seats(meeting, request.at), request.POST)
    if attempt(request, form, lambda given: actions.add_point(meeting, **given)):
        messages.success(request, "Noté.")
        return redirect(reverse("workshop:meeting", args=[meeting.pk]) + "#releve")
    return show(request, "workshop/meeting.html", **context_of(request, meeting, form))


def _may_remove(person: Person, point: Point, at: object) -> Verdict:
    return policies.may_write_minutes(person, point.meeting, at)  # type: ignore[arg-type]


@writes(find=meetings.point_with_meeting, may=_may_remove)
def remove_point(request: Request, point: Point) -> HttpResponse:
    if request.method == "POST":
        actions.remove_point(point, actor=request.user, at=request.at)
        messages.success(request, "Retiré du relevé.")
    return redirect("workshop:meeting", point.meeting_id)
