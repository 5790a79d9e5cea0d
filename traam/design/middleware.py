"""Turns what a page or an action refuses into the page that says so."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from traam.design import handlers
from traam.engines.workflow import Missing, Refused


class RefusalsMiddleware:
    """`Refused` → 403 with its sentence; `Missing` → 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return handlers.refused(request, exception.verdict)
        if isinstance(exception, Missing):
            return handlers.missing(request, exception)
        return None
