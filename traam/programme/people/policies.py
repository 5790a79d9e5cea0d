from datetime import datetime

from django.conf import settings

from traam.engines.workflow import ALLOWED, Verdict, allow_if
from traam.programme.people import factors
from traam.programme.people.factors import Factor
from traam.programme.people.models import Appointment, CalendarKey, Person, Role, SignIn

ROLE_NAMES = {
    "national": "le bureau national",
    "general_inspector": "l'inspection générale du thème",
    "expert": "les experts du thème",
    "dan": "le DAN de l'académie",
    "inspector": "les inspecteurs de l'académie",
    "referent": "le professeur référent du groupe",
    "member": "les membres du groupe",
    "teacher": "les enseignants de l'académie",
    "author": "l'auteur de la candidature",
    "reader": "les lecteurs désignés",
    "author_referent": "le professeur référent des auteurs",
}


def all_appointments(person: Person) -> list[Appointment]:
    """Past, present and to come, read once for each page."""
    known: list[Appointment] | None = getattr(person, "_appointments", None)
    if known is None:
        known = list(person.appointments.all())
        person._appointments = known  # type: ignore[attr-defined]
    return known


def held(person: Person, at: datetime) -> list[Appointment]:
    """The appointments in force on that day, whichever she acts under: what nobody steps out of (a conflict of
    interests, the second factor)."""
    return [a for a in all_appointments(person) if a.covers(at.date())]


def to_come(person: Person, at: datetime) -> list[Appointment]:
    """The appointments that begin later."""
    return [a for a in all_appointments(person) if a.since > at.date()]


def appointments(person: Person, at: datetime) -> list[Appointment]:
    """The appointments that count today: the one she chose to act under, while it is in force; else all of them
    together (docs/decisions/0020)."""
    in_force = held(person, at)
    return [a for a in in_force if a.pk == person.acting] or in_force


def may_act_under(person: Person, appointment: Appointment, at: datetime) -> Verdict:
    mine = allow_if(appointment.person_id == person.pk, "Chacun n'agit que sous ses propres rôles.")
    return mine and allow_if(
        any(a.pk == appointment.pk for a in held(person, at)), "Ce rôle n'est pas en cours aujourd'hui."
    )


def needs_second_factor(person: Person, at: datetime) -> bool:
    """Whether one of her roles only works with a second factor (setting TRAAM_SECOND_FACTOR)."""
    wanted = settings.SECOND_FACTOR
    return bool(wanted) and any(a.role in wanted for a in held(person, at))


def may_remove_factor(person: Person, factor: Factor, at: datetime) -> Verdict:
    mine = allow_if(factor.person == person.pk, "Chacun ne retire que ses propres moyens de connexion.")
    last = factor.second and sum(each.second for each in factors.of(person)) == 1
    return mine and allow_if(
        not (last and needs_second_factor(person, at)),
        "Votre rôle demande un second facteur et c'est le dernier : ajoutez-en un autre avant de retirer celui-ci.",
    )


def may_close(person: Person, sign_in: SignIn, at: datetime) -> Verdict:
    return allow_if(sign_in.person_id == person.pk, "Chacun ne ferme que ses propres sessions.")


def roles(person: Person, at: datetime) -> frozenset[str]:
    """The roles held anywhere."""
    return frozenset(a.role for a in appointments(person, at))


def standing_in_academy(person: Person, academy: str, at: datetime) -> frozenset[str]:
    """The roles held over one academy, and the national ones, which hold everywhere."""
    return frozenset(a.role for a in appointments(person, at) if a.role == Role.NATIONAL or a.academy == academy)


def academies_of(person: Person, at: datetime, *wanted: str) -> list[str]:
    """The academies over which the person holds one of these roles, in the order of their codes."""
    return sorted({a.academy for a in appointments(person, at) if a.role in wanted and a.academy})


def everyone(person: object, at: datetime) -> Verdict:
    """Public pages."""
    return ALLOWED


def signed_in(person: Person, at: datetime) -> Verdict:
    return allow_if(person.is_active, "Votre compte est fermé ; écrivez au bureau national.")


def is_national(person: Person, at: datetime) -> Verdict:
    return allow_if(Role.NATIONAL in roles(person, at), "Cette page est réservée au bureau national.")


def may_invite(person: Person, at: datetime) -> Verdict:
    return allow_if(Role.NATIONAL in roles(person, at), "Seul le bureau national invite des personnes.")


INVITED_BY = {Role.DAN: (Role.TEACHER, Role.INSPECTOR), Role.INSPECTOR: (Role.TEACHER,)}


def roles_to_give(person: Person, academy: str, at: datetime) -> list[Role]:
    """The roles a person may give over an academy: its DAN, those of teacher and inspector; its inspectors, teacher."""
    held = standing_in_academy(person, academy, at)
    if Role.NATIONAL in held:
        return list(Role)
    return [role for role in Role if any(role in given for holder, given in INVITED_BY.items() if holder in held)]


def may_invite_to(person: Person, role: str, academy: str, at: datetime) -> Verdict:
    """Give this role over this academy ("" for a national one)."""
    return allow_if(
        Role.NATIONAL in roles(person, at) or role in roles_to_give(person, academy, at),
        "Le DAN invite les enseignants et les inspecteurs de son académie, un inspecteur les enseignants de la "
        "sienne ; les autres rôles sont donnés par le bureau national.",
    )


def may_invite_some(person: Person, academy: str, at: datetime) -> Verdict:
    """Open the page where people of an academy are invited."""
    return allow_if(
        roles_to_give(person, academy, at),
        "Les personnes d'une académie sont invitées par son DAN, ses inspecteurs ou le bureau national.",
    )


def may_save_contact(person: Person, academy: str, at: datetime) -> Verdict:
    return allow_if(
        standing_in_academy(person, academy, at) & {Role.DAN, Role.NATIONAL},
        "Le contact d'une académie est écrit par son DAN ou par le bureau national.",
    )


def may_revoke(person: Person, key: CalendarKey, at: datetime) -> Verdict:
    mine = allow_if(key.person_id == person.pk, "Chacun ne révoque que les adresses de son propre calendrier.")
    return mine and allow_if(key.revoked_at is None, "Cette adresse est déjà révoquée.")
