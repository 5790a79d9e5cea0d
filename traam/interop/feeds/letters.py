"""The issues of a letter ÉduNum, for who follows it without giving an address."""

from django.conf import settings
from django.http.response import HttpResponseBase

from traam.design.pages import Request, anyone, reads
from traam.engines.newsletters import Issue
from traam.engines.syndication import Entry, Feed, atom
from traam.interop.api.things import site
from traam.interop.feeds.atoms import MEDIA, SIZE
from traam.interop.machines import given, machine
from traam.programme.catalogue.records import domain
from traam.programme.subscriptions import addresses, queries
from traam.programme.subscriptions.models import Newsletter, PublishedIssue


def _entry(published: PublishedIssue) -> Entry:
    issue = Issue.known(published.content)
    titles = [piece.title for piece in issue.pieces if piece.title]
    return Entry(
        id=f"tag:{domain()},2026:lettres/{published.newsletter.slug}/{published.number}",
        title=f"n° {published.number} : {published.title}",
        summary="\n".join(filter(None, (issue.introduction, *titles))),
        url=addresses.issue(published),
        updated=published.published_at,
        published=published.published_at.date(),
        author="",
    )


@machine
@reads(find=queries.newsletter, may=anyone, public=True)
def letter(request: Request, newsletter: Newsletter) -> HttpResponseBase:
    feed = Feed(
        id=f"tag:{domain()},2026:flux/lettre/{newsletter.slug}",
        title=newsletter.title,
        subtitle=newsletter.about,
        url=f"{settings.SITE_ADDRESS}{request.path}",
        page=site("public:letter", newsletter.slug),
        author="Travaux académiques mutualisés (TraAM)",
        updated=newsletter.changed_at,
    )
    return given(request, atom(feed, map(_entry, queries.issues(newsletter, SIZE))), media=MEDIA, seconds=300)
