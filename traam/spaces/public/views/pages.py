"""The home page, and the pages that say what the site is."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from traam import editions, reference
from traam.design.pages import Request, anyone, reads
from traam.programme.catalogue import queries
from traam.programme.journal.register import register
from traam.spaces.public.declaration import declaration
from traam.spaces.public.views.calls import applications_due

LATEST = 4


@reads(may=anyone, public=True)
def home(request: Request) -> HttpResponse:
    context = {
        "calls": [(call, *applications_due(call)) for call in queries.open_calls()],
        "notices": queries.latest(LATEST),
        "counts": queries.counts(),
        "academies": [a for a in reference.academies().values() if a.current],
    }
    return render(request, "public/home.html", context)


@reads(may=anyone, public=True)
def accessibility(request: Request) -> HttpResponse:
    return render(request, "public/accessibility.html", {"told": declaration(), "contact": settings.CONTACT})


@reads(may=anyone, public=True)
def legal(request: Request) -> HttpResponse:
    return render(request, "public/legal.html")


@reads(may=anyone, public=True)
def privacy(request: Request) -> HttpResponse:
    return render(request, "public/privacy.html", {"register": register()})


@reads(may=anyone, public=True)
def site_map(request: Request) -> HttpResponse:
    context = {"books": list(editions.books().values()), "calls": queries.calls()}
    return render(request, "public/site_map.html", context)
