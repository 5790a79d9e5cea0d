"""The reference of a request: what a person reads on a page of error, what the logs say, what the answer gives back.

It is the `X-Request-ID` of the request when a proxy gave one that is well formed, else it is drawn. First in
`MIDDLEWARE`, so that everything that answers has one.
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from secrets import token_hex

from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_current: ContextVar[str] = ContextVar("reference", default="")


def current() -> str:
    """The reference of the request that is being answered; "" out of any."""
    return _current.get()


def route(request: HttpRequest) -> str:
    """The address as the site declares it (« academie/<slug:academy> »): it names nobody and holds no secret."""
    match = getattr(request, "resolver_match", None)
    return str(match.route) if match else ""


class ReferenceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        reference = given if WELL_FORMED.fullmatch(given) else token_hex(8)
        token = _current.set(reference)
        try:
            response = self.get_response(request)
            response[HEADER] = reference
            request.META["traam.route"] = route(request)  # for the line that the server writes afterwards
            request.META["traam.reference"] = reference
            return response
        finally:
            _current.reset(token)
