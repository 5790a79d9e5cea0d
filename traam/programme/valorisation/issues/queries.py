from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count

from traam.engines import newsletters
from traam.engines.newsletters import Links, Piece
from traam.engines.workflow import Missing
from traam.programme.catalogue import queries as catalogue
from traam.programme.catalogue.models import Notice, PublicSynthesis, PublicTheme
from traam.programme.catalogue.syntheses import queries as public_syntheses
from traam.programme.subscriptions import addresses
from traam.programme.subscriptions import queries as subscriptions
from traam.programme.subscriptions.models import Newsletter, Sending
from traam.programme.subscriptions.states import SENDING
from traam.programme.valorisation.issues.models import Block, Issue
from traam.programme.valorisation.issues.states import ISSUE

MOST_FOUND = 30


@dataclass(frozen=True)
class Line:
    """An issue in the list, with its sending once it left."""

    issue: Issue
    sending: Sending | None

    @property
    def state(self) -> str:
        """The state people speak of: that of the sending, once there is one."""
        return self.sending.state if self.sending else self.issue.state

    @property
    def label(self) -> str:
        return (SENDING if self.sending else ISSUE).states[self.state]


def issue(pk: int) -> Issue:
    try:
        return Issue.objects.select_related("newsletter", "published").get(pk=pk)
    except Issue.DoesNotExist:
        raise Missing("Ce numéro n'existe pas.") from None


def blocks(issue: Issue) -> list[Block]:
    return list(issue.blocks.order_by("place", "pk"))


def block(pk: int) -> Block:
    try:
        return Block.objects.select_related("issue__newsletter").get(pk=pk)
    except Block.DoesNotExist:
        raise Missing("Cet élément n'est plus dans le numéro.") from None


def lines(newsletter: Newsletter | None = None, limit: int = 100) -> list[Line]:
    """What is in preparation first, then what left, the latest first: two queries."""
    rows = Issue.objects.select_related("newsletter", "published").annotate(size=Count("blocks"))
    if newsletter:
        rows = rows.filter(newsletter=newsletter)
    found = list(rows.order_by("-changed_at")[:limit])
    sent = subscriptions.sendings([one.published_id for one in found if one.published_id])
    told = [Line(one, sent.get(one.published_id or 0)) for one in found]
    return sorted(told, key=lambda line: line.sending is not None)


def line(issue: Issue) -> Line:
    sent = subscriptions.sendings([issue.published_id]) if issue.published_id else {}
    return Line(issue, sent.get(issue.published_id or 0))


def composed(issue: Issue, blocks: Sequence[Block], *, number: int, day: date) -> newsletters.Issue:
    """What is rendered: on the page of preview, in the trial, and when it leaves."""
    pieces = (Piece(one.kind, one.title, one.details, one.text, one.address, one.label) for one in blocks)
    return newsletters.Issue(issue.newsletter.title, number, issue.title, day, issue.introduction, tuple(pieces))


def preview(issue: Issue, at: datetime) -> newsletters.Issue:
    """As it is now; as it left, once it did."""
    if issue.published:
        return newsletters.Issue.known(issue.published.content)
    return composed(issue, blocks(issue), number=0, day=at.date())


def links(issue: Issue, number: int) -> Links:
    """With the places where the addresses of each reader go."""
    site = settings.SITE_ADDRESS.partition("://")[2]
    return Links(addresses.issue_of(issue.newsletter, number), addresses.STOP, addresses.CHOICES, site)


def find_notices(text: str, discipline: str = "") -> list[Notice]:
    """Notices to pick from: those of a search, or the latest."""
    chosen = {"discipline": [discipline]} if discipline else {}
    found = catalogue.find(text, chosen, sort="pertinence" if text else "date")
    return [hit.notice for hit in found.hits][:MOST_FOUND]


def find_themes(text: str) -> list[PublicTheme]:
    """Themes whose title or years hold every word, the latest first."""
    words = catalogue.plain(text).split()
    every = catalogue.themes()
    return [one for one in every if all(w in catalogue.plain(f"{one.title} {one.years}") for w in words)][:MOST_FOUND]


def themes_of(pks: Sequence[int]) -> list[PublicTheme]:
    """These themes, in the order given; those that are not there are left out."""
    known = {one.pk: one for one in catalogue.themes()}
    return [known[pk] for pk in pks if pk in known]


def find_syntheses(text: str) -> list[PublicSynthesis]:
    """Syntheses on line whose title holds every word, the latest first."""
    words = catalogue.plain(text).split()
    every = public_syntheses.published()
    return [one for one in every if all(word in catalogue.plain(one.title) for word in words)][:MOST_FOUND]


def syntheses_of(pks: Sequence[int]) -> list[PublicSynthesis]:
    known = {one.pk: one for one in public_syntheses.published()}
    return [known[pk] for pk in pks if pk in known]
