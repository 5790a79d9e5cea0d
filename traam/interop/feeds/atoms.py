"""The feeds: each a title, a page for people, and its notices."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from traam import reference
from traam.design.pages import Request, anyone, reads
from traam.engines.syndication import Entry, Feed, atom
from traam.engines.workflow import Missing
from traam.interop.api.things import site
from traam.interop.machines import given, machine
from traam.programme.catalogue import index, listing, queries
from traam.programme.catalogue.listing import Wanted
from traam.programme.catalogue.models import Notice, PublicTheme
from traam.programme.catalogue.records import domain, identifier
from traam.programme.people.queries import academy as find_academy

SIZE = 50
MEDIA = "application/atom+xml; charset=utf-8"
AUTHOR = "Travaux académiques mutualisés (TraAM)"
BEFORE_ALL = datetime(2006, 1, 1, tzinfo=UTC)  # of a feed without any entry
_MOST_CHOSEN = 50  # values of a facet


def _entry(notice: Notice) -> Entry:
    licence = notice.licence_known
    disciplines = tuple((code, reference.disciplines()[code].label) for code in notice.disciplines)
    levels = tuple((code, reference.levels()[code].label) for code in notice.levels)
    return Entry(
        id=identifier(notice),
        title=notice.title,
        summary=notice.summary,
        url=site("public:notice", notice.pk),
        updated=notice.datestamp,
        published=notice.published_on,
        author=notice.authors or ", ".join(academy.name for academy in notice.academy_list),
        categories=disciplines + levels,
        licence=licence.url if licence else "",
    )


def _given(request: Request, name: str, title: str, page: str, notices: Iterable[Notice]) -> HttpResponseBase:
    """`name` tells the feed from the others for ever, whatever its address becomes."""
    feed = Feed(
        id=f"tag:{domain()},2026:flux/{name}",
        title=f"TraAM : {title}",
        url=f"{settings.SITE_ADDRESS}{request.get_full_path()}",
        page=page,
        author=AUTHOR,
        updated=BEFORE_ALL,
    )
    # No date of change: what leaves a feed does not show in it, and only the ETag can tell.
    return given(request, atom(feed, map(_entry, notices)), media=MEDIA, seconds=300)


@machine
@reads(may=anyone, public=True)
def everything(request: Request) -> HttpResponseBase:
    rows = listing.latest(Wanted(), SIZE)
    return _given(request, "notices", "toutes les notices", site("public:home"), rows)


@machine
@reads(find=queries.theme, may=anyone, public=True)
def theme(request: Request, theme: PublicTheme) -> HttpResponseBase:
    rows = listing.latest(Wanted(themes=[theme.pk]), SIZE)
    return _given(request, f"theme/{theme.pk}", theme.title, site("public:theme", theme.pk), rows)


@machine
@reads(find=find_academy, may=anyone, public=True)
def academy(request: Request, academy: reference.Academy) -> HttpResponseBase:
    rows = listing.latest(Wanted(academies=[academy.code]), SIZE)
    return _given(request, f"academie/{academy.slug}", academy.name, site("public:academy", academy.slug), rows)


def _discipline(code: str) -> reference.Discipline:
    found = reference.disciplines().get(code)
    if found is None:
        raise Missing("Aucune discipline n'a ce code : la page /flux/ donne tous les flux.")
    return found


@machine
@reads(find=_discipline, may=anyone, public=True)
def discipline(request: Request, discipline: reference.Discipline) -> HttpResponseBase:
    rows = listing.latest(Wanted(disciplines=[discipline.code]), SIZE)
    page = f"{site('public:search')}?discipline={discipline.code}"
    return _given(request, f"discipline/{discipline.code}", discipline.label, page, rows)


@machine
@reads(may=anyone, public=True)
def search(request: Request) -> HttpResponseBase:
    """The same address as the search, under another name: its results, the latest first."""
    text, chosen, asked = _asked(request.GET)
    found = queries.find(text, chosen, sort="date")
    title = f"recherche « {found.text} »" if found.text else "recherche"
    page = f"{site('public:search')}{'?' if asked else ''}{asked}"
    return _given(request, f"recherche?{asked}", title, page, [hit.notice for hit in found.hits])


def _asked(parameters: QueryDict) -> tuple[str, dict[str, list[str]], str]:
    """The text, the facets, and both as an address writes them: in one order, without what means nothing."""
    text = parameters.get("q", "").replace("\x00", "").strip()
    chosen = {name: sorted(parameters.getlist(name)[:_MOST_CHOSEN]) for name in index.VISIBLE_FACETS}
    kept = QueryDict(mutable=True)
    if text:
        kept["q"] = text
    for name, values in chosen.items():
        if values:
            kept.setlist(name, values)
    return text, chosen, kept.urlencode()


@reads(may=anyone, public=True)
def page(request: Request) -> HttpResponse:
    """The feeds, for people."""
    context = {
        "all": reverse("interop:feed"),
        "disciplines": [
            (one.label, reverse("interop:feed_discipline", args=[code]))
            for code, one in reference.disciplines().items()
        ],
        "academies": [
            (one.name, reverse("interop:feed_academy", args=[one.slug]))
            for one in reference.academies().values()
            if one.current
        ],
    }
    return render(request, "interop/feeds.html", context)
