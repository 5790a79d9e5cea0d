from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from traam.design import typed
from traam.design.forms import show
from traam.design.pages import Request, reads, signed_in, writes
from traam.programme.groups import queries as groups
from traam.programme.people import actions, queries
from traam.programme.people.models import Role
from traam.programme.people.policies import appointments, roles
from traam.programme.selection import queries as selection
from traam.spaces.desk import waiting


@never_cache
@writes(may=signed_in)
def keep_typing(request: Request) -> HttpResponse:
    """What someone is typing in a long form: hers alone, until she saves it or starts again."""

    def keep(place: str, fields: Mapping[str, list[str]]) -> datetime:
        return actions.keep_typing(place, fields, actor=request.user, at=request.at).typed_at

    return typed.receive(request, keep=keep, drop=lambda place: actions.drop_typing(place, actor=request.user))


@reads(may=signed_in)
def dashboard(request: Request) -> HttpResponse:
    """One question: what waits for me?"""
    mine = groups.of_person(request.user)
    readings = selection.readings(request.user, request.at)
    tasks = waiting.tasks(request.user, request.at, mine, readings)
    places = waiting.places(request.user, request.at, mine, readings)
    stranger = not places and not roles(request.user, request.at)
    context: dict[str, Any] = {
        "tasks": tasks,
        "places": places,
        "held": appointments(request.user, request.at),
        "stranger": stranger,
        "national": queries.holders(Role.NATIONAL, request.at) if stranger else [],
    }
    return show(request, "desk/dashboard.html", **context)
