from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_urlsafe

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.journal.actions import Actor, record
from traam.programme.people import policies
from traam.programme.people.models import (
    ROLES_OF_AN_ACADEMY,
    AcademyContact,
    Appointment,
    CalendarKey,
    Person,
    Role,
    Typing,
)
from traam.programme.people.queries import by_email, calendar_digest


def _check(email: str, name: str) -> None:
    errors: dict[str, list[str]] = {}
    try:
        validate_email(email)
    except ValidationError:
        errors["email"] = [f"« {email} » n'est pas une adresse électronique ; exemple : prenom.nom@ac-lyon.fr."]
    if not name.strip():
        errors["name"] = ["Écrivez le prénom et le nom de la personne."]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def know(email: str, name: str, *, phone: str = "", actor: Actor, at: datetime) -> Person:
    """The person of this address, entered if she was not known yet. Later steps call it: no rights come of it."""
    email = email.strip()
    known = by_email(email)
    if known is not None:
        return known
    _check(email, name)
    person = Person(email=email, name=name.strip(), phone=phone.strip(), created_at=at)
    person.set_unusable_password()
    person.save()
    record("know", person, actor=actor, at=at)
    return person


@transaction.atomic
def appoint(
    person: Person,
    role: str,
    *,
    academy: str = "",
    since: date | None = None,
    until: date | None = None,
    actor: Actor,
    at: datetime,
) -> Appointment:
    """Give a role over an academy (or the nation), from `since` (today) to the last day `until` (none).

    Giving it twice changes nothing; giving it for longer prolongs what is there: a role is never held twice at a time.
    """
    if role not in Role.values:
        raise Invalid({"role": ["Choisissez un rôle dans la liste."]})
    if isinstance(actor, Person):
        policies.may_invite_to(actor, role, academy, at).require()
    if role in ROLES_OF_AN_ACADEMY and academy not in reference.academies():
        raise Invalid({"academy": ["Choisissez l'académie : ce rôle s'exerce dans une académie."]})
    period = Period.of(since or at.date(), until)
    academy = academy if role in ROLES_OF_AN_ACADEMY else ""
    appointment, changed = _given(person, role, academy, period)
    if changed:
        data = {"person": person.pk, "role": role, "academy": academy, **_told(appointment)}
        record("appoint", appointment, actor=actor, at=at, data=data)
        person.__dict__.pop("_appointments", None)
    return appointment


def _told(appointment: Appointment) -> dict[str, str]:
    return {"since": f"{appointment.since}", "until": f"{appointment.until or ''}"}


@dataclass(frozen=True)
class Period:
    """From one day to another, both included; without end when `until` is None."""

    since: date
    until: date | None

    @classmethod
    def of(cls, since: date, until: date | None) -> "Period":
        if not FIRST_DAY <= since <= LAST_DAY:
            raise Invalid({"since": [f"Ce jour est trop loin : choisissez entre {FIRST_DAY.year} et {LAST_DAY.year}."]})
        if until is not None and until < since:
            raise Invalid({"until": ["Le dernier jour vient avant le premier : choisissez-en un qui le suive."]})
        if until is not None and until > LAST_DAY:
            raise Invalid({"until": [f"Ce jour est trop loin : au plus tard le {LAST_DAY:%d/%m/%Y}."]})
        return cls(since, until)

    def meets(self, other: Appointment) -> bool:
        ends_before = other.until is not None and other.until < self.since
        return not ends_before and (self.until is None or other.since <= self.until)


FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


def _given(person: Person, role: str, academy: str, period: Period) -> tuple[Appointment, bool]:
    """The appointment of this period, and whether something changed."""
    Person.objects.select_for_update().get(pk=person.pk)
    held = Appointment.objects.filter(person=person, role=role, academy=academy).order_by("since")
    met = [one for one in held if period.meets(one)]
    if not met:
        return Appointment.objects.create(
            person=person, role=role, academy=academy, since=period.since, until=period.until
        ), True
    if len(met) > 1:
        raise Invalid({"since": [f"Ce rôle lui est déjà donné {_when(met[-1])} : choisissez des jours hors de là."]})
    [known] = met
    since = min(period.since, known.since)
    until = None if known.until is None or period.until is None else max(period.until, known.until)
    if (since, until) == (known.since, known.until):
        return known, False
    known.since, known.until = since, until
    known.save(update_fields=["since", "until"])
    return known, True


def _when(appointment: Appointment) -> str:
    if appointment.until is None:
        return f"à partir du {appointment.since:%d/%m/%Y}"
    return f"du {appointment.since:%d/%m/%Y} au {appointment.until:%d/%m/%Y}"


@transaction.atomic
def end_appointment(
    appointment: Appointment, *, last_day: date | None = None, actor: Person, at: datetime
) -> Appointment:
    """End a role at a last day: today by default, yesterday to end it at once. What was done under it stays."""
    policies.may_invite(actor, at).require()
    until = last_day or at.date()
    if until < appointment.since - timedelta(days=1):
        raise Invalid({"last_day": [f"Ce rôle commence le {appointment.since:%d/%m/%Y} : choisissez un jour après."]})
    if until > LAST_DAY:
        raise Invalid({"last_day": [f"Ce jour est trop loin : au plus tard le {LAST_DAY:%d/%m/%Y}."]})
    appointment.until = until
    appointment.save(update_fields=["until"])
    record("end_appointment", appointment, actor=actor, at=at, data={"until": f"{until}"})
    return appointment


