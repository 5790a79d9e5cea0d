from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.groups import policies, queries, rules, states
from traam.programme.groups.models import DasenAgreement, Group, Meeting, Member
from traam.programme.journal.actions import record
from traam.programme.letters.actions import send_invitation, tell
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
    since: date | None = None,
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
        defaults={"corps": corps, "school": school, "since": since or at.date()},
    )
    if created:
        record("enter_member", group, actor=actor, at=at, data={"person": person.pk, "role": role})
        send_invitation(person, f"Vous faites partie du groupe TraAM « {group} ».", at=at)
    return member


def tell_of_place(member: Member, actor: Person, at: datetime) -> None:
    """Tell who has an account already that she is in the group: the others are told by their invitation."""
    if member.person.is_open and member.person != actor:
        role, group = member.get_role_display().lower(), member.group
        tell(
            f"place:{member.pk}",
            to=member.person,
            text=f"Vous êtes dans le groupe {group.of_academy} ({role}), thème « {group.application.theme.title} ».",
            label="Voir le groupe",
            address=f"/atelier/groupes/{group.pk}",
            at=at,
        )


def locked(group: Group) -> Group:
    """The group as it is, that nobody else changes until the end of the transaction."""
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
    since: date | None = None,
    actor: Person,
    at: datetime,
) -> Member:
    """Add a person to a group, in a role, from today or from a day of the past."""
    group = locked(group)
    policies.may_compose(actor, group, at).require()
    school = check_member(group, role, name, email, corps, school)
    if since and since > at.date():
        raise Invalid({"since": ["Le rôle ne commence pas dans l'avenir : ajoutez la personne le jour venu."]})
    corps = corps if role == Member.Role.INSPECTOR else ""
    member = enter(group, role, email, name, actor, at, corps=corps, school=school, since=since)
    if member is None:
        raise Invalid({"email": ["Donnez l'adresse électronique de la personne : son invitation y sera envoyée."]})
    tell_of_place(member, actor, at)
    return member


def check_member(group: Group, role: str, name: str, email: str, corps: str, school: str) -> str:
    """The school's number, put in form; raises `Invalid` with every fault."""
    errors = faults_of_person(role, name, corps)
    if role not in Member.Role.values:
        errors["role"] = ["Choisissez un rôle dans la liste."]
    school, wrong = read_school(school)
    errors |= wrong
    current = [m for m in group.members.all() if m.until is None]
    if role == Member.Role.REFERENT and any(
        m.role == role and m.person.email.lower() != email.strip().lower() for m in current
    ):
        errors["role"] = ["Le groupe a déjà un professeur référent : remplacez-le, depuis la page du groupe."]
    if any(m.role == role and m.person.email.lower() == email.strip().lower() for m in current):
        errors["email"] = ["Cette personne tient déjà ce rôle dans le groupe."]
    if errors:
        raise Invalid(errors)
    return school


def faults_of_person(role: str, name: str, corps: str) -> dict[str, list[str]]:
    """What lacks in whoever takes this role."""
    errors: dict[str, list[str]] = {}
    if not name.strip():
        errors["name"] = ["Écrivez le prénom et le nom de la personne."]
    if role == Member.Role.INSPECTOR and corps not in Member.Corps.values:
        errors["corps"] = [
            "Choisissez le corps de l'inspecteur : le cahier des charges dit lesquels pilotent un groupe."
        ]
    return errors


def read_school(school: str) -> tuple[str, dict[str, list[str]]]:
    """The number of a school put in form ("" for none), and what is wrong with it."""
    if not school.strip():
        return "", {}
    try:
        return check_uai(school), {}
    except BadUai as bad:
        return school, {"school": [str(bad)]}


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
    group = locked(group)
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
    group = locked(group)
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
    group = locked(group)
    policies.may_move(verb, actor, group, at).require()
    if verb == "start":
        breaches = rules.composition_breaches(group, at.date())
        if breaches:
            raise Invalid({"": [breach.sentence for breach in breaches]})
    group.state = states.GROUP.move(verb).target
    group.save(update_fields=["state"])
    record(verb, group, actor=actor, at=at)
    return group
