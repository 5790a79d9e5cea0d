from collections.abc import Mapping, Sequence
from datetime import datetime
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
    person: Person, role: str, *, academy: str = "", actor: Actor, at: datetime, until: datetime | None = None
) -> Appointment:
    """Give a role over an academy (or the nation). Giving it twice changes nothing."""
    if role not in Role.values:
        raise Invalid({"role": ["Choisissez un rôle dans la liste."]})
    if isinstance(actor, Person):
        policies.may_invite_to(actor, role, academy, at).require()
    if role in ROLES_OF_AN_ACADEMY and academy not in reference.academies():
        raise Invalid({"academy": ["Choisissez l'académie : ce rôle s'exerce dans une académie."]})
    if role not in ROLES_OF_AN_ACADEMY:
        academy = ""
    appointment, created = Appointment.objects.get_or_create(
        person=person,
        role=role,
        academy=academy,
        until=until.date() if until else None,
        defaults={"since": at.date()},
    )
    if created:
        record(
            "appoint",
            appointment,
            actor=actor,
            at=at,
            data={"person": person.pk, "role": role, "academy": academy},
        )
        person.__dict__.pop("_appointments", None)
    return appointment


@transaction.atomic
def end_appointment(appointment: Appointment, *, actor: Person, at: datetime) -> Appointment:
    """End a role today; what was done under it stays."""
    policies.may_invite(actor, at).require()
    appointment.until = at.date()
    appointment.save(update_fields=["until"])
    record("end_appointment", appointment, actor=actor, at=at)
    return appointment


@transaction.atomic
def accept_invitation(person: Person, password: str, *, at: datetime) -> Person:
    """Choose the password of the account: the invitation is used up."""
    try:
        password_validation.validate_password(password, person)
    except ValidationError as refusal:
        raise Invalid({"password": list(refusal.messages)}) from None
    person.set_password(password)
    person.save(update_fields=["password"])
    record("accept_invitation", person, actor=person, at=at)
    return person


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
