"""What is said of a work on social accounts, by people: a title, a pitch, an address, a card and its alternative."""

import re
from dataclasses import dataclass

from django.conf import settings

from traam.engines.cards import Card
from traam.engines.newsletters import LIMITS, Announcement, Issue, short
from traam.engines.workflow import Missing
from traam.programme.catalogue import posters
from traam.programme.catalogue import queries as catalogue
from traam.programme.catalogue.models import Notice, PublicSynthesis
from traam.programme.catalogue.syntheses import queries as syntheses
from traam.programme.subscriptions import addresses
from traam.programme.subscriptions import queries as subscriptions
from traam.programme.subscriptions.models import PublishedIssue
from traam.programme.valorisation.issues import drafting

TAGS = ("#TraAM", "#ÉduNum")
KINDS = ("notices", "syntheses", "numeros")
_TOLD_TITLES = 3
_GREETING = re.compile(r"\A\s*(?:bonjour|madame|monsieur)[^\n]{0,40}\n\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """`lines` are those of the card; `alternative` says what it shows."""

    name: str
    title: str
    pitch: str
    address: str
    lines: tuple[str, ...]
    alternative: str

    def texts(self) -> list[tuple[int, str]]:
        """Each limit with its text."""
        told = Announcement(self.title, self.pitch, self.address, TAGS)
        return [(most, short(told, most)) for most in LIMITS]

    def card(self, site: str) -> Card:
        return Card(site, self.title, self.lines, self.address.partition("://")[2])


def lately(limit: int = 5) -> list[tuple[str, int, str]]:
    """What became public lately: kind, number, title."""
    notices = [("notices", one.pk, one.title) for one in catalogue.latest(limit)]
    return [*(("syntheses", one.pk, one.title) for one in syntheses.published()[:limit]), *notices]


def told(kind: str, pk: int) -> Told:
    """Something that everybody may read, to be announced."""
    match kind:
        case "notices":
            return _of_notice(catalogue.notice(pk))
        case "syntheses":
            return _of_synthesis(syntheses.public_synthesis(pk))
        case "numeros":
            return _of_issue(subscriptions.published_issue(pk))
    raise Missing("On annonce une notice, une synthèse ou un numéro de lettre.")


def _of_notice(notice: Notice) -> Told:
    if notice.state == Notice.State.WITHDRAWN:
        raise Missing("Cette notice a été retirée : elle ne s'annonce plus.")
    address = f"{settings.SITE_ADDRESS}/notices/{notice.pk}"
    poster = posters.of_notice(notice, address=address)
    card = posters.card(poster, "")
    return Told(f"notice-{notice.pk}", notice.title, notice.summary, address, card.lines, posters.told(poster))


def _of_synthesis(public: PublicSynthesis) -> Told:
    if public.state == PublicSynthesis.State.WITHDRAWN:
        raise Missing("Cette synthèse a été retirée : elle ne s'annonce plus.")
    drafted = drafting.of_synthesis(public)
    lines = tuple(filter(None, ("Synthèse nationale", drafted.details)))
    alternative = f"Carte de la synthèse nationale « {public.title} ». {drafted.details}".strip()
    return Told(f"synthese-{public.pk}", public.title, drafted.text, drafted.address, lines, alternative)


def _of_issue(published: PublishedIssue) -> Told:
    issue = Issue.known(published.content)
    titles = tuple(piece.title for piece in issue.pieces if piece.title)[:_TOLD_TITLES]
    title = f"{issue.letter} n° {issue.number} : {issue.title}"
    alternative = f"Carte du numéro {issue.number} de la lettre {issue.letter}, « {issue.title} »"
    alternative += f". Au sommaire : {' ; '.join(titles)}." if titles else "."
    name = f"{published.newsletter.slug}-{published.number}"
    pitch = _GREETING.sub("", issue.introduction) or " ; ".join(titles)
    return Told(name, title, pitch, addresses.issue(published), titles, alternative)
