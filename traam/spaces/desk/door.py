"""How a person comes in: what she proved, what is still asked of her, the session that opens."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from traam.design.clients import client, device, network
from traam.design.pages import Request
from traam.programme.people import factors, queries, sign_ins
from traam.programme.people.models import Person, SignIn
from traam.spaces.desk import throttle

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING, PROVED, SECOND, ACTING = "door.pending", "door.proved", "door.second", "door.acting"
PENDING_LASTS = 10 * 60  # seconds between the password and the second factor
FRESH = 20 * 60  # seconds after which a person proves again that she is herself, to change what opens her account
MOST_TRIES = 5

Means = SignIn.Means


def onward(request: Request) -> str:
    """Where to go once inside: the page that was asked for, when it is one of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if ours(request, asked) else str(settings.LOGIN_REDIRECT_URL)


def ours(request: Request, address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


def enter(request: Request, person: Person, means: str, after: str, *, strong: bool = False) -> HttpResponse:
    """Let in who proved to be this person; first ask for her second factor, when she has one and none was proved."""
    if not strong and factors.protects(person):
        request.session.cycle_key()
        request.session[PENDING] = {
            "person": person.pk,
            "means": str(means),
            "next": after,
            "until": time.time() + PENDING_LASTS,
            "tries": 0,
        }
        return redirect("desk:second_factor")
    return _open(request, person, means, after, strong)


def _open(request: Request, person: Person, means: str, after: str, strong: bool) -> HttpResponse:
    request.session.pop(PENDING, None)
    login(request, person, backend=BACKEND)  # under a new key
    prove(request, second=strong)
    sign_ins.tell(
        person,
        str(request.session.session_key),
        means,
        device=device(request),
        network=network(client(request)),
        at=request.at,
    )
    response = redirect(after)
    throttle.remember_device(request, response, person)
    return response


def prove(request: Request, *, second: bool) -> None:
    """She proved just now that she is herself, by a second factor too or not."""
    request.session[PROVED] = time.time()
    request.session[SECOND] = bool(second or request.session.get(SECOND))


def pending(request: Request) -> dict[str, Any] | None:
    """Who gave her password, and did not prove her second factor yet."""
    found: dict[str, Any] | None = request.session.get(PENDING)
    if found is None or found["until"] < time.time() or found["tries"] >= MOST_TRIES:
        return None
    return found


def pending_person(found: dict[str, Any]) -> Person:
    return queries.person(found["person"])


def missed(request: Request, found: dict[str, Any]) -> None:
    request.session[PENDING] = {**found, "tries": found["tries"] + 1}


def let_in(request: Request, found: dict[str, Any]) -> HttpResponse:
    """Open the session that waited for a second factor."""
    return _open(request, pending_person(found), found["means"], found["next"], True)


View = Callable[..., HttpResponseBase]


def before_second_factor(view: View) -> View:
    """A page that stays open to whoever still has to give her second factor, or to choose one."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def fresh(view: View) -> View:
    """A page that changes what opens an account: she has proved lately that she is herself. Under `@writes`."""

    @wraps(view)
    def page(request: Request, *args: Any, **arguments: Any) -> HttpResponseBase:
        if time.time() - request.session.get(PROVED, 0) > FRESH:
            return redirect(f"{reverse('desk:confirm')}?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **arguments)

    return page


def acting_of(request: Any) -> int | None:
    """The number of the appointment chosen for this session."""
    found: int | None = request.session.get(ACTING)
    return found
