from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from traam.engines.workflow import Invalid
from traam.gateways import mail
from traam.programme.journal.actions import System, record
from traam.programme.letters import digests
from traam.programme.letters.models import Habit, Item, Letter
from traam.programme.letters.policies import may_settle
from traam.programme.people.actions import appoint, know
from traam.programme.people.models import Appointment, Person
from traam.programme.people.policies import may_invite_to
from traam.programme.people.queries import by_email, invitation_path

MOST_ATTEMPTS = 8
LEASE = timedelta(minutes=5)


def write(
    key: str,
    *,
    to: Person,
    subject: str,
    body: str,
    at: datetime,
    html: str = "",
    attachment: str = "",
    filename: str = "",
) -> bool:
    """Write a letter in the transaction of the act that causes it; False, and nothing, when it was already written.

    `html` says the same as `body`. `attachment` is the text of the file joined to it, under the name `filename`.
    """
    told = {"to": to, "subject": subject, "body": body, "html": html, "attachment": attachment, "filename": filename}
    _, created = Letter.objects.get_or_create(key=key, defaults={**told, "written_at": at, "next_attempt_at": at})
    return created


@dataclass(frozen=True)
class Line:
    """One thing to do, or to know, told in a digest. `to` is a person's number; `key`: never told twice.

    `label` says what the link at `address` (the end of it, with its first bar) is for.
    """

    key: str
    to: int
    text: str
    label: str
    address: str
    due: date | None = None


def tell(key: str, *, to: Person, text: str, label: str, address: str, due: date | None = None, at: datetime) -> None:
    """Tell a person one thing in her next digest, in the transaction of the act; nothing when it was already told."""
    tell_all([Line(key, to.pk, text, label, address, due)], at=at)


def tell_all(lines: Iterable[Line], *, at: datetime) -> None:
    """As `tell`, for many at once: a query for each hundred lines."""
    Item.objects.bulk_create(
        (
            Item(
                key=_kept(line.key),
                to_id=line.to,
                text=_short(line.text, 300),
                label=_short(line.label, 80),
                address=line.address,
                due=line.due,
                written_at=at,
            )
            for line in lines
        ),
        batch_size=100,
        ignore_conflicts=True,
    )


def _kept(key: str) -> str:
    if len(key) > 200:
        raise ValueError(f"the key of an item is too long: {key}")
    return key


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def settle(key: str, *, at: datetime, but: Collection[str] = ()) -> int:
    """What no longer waits is told to nobody: the item of this key and those under it (`key:…`), but these.

    What a digest already told stays as it is. The number settled.
    """
    under = Item.objects.filter(Q(key=key) | Q(key__startswith=f"{key}:"), letter__isnull=True, settled_at__isnull=True)
    if but:
        kept = set(but)
        gone = [pk for pk, name in under.values_list("pk", "key") if name not in kept]
        under = Item.objects.filter(pk__in=gone, letter__isnull=True)
    return under.update(settled_at=at)


@transaction.atomic
def choose_habit(period: str, *, actor: Person, at: datetime) -> Habit:
    """Choose how often one's digest comes."""
    if period not in Habit.Period.values:
        raise Invalid({"period": ["Choisissez un rythme dans la liste."]})
    return _change(actor, period, actor, at)


@transaction.atomic
def stop_digests(habit: Habit, *, at: datetime) -> Habit:
    """No more digests: asked from one of them, by whoever holds its secret address."""
    return _change(habit.person, Habit.Period.NEVER, System(), at)


def _change(person: Person, period: str, actor: Person | System, at: datetime) -> Habit:
    """What was told to nobody while she wanted nothing is not poured on her when she comes back."""
    digests.make_habits([person.pk], at)
    habit = Habit.objects.select_for_update(of=("self",)).select_related("person").get(person=person)
    if habit.period == period:
        return habit
    if habit.period == Habit.Period.NEVER:
        digests.pending().filter(to=person).update(settled_at=at)
    if period == Habit.Period.NEVER:
        waiting = Letter.objects.filter(to=person, key__startswith=digests.PREFIX, state=Letter.State.WAITING)
        waiting.update(state=Letter.State.DROPPED)
    habit.period, habit.changed_at = period, at
    habit.save(update_fields=["period", "changed_at"])
    record("choose_habit", habit, actor=actor, at=at, data={"period": period})
    return habit


def _claim(at: datetime) -> Letter | None:
    """Take one letter for ourselves: its next attempt moves away before it is sent."""
    with transaction.atomic():
        waiting = Letter.objects.filter(state=Letter.State.WAITING, next_attempt_at__lte=at)
        letter = waiting.select_for_update(of=("self",)).select_related("to").order_by("next_attempt_at").first()
        if letter is not None:
            letter.attempts += 1
            letter.next_attempt_at = at + LEASE * 2 ** (letter.attempts - 1)
            letter.save(update_fields=["attempts", "next_attempt_at"])
        return letter


def deliver(*, at: datetime, most: int = 50) -> int:
    """Send what waits, at most `most` letters; the number sent. A failure waits longer each time, then gives up.

    A letter is never sent twice by itself: of one that a killed worker was handing over, nobody knows; it is
    put aside, to be looked at.
    """
    _put_aside_what_was_left(at)
    sent = 0
    for _ in range(most):
        letter = _claim(at)
        if letter is None:
            break
        sent += _send(letter, at)
    return sent


def _put_aside_what_was_left(at: datetime) -> None:
    left = Letter.objects.filter(state=Letter.State.SENDING, next_attempt_at__lte=at)
    left.update(state=Letter.State.UNSURE, problem="L'envoi a été interrompu : le courriel est peut-être parti.")


