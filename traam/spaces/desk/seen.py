"""When the national team saw the site as this person, and why: nobody's view is borrowed without her knowing."""

from django.http import HttpResponse

from traam.design.forms import show
from traam.design.pages import Request, reads, signed_in
from traam.programme.people.seeing import seen_as


@reads(may=signed_in)
def seen_as_me(request: Request) -> HttpResponse:
    return show(request, "desk/seen_as_me.html", entries=seen_as(request.user))
