"""The calendars of a group and of a theme, and what remains to be done after their meetings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam.design.lists import page_of
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.groups import policies, queries
from traam.programme.groups.actions import minutes as actions
from traam.programme.groups.models import Group, Meeting, Point
from traam.programme.groups.queries import meetings
from traam.programme.groups.queries.front import Front
from traam.programme.groups.queries.meetings import Day
from traam.programme.groups.states import MEETING
from traam.programme.people.models import Person

KINDS = {
    "campaign": ("Campagne", ""),
    "theme": ("Thème", "new"),
    "national": ("Réunion nationale", "info"),
    "group": ("Réunion du groupe", "success"),
}
MEETING_KINDS = {"planned": "info", "held": "success", "cancelled": "warning"}
Trail = list[tuple[str, str]]


def summary(front: Front, person: Person, at: datetime) -> Mapping[str, Any]:
    """The next dates and what is late, for the front page of a group."""
    today = at.date()
    return {
        "days": front.days[:4],
        "kinds": KINDS,
        "waiting": len(front.due),
        "late": sum(due is not None and due < today for due in front.due),
        "may_plan": policies.meetings.may_plan(person, front.group, at),
    }


def trail_of(host: Group | Theme, *, calendar: bool = True) -> Trail:
    """The way to a page under the calendar of a group or of a theme (or to that calendar itself)."""
    way: Trail = [("Atelier", reverse("workshop:home"))]
    if isinstance(host, Group):
        way.append((f"Groupe {host.of_academy}", reverse("workshop:group", args=[host.pk])))
    if calendar:
        way.append((_title(host), address_of(host)))
    return way


def _title(host: Group | Theme) -> str:
    return "Calendrier" if isinstance(host, Group) else f"Groupe national, {host}"


def address_of(host: Group | Theme) -> str:
    name = "workshop:group_calendar" if isinstance(host, Group) else "workshop:theme_calendar"
    return reverse(name, args=[host.pk])


def host_of(meeting: Meeting) -> Group | Theme:
    """Whose meeting it is."""
    if meeting.group is not None:
        return meeting.group
    assert meeting.theme is not None  # noqa: S101 - the table holds that a meeting has a group or a theme
    return meeting.theme


@reads(find=queries.group, may=policies.may_see, why="meeting")
def group_calendar(request: Request, group: Group) -> HttpResponse:
    theme = group.application.theme
    person, at = request.user, request.at
    context = {
        "title": f"Calendrier du groupe {group.of_academy}",
        "theme": theme,
        "may_plan": policies.meetings.may_plan(person, group, at),
        "plan": reverse("workshop:plan_meeting", args=[group.pk]),
        "past_meeting": reverse("workshop:add_meeting", args=[group.pk]),
        "to_do": reverse("workshop:group_actions", args=[group.pk]),
        "sees_national": bool(policies.meetings.may_see_national(person, theme, at)),
        **_points(meetings.actions_to_do(group), at),
    }
    return _calendar(request, group, meetings.days_of_group(group), context)


@reads(find=campaigns.theme, may=policies.meetings.may_see_national, why="meeting")
def theme_calendar(request: Request, theme: Theme) -> HttpResponse:
    person, at = request.user, request.at
    context = {
        "title": "Calendrier du groupe national",
        "theme": theme,
        "may_plan": policies.meetings.may_plan_national(person, theme, at),
        "plan": reverse("workshop:plan_national", args=[theme.pk]),
        "past_meeting": "",
        "to_do": reverse("workshop:theme_actions", args=[theme.pk]),
        "sees_national": True,
        "people": meetings.national_people(theme, at),
        **_points(meetings.actions_of_theme(theme), at),
    }
    return _calendar(request, theme, meetings.days_of_theme(theme), context)


def _calendar(request: Request, host: Group | Theme, days: Sequence[Day], context: dict[str, Any]) -> HttpResponse:
    today = request.at.date()
    theme: Theme = context["theme"]
    context |= {
        "trail": trail_of(host, calendar=False),
        "here": _title(host),
        "coming": [day for day in days if day.on >= today],
        "page": page_of([day for day in reversed(days) if day.on < today], request),
        "kinds": KINDS,
        "states": MEETING.states,
        "state_kinds": MEETING_KINDS,
        "may_propose": policies.meetings.may_propose(request.user, theme, request.at),
        "people": context.get("people", []),
    }
    return render(request, "workshop/calendar.html", context)


def _points(points: Sequence[Point], at: datetime) -> dict[str, Any]:
    waiting = [point for point in points if point.done_at is None]
    late = [point for point in waiting if point.due is not None and point.due < at.date()]
    return {"waiting": len(waiting), "late": len(late)}


@reads(find=queries.group, may=policies.may_see, why="meeting")
def group_actions(request: Request, group: Group) -> HttpResponse:
    return _to_do(
        request, group, meetings.actions_to_do(group), bool(policies.meetings.may_plan(request.user, group, request.at))
    )


@reads(find=campaigns.theme, may=policies.meetings.may_see_national, why="meeting")
def theme_actions(request: Request, theme: Theme) -> HttpResponse:
    hosts = bool(policies.meetings.may_plan_national(request.user, theme, request.at))
    return _to_do(request, theme, meetings.actions_of_theme(theme), hosts)


def _to_do(request: Request, host: Group | Theme, points: Sequence[Point], hosts: bool) -> HttpResponse:
    context = {
        "trail": trail_of(host),
        "whose": f"groupe {host.of_academy}" if isinstance(host, Group) else "groupe national",
        "page": page_of(list(points), request),
        "today": request.at.date(),
        "hosts": hosts,
        **_points(points, request.at),
    }
    return render(request, "workshop/to_do.html", context)


@writes(find=meetings.point_with_meeting, may=policies.meetings.may_settle)
def settle(request: Request, point: Point) -> HttpResponse:
    """One click: done, or not after all. Back where the click was made."""
    if request.method == "POST":
        done = request.POST.get("done") == "1"
        try:
            actions.settle(point, done, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            messages.success(request, "Action faite." if done else "Action à faire de nouveau.")
    if request.POST.get("from") == "meeting":
        return redirect("workshop:meeting", point.meeting_id)
    host = host_of(point.meeting)
    name = "workshop:group_actions" if isinstance(host, Group) else "workshop:theme_actions"
    return redirect(name, host.pk)
