"""Coming in by ProConnect. Its `sub` is the key of an account, never an address: an unknown one opens an invitation
sent to its verified address, or waits until the person proves the account that is hers (docs/decisions/0020)."""

import logging
import time
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from traam.design.forms import show
from traam.design.pages import Request, anyone, reads, signed_in, writes
from traam.engines.workflow import Invalid, Missing
from traam.gateways.identity import Identity, Journey, NotVouched, ProConnect, Site
from traam.programme.letters import accounts
from traam.programme.letters import queries as letters
from traam.programme.people import factors, queries
from traam.programme.people.models import Person
from traam.spaces.desk import door
from traam.spaces.desk.door import Means

JOURNEY, AFTER, ID_TOKEN, WAITING = "proconnect.journey", "proconnect.next", "proconnect.id_token", "proconnect.waiting"
WAITING_LASTS = 30 * 60  # seconds to prove the account that is hers
CLOSED = "Ce compte est fermé : écrivez au bureau national."
log = logging.getLogger(__name__)


def offered() -> bool:
    return bool(settings.PROCONNECT["issuer"])


def on_trial() -> bool:
    """Whether the one that is offered is a demonstration's own, on this machine: it is said beside the button."""
    return settings.DEMONSTRATION and urlsplit(settings.PROCONNECT["issuer"]).hostname in {"127.0.0.1", "localhost"}


@cache
def _known(site: Site) -> ProConnect:
    return ProConnect(site)


def _service() -> ProConnect:
    if not offered():
        raise Missing("ProConnect n'est pas proposé par ce site : entrez par un autre moyen.")
    return _known(Site(**settings.PROCONNECT))


def _address(request: Request, name: str) -> str:
    """An address of ours as declared to ProConnect; a demonstration answers at several."""
    path = reverse(name)
    return request.build_absolute_uri(path) if settings.DEMONSTRATION else f"{settings.SITE_ADDRESS}{path}"


@never_cache
@reads(may=anyone, public=True)
def leave(request: Request) -> HttpResponse:
    """To ProConnect."""
    try:
        address, journey = _service().leave_for(_address(request, "desk:proconnect_back"))
    except NotVouched as refusal:
        return _refused(request, refusal)
    request.session[JOURNEY] = journey.to_keep()
    request.session[AFTER] = door.onward(request)
    return redirect(address)


def _refused(request: Request, refusal: NotVouched) -> HttpResponse:
    log.warning("ProConnect: %s", refusal.detail)
    messages.error(request, str(refusal))
    return redirect("desk:account" if request.user.is_authenticated else "desk:sign_in")


@never_cache
@writes(may=anyone, public=True, by_get=True)
def back(request: Request) -> HttpResponse:
    """From ProConnect: the state kept in this session proves that this browser asked for it."""
    journey = Journey.kept(request.session.pop(JOURNEY, None))
    after = request.session.pop(AFTER, settings.LOGIN_REDIRECT_URL)
    try:
        found = _service().back_from(request.GET.dict(), journey, _address(request, "desk:proconnect_back"))
    except NotVouched as refusal:
        return _refused(request, refusal)
    request.session[ID_TOKEN] = found.id_token
    if request.user.is_authenticated:
        return _wait(request, found, "desk:link_proconnect")
    person = factors.person_of_identity(found.sub) or _invited(request, found)
    if person is None:
        return _wait(request, found, "desk:proconnect_unknown")
    if not person.is_active:
        messages.error(request, CLOSED)
        return redirect("desk:sign_in")
    return door.enter(request, person, Means.PROCONNECT, after, strong=found.strong)


def _invited(request: Request, found: Identity) -> Person | None:
    """Whose invitation was sent to this address, when ProConnect verified it and the account was never opened."""
    person = queries.by_email(found.email) if found.verified and found.email else None
    if person is None or person.is_open or not person.is_active or not letters.was_invited(person):
        return None
    accounts.link_identity(found.sub, actor=person, at=request.at)
    messages.success(request, "Votre compte est ouvert, par ProConnect. Bienvenue !")
    return person


def _wait(request: Request, found: Identity, page: str) -> HttpResponse:
    """The identity waits in the session until the person proves which account is hers."""
    request.session[WAITING] = {"sub": found.sub, "email": found.email, "until": time.time() + WAITING_LASTS}
    return redirect(page)


def _waiting(request: Request) -> dict[str, Any] | None:
    found: dict[str, Any] | None = request.session.get(WAITING)
    return found if found and found["until"] > time.time() else None


@never_cache
@reads(may=anyone, public=True)
def unknown(request: Request) -> HttpResponse:
    waiting = _waiting(request)
    if waiting is None:
        return redirect("desk:sign_in")
    return show(request, "desk/proconnect_unknown.html", email=waiting["email"])


@never_cache
@door.before_second_factor
@writes(may=signed_in)
@door.fresh
def link(request: Request) -> HttpResponse:
    """Asks, then ties to the account the identity that came back from ProConnect."""
    waiting = _waiting(request)
    if waiting is None:
        return redirect("desk:account")
    if request.method == "POST":
        request.session.pop(WAITING)
        try:
            accounts.link_identity(waiting["sub"], actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            messages.success(request, "Votre compte est relié à ProConnect.")
        return redirect("desk:account")
    return show(request, "desk/link_proconnect.html", email=waiting["email"])


@never_cache
@writes(may=signed_in)
@door.fresh
def unlink(request: Request) -> HttpResponse:
    if request.method == "POST":
        try:
            accounts.unlink_identity(actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            messages.success(request, "Votre compte n'est plus relié à ProConnect.")
        return redirect("desk:account")
    return show(request, "desk/unlink_proconnect.html")


def way_out(request: Request) -> str:
    """Where to end the session at ProConnect too; "" when it was not opened there, or when it is silent."""
    id_token = request.session.get(ID_TOKEN, "")
    if not id_token or not offered():
        return ""
    try:
        return _service().leave_for_good(id_token, _address(request, "public:home"))
    except NotVouched as refusal:
        log.warning("ProConnect: %s", refusal.detail)
        return ""
