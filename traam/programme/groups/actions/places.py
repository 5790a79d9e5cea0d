"""A place in a group through the year: it passes to somebody else, it ends, it is corrected."""

from datetime import date, datetime, timedelta

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.groups import policies
from traam.programme.groups.actions.composition import enter, faults_of_person, locked, read_school, tell_of_place
from traam.programme.groups.models import Group, Member
from traam.programme.journal.actions import record
from traam.programme.letters.actions import send_invitation, settle
from traam.programme.people.models import Person

LONGEST_REASON = 200


def _current(group: Group, member: Member) -> Member:
    """The member as she is now that the group is locked."""
    now = next((m for m in group.members.all() if m.pk == member.pk), None)
    if now is None or now.until is not None:
        raise Invalid("Ce rôle a déjà pris fin.")
    return now


def _faults_of_day(member: Member, on: date, today: date) -> list[str]:
    if on > today:
        return ["Cette date est à venir : revenez le jour venu, les droits changent aussitôt."]
    if on < member.since:
        return [f"{member.person.name} tient ce rôle depuis le {member.since:%d/%m/%Y} : donnez une date plus tardive."]
    return []


def _faults_of_reason(reason: str) -> dict[str, list[str]]:
    if len(reason.strip()) <= LONGEST_REASON:
        return {}
    return {"reason": [f"Ce texte compte {len(reason.strip())} caractères : {LONGEST_REASON} au plus."]}


@transaction.atomic
def replace_member(
    member: Member,
    name: str,
    email: str,
    on: date,
    reason: str = "",
    *,
    corps: str = "",
    school: str = "",
    actor: Person,
    at: datetime,
) -> Member:
    """Give a person's role to another from a day, today or past: the first ends the day before.

    Whoever comes in has the rights of the role at once, whoever leaves loses them. Both stay in the history.
    """
    group = locked(member.group)
    policies.may_compose(actor, group, at).require()
    member = _current(group, member)
    school = _check_replacement(group, member, name, email, on, reason, corps, school, at.date())
    _end(member, max(member.since, on - timedelta(days=1)))
    corps = corps if member.role == Member.Role.INSPECTOR else ""
    successor = enter(group, member.role, email, name, actor, at, corps=corps, school=school, since=on)
    if successor is None:
        raise Invalid({"email": ["Donnez l'adresse électronique de la personne : son invitation y sera envoyée."]})
    tell_of_place(successor, actor, at)
    settle(f"place:{member.pk}", at=at)
    about = {"member": member.pk, "successor": successor.pk, "role": member.role, "on": on.isoformat()}
    record("replace_member", group, actor=actor, at=at, reason=reason.strip(), data=about)
    return successor


def _check_replacement(
    group: Group,
    member: Member,
    name: str,
    email: str,
    on: date,
    reason: str,
    corps: str,
    school: str,
    today: date,
) -> str:
    """The school's number, put in form; raises `Invalid` with every fault."""
    errors = faults_of_person(member.role, name, corps) | _faults_of_reason(reason)
    if late := _faults_of_day(member, on, today):
        errors["on"] = late
    same = [m for m in group.members.all() if m.until is None and m.role == member.role]
    if any(m.person.email.lower() == email.strip().lower() for m in same):
        errors["email"] = ["Cette personne tient déjà ce rôle dans le groupe : donnez l'adresse de qui la remplace."]
    school, wrong = read_school(school)
    if errors or wrong:
        raise Invalid(errors | wrong)
    return school


def _end(member: Member, last_day: date) -> None:
    member.until = last_day
    member.save(update_fields=["until"])


@transaction.atomic
def end_member(member: Member, on: date | None = None, reason: str = "", *, actor: Person, at: datetime) -> Member:
    """End a person's role in a group, today or on a day past: she stays in its history, her rights stop."""
    group = locked(member.group)
    policies.may_compose(actor, group, at).require()
    member = _current(group, member)
    on = on or at.date()
    errors = _faults_of_reason(reason)
    if late := _faults_of_day(member, on, at.date()):
        errors["on"] = late
    if errors:
        raise Invalid(errors)
    _end(member, on)
    settle(f"place:{member.pk}", at=at)
    about = {"member": member.pk, "person": member.person_id, "role": member.role, "on": on.isoformat()}
    record("end_member", group, actor=actor, at=at, reason=reason.strip(), data=about)
    return member


@transaction.atomic
def correct_member(member: Member, *, school: str = "", corps: str = "", actor: Person, at: datetime) -> Member:
    """Correct the school of a member and, of an inspector, the corps."""
    group = locked(member.group)
    policies.may_compose(actor, group, at).require()
    member = _current(group, member)
    school, errors = read_school(school)
    if member.role == Member.Role.INSPECTOR and corps not in Member.Corps.values:
        errors["corps"] = ["Choisissez le corps dans la liste."]
    if errors:
        raise Invalid(errors)
    member.school = school
    member.corps = corps if member.role == Member.Role.INSPECTOR else ""
    member.save(update_fields=["school", "corps"])
    about = {"member": member.pk, "school": member.school, "corps": member.corps}
    record("correct_member", group, actor=actor, at=at, data=about)
    return member


def complete_inspector(member: Member, corps: str, *, actor: Person, at: datetime) -> Member:
    """Say to which corps the inspector who pilots the group belongs."""
    if member.role != Member.Role.INSPECTOR:
        raise Invalid("Le corps ne se note que pour l'inspecteur du groupe.")
    return correct_member(member, school=member.school, corps=corps, actor=actor, at=at)


@transaction.atomic
def invite_member_again(member: Member, *, actor: Person, at: datetime) -> None:
    """Write the invitation of a member again, when she has not opened her account. Once a day at most."""
    group = locked(member.group)
    policies.may_compose(actor, group, at).require()
    member = _current(group, member)
    invite_again(member.person, f"Vous faites partie du groupe TraAM « {group} ».", at)
    record("invite_member_again", group, actor=actor, at=at, data={"person": member.person_id})


def invite_again(person: Person, why: str, at: datetime) -> None:
    """Write an invitation once more; `Invalid` when it has no use, or was written today."""
    if person.is_open:
        raise Invalid(f"{person.name} a déjà ouvert son compte : aucune invitation à envoyer.")
    if not send_invitation(person, why, at=at):
        raise Invalid(f"L'invitation de {person.name} est déjà écrite aujourd'hui : renvoyez-la demain si besoin.")
