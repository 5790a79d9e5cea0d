"""« Voir comme » over the pages: the view of somebody is borrowed for a time, and nothing can be done there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from traam.design import handlers
from traam.engines.workflow import Verdict, refuse
from traam.programme.people import seeing
from traam.programme.people.models import Person
from traam.programme.people.seeing import Seeing

SLOT = "seeing"
QUIT, SIGN_OUT = "steering:stop_seeing", "desk:sign_out"
SPACES_SHOWN = frozenset({"public", "academy", "workshop", "review", "steering", "interop"})
PAGES_SHOWN = frozenset({"desk:dashboard"})
READ_ONLY = (
    "Vous voyez le site comme quelqu'un d'autre : c'est une lecture seule, rien n'a été enregistré. Quittez cette vue "
    "pour agir en votre nom."
)
PERSONAL = (
    "Cette page n'appartient qu'à la personne (compte, courriels, calendrier, données) : elle ne se voit pas à travers "
    "« Voir comme »."
)


@dataclass(frozen=True)
class Band:
    """What the band says on every page."""

    name: str
    until: datetime
    quit: str


def begin(request: HttpRequest, begun: Seeing) -> None:
    request.session[SLOT] = begun.stored()


class SeeingMiddleware:
    """Shows the site as the person, or the role, that the session borrows the view of.

    Last but one: whoever sits at the screen passed every control in her own name before (account, second factor).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SLOT in request.session and isinstance(request.user, Person):
            _borrow(request, request.user, Seeing.known(request.session[SLOT]))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, arguments: Any) -> HttpResponseBase | None:
        seen = getattr(request, "seen", None)
        if seen is None:
            return None
        assert request.resolver_match is not None  # noqa: S101 - Django calls this once the address is known
        page = request.resolver_match.view_name
        if page in {QUIT, SIGN_OUT} and request.method == "POST":
            stop(request)
            return None
        verdict = _shown(request, page)
        if not verdict:
            return handlers.refused(request, verdict)
        request.user = seen
        return None


def _borrow(request: HttpRequest, viewer: Person, borrowed: Seeing) -> None:
    """Prepare the view; end it when its time is over, or when it may no longer be."""
    now = timezone.localtime()
    seen = borrowed.as_person(now)
    allowed = seen and (
        seeing.may_see_as(viewer, seen, now) if borrowed.person else seeing.may_see_as_some(viewer, now)
    )
    if not allowed or now >= borrowed.until:
        _end(request, viewer, borrowed, min(now, borrowed.until))
        return
    assert seen is not None  # noqa: S101 - said by `allowed`
    request.seen = seen  # type: ignore[attr-defined]
    request.seeing = Band(seen.name, borrowed.until, reverse(QUIT))  # type: ignore[attr-defined]


def stop(request: HttpRequest) -> None:
    """End it by hand; the request goes on in the name of who sits at the screen."""
    _end(request, request.user, Seeing.known(request.session[SLOT]), timezone.localtime())  # type: ignore[arg-type]
    del request.seen, request.seeing  # type: ignore[attr-defined]


def _end(request: HttpRequest, viewer: Person, borrowed: Seeing, at: datetime) -> None:
    del request.session[SLOT]
    seeing.stop_seeing(borrowed, actor=viewer, at=at)


def _shown(request: HttpRequest, page: str) -> Verdict:
    if request.method not in {"GET", "HEAD"}:
        return refuse(READ_ONLY)
    space = page.partition(":")[0]
    return Verdict(True) if space in SPACES_SHOWN or page in PAGES_SHOWN else refuse(PERSONAL)
