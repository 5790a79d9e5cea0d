"""Walking through the catalogue by theme and by academy."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render

from traam import reference
from traam.design.pages import Request, anyone, reads
from traam.programme.catalogue import bilans, queries
from traam.programme.catalogue.models import PublicTheme
from traam.programme.catalogue.posters import named
from traam.programme.people.queries import academy as find_academy
from traam.programme.people.queries import contacts
from traam.reference import Academy
from traam.spaces.public import wording
from traam.spaces.public.views.searching import address


@reads(may=anyone, public=True)
def themes(request: Request) -> HttpResponse:
    every = queries.themes()
    known = {code for theme in every for code in theme.disciplines}
    wanted = request.GET.get("discipline", "")
    wanted = wanted if wanted in known else ""
    shown = [theme for theme in every if not wanted or wanted in theme.disciplines]
    context = {
        "total": len(shown),
        "years": [(years, list(group)) for years, group in groupby(shown, key=lambda theme: theme.years)],
        "disciplines": [d for code, d in reference.disciplines().items() if code in known],
        "wanted": wanted,
    }
    return render(request, "public/themes.html", context)


@reads(find=queries.theme, may=anyone, public=True)
def theme(request: Request, theme: PublicTheme) -> HttpResponse:
    context = {
        "theme": theme,
        "notices": queries.notices_of_theme(theme),
        "minutes": queries.minutes_of_theme(theme),
        "bilans": bilans.of_theme(theme),
        "sources": wording.addresses(theme.source_url),
        "state": wording.CALL_STATES[theme.call.state] if theme.call else None,
    }
    return render(request, "public/theme.html", context)


def _by_region(academy: Academy) -> tuple[bool, str, str]:
    """The collectivities last; Île-de-France at i."""
    return academy.kind == "collectivite", queries.plain(academy.region), queries.plain(academy.name)


@reads(may=anyone, public=True)
def academies(request: Request) -> HttpResponse:
    every = sorted(reference.academies().values(), key=_by_region)
    current = [academy for academy in every if academy.current]
    context = {
        "regions": [(region, list(group)) for region, group in groupby(current, key=lambda a: a.region)],
        "former": [(a, reference.academies()[a.successor]) for a in every if not a.current],
        "counts": queries.by_academy(),
    }
    return render(request, "public/academies.html", context)


@reads(find=find_academy, may=anyone, public=True)
def academy(request: Request, academy: Academy) -> HttpResponse:
    found, worked = queries.of_academy(academy)
    former = [a for a in reference.academies().values() if a.successor == academy.code]
    context = {
        "academy": academy,
        "of_academy": named(academy),
        "successor": reference.academies().get(academy.successor),
        "former": former,
        "bilans": bilans.of_academy({academy.code, *(a.code for a in former)}),
        "contact": contacts().get(academy.code),
        "found": found,
        "themes": worked,
        "in_the_search": address("", {"academie": [academy.code]}),
    }
    return render(request, "public/academy.html", context)
