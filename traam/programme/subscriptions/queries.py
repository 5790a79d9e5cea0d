from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now

from traam.engines.workflow import Missing
from traam.programme.subscriptions import addresses
from traam.programme.subscriptions.models import (
    Delivery,
    Newsletter,
    Post,
    PublishedIssue,
    Reader,
    Sending,
    SubscriptionRequest,
)

LASTS = timedelta(days=3)  # a letter of confirmation
Addressed = TypeVar("Addressed", Reader, SubscriptionRequest)
_NOT_KNOWN = (
    "Cette adresse ne confirme plus rien : elle a déjà servi, ou elle a plus de trois jours. Demandez une autre lettre "
    "de confirmation depuis la page des lettres."
)


@dataclass(frozen=True)
class Held:
    """What a secret address opens. `reader` is None once she left: the same address then says so."""

    reader: Reader | None
    newsletter: Newsletter | None = None

    @property
    def chosen(self) -> set[int]:
        return set(self.reader.subscriptions.values_list("newsletter_id", flat=True)) if self.reader else set()


def of_address(kind: type[Addressed], email: str) -> QuerySet[Addressed]:
    """The rows of an address, whatever its capitals; through the index."""
    rows: QuerySet[Addressed] = kind._default_manager.alias(low=Lower("email")).filter(low=email.lower())
    return rows


def newsletters() -> list[Newsletter]:
    """Every letter, thematic ones last, with its last issue (`latest`: its number, or None; `latest_on`)."""
    rows = Newsletter.objects.annotate(latest=Max("issues__number"), latest_on=Max("issues__published_at"))
    return sorted(rows, key=lambda one: (one.thematic, one.title.casefold()))


def open_newsletters() -> list[Newsletter]:
    return [one for one in newsletters() if one.opened]


def newsletter(slug: str) -> Newsletter:
    try:
        return Newsletter.objects.get(slug=slug)
    except Newsletter.DoesNotExist:
        raise Missing("Cette lettre n'existe pas. Toutes les lettres sont à l'adresse /lettres/.") from None


def issues(newsletter: Newsletter, limit: int | None = None) -> list[PublishedIssue]:
    """Without what leaves by mail, the latest first."""
    rows = newsletter.issues.defer("html", "text").select_related("newsletter").order_by("-number")
    return list(rows[:limit] if limit else rows)


def latest_issues(limit: int) -> list[PublishedIssue]:
    rows = PublishedIssue.objects.defer("html", "text").select_related("newsletter").order_by("-published_at", "-pk")
    return list(rows[:limit])


def issue(slug: str, number: int) -> PublishedIssue:
    try:
        return PublishedIssue.objects.select_related("newsletter").get(newsletter__slug=slug, number=number)
    except PublishedIssue.DoesNotExist:
        raise Missing(
            "Cette lettre n'a pas de numéro à cette adresse : ses archives donnent ceux qui ont paru."
        ) from None


def published_issue(pk: int) -> PublishedIssue:
    try:
        return PublishedIssue.objects.select_related("newsletter").get(pk=pk)
    except PublishedIssue.DoesNotExist:
        raise Missing("Ce numéro n'existe pas.") from None


def around(published: PublishedIssue) -> tuple[PublishedIssue | None, PublishedIssue | None]:
    """The issues before and after this one."""
    rows = published.newsletter.issues.defer("html", "text", "content").select_related("newsletter")
    before = rows.filter(number__lt=published.number).order_by("-number").first()
    return before, rows.filter(number__gt=published.number).order_by("number").first()


def request(token: str) -> SubscriptionRequest:
    """The request whose letter held this address."""
    pk, _, proof = token.partition(".")
    found = SubscriptionRequest.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
    if found is None or not addresses.proves(found, proof) or found.asked_at < now() - LASTS:
        raise Missing(_NOT_KNOWN)
    return found


