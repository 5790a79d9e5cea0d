from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import IntegrityError, transaction

from traam import reference
from traam.engines.workflow import Invalid, Missing
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.subscriptions import policies, queries
from traam.programme.subscriptions.models import (
    Delivery,
    Newsletter,
    Post,
    PublishedIssue,
    Reader,
    Sending,
    Subscription,
    SubscriptionRequest,
)

MOST_IN_A_DAY = 3  # letters of confirmation for one address
KEPT = timedelta(days=30)  # deliveries of an issue, once it is sent; then their counts alone
KEPT_SUSPENDED = timedelta(days=90)  # an address that its server refuses
CONSENT = (
    "J'accepte de recevoir ces lettres à cette adresse, jusqu'à ce que je les arrête, d'un clic dans chacune d'elles."
)
_PAGE = 5_000


class SomeReader:
    """The actor of what a reader does: the journal never learns who she is."""

    pk: int | None = None
    label = "Un abonné"


# --- What a reader does, without an account


@transaction.atomic
def ask(email: str, newsletters: Collection[int], *, at: datetime) -> None:
    """Have the letter of confirmation sent. Nothing tells whether the address was known, or was written to already."""
    email = email.strip()
    known = set(Newsletter.objects.filter(pk__in=list(newsletters), opened=True).values_list("pk", flat=True))
    errors: dict[str, list[str]] = {}
    try:
        validate_email(email)
    except ValidationError:
        errors["email"] = ["Cette adresse n'est pas complète. Exemple : prenom.nom@exemple.fr."]
    if not newsletters or known != set(newsletters):
        errors["newsletters"] = ["Choisissez au moins une lettre dans la liste."]
    if errors:
        raise Invalid(errors)
    _request(email, sorted(known), at)


@transaction.atomic
def ask_choices(email: str, *, at: datetime) -> None:
    """Have the address of her choices sent again to a reader; nothing, silently, to anybody else."""
    reader = queries.of_address(Reader, email.strip()).first()
    if reader is not None:
        _request(reader.email, [], at)


def _request(email: str, newsletters: list[int], at: datetime) -> None:
    today = queries.of_address(SubscriptionRequest, email).filter(asked_at__gt=at - timedelta(days=1))
    if today.count() < MOST_IN_A_DAY:
        SubscriptionRequest.objects.create(email=email, newsletters=newsletters, asked_at=at, next_attempt_at=at)


@transaction.atomic
def confirm(request: SubscriptionRequest, *, at: datetime) -> Reader:
    """The owner of the address agrees: she receives what was asked, with what she received already."""
    mine = SubscriptionRequest.objects.select_for_update().filter(pk=request.pk).first()
    if mine is None:
        raise Missing("Cette demande a déjà été confirmée.")
    known = {"consent": CONSENT, "asked_at": mine.asked_at, "confirmed_at": at}
    reader, new = _reader(mine.email, known)
    if mine.newsletters:
        for name, value in known.items():
            setattr(reader, name, value)
        reader.refusals, reader.suspended_at = 0, None
        reader.save()
    _add(reader, mine.newsletters, at)
    mine.delete()
    if new or mine.newsletters:
        record("subscribe", reader, actor=SomeReader(), at=at, data={"newsletters": mine.newsletters})
    return reader


def _reader(email: str, known: Mapping[str, object]) -> tuple[Reader, bool]:
    """Who has this address, new if need be; another answer from the same mailbox may come at the same moment."""
    try:
        with transaction.atomic():
            found = queries.of_address(Reader, email).first()
            secrets = {"key": token_urlsafe(16), "secret": token_urlsafe(32)}
            return found or Reader.objects.create(email=email, **known, **secrets), found is None
    except IntegrityError:
        return queries.of_address(Reader, email).get(), False


def _add(reader: Reader, newsletters: Iterable[int], at: datetime) -> None:
    opened = Newsletter.objects.filter(pk__in=list(newsletters), opened=True).values_list("pk", flat=True)
    Subscription.objects.bulk_create(
        (Subscription(reader=reader, newsletter_id=pk, since=at) for pk in opened), ignore_conflicts=True
    )


@transaction.atomic
def choose(reader: Reader, newsletters: Collection[int], *, at: datetime) -> Reader | None:
    """Receive these letters and no other; None once she receives none: nothing of her is kept."""
    row = Reader.objects.select_for_update().filter(pk=reader.pk).first()
    if row is None:
        return None
    row.subscriptions.exclude(newsletter__in=list(newsletters)).delete()
    _add(row, newsletters, at)
    _call_back(row)
    if not row.subscriptions.exists():
        _erase(row, at)
        return None
    record("choose_letters", row, actor=SomeReader(), at=at, data={"newsletters": sorted(newsletters)})
    return row


