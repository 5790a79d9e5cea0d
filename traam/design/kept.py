"""What was typed when the session ended: it waits in the new session, and comes back once signed in.

A page with a long form is decorated by `@keeping` (above `@writes`); its form carries `seal(request)` in a hidden field
of that name. The page shows `given_back(request)` when it is opened again, and calls `forget` once the text is stored.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponseBase, QueryDict

SIGNER = TimestampSigner(salt="traam.design.kept")
PAGE_LIFE = 7 * 24 * 3600  # seconds after which a page left open is too old to be kept without an account
LARGEST = 400_000  # characters


def keeping(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Keep a text sent after the session ended, then ask to sign in.

    Only from a page this site gave to somebody: nobody else can fill the session of a passer-by.
    """

    @wraps(view)
    def page(request: HttpRequest, **address: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, **address)
        owner = _owner(request.POST.get("seal", ""), request.path)
        if owner and sum(len(value) for _, values in request.POST.lists() for value in values) <= LARGEST:
            request.session[_slot(request)] = {"person": owner, "data": request.POST.urlencode()}
        return redirect_to_login(request.get_full_path())

    page.keeps = True  # type: ignore[attr-defined]
    return login_not_required(page)


def rescue(request: HttpRequest) -> bool:
    """Keep in the session, at once, what was sent to a page of the site that broke: it comes back when that page is
    opened again. False when the page keeps nothing, or when the session cannot be written."""
    match = getattr(request, "resolver_match", None)
    if match is None or not getattr(match.func, "keeps", False) or not request.user.is_authenticated:
        return False
    request.session[_slot(request)] = {"person": request.user.pk, "data": request.POST.urlencode()}
    request.session.save()
    return True


def seal(request: HttpRequest) -> str:
    """The page and whose it is, signed."""
    return SIGNER.sign(f"{request.user.pk}:{request.path}")


def _owner(sealed: str, path: str) -> int:
    """Whose page this is; 0 when it is nobody's, another page's, or too old."""
    try:
        person, _, sealed_path = SIGNER.unsign(sealed, max_age=PAGE_LIFE).partition(":")
    except BadSignature:
        return 0
    return int(person) if sealed_path == path else 0


def _slot(request: HttpRequest) -> str:
    return f"kept:{request.path}"


def given_back(request: HttpRequest) -> QueryDict | None:
    """What waited for this person on this page, None when nothing does."""
    kept = request.session.get(_slot(request))
    return QueryDict(kept["data"]) if kept and kept["person"] == request.user.pk else None


def forget(request: HttpRequest, path: str = "") -> None:
    """The text is stored: nothing waits any more on this page (or on the page of this path)."""
    request.session.pop(f"kept:{path or request.path}", None)