def asked_for(request: SubscriptionRequest) -> list[Newsletter]:
    return list(Newsletter.objects.filter(pk__in=request.newsletters).order_by("title"))


def reader(token: str) -> Reader | None:
    """Whose letters hold this secret; the comparison takes as long whatever is given."""
    key, _, secret = token.partition(".")
    found = Reader.objects.filter(key=key).first()
    return found if constant_time_compare(found.secret if found else "-", secret) else None


def held(token: str) -> Held:
    return Held(reader(token))


def held_for(token: str, slug: str) -> Held:
    """The same, for one letter; a letter that is no more is None."""
    return Held(reader(token), Newsletter.objects.filter(slug=slug).first())


# --- For the bureau


def readers_of() -> Mapping[int, int]:
    """How many readers each letter reaches."""
    rows = Newsletter.objects.annotate(
        reached=Count("subscriptions", filter=Q(subscriptions__reader__suspended_at__isnull=True))
    )
    return dict(rows.values_list("pk", "reached"))


def reached(newsletter: Newsletter) -> int:
    return newsletter.subscriptions.filter(reader__suspended_at__isnull=True).count()


def suspended() -> tuple[int, datetime | None]:
    """How many readers nothing is sent to any more, and since when for the last one."""
    found = Reader.objects.filter(suspended_at__isnull=False).aggregate(many=Count("pk"), last=Max("suspended_at"))
    return found["many"], found["last"]


def sending(pk: int) -> Sending:
    try:
        return Sending.objects.select_related("issue__newsletter").get(pk=pk)
    except Sending.DoesNotExist:
        raise Missing("Cet envoi n'existe pas.") from None


def sendings(issues: Iterable[int]) -> dict[int, Sending]:
    """By number of published issue."""
    return {one.issue_id: one for one in Sending.objects.filter(issue__in=list(issues))}


@dataclass(frozen=True)
class Progress:
    """The deliveries of a sending, by state. `whole`: all of them are written."""

    counts: Mapping[str, int]
    whole: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """Those that nothing more will happen to by itself."""
        return self.total - sum(self.counts.get(state, 0) for state in (Post.WAITING, Post.SENDING))

    def rows(self) -> Sequence[tuple[str, str, int]]:
        """State, its French name, how many; only what there is, but for what waits and what left."""
        shown = {Post.WAITING, Post.SENT}
        return [
            (state, label, self.counts.get(state, 0))
            for state, label in Post.choices
            if state in shown or self.counts.get(state)
        ]


def progress(sending: Sending) -> Progress:
    if sending.counts:
        return Progress(sending.counts, True)
    rows = Delivery.objects.filter(sending=sending).values_list("state").annotate(Count("pk"))
    return Progress(dict(rows), sending.frozen)


def delivery(pk: int) -> Delivery:
    try:
        return Delivery.objects.select_related("reader", "sending__issue__newsletter").get(pk=pk)
    except Delivery.DoesNotExist:
        raise Missing("Ce message n'existe pas, ou plus.") from None


def in_state(sending: Sending, state: str, limit: int = 50) -> list[Delivery]:
    """The oldest first."""
    rows: QuerySet[Delivery] = sending.deliveries.filter(state=state).select_related("reader").order_by("pk")
    return list(rows[:limit])


def deliveries_waiting() -> int:
    """Messages of the sendings that are on their way, which have not left yet."""
    running = Sending.objects.exclude(state="done").values("pk")
    return Delivery.objects.filter(sending__in=running, state=Post.WAITING).count()


def troubled() -> list[Sending]:
    """The sendings that wait for somebody: stopped by the platform, or with messages in doubt."""
    in_doubt = Delivery.objects.filter(state=Post.UNSURE).values("sending")
    rows = Sending.objects.filter(Q(pk__in=in_doubt) | Q(state="paused") | ~Q(problem=""))
    return list(rows.select_related("issue__newsletter").order_by("-begun_at"))
