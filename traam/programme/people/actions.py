from datetime import datetime

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.journal.actions import Actor, record
from traam.programme.people import policies
from traam.programme.people.models import ROLES_OF_AN_ACADEMY, Appointment, Person, Role
from traam.programme.people.queries import by_email


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
    if isinstance(actor, Person):
        policies.may_invite(actor, at).require()
    if role not in Role.values:
        raise Invalid({"role": ["Choisissez un rôle dans la liste."]})
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
