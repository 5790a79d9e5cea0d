"""Long forms kept as they are typed, and found again when they are opened anew.

`form_around(…, typing=address, place="application:12")` loads `typing.js`, which posts the fields to that address
when the typing pauses. The page behind the address calls `receive`; where the text is stored is its business. The
page of the form calls `again` with what was stored, and drops it once the form is saved. A session that ended is
another matter: see `kept`, whose text comes first since it was sent last.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from traam.design import handlers, kept
from traam.design.pages import is_seen_by_another
from traam.design.typography import datetime_fr, hour_fr
from traam.engines.workflow import Invalid

LARGEST = 2_000_000  # bytes of a request, where a letter with an accent takes six
LONGEST_PLACE = 100
NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "seal"})
OURS = "typing-"  # the prefix of what the script adds to the fields
TOO_LONG = "le texte est trop long. Enregistrez-le."

Keep = Callable[[str, Mapping[str, list[str]]], datetime]
Drop = Callable[[str], None]


class Stored(Protocol):
    """What was typed and not saved, wherever it is stored."""

    @property
    def fields(self) -> Mapping[str, list[str]]: ...

    @property
    def typed_at(self) -> datetime: ...


@dataclass(frozen=True)
class Again:
    """A text found again. `at` is None when it was sent after the session ended."""

    data: QueryDict
    at: datetime | None = None

    @property
    def title(self) -> str:
        if self.at is None:
            return "Texte retrouvé, envoyé alors que votre session avait pris fin, et pas encore enregistré"
        return f"Texte retrouvé, tapé le {datetime_fr(self.at)} et pas encore enregistré"

    def fill(self, form: forms.BaseForm) -> None:
        """Show this text in the form: nothing was sent yet, so nothing is judged yet."""
        for name, each in form.fields.items():
            widget, key = each.widget, form.add_prefix(name)
            if isinstance(widget, forms.PasswordInput | forms.FileInput):
                continue
            if not widget.value_omitted_from_data(self.data, {}, key):
                form.initial[name] = widget.value_from_datadict(self.data, {}, key)


def again(request: HttpRequest, stored: Stored | None) -> Again | None:
    """The text to show in place of what is saved; None when none waits, or when the form is being sent."""
    if request.method == "POST" or is_seen_by_another(request):
        return None
    waiting = kept.given_back(request)
    if waiting is not None:
        return Again(waiting)
    if stored is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in stored.fields.items():
        data.setlist(name, values)
    return Again(data, stored.typed_at)


def receive(request: HttpRequest, *, keep: Keep, drop: Drop) -> HttpResponse:
    """Answer the script (JSON), or the button « Repartir de ce qui est enregistré » (back to its page).

    `keep(place, fields)` stores and answers when, or raises `Invalid`; `drop(place)` forgets.
    """
    if request.method != "POST":
        return handlers.wrong_method(request, ("POST",))
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return JsonResponse({"reason": TOO_LONG}, status=413)
    place = request.POST.get(f"{OURS}place", "").replace("\0", "")
    if not place or len(place) > LONGEST_PLACE:
        return JsonResponse({"reason": "cette page ne dit pas de quel formulaire il s'agit. Rechargez-la."}, status=400)
    if f"{OURS}drop" in request.POST:
        return _start_again(request, place, drop)
    try:
        at = keep(place, _fields(request.POST))
    except Invalid as refusal:
        sentence = str(refusal)
        return JsonResponse({"reason": sentence[:1].lower() + sentence[1:]}, status=413)
    return JsonResponse({"time": hour_fr(at)})


def _fields(sent: QueryDict) -> dict[str, list[str]]:
    return {
        name: [str(value) for value in values]
        for name, values in sent.lists()
        if name not in NEVER_KEPT and not name.startswith(OURS)
    }


def _start_again(request: HttpRequest, place: str, drop: Drop) -> HttpResponse:
    onward = request.POST.get(f"{OURS}next", "")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        onward = str(settings.LOGIN_REDIRECT_URL)
    drop(place)
    kept.forget(request, urlsplit(onward).path)
    return redirect(onward)