@transaction.atomic
def unsubscribe(reader: Reader, newsletter: Newsletter, *, at: datetime) -> Reader | None:
    """Stop one letter; None, and nothing kept, when it was the last one. Safe to ask again."""
    row = Reader.objects.select_for_update().filter(pk=reader.pk).first()
    if row is None:
        return None
    stopped, _ = row.subscriptions.filter(newsletter=newsletter).delete()
    _call_back(row)
    if not row.subscriptions.exists():
        _erase(row, at)
        return None
    if stopped:
        record("unsubscribe", row, actor=SomeReader(), at=at, data={"newsletter": newsletter.pk})
    return row


def _call_back(reader: Reader) -> None:
    """What waits to leave for her, of letters she no longer receives, does not leave."""
    waiting = reader.deliveries.filter(state=Post.WAITING)
    kept = reader.subscriptions.values("newsletter")
    waiting.exclude(sending__issue__newsletter__in=kept).update(state=Post.DROPPED)


def _erase(reader: Reader, at: datetime) -> None:
    """Her address, her choices and what is on its way to her."""
    record("erase_reader", reader, actor=SomeReader(), at=at)
    queries.of_address(SubscriptionRequest, reader.email).delete()
    reader.deliveries.filter(state=Post.WAITING).update(state=Post.DROPPED)
    reader.delete()


# --- What the bureau does


@dataclass(frozen=True)
class NewsletterValues:
    title: str
    about: str
    disciplines: tuple[str, ...] = ()
    opened: bool = True


@transaction.atomic
def found(slug: str, values: NewsletterValues, *, actor: Person, at: datetime) -> Newsletter:
    """Begin a letter, at an address that will stay."""
    policies.may_manage(actor, at).require()
    errors = _faults(values)
    try:
        validate_slug(slug)
        if Newsletter.objects.filter(slug=slug).exists() or slug in RESERVED:
            errors["slug"] = ["Cette adresse est déjà prise : choisissez-en une autre."]
    except ValidationError:
        errors["slug"] = ["L'adresse s'écrit avec des lettres sans accent, des chiffres et des tirets."]
    if errors:
        raise Invalid(errors)
    newsletter = Newsletter.objects.create(slug=slug, changed_at=at, **_stored(values))
    record("found", newsletter, actor=actor, at=at)
    return newsletter


RESERVED = frozenset(
    {
        "envois",
        "messages",
        "numeros",
        "elements",
        "annoncer",
        "nouvelle",
        "demande",
        "retrouver",
        "confirmer",
        "mes-choix",
        "arreter",
    }
)


@transaction.atomic
def edit_newsletter(newsletter: Newsletter, values: NewsletterValues, *, actor: Person, at: datetime) -> Newsletter:
    policies.may_edit(actor, newsletter, at).require()
    if errors := _faults(values):
        raise Invalid(errors)
    row = Newsletter.objects.select_for_update().get(pk=newsletter.pk)
    for name, value in _stored(values).items():
        setattr(row, name, value)
    row.changed_at = at
    row.save()
    record("edit", row, actor=actor, at=at, data=_stored(values))
    return row


def _faults(values: NewsletterValues) -> dict[str, list[str]]:
    errors = {}
    if not values.title.strip():
        errors["title"] = ["Donnez un titre à la lettre."]
    if not values.about.strip():
        errors["about"] = ["Dites en une phrase de quoi parle la lettre."]
    if set(values.disciplines) - set(reference.disciplines()):
        errors["disciplines"] = ["Choisissez des disciplines dans la liste."]
    return errors


def _stored(values: NewsletterValues) -> dict[str, object]:
    return {
        "title": values.title.strip(),
        "about": values.about.strip(),
        "disciplines": list(values.disciplines),
        "opened": values.opened,
    }


@dataclass(frozen=True)
class Finished:
    """An issue ready to leave. `html` and `text` are written once its number is known."""

    title: str
    summary: str
    content: Mapping[str, object]
    html: str
    text: str


