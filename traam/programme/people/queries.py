from datetime import datetime
from hashlib import sha256

from django.contrib.auth.tokens import default_token_generator
from django.db.models import Prefetch
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from traam import reference
from traam.engines.workflow import Missing
from traam.programme.people.models import AcademyContact, Appointment, CalendarKey, Person, Role, Typing


def person(pk: int) -> Person:
    try:
        return Person.objects.get(pk=pk)
    except Person.DoesNotExist:
        raise Missing("Cette personne n'existe pas.") from None


def by_email(email: str) -> Person | None:
    return Person.objects.filter(email__iexact=email.strip()).first()


def directory() -> list[Person]:
    """Everyone, with their appointments, in alphabetical order."""
    appointments = Prefetch("appointments", Appointment.objects.order_by("since"))
    return list(Person.objects.prefetch_related(appointments).order_by("name"))


def holders(role: str, at: datetime, academy: str = "") -> list[Person]:
    """Who holds a role on that day (over this academy when one is given)."""
    day = at.date()
    held = Appointment.objects.filter(role=role, since__lte=day).exclude(until__lt=day)
    if academy:
        held = held.filter(academy=academy)
    return list(Person.objects.filter(appointments__in=held, is_active=True).distinct().order_by("name"))


def by_academy(role: str, at: datetime) -> dict[str, list[Person]]:
    """Who holds a role on that day in each academy that has somebody."""
    day = at.date()
    held = Appointment.objects.filter(role=role, since__lte=day, person__is_active=True).exclude(until__lt=day)
    found: dict[str, list[Person]] = {}
    for appointment in held.select_related("person").order_by("person__name"):
        found.setdefault(appointment.academy, []).append(appointment.person)
    return found


def appointment(pk: int) -> Appointment:
    try:
        return Appointment.objects.select_related("person").get(pk=pk)
    except Appointment.DoesNotExist:
        raise Missing("Ce rôle n'existe pas, ou plus.") from None


def experts_and_inspectors(at: datetime) -> list[Person]:
    return sorted({*holders(Role.EXPERT, at), *holders(Role.GENERAL_INSPECTOR, at)}, key=lambda person: person.name)


def invitation_path(invited: Person) -> str:
    """The end of the address of an invitation: it works once, as long as no password was chosen."""
    uid = urlsafe_base64_encode(str(invited.pk).encode())
    return f"{uid}/{default_token_generator.make_token(invited)}"


def invited(uid: str, token: str) -> Person:
    """Who this invitation was sent to."""
    try:
        found = Person.objects.get(pk=int(urlsafe_base64_decode(uid).decode()))
    except (ValueError, OverflowError, Person.DoesNotExist):
        found = None
    if found is None or not default_token_generator.check_token(found, token):
        raise Missing(
            "Cette invitation n'est plus valable : elle a déjà servi, ou elle est trop ancienne. "
            "Demandez-en une autre à la personne qui vous a invité."
        )
    return found


def academy(slug: str) -> reference.Academy:
    for one in reference.academies().values():
        if one.slug == slug:
            return one
    raise Missing("Cette académie n'existe pas. Choisissez-la dans la liste des académies.")


def typing(person: Person, place: str) -> Typing | None:
    """What she was typing in the form of this place, and has not saved."""
    return Typing.objects.filter(person=person, place=place).first()


def contacts() -> dict[str, AcademyContact]:
    """Whom to contact, by code of academy, for those that said it."""
    return {contact.academy: contact for contact in AcademyContact.objects.order_by("academy")}


def calendar_digest(token: str) -> str:
    """What is kept of a secret address: 32 random bytes need no salt."""
    return sha256(token.encode()).hexdigest()


def calendar_keys(person: Person) -> list[CalendarKey]:
    """The addresses of a person's calendar that work, the latest first."""
    return list(person.calendar_keys.filter(revoked_at__isnull=True).order_by("-made_at", "-pk"))


def calendar_key(pk: int) -> CalendarKey:
    try:
        return CalendarKey.objects.select_related("person").get(pk=pk)
    except CalendarKey.DoesNotExist:
        raise Missing("Cette adresse de calendrier n'existe pas.") from None


def calendar_owner(token: str) -> Person:
    """Whose calendar this secret address opens. Unknown, revoked, account closed: the same answer."""
    keys = CalendarKey.objects.filter(digest=calendar_digest(token), revoked_at__isnull=True, person__is_active=True)
    found = keys.select_related("person").first()
    if found is None:
        raise Missing("Cette adresse de calendrier n'existe pas, ou a été révoquée.")
    return found.person
