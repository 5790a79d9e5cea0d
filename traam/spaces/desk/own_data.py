"""What the platform knows of whoever is signed in: what she did, all that it holds, and how to be forgotten."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from traam.design.forms import show
from traam.design.pages import Request, reads, signed_in
from traam.programme.journal import queries, wording
from traam.programme.journal.queries import Asked

PER_PAGE = 50


@never_cache
@reads(may=signed_in)
def activity(request: Request) -> HttpResponse:
    """Her acts, and what was done to her account."""
    before = request.GET.get("avant", "")
    asked = Asked(people=[request.user.pk])
    found = queries.read(asked, int(before) if before.isdecimal() and len(before) < 18 else None, PER_PAGE)
    told = [(entry, wording.said(entry.verb, entry.object_type)) for entry in found.entries]
    return show(request, "desk/activity.html", told=told, older=found.older, recent=not before)
