from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.groups import policies, queries, rules, states
from traam.programme.groups.models import DasenAgreement, Group, Meeting, Member
from traam.programme.journal.actions import record
from traam.programme.letters.actions import send_invitation
from traam.programme.people.actions import know
from traam.programme.people.models import Person
from traam.reference.uai import BadUai
from traam.reference.uai import check as check_uai

LONGEST_LINE = 200


def enter(
    group: Group,
    role: str,
    email: str,
    name: str,
    actor: Person,
    at: datetime,
    *,
    corps: str = "",
    school: str = "",
) -> Member | None:
    """Put a person in a group and invite her if she has no account; nothing without an address."""
    if not email:
        return None
    person = know(email, name or email, actor=actor, at=at)
    member, created = Member.objects.get_or_create(
        group=group,
        person=person,
        role=role,
        until=None,
        defaults={"corps": corps, "school": school, "since": at.date()},
    )
    if created:
        record("enter_member", group, actor=actor, at=at, data={"person": person.pk, "role": role})
        send_invitation(person, f"Vous faites partie du groupe TraAM « {group} ».", at=at)
    return member


def _locked(group: Group) -> Group:
    Group.objects.select_for_update().get(pk=group.pk)
    return queries.group(group.pk)


@transaction.atomic
def add_member(
    group: Group,
    *,
    role: str,
    name: str,
    email: str,
    corps: str = "",
    school: str = "",
    actor: Person,
    at: datetime,
) -> Member:
    """Add a person to a group, in a role."""
    group = _locked(group)
    policies.may_compose(actor, group, at).require()
    school = _check_member(group, role, name, email, corps, school)
    corps = corps if role == Member.Role.INSPECTOR else ""
    member = enter(group, role, email, name, actor, at, corps=corps, school=school)
    if member is None:
        raise Invalid({"email": ["Donnez l'adresse électronique de la personne : son invitation y sera envoyée."]})
    return member


def _check_member(group: Group, role: str, name: str, email: str, corps: str, school: str) -> str:
    """The school's number, put in form; raises `Invalid` with every fault."""
    errors: dict[str, list[str]] = {}
    if role not in Member.Role.values:
        errors["role"] = ["Choisissez un rôle dans la liste."]
    if not name.strip():
        errors["name"] = ["Écrivez le prénom et le nom de la personne."]
    if role == Member.Role.INSPECTOR and corps not in Member.Corps.values:
        errors["corps"] = [
            "Choisissez le corps de l'inspecteur : le cahier des charges dit lesquels pilotent un groupe."
        ]
    if school.strip():
        try:
            school = check_uai(school)
        except BadUai as bad:
            errors["school"] = [str(bad)]
    current = [m for m in group.members.all() if m.until is None]
    if role == Member.Role.REFERENT and any(
        m.role == role and m.person.email.lower() != email.strip().lower() for m in current
    ):
        errors["role"] = ["Le groupe a déjà un professeur référent : mettez fin à son rôle avant d'en nommer un autre."]
    if any(m.role == role and m.person.email.lower() == email.strip().lower() for m in current):
        errors["email"] = ["Cette personne tient déjà ce rôle dans le groupe."]
    if errors:
        raise Invalid(errors)
    return school


def _current(group: Group, member: Member) -> Member:
    """The member as she is now that the group is locked."""
    now = next((m for m in group.members.all() if m.pk == member.pk), None)
    if now is None or now.until is not None:
        raise Invalid("Ce rôle a déjà pris fin.")
    return now


@transaction.atomic
def complete_inspector(member: Member, corps: str, *, actor: Person, at: datetime) -> Member:
    """Say to which corps the inspector who pilots the group belongs."""
    group = _locked(member.group)
    policies.may_compose(actor, group, at).require()
    member = _current(group, member)
    if member.role != Member.Role.INSPECTOR:
        raise Invalid("Le corps ne se note que pour l'inspecteur du groupe.")
    if corps not in Member.Corps.values:
        raise Invalid({"corps": ["Choisissez le corps dans la liste."]})
    member.corps = corps
    member.save(update_fields=["corps"])
    record("complete_inspector", group, actor=actor, at=at, data={"corps": corps})
    return member


@transaction.atomic
def end_member(member: Member, *, actor: Person, at: datetime) -> Member:
    """End a person's role in a group: she stays in its history, her rights stop."""
    group = _locked(member.group)
    policies.may_compose(actor, group, at).require()
    member = _current(group, member)
    member.until = at.date()
    member.save(update_fields=["until"])
    record("end_member", group, actor=actor, at=at, data={"person": member.person_id, "role": member.role})
    return member


def _too_long(**texts: str) -> dict[str, list[str]]:
    return {
        name: [f"Ce texte compte {len(text)} caractères : {LONGEST_LINE} au plus."]
        for name, text in texts.items()
        if len(text) > LONGEST_LINE
    }


@transaction.atomic
def record_meeting(
    group: Group, *, on: date, mode: str, subject: str, place: str = "", actor: Person, at: datetime
) -> Meeting:
    """Write down a meeting that was held, or is planned."""
    group = _locked(group)
    policies.may_compose(actor, group, at).require()
    errors: dict[str, list[str]] = {}
    if mode not in Meeting.Mode.values:
        errors["mode"] = ["Dites si la réunion se tient en présence ou à distance."]
    if not subject.strip():
        errors["subject"] = ["Écrivez l'objet de la réunion."]
    errors |= _too_long(subject=subject, place=place)
    first_year = group.application.theme.campaign.first_year
    if not date(first_year, 1, 1) <= on <= date(first_year + 4, 12, 31):
        errors["on"] = [f"Le {on:%d/%m/%Y} est hors de la campagne {group.application.theme.campaign.years}."]
    if errors:
        raise Invalid(errors)
    meeting = Meeting.objects.create(
        group=group,
        on=on,
        mode=mode,
        subject=subject.strip(),
        place=place.strip(),
        state="held" if on <= at.date() else "planned",
        uid=str(uuid4()),
        recorded_at=at,
        changed_at=at,
    )
    record("record_meeting", group, actor=actor, at=at, data={"on": on.isoformat(), "mode": mode})
    return meeting


@transaction.atomic
def record_dasen_agreement(group: Group, *, given_on: date, actor: Person, at: datetime) -> DasenAgreement:
    """Write down the DASEN's agreement."""
    group = _locked(group)
    policies.may_compose(actor, group, at).require()
    if given_on > at.date():
        raise Invalid({"given_on": ["L'accord ne peut pas être daté de demain ou plus tard."]})
    agreement, _ = DasenAgreement.objects.update_or_create(
        group=group, defaults={"given_on": given_on, "recorded_at": at}
    )
    record("record_dasen_agreement", group, actor=actor, at=at, data={"given_on": given_on.isoformat()})
    return agreement


@transaction.atomic
def move(group: Group, verb: str, *, actor: Person, at: datetime) -> Group:
    """Declare a group complete, end it or resume it. It is complete when its cahier des charges says so."""
    group = _locked(group)
    policies.may_move(verb, actor, group, at).require()
    if verb == "start":
        breaches = rules.composition_breaches(group, at.date())
        if breaches:
            raise Invalid({"": [breach.sentence for breach in breaches]})
    group.state = states.GROUP.move(verb).target
    group.save(update_fields=["state"])
    record(verb, group, actor=actor, at=at)
    return group
