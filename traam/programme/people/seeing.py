"""« Voir comme »: the national team looks at the site as somebody sees it, without being able to do anything there.

Nobody takes the place of anybody: whoever looks stays the one who acts, writes nothing, and is told in the journal, at
the beginning and at the end, with her reason. A role may be looked at without anybody's name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from traam import reference
from traam.engines.workflow import Invalid, Verdict, allow_if, refuse
from traam.programme.journal.actions import record
from traam.programme.journal.models import Entry
from traam.programme.journal.queries import history
from traam.programme.people.models import ROLES_OF_AN_ACADEMY, Appointment, Person, Role
from traam.programme.people.policies import roles

MINUTES = (15, 30, 60)
"""How long one may look, at most."""
ROLES_TO_SEE = tuple(role for role in Role if role != Role.NATIONAL)
LEAST_REASON = 10  # characters


@dataclass(frozen=True)
class Seeing:
    """Whose view it is: a person by her number, or a role (of an academy) when `person` is 0; until when, and why."""

    person: int
    role: str
    academy: str
    until: datetime
    reason: str

    def stored(self) -> dict[str, Any]:
        """As the session keeps it."""
        return {**vars(self), "until": self.until.isoformat()}

    @classmethod
    def known(cls, stored: Mapping[str, Any]) -> "Seeing":
        return cls(**{**stored, "until": datetime.fromisoformat(stored["until"])})

    def as_person(self, at: datetime) -> Person | None:
        """Who sees: the person of today, None when she is gone; for a role, somebody who is in no table."""
        if self.person:
            return Person.objects.filter(pk=self.person, is_active=True).first()
        nobody = Person(pk=0, name=name_of_role(self.role, self.academy), email="personne@traam.invalid")
        held = Appointment(person=nobody, role=self.role, academy=self.academy, since=at.date())
        nobody._appointments = [held]  # type: ignore[attr-defined]
        return nobody


def name_of_role(role: str, academy: str) -> str:
    """ "DAN, académie de Lyon": the name of nobody in particular."""
    where = f", académie {reference.academies()[academy].of_name}" if academy else ""
    return f"{Role(role).label}{where}"


def may_see_as_some(person: Person, at: datetime) -> Verdict:
    return allow_if(Role.NATIONAL in roles(person, at), "Seul le bureau national peut voir le site comme quelqu'un.")


def may_see_as(person: Person, seen: Person, at: datetime) -> Verdict:
    verdict = may_see_as_some(person, at)
    if not verdict:
        return verdict
    if seen.pk == person.pk:
        return refuse("C'est vous : le site que vous voyez est déjà le vôtre.")
    if Role.NATIONAL in roles(seen, at):
        return refuse("Cette personne est du bureau national : elle voit ce que vous voyez.")
    return allow_if(seen.is_active, "Ce compte est fermé : personne ne voit plus le site ainsi.")


@transaction.atomic
def see_as(person: Person, *, reason: str, minutes: int, actor: Person, at: datetime) -> Seeing:
    """Begin to see the site as this person."""
    may_see_as(actor, person, at).require()
    seeing = _begun(person.pk, "", "", reason, minutes, at)
    record("see_as", person, actor=actor, at=at, reason=seeing.reason, data={"until": seeing.until.isoformat()})
    return seeing


@transaction.atomic
def see_as_role(role: str, academy: str, *, reason: str, minutes: int, actor: Person, at: datetime) -> Seeing:
    """Begin to see the site as anybody who holds this role sees it."""
    may_see_as_some(actor, at).require()
    if role not in ROLES_TO_SEE:
        raise Invalid({"role": ["Choisissez un rôle de la liste."]})
    if Role(role) not in ROLES_OF_AN_ACADEMY:
        academy = ""
    elif academy not in reference.academies():
        raise Invalid({"academy": ["Choisissez l'académie où s'exerce ce rôle."]})
    seeing = _begun(0, role, academy, reason, minutes, at)
    data = {"until": seeing.until.isoformat(), "role": role, "academy": academy}
    record("see_as_role", actor, actor=actor, at=at, reason=seeing.reason, data=data)
    return seeing


def _begun(person: int, role: str, academy: str, reason: str, minutes: int, at: datetime) -> Seeing:
    reason = " ".join(reason.split())
    if len(reason) < LEAST_REASON:
        raise Invalid({"reason": ["Dites en quelques mots pourquoi : la personne et le journal le liront."]})
    if minutes not in MINUTES:
        raise Invalid({"minutes": ["Choisissez une durée de la liste."]})
    return Seeing(person, role, academy, at + timedelta(minutes=minutes), reason)


@transaction.atomic
def stop_seeing(seeing: Seeing, *, actor: Person, at: datetime) -> None:
    """End it: by the button, by signing out, or because its time is over. Nobody needs a right to stop."""
    about = Person.objects.filter(pk=seeing.person).first()
    verb = "stop_seeing_as" if about else "stop_seeing_as_role"
    record(verb, about or actor, actor=actor, at=at)


def seen_as(person: Person, limit: int = 50) -> list[Entry]:
    """When the national team began to see the site as this person, and why: latest first."""
    return history(person, limit, ("see_as",))


def latest(limit: int = 20) -> list[Entry]:
    """The last times that somebody began to see as another."""
    return list(Entry.objects.filter(verb__in=("see_as", "see_as_role")).order_by("-at", "-pk")[:limit])
