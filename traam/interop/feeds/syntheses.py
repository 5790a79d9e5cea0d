"""The national syntheses, for who follows what is learnt."""

from django.conf import settings
from django.http.response import HttpResponseBase

from traam.design.pages import Request, anyone, reads
from traam.engines.syndication import Entry, Feed, atom
from traam.interop.api.things import site
from traam.interop.feeds.atoms import AUTHOR, BEFORE_ALL, MEDIA, SIZE
from traam.interop.machines import given, machine
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.catalogue.records import domain
from traam.programme.catalogue.syntheses import queries, records


def _entry(public: PublicSynthesis) -> Entry:
    told = records.as_notice(public)
    return Entry(
        id=told.identifier,
        title=told.title,
        summary=told.summary,
        url=told.url,
        updated=public.changed_at,
        published=public.published_on,
        author="",
        categories=tuple((one.code, one.label) for one in records.disciplines(public)),
        licence=told.licence_url or "",
    )


@machine
@reads(may=anyone, public=True)
def syntheses(request: Request) -> HttpResponseBase:
    feed = Feed(
        id=f"tag:{domain()},2026:flux/syntheses",
        title="TraAM : synthèses nationales",
        url=f"{settings.SITE_ADDRESS}{request.path}",
        page=site("public:syntheses"),
        author=AUTHOR,
        updated=BEFORE_ALL,
    )
    return given(request, atom(feed, map(_entry, queries.latest(SIZE))), media=MEDIA, seconds=300)
