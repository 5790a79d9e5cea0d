"""Whom to contact in each academy, those that have not said it first."""

from django.http import HttpResponse

from traam import reference
from traam.design.forms import show
from traam.design.pages import Request, reads
from traam.programme.people.models import Role
from traam.programme.people.policies import is_national
from traam.programme.people.queries import by_academy, contacts


@reads(may=is_national)
def contacts_of_academies(request: Request) -> HttpResponse:
    known, dans = contacts(), by_academy(Role.DAN, request.at)
    current = sorted((a for a in reference.academies().values() if a.current), key=lambda academy: academy.slug)
    return show(
        request,
        "steering/contacts.html",
        missing=[(academy, dans.get(academy.code, [])) for academy in current if academy.code not in known],
        known=[(academy, known[academy.code]) for academy in current if academy.code in known],
    )
