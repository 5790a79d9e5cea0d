"""Counts the readings of public pages, drawn anew or given again as they were, without telling readers apart."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from traam.programme.catalogue.readings import counting

_READ = frozenset({200, 304})


class ReadingsMiddleware:
    """Outside of what keeps pages: a page given again is read as much as a page drawn."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "GET" and response.status_code in _READ and _somebody(request):
            counting.note(request.path, timezone.localdate())
        return response


def _somebody(request: HttpRequest) -> bool:
    """Not a part of a page refreshed by itself, nor a robot."""
    return "HTTP_HX_REQUEST" not in request.META and not counting.is_robot(request.META.get("HTTP_USER_AGENT", ""))
