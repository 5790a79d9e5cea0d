from datetime import date, datetime

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Campaign
from traam.programme.groups import policies, queries, rules, states
from traam.programme.groups.models import DasenAgreement, Group, Meeting, Member
from traam.programme.journal.actions import record
from traam.programme.letters.actions import send_invitation, write
from traam.programme.people.actions import know
from traam.programme.people.models import Person, Role
from traam.programme.people.queries import by_email, holders
from traam.programme.selection.actions import announce as announce_selection
from traam.programme.selection.queries import Dossier, dossiers_of_campaign
from traam.reference.uai import BadUai
from traam.reference.uai import check as check_uai


@transaction.atomic
def announce(campaign: Campaign, *, actor: Person, at: datetime) -> list[Group]:
    """Announce the results and open the group of each retained application, with its référent and its inspector."""
    announce_selection(campaign, actor=actor, at=at)
    opened = []
    dossiers = dossiers_of_campaign(campaign)
    for dossier in dossiers:
        application = dossier.application
        if dossier.state != "retained":
            continue
        group = Group.objects.create(application=application, state=states.GROUP.initial, opened_at=at)
        record("open_group", group, actor=actor, at=at)
        _enter(
            group,
            Member.Role.REFERENT,
            application.referent_email,
            application.referent_name,
            actor,
            at,
            school=application.referent_school,
        )
        _enter(group, Member.Role.INSPECTOR, application.inspector_email, application.inspector_name, actor, at)
        opened.append(group)
    _write_results(campaign, dossiers, actor, at)
    return opened


LONGEST_LINE = 200

RESULTS = {
    "retained": "est retenue : son groupe est ouvert sur la plateforme",
    "waiting": "est placée en liste d'attente",
    "refused": "n'est pas retenue",
}


def _write_results(campaign: Campaign, dossiers: list[Dossier], actor: Person, at: datetime) -> None:
    """A letter to each référent the platform knows, and one to the DAN of each academy with all its results."""
    by_academy: dict[str, list[Dossier]] = {}
    for dossier in dossiers:
        _tell_referent(dossier, actor, at)
        by_academy.setdefault(dossier.application.academy, []).append(dossier)
    for academy, several in by_academy.items():
        lines = "\n".join(
            f"- {d.application.theme} : la candidature « {d.application.title} » {RESULTS[d.state]}." for d in several
        )
        for dan in holders(Role.DAN, at, academy):
            write(
                f"results:{campaign.pk}:{academy}:{dan.pk}",
                to=dan,
                subject=f"TraAM : résultats de la campagne {campaign}"[:200],
                body=f"Bonjour {dan.name},\n\nLes résultats de votre académie :\n\n{lines}\n\n{actor.name}",
                at=at,
            )


def _tell_referent(dossier: Dossier, actor: Person, at: datetime) -> None:
    application = dossier.application
    person = by_email(application.referent_email)
    if person is None:
        return
    what = f"Votre candidature au thème « {application.theme} » {RESULTS[dossier.state]}."
    why = f"\n\n{dossier.reason}" if dossier.reason else ""
    write(
        f"result:{application.pk}",
        to=person,
        subject=f"TraAM : résultat de votre candidature - {application.theme}"[:200],
        body=f"Bonjour {person.name},\n\n{what}{why}\n\n{actor.name}",
        at=at,
    )


def _enter(
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
    member = _enter(group, role, email, name, actor, at, corps=corps, school=school)
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
        group=group, on=on, mode=mode, subject=subject.strip(), place=place.strip(), recorded_at=at
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