class _Taken(Exception):
    """Another worker has this letter."""


def _send(letter: Letter, at: datetime) -> bool:
    def on_line() -> None:
        """From here until the answer of the server, nobody else touches it."""
        mine = Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING, attempts=letter.attempts)
        if not mine.update(state=Letter.State.SENDING):
            raise _Taken

    state, problem = Letter.State.SENT, ""
    worn = digests.dress(letter)
    try:
        mail.send(
            letter.to.email,
            letter.subject,
            letter.body,
            reference=letter.reference,
            on_line=on_line,
            html=worn.html or letter.html,
            headers=worn.headers,
            joined=(letter.filename, letter.attachment) if letter.attachment else None,
        )
    except mail.NotSent as refusal:
        problem = str(refusal)
        state = Letter.State.WAITING if letter.attempts < MOST_ATTEMPTS else Letter.State.FAILED
    except mail.Unsure as doubt:
        state, problem = Letter.State.UNSURE, str(doubt)
    except _Taken:
        return False
    letter.state, letter.problem = state, problem[:300]
    letter.sent_at = at if state == Letter.State.SENT else None
    letter.save(update_fields=["state", "sent_at", "problem"])
    return state == Letter.State.SENT


@transaction.atomic
def send_again(letter: Letter, *, actor: Person, at: datetime) -> Letter:
    """Send a letter that failed, or of which nobody knows: its reader may then have it twice, somebody chose so."""
    letter = _to_settle(letter, actor, at)
    letter.state, letter.attempts, letter.next_attempt_at, letter.problem = Letter.State.WAITING, 0, at, ""
    letter.save(update_fields=["state", "attempts", "next_attempt_at", "problem"])
    record("send_again", letter, actor=actor, at=at)
    return letter


@transaction.atomic
def leave(letter: Letter, *, actor: Person, at: datetime) -> Letter:
    """Send no more: one in doubt did leave, somebody checked; one that failed is given up."""
    letter = _to_settle(letter, actor, at)
    letter.state = Letter.State.SENT if letter.state == Letter.State.UNSURE else Letter.State.DROPPED
    letter.save(update_fields=["state"])
    record("leave_letter", letter, actor=actor, at=at, data={"state": letter.state})
    return letter


def _to_settle(letter: Letter, actor: Person, at: datetime) -> Letter:
    letter = Letter.objects.select_for_update(of=("self",)).select_related("to").get(pk=letter.pk)
    may_settle(actor, letter, at).require()
    return letter


def invitation_address(invited: Person) -> str:
    """Where an invited person chooses her password; it works once."""
    return f"{settings.SITE_ADDRESS}/invitation/{invitation_path(invited)}"


def _invitation(invited: Person, why: str) -> str:
    return (
        f"Bonjour {invited.name},\n\n{why}\n\nPour ouvrir votre compte, choisissez un mot de passe à cette adresse "
        f"(elle ne sert qu'une fois) :\n{invitation_address(invited)}\n\nLa plateforme des TraAM"
    )


@transaction.atomic
def invite(
    email: str,
    name: str,
    role: str,
    *,
    academy: str = "",
    since: date | None = None,
    until: date | None = None,
    actor: Person,
    at: datetime,
) -> Person:
    """Give someone a role for a period and, when she has no account yet, the letter that opens it."""
    may_invite_to(actor, role, academy, at).require()
    person = know(email, name, actor=actor, at=at)
    appointment = appoint(person, role, academy=academy, since=since, until=until, actor=actor, at=at)
    what = f"{appointment}{_period(appointment, at.date())}"
    send_invitation(person, f"Vous êtes invité à participer aux TraAM : {what}.", at=at)
    return person


def _period(appointment: Appointment, today: date) -> str:
    """What a letter says of its days, when there is something to say."""
    begins = f" à partir du {appointment.since:%d/%m/%Y}" if appointment.since > today else ""
    ends = f" jusqu'au {appointment.until:%d/%m/%Y}" if appointment.until else ""
    return f",{begins}{ends}" if begins or ends else ""


@transaction.atomic
def send_new_password(email: str, *, at: datetime) -> None:
    """Write the letter that lets someone choose another password; nothing, silently, for an unknown address."""
    person = by_email(email)
    if person is None or not person.is_active:
        return
    if not person.is_open:
        send_invitation(person, "Vous n'aviez pas encore choisi de mot de passe.", at=at)
        return
    write(
        f"password:{person.pk}:{at:%Y-%m-%d-%H}",
        to=person,
        subject="Choisir un nouveau mot de passe",
        body=(
            f"Bonjour {person.name},\n\nQuelqu'un, sans doute vous, a demandé un nouveau mot de passe pour la "
            f"plateforme des TraAM. Choisissez-le à cette adresse (elle ne sert qu'une fois) :\n"
            f"{invitation_address(person)}\n\n"
            "Si ce n'est pas vous, ne faites rien : votre mot de passe reste le même.\n\nLa plateforme des TraAM"
        ),
        at=at,
    )
    record("ask_new_password", person, actor=System(), at=at)


def send_invitation(person: Person, why: str, *, at: datetime) -> bool:
    """Write the letter that opens an account; False, and nothing, for who has one or was written to today."""
    if person.is_open:
        return False
    return write(
        f"invitation:{person.pk}:{at:%Y-%m-%d}",
        to=person,
        subject="Votre invitation aux travaux académiques mutualisés",
        body=_invitation(person, why),
        at=at,
    )