@transaction.atomic
def accept_invitation(person: Person, password: str, *, at: datetime) -> Person:
    """Choose the password of the account: the invitation is used up."""
    try:
        password_validation.validate_password(password, person)
    except ValidationError as refusal:
        raise Invalid({"password": list(refusal.messages)}) from None
    if Person.objects.select_for_update().get(pk=person.pk).password != person.password:
        raise Invalid("Cette invitation a déjà servi. Si ce n'est pas vous, demandez un autre mot de passe.")
    person.set_password(password)
    person.opened_at = person.opened_at or at
    person.save(update_fields=["password", "opened_at"])
    record("accept_invitation", person, actor=person, at=at)
    return person


@transaction.atomic
def open_account(person: Person, *, at: datetime) -> Person:
    """Open the account without a password: another means will do."""
    if person.opened_at is None:
        person.opened_at = at
        person.save(update_fields=["opened_at"])
        record("accept_invitation", person, actor=person, at=at, data={"password": False})
    return person


@transaction.atomic
def choose_acting(appointment: Appointment | None, *, actor: Person, at: datetime) -> Appointment | None:
    """Act under one of one's appointments until told otherwise, or under all of them together."""
    policies.held(actor, at)  # read for the journal, which says under which role this is done
    if appointment is not None:
        policies.may_act_under(actor, appointment, at).require()
    actor.acting = appointment.pk if appointment else None
    record("choose_acting", actor, actor=actor, at=at, data={"appointment": actor.acting})
    return appointment


LARGEST_TYPING = 600_000  # characters: every part of a scenario at its longest


def keep_typing(place: str, fields: Mapping[str, Sequence[str]], *, actor: Person, at: datetime) -> Typing:
    """Keep what a person is typing in the form of this place. No act: nothing is journaled, nobody else reads it."""
    if sum(len(value) for values in fields.values() for value in values) > LARGEST_TYPING:
        raise Invalid("Le texte est trop long pour être gardé au fil de la frappe : enregistrez-le.")
    kept = {name: list(values) for name, values in fields.items()}
    typing, _ = Typing.objects.update_or_create(
        person=actor, place=place[:100], defaults={"fields": kept, "typed_at": at}
    )
    return typing


def drop_typing(place: str, *, actor: Person) -> None:
    """Forget what was being typed: it is saved, or she starts again from what is saved."""
    Typing.objects.filter(person=actor, place=place).delete()


@transaction.atomic
def save_contact(
    academy: str,
    service: str,
    *,
    email: str = "",
    phone: str = "",
    address: str = "",
    actor: Person,
    at: datetime,
) -> AcademyContact:
    """Say whom to contact in an academy. Public as soon as it is saved: a service, not a person."""
    policies.may_save_contact(actor, academy, at).require()
    errors: dict[str, list[str]] = {}
    if not service.strip():
        errors["service"] = ["Nommez le service, par exemple : Délégation académique au numérique éducatif."]
    if not email.strip() and not phone.strip() and not address.strip():
        errors["email"] = ["Donnez au moins une adresse électronique, un téléphone ou une page."]
    if email.strip():
        try:
            validate_email(email.strip())
        except ValidationError:
            errors["email"] = [f"« {email} » n'est pas une adresse électronique ; exemple : dane@ac-lyon.fr."]
    if address.strip() and not address.strip().startswith(("https://", "http://")):
        errors["address"] = ["Écrivez l'adresse entière de la page, qui commence par https://."]
    if errors:
        raise Invalid(errors)
    contact, _ = AcademyContact.objects.update_or_create(
        academy=academy,
        defaults={
            "service": service.strip(),
            "email": email.strip(),
            "phone": phone.strip(),
            "address": address.strip(),
            "changed_at": at,
        },
    )
    record("save_contact", contact, actor=actor, at=at, data={"academy": academy})
    return contact


@transaction.atomic
def note_download(*, actor: Person, at: datetime) -> None:
    """Keep that she took all that the site holds of her: whoever stole her session did it too."""
    record("download_data", actor, actor=actor, at=at)


MOST_CALENDAR_KEYS = 5


@transaction.atomic
def make_calendar_key(*, actor: Person, at: datetime) -> str:
    """Give oneself a secret address of one's calendar: its secret end, which nobody can read again afterwards."""
    Person.objects.select_for_update().get(pk=actor.pk)
    if actor.calendar_keys.filter(revoked_at__isnull=True).count() >= MOST_CALENDAR_KEYS:
        raise Invalid(f"Vous avez déjà {MOST_CALENDAR_KEYS} adresses : révoquez-en une avant d'en créer une autre.")
    token = token_urlsafe(32)
    key = CalendarKey.objects.create(person=actor, digest=calendar_digest(token), made_at=at)
    record("make_calendar_key", key, actor=actor, at=at)
    return token


@transaction.atomic
def revoke_calendar_key(key: CalendarKey, *, actor: Person, at: datetime) -> CalendarKey:
    """End a secret address: from now on it answers as if it had never been."""
    policies.may_revoke(actor, key, at).require()
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    record("revoke_calendar_key", key, actor=actor, at=at)
    return key
