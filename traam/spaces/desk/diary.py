"""One's own calendar: its secret addresses, and the file that diaries fetch there.

The address is here, not among the machines of `interop`: those publish what everybody may read and cannot import a
draft, whereas this one is read from the groups themselves, for the one person who holds the secret.
"""

from datetime import timedelta
from hashlib import sha256
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from traam.design.forms import show
from traam.design.pages import Request, anyone, reads, signed_in, writes
from traam.engines.calendars import calendar as written
from traam.engines.workflow import Invalid
from traam.programme.groups.queries import diary
from traam.programme.groups.queries.meetings import my_actions
from traam.programme.people import actions, policies, queries
from traam.programme.people.models import CalendarKey, Person

COME_BACK = timedelta(hours=4)
SHOWN = 20


@never_cache
@sensitive_variables("token", "address")
@writes(may=signed_in)
def calendar(request: Request) -> HttpResponse:
    """The next dates, and the addresses that give them to a diary. A new one is shown once, in this answer only."""
    address = ""
    if request.method == "POST":
        try:
            token = actions.make_calendar_key(actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            address = settings.SITE_ADDRESS + reverse("desk:calendar_feed", args=[token])
    today = request.at.date()
    coming = [event for event in diary.diary(request.user, request.at) if f"{event.begins:%Y%m%d}" >= f"{today:%Y%m%d}"]
    context = {
        "address": address,
        "keys": queries.calendar_keys(request.user),
        "coming": [event for event in coming if not event.cancelled][:SHOWN],
        "actions": my_actions(request.user)[:SHOWN],
        "today": today,
    }
    return render(request, "desk/calendar.html", context)


@writes(find=queries.calendar_key, may=policies.may_revoke)
def revoke(request: Request, key: CalendarKey) -> HttpResponse:
    if request.method == "POST":
        actions.revoke_calendar_key(key, actor=request.user, at=request.at)
        messages.success(request, "Adresse révoquée : elle ne répond plus. Retirez-la de votre agenda.")
        return redirect("desk:calendar")
    return show(
        request,
        "desk/revoke.html",
        key=key,
        trail=[("Mon bureau", reverse("desk:dashboard")), ("Mon calendrier", reverse("desk:calendar"))],
    )


@reads(find=queries.calendar_owner, may=anyone, public=True, keep=False)
def feed(request: Request, owner: Person) -> HttpResponse:
    """The calendar of who holds this address. Unknown and revoked addresses are alike: 404."""
    body = written("TraAM, mon calendrier", diary.diary(owner, request.at), refresh=COME_BACK)
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="traam.ics"'
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    answer["ETag"] = etag
    return cast("HttpResponse", get_conditional_response(request, etag=etag, response=answer))
