"""What the worker hands over to the mail server: the letters of confirmation, then the issues, a little at a time.

A message of an issue leaves once. Its row says `sending` just before the server is given its text and `sent` just
after it took it; a worker killed in between leaves one row in doubt, and nobody but a person decides of it
(docs/decisions/0025). Whatever else goes wrong, the message did not leave, and waits.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from traam.gateways import mail, mailing
from traam.programme.journal.actions import System, record
from traam.programme.subscriptions import addresses, queries
from traam.programme.subscriptions.models import (
    Delivery,
    Newsletter,
    Post,
    Reader,
    Sending,
    Subscription,
    SubscriptionRequest,
    reference,
)

BUDGET = 1.0  # seconds: then the letters of the platform leave first
FROZEN_AT_ONCE = 5_000  # recipients in one transaction
PAGE = 200  # deliveries held in memory
HELD = timedelta(seconds=30)  # a sending by one worker, without news of it
DOUBT = timedelta(minutes=5)  # after which a delivery being handed over is in doubt
MOST_ATTEMPTS, FIRST_WAIT = 8, timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)
REFUSED_IN_A_ROW = 20  # addresses: then it is the server that wants none of our letters
MOST_REFUSALS = 3  # issues in a row refused to one address


class _Row(NamedTuple):
    """What a message needs, and nothing more: there may be a hundred thousand of them."""

    pk: int
    attempts: int
    email: str | None
    key: str | None
    secret: str | None
    subscribed: bool


class _Taken(Exception):
    """Another worker has this message, or its reader just left."""


class _Stop(Exception):
    """Nothing more of this sending now."""


class Postman:
    """Held by a worker: its conversation with the server, and the pace it keeps (TRAAM_LETTERS_RATE)."""

    def __init__(
        self,
        now: Callable[[], datetime] = timezone.localtime,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._now, self._clock, self._sleep = now, clock, sleep
        self._conversation = mailing.Conversation()
        self._name = token_hex(16)
        self._next = 0.0
        self._refused = 0

    def work(self, budget: float = BUDGET) -> int:
        """Hand over what waits, during `budget` seconds at most (and the answer to the last message); how much was
        done."""
        until = self._clock() + budget
        done = confirm_addresses(at=self._now())
        for pk in _due(self._now()):
            if self._clock() >= until:
                break
            done += self._serve(pk, until)
        if not done:
            self._conversation.close()
        return done

    def _serve(self, pk: int, until: float) -> int:
        sending = self._hold(pk)
        if sending is None:
            return 0
        done = 0
        try:
            while not sending.frozen and self._clock() < until:
                done += freeze(sending)
            if sending.frozen:
                done += self._deliver(sending, until)
        except _Stop:
            pass
        finally:
            Sending.objects.filter(pk=pk, lease=self._name).update(leased_until=self._now())
        return done

    def _hold(self, pk: int) -> Sending | None:
        at = self._now()
        free = Sending.objects.filter(pk=pk, state="running", leased_until__lte=at)
        if not free.update(leased_until=at + HELD, lease=self._name):
            return None
        return queries.sending(pk)

    def _deliver(self, sending: Sending, until: float) -> int:
        _put_aside(sending, self._now())
        done = 0
        while self._clock() < until:
            rows = _page(sending, self._now())
            if not rows:
                return done + finish(sending, at=self._now())
            for row in rows:
                if not self._in_step(until):
                    return done
                self._one(sending, row)
                done += 1
        return done

    def _in_step(self, until: float) -> bool:
        """Wait for the moment of the next message; False when it comes after the end of this turn."""
        rate, now = settings.LETTERS_RATE, self._clock()
        if now >= until or (rate and self._next >= until):
            return False
        if rate:
            if self._next > now:
                self._sleep(self._next - now)
            self._next = max(self._next, now) + 1 / rate
        return True

    def _one(self, sending: Sending, row: _Row) -> None:
        if not row.subscribed or row.email is None:
            _settle(row.pk, Post.WAITING, state=Post.DROPPED)
            return
        try:
            self._conversation.give(message(sending, row), lambda: _begin(row.pk, self._now()))
        except _Taken:
            return
        except mailing.Unreachable as problem:
            _wait(sending, str(problem), self._now())
            raise _Stop from problem
        except mailing.Later as problem:
            _put_off(row, str(problem), self._now())
        except mailing.Refused as refusal:
            self._give_up(sending, row, refusal)
        except mail.Unsure as doubt:
            _settle(row.pk, Post.SENDING, state=Post.UNSURE, problem=str(doubt)[:300])
        else:
            self._refused = 0
            _settle(row.pk, Post.SENDING, state=Post.SENT, problem="")
            if sending.problem:
                _well_again(sending)

    def _give_up(self, sending: Sending, row: _Row, refusal: mailing.Refused) -> None:
        state = Post.REFUSED if refusal.recipient else Post.FAILED
        _settle(row.pk, Post.WAITING, Post.SENDING, state=state, problem=str(refusal)[:300])
        self._refused += 1
        if self._refused >= REFUSED_IN_A_ROW:
            self._refused = 0
            stop_for_refusals(sending, str(refusal), at=self._now())
            raise _Stop from refusal


def _due(at: datetime) -> list[int]:
    """The sendings to serve, the oldest first; the last one served is not always the same when two have begun."""
    rows = Sending.objects.filter(state="running", next_attempt_at__lte=at, leased_until__lte=at)
    return list(rows.order_by("leased_until", "pk").values_list("pk", flat=True))


def freeze(sending: Sending) -> int:
    """Write the deliveries of some thousand more readers, in the database alone; how many.

    Who was subscribed when the sending began is in, whoever came later is not, however many deaths it takes.
    """
    with transaction.atomic():
        return _freeze(sending)


def _freeze(sending: Sending) -> int:
    asked = Subscription.objects.filter(
        newsletter=sending.issue.newsletter_id, since__lte=sending.begun_at, reader__gt=sending.frozen_up_to
    ).order_by("reader")
    last = asked.values_list("reader", flat=True)[FROZEN_AT_ONCE - 1 : FROZEN_AT_ONCE].first()
    chosen = asked.filter(reader__suspended_at__isnull=True)
    if last is not None:
        chosen = chosen.filter(reader__lte=last)
    written = _insert(sending, chosen)
    sending.frozen, sending.frozen_up_to = last is None, last or sending.frozen_up_to
    sending.save(update_fields=["frozen", "frozen_up_to"])
    return max(written, 1)


def _insert(sending: Sending, chosen: QuerySet[Subscription]) -> int:
    """As one statement: the database reads the readers and writes their deliveries, nothing comes here."""
    sql, parameters = chosen.values("reader").query.sql_with_params()
    quoted = connection.ops.quote_name
    names = ", ".join(map(quoted, ("sending_id", "reader_id", "state", "attempts", "next_attempt_at", "problem")))
    moment = "CAST(%s AS timestamp with time zone)" if connection.vendor == "postgresql" else "%s"
    begun = connection.ops.adapt_datetimefield_value(sending.begun_at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quoted(Delivery._meta.db_table)} ({names}) "  # noqa: S608 - our own names
            f"WITH chosen(reader_id) AS ({sql}) SELECT %s, chosen.reader_id, %s, %s, {moment}, %s "
            "FROM chosen WHERE true ON CONFLICT DO NOTHING",
            [*parameters, sending.pk, str(Post.WAITING), 0, begun, ""],
        )
        return int(cursor.rowcount)


def _page(sending: Sending, at: datetime) -> Sequence[_Row]:
    hers = Subscription.objects.filter(reader=OuterRef("reader"), newsletter=sending.issue.newsletter_id)
    rows = Delivery.objects.filter(sending=sending, state=Post.WAITING, next_attempt_at__lte=at)
    rows = rows.annotate(subscribed=Exists(hers)).order_by("next_attempt_at", "pk")
    told = rows.values_list("pk", "attempts", "reader__email", "reader__key", "reader__secret", "subscribed")
    return [_Row(*one) for one in told[:PAGE]]


def message(sending: Sending, row: _Row) -> mailing.Message:
    """The issue for one reader: only the two addresses that are hers change."""
    issue = sending.issue
    newsletter: Newsletter = issue.newsletter
    stop = addresses.stop(row.key or "", row.secret or "", newsletter.slug)
    choices = f"{settings.SITE_ADDRESS}/lettres/mes-choix/{row.key}.{row.secret}"
    host = settings.SITE_ADDRESS.rpartition("/")[2].partition(":")[0]
    return mailing.Message(
        row.email or "",
        f"{newsletter.title} n° {issue.number} : {issue.title}",
        addressed(issue.text, stop, choices),
        addressed(issue.html, stop, choices),
        reference(row.pk),
        {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<{newsletter.slug}.lettres.{host}>",
            "List-Archive": f"<{addresses.archive(newsletter)}>",
            "Precedence": "bulk",
            "Auto-Submitted": "auto-generated",
        },
    )


def addressed(text: str, stop: str, choices: str) -> str:
    return text.replace(addresses.STOP, stop).replace(addresses.CHOICES, choices)


def _begin(pk: int, at: datetime) -> None:
    """From here until the answer of the server, nobody else touches it."""
    mine = Delivery.objects.filter(pk=pk, state=Post.WAITING)
    if not mine.update(state=Post.SENDING, next_attempt_at=at + DOUBT):
        raise _Taken


def _settle(pk: int, *sources: str, **values: object) -> None:
    """Only what is still ours: a delivery put in doubt meanwhile waits for somebody."""
    Delivery.objects.filter(pk=pk, state__in=sources).update(**values)


def _put_off(row: _Row, problem: str, at: datetime) -> None:
    """Not now: a little longer each time, then given up."""
    attempts = row.attempts + 1
    state = Post.FAILED if attempts >= MOST_ATTEMPTS else Post.WAITING
    then = at + FIRST_WAIT * 2 ** (attempts - 1)
    held = (Post.WAITING, Post.SENDING)
    _settle(row.pk, *held, state=state, attempts=attempts, next_attempt_at=then, problem=problem[:300])


def _put_aside(sending: Sending, at: datetime) -> None:
    left = Delivery.objects.filter(sending=sending, state=Post.SENDING, next_attempt_at__lte=at)
    left.update(state=Post.UNSURE, problem="L'envoi a été interrompu : le message est peut-être parti.")


def _wait(sending: Sending, problem: str, at: datetime) -> None:
    """The server takes nothing: the whole sending waits, not each of its messages."""
    wait = min(LONGEST_WAIT, timedelta(minutes=1) * 2 ** min(sending.attempts, 10))
    row = Sending.objects.filter(pk=sending.pk)
    row.update(problem=problem[:300], attempts=F("attempts") + 1, next_attempt_at=at + wait)


def _well_again(sending: Sending) -> None:
    sending.problem, sending.attempts = "", 0
    sending.save(update_fields=["problem", "attempts"])


@transaction.atomic
def stop_for_refusals(sending: Sending, said: str, *, at: datetime) -> None:
    """The server refuses one address after another: somebody looks before the rest of the list is tried."""
    problem = f"Le serveur de courriel a refusé {REFUSED_IN_A_ROW} adresses de suite : {said}"
    mine = Sending.objects.filter(pk=sending.pk, state="running")
    if mine.update(state="paused", problem=problem[:300]):
        record("pause", sending, actor=System(), at=at, reason=problem)


@transaction.atomic
def finish(sending: Sending, *, at: datetime) -> int:
    """Say that the issue is sent, when nothing waits any more; 1 when it is. Addresses refused are counted then."""
    moving = Delivery.objects.filter(sending=sending, state__in=[Post.WAITING, Post.SENDING])
    if moving.exists():
        return 0
    again = sending.ended_at is not None
    mine = Sending.objects.filter(pk=sending.pk, state="running")
    if not mine.update(state="done", ended_at=sending.ended_at or at, problem="", attempts=0):
        return 0
    _count_refusals(sending, at, again)
    record("finish", sending, actor=System(), at=at, data=dict(queries.progress(sending).counts))
    return 1


def _count_refusals(sending: Sending, at: datetime, again: bool) -> None:
    """One more for each address refused, none any more for each one reached; too many, and nothing is sent there."""
    _forget_refusals(sending)
    if again:
        return
    refused = Delivery.objects.filter(sending=sending, state=Post.REFUSED).values("reader")
    Reader.objects.filter(pk__in=refused).update(refusals=F("refusals") + 1)
    suspend(sending, Reader.objects.filter(pk__in=refused), at=at)


def _forget_refusals(sending: Sending) -> None:
    """Of the readers that it seems to have reached: kept beside it, for a notice of non-delivery may come back."""
    reached = Delivery.objects.filter(sending=sending, state=Post.SENT)
    hers = Reader.objects.filter(pk=OuterRef("reader")).values("refusals")[:1]
    reached.filter(reader__refusals__gt=0).update(refusals_before=Subquery(hers))
    Reader.objects.filter(refusals__gt=0, pk__in=reached.values("reader")).update(refusals=0)


def suspend(sending: Sending, readers: QuerySet[Reader], *, at: datetime) -> None:
    """Write no more to those of these readers whose address was refused too many times in a row."""
    lost = readers.filter(refusals__gte=MOST_REFUSALS, suspended_at__isnull=True)
    if many := lost.update(suspended_at=at):
        record("suspend_readers", sending, actor=System(), at=at, data={"readers": many})


def confirm_addresses(*, at: datetime, most: int = 50) -> int:
    """Send the letters of confirmation; the number sent. One of them may come twice: its second click does nothing."""
    sent = 0
    for _ in range(most):
        request = _claim(at)
        if request is None:
            break
        sent += _confirm(request)
    return sent


def _claim(at: datetime) -> SubscriptionRequest | None:
    with transaction.atomic():
        waiting = SubscriptionRequest.objects.filter(state=Post.WAITING, next_attempt_at__lte=at)
        request = waiting.select_for_update().order_by("next_attempt_at").first()
        if request is not None:
            request.attempts += 1
            request.next_attempt_at = at + FIRST_WAIT * 2 ** (request.attempts - 1)
            request.save(update_fields=["attempts", "next_attempt_at"])
        return request


def _confirm(request: SubscriptionRequest) -> bool:
    state = Post.SENT
    try:
        subject, text = confirmation(request)
        told = f"request.{request.pk}.{request.attempts}"
        mail.send(request.email, subject, text, reference=told, on_line=lambda: None)
    except (mail.NotSent, mail.Unsure):
        state = Post.WAITING if request.attempts < MOST_ATTEMPTS else Post.FAILED
    SubscriptionRequest.objects.filter(pk=request.pk).update(state=state)
    return state == Post.SENT


def confirmation(request: SubscriptionRequest) -> tuple[str, str]:
    """Subject and text of the letter that asks whether the address was typed by its owner."""
    asked = queries.asked_for(request)
    link = addresses.confirmation(request)
    ending = (
        "\n\nCe lien sert une fois, pendant trois jours.\n\nSi vous n'avez rien demandé, ne faites rien : votre "
        "adresse sera oubliée.\n\nLa plateforme des TraAM"
    )
    if not asked:
        said = "Quelqu'un, sans doute vous, veut retrouver la page de vos abonnements aux lettres ÉduNum. Ouvrez-la :"
        return "Vos abonnements aux lettres ÉduNum", f"Bonjour,\n\n{said}\n{link}{ending}"
    titles = "\n".join(f"- {one.title}" for one in asked)
    said = f"Quelqu'un, sans doute vous, a demandé à recevoir à cette adresse :\n\n{titles}\n\nPour le confirmer :"
    return "Confirmez votre abonnement aux lettres ÉduNum", f"Bonjour,\n\n{said}\n{link}{ending}"