@transaction.atomic
def publish(newsletter: Newsletter, number: int, finished: Finished, *, actor: Person, at: datetime) -> PublishedIssue:
    """Put an issue on line and begin its sending to whoever is subscribed now."""
    policies.may_manage(actor, at).require()
    row = Newsletter.objects.select_for_update().get(pk=newsletter.pk)
    if number != next_number(row):
        raise Invalid("Un autre numéro de cette lettre vient de partir : relisez, puis recommencez.")
    issue = PublishedIssue.objects.create(
        newsletter=row,
        number=number,
        title=finished.title,
        summary=finished.summary,
        content=dict(finished.content),
        html=finished.html,
        text=finished.text,
        published_at=at,
    )
    Sending.objects.create(issue=issue, begun_at=at, leased_until=at, next_attempt_at=at)
    record("publish", issue, actor=actor, at=at)
    return issue


def next_number(newsletter: Newsletter) -> int:
    last = newsletter.issues.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


@transaction.atomic
def pause(sending: Sending, *, actor: Person, at: datetime) -> Sending:
    """Let nothing more leave, but for the message being handed over."""
    row = _held(sending)
    policies.may_pause(actor, row, at).require()
    return _moved(row, "pause", "paused", actor, at)


@transaction.atomic
def resume(sending: Sending, *, actor: Person, at: datetime) -> Sending:
    row = _held(sending)
    policies.may_resume(actor, row, at).require()
    return _moved(row, "resume", "running", actor, at)


@transaction.atomic
def retry(sending: Sending, *, actor: Person, at: datetime) -> Sending:
    """Try again what was refused or given up: none of it reached anybody."""
    row = _held(sending)
    policies.may_retry(actor, row, at).require()
    lost = row.deliveries.filter(state__in=[Post.REFUSED, Post.FAILED], reader__isnull=False)
    lost.update(state=Post.WAITING, attempts=0, next_attempt_at=at, problem="")
    return _moved(row, "retry", "running", actor, at)


def _held(sending: Sending) -> Sending:
    return Sending.objects.select_for_update(of=("self",)).select_related("issue__newsletter").get(pk=sending.pk)


def _moved(row: Sending, verb: str, state: str, actor: Person, at: datetime) -> Sending:
    row.state, row.problem, row.attempts, row.next_attempt_at = state, "", 0, at
    row.save(update_fields=["state", "problem", "attempts", "next_attempt_at"])
    record(verb, row, actor=actor, at=at)
    return row


@transaction.atomic
def send_again(delivery: Delivery, *, actor: Person, at: datetime) -> Delivery:
    """Send a message of which nobody knows whether it left: its reader may have it twice, somebody chose so."""
    row = _in_doubt(delivery, actor, at)
    row.state, row.attempts, row.next_attempt_at, row.problem = Post.WAITING, 0, at, ""
    row.save()
    Sending.objects.filter(pk=row.sending_id, state="done").update(state="running", next_attempt_at=at)
    record("send_again", row.sending, actor=actor, at=at, data={"delivery": row.pk})
    return row


@transaction.atomic
def leave(delivery: Delivery, *, actor: Person, at: datetime) -> Delivery:
    """It did leave: somebody looked for its Message-ID in the log of the server."""
    row = _in_doubt(delivery, actor, at)
    row.state = Post.SENT
    row.save(update_fields=["state"])
    record("leave_delivery", row.sending, actor=actor, at=at, data={"delivery": row.pk})
    return row


def _in_doubt(delivery: Delivery, actor: Person, at: datetime) -> Delivery:
    row = Delivery.objects.select_for_update(of=("self",)).select_related("sending").get(pk=delivery.pk)
    policies.may_settle(actor, row, at).require()
    return row


# --- What the platform does every day


def sweep(*, at: datetime) -> int:
    """Forget what is kept for a time only: requests nobody confirmed, addresses refused for three months, and who
    received an issue a month ago. How many rows."""
    gone, _ = SubscriptionRequest.objects.filter(asked_at__lt=at - queries.LASTS).delete()
    refused = Reader.objects.filter(suspended_at__lt=at - KEPT_SUSPENDED)
    for reader in list(refused[:_PAGE]):
        forget(reader, at=at)
        gone += 1
    for sending in Sending.objects.filter(state="done", ended_at__lt=at - KEPT, counts={}):
        gone += _count_only(sending)
    return gone


@transaction.atomic
def forget(reader: Reader, *, at: datetime) -> None:
    """Erase a reader whom nothing reaches."""
    _erase(reader, at)


def _count_only(sending: Sending) -> int:
    """By pages, each in a transaction of its own: the counts first, so that they stay those of the whole."""
    Sending.objects.filter(pk=sending.pk).update(counts=dict(queries.progress(sending).counts))
    gone = 0
    while pks := list(sending.deliveries.values_list("pk", flat=True)[:_PAGE]):
        gone += Delivery.objects.filter(pk__in=pks).delete()[0]
    return gone
