"""Walking through the catalogue by theme and by academy."""

from collections import Counter
from itertools import groupby

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from traam import reference
from traam.design.pages import Request, anyone, reads
from traam.engines import tilemap
from traam.programme.catalogue import bilans, browsing, past_results, queries
from traam.programme.catalogue.browsing import YearWork
from traam.programme.catalogue.models import PublicTheme
from traam.programme.catalogue.posters import named
from traam.programme.catalogue.syntheses import queries as syntheses
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
    notices, reports = queries.notices_of_theme(theme), bilans.of_theme(theme)
    written = Counter(code for notice in notices for code in notice.academies)
    bilan_of = {one.academy: one for one in reports}
    academies = sorted(theme.academy_list, key=lambda academy: queries.plain(academy.name))
    context = {
        "theme": theme,
        "years": browsing.school_years(theme.years),
        "notices": notices,
        "results": past_results.of_theme(theme),
        "minutes": queries.minutes_of_theme(theme),
        "syntheses": syntheses.of_theme(theme),
        "groups": [(academy, written[academy.code], bilan_of.get(academy.code)) for academy in academies],
        "board": tilemap.board(_on_board(theme, written), "notice"),
        "sources": wording.addresses(theme.source_url),
        "state": wording.CALL_STATES[theme.call.state] if theme.call else None,
    }
    return render(request, "public/theme.html", context)


def _on_board(theme: PublicTheme, written: Counter[str]) -> dict[str, int]:
    """The academies of a theme as they are today, with their notices of this theme."""
    counts: Counter[str] = Counter()
    for academy in theme.academy_list:
        counts[academy.successor or academy.code] += written[academy.code]
    return dict(counts)


@reads(may=anyone, public=True)
def years(request: Request) -> HttpResponse:
    return render(request, "public/years.html", {"years": browsing.years()})


@reads(find=browsing.year, may=anyone, public=True)
def year(request: Request, work: YearWork) -> HttpResponse:
    known = reference.academies()
    named_counts = sorted(work.academies.items(), key=lambda pair: (-pair[1], queries.plain(known[pair[0]].name)))
    context = {
        "work": work,
        "results": past_results.of_year(work.label),
        "academies": [(known[code], count) for code, count in named_counts],
        "board": tilemap.board(work.academies, "thème"),
        "in_the_search": address("", {"annee": work.labels}),
    }
    return render(request, "public/year.html", context)


def _by_region(academy: Academy) -> tuple[bool, str, str]:
    """The collectivities last; Île-de-France at i."""
    return academy.kind == "collectivite", queries.plain(academy.region), queries.plain(academy.name)


@reads(may=anyone, public=True)
def academies(request: Request) -> HttpResponseBase:
    """Every academy; `?aller=lyon` leads to one, from the choice on the home page, without scripts."""
    asked = request.GET.get("aller", "")
    if asked in {academy.slug for academy in reference.academies().values()}:
        return redirect("public:academy", asked)
    counts = queries.by_academy()
    every = sorted(reference.academies().values(), key=_by_region)
    current = [academy for academy in every if academy.current]
    context = {
        "regions": [(region, list(group)) for region, group in groupby(current, key=lambda a: a.region)],
        "former": [(a, reference.academies()[a.successor]) for a in every if not a.current],
        "counts": counts,
        "board": tilemap.board({a.code: counts[a.code] for a in current if counts.get(a.code)}, "notice"),
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
        "poles": [
            (pole, address("", {"academie": [academy.code], "discipline": [pole.code]}))
            for pole in browsing.poles(worked, found.facets["discipline"])
        ],
        "years": browsing.years_of(worked),
        "in_the_search": address("", {"academie": [academy.code]}),
    }
    return render(request, "public/academy.html", context)
