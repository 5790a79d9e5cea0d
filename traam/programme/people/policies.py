from datetime import datetime

from traam.engines.workflow import ALLOWED, Verdict, allow_if
from traam.programme.people.models import Appointment, CalendarKey, Person, Role

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


def appointments(person: Person, at: datetime) -> list[Appointment]:
    """The appointments in force on that day, read once for each page."""
    known: list[Appointment] | None = getattr(person, "_appointments", None)
    if known is None:
        known = list(person.appointments.all())
        person._appointments = known  # type: ignore[attr-defined]
    day = at.date()
    return [a for a in known if a.since <= day and (a.until is None or day <= a.until)]


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
