"""What holds for every page of a person: the role she acts under, the second factor her role demands."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from traam.programme.people import factors, policies
from traam.programme.people.models import Person
from traam.spaces.desk import door


class AccountsMiddleware:
    """Says under which appointment the person acts; leads to a second factor whoever needs one and gave none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = request.user
        request.user = SimpleLazyObject(lambda: _acting(request, found))  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, arguments: Any) -> HttpResponseBase | None:
        policy = getattr(view, "policy", None)
        if not settings.SECOND_FACTOR or getattr(policy, "public", False) or hasattr(view, "before_second_factor"):
            return None
        person = request.user
        if not isinstance(person, Person) or request.session.get(door.SECOND):
            return None
        if not policies.needs_second_factor(person, timezone.localtime()):
            return None
        page = "desk:confirm" if factors.protects(person) else "desk:protect"
        return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")


def _acting(request: HttpRequest, found: Any) -> Any:
    if found.is_authenticated:
        found.acting = door.acting_of(request)
    return found
