from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.campaigns.queries import leading
from traam.programme.groups.models import Group, Meeting, Member
from traam.programme.journal.queries import history
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of, roles


def _groups() -> QuerySet[Group]:
    meetings = Prefetch("meetings", Meeting.objects.order_by("on", "pk"))
    return _alone().prefetch_related(meetings)


def _alone() -> QuerySet[Group]:
    """Groups with who is in them and who leads their themes."""
    members = Prefetch("members", Member.objects.select_related("person").order_by("pk"))
    stewards = Prefetch("application__theme__stewards", Steward.objects.select_related("person"))
    rows = Group.objects.select_related("application__theme__campaign", "dasen_agreement")
    return rows.prefetch_related(members, stewards)


def group(pk: int) -> Group:
    try:
        return _groups().get(pk=pk)
    except Group.DoesNotExist:
        raise Missing("Ce groupe n'existe pas.") from None


def group_alone(pk: int) -> Group:
    """A group without its meetings, for a page that counts them otherwise (`front`)."""
    try:
        return _alone().get(pk=pk)
    except Group.DoesNotExist:
        raise Missing("Ce groupe n'existe pas.") from None


def member(group_pk: int, pk: int) -> Member:
    try:
        return Member.objects.select_related("person", "group").get(pk=pk, group_id=group_pk)
    except Member.DoesNotExist:
        raise Missing("Cette personne n'est pas dans ce groupe.") from None


def visible_to(person: Person, at: datetime) -> QuerySet[Group]:
    """The groups a person may see, by theme then academy: many for some, to be read by pages."""
    condition = Q(members__person=person, members__until__isnull=True)
    condition |= Q(application__theme__in=leading(person, at).values("theme"))
    condition |= Q(application__academy__in=academies_of(person, at, Role.DAN, Role.INSPECTOR))
    if Role.NATIONAL in roles(person, at):
        condition = Q()
    keys = Group.objects.filter(condition).values("pk")
    rows = _groups().filter(pk__in=keys)
    return rows.order_by(
        "-application__theme__campaign__first_year", "application__theme", "application__academy", "pk"
    )


def of_person(person: Person) -> list[Group]:
    """The groups a person belongs to."""
    keys = Member.objects.filter(person=person, until__isnull=True).values("group")
    return list(_groups().filter(pk__in=keys).order_by("pk"))


def seat(person: Person) -> str:
    """What a person is in her first group, "Membre du groupe de Lyon"; "" in none. One query for each page."""
    known: str | None = getattr(person, "_seat", None)
    if known is None:
        current = Member.objects.filter(person=person, until__isnull=True).select_related("group__application")
        first = current.order_by("pk").first()
        known = _said(first) if first else ""
        person._seat = known  # type: ignore[attr-defined]
    return known


def _said(member: Member) -> str:
    group = f"groupe {member.group.of_academy}"
    if member.role in {Member.Role.REFERENT, Member.Role.INSPECTOR}:
        return f"{member.get_role_display()}, {group}"
    return f"Membre du {group}"


def of_campaign(campaign: Campaign) -> list[Group]:
    rows = _groups().filter(application__theme__campaign=campaign)
    return list(rows.order_by("application__theme", "application__academy", "pk"))


def of_theme(theme: Theme) -> list[Group]:
    return list(_groups().filter(application__theme=theme).order_by("application__academy", "pk"))


def reasons(group: Group) -> dict[int, str]:
    """Why members left, when it was said, by the number of the member. One query."""
    entries = history(group, limit=200, verbs=["end_member", "replace_member"])
    return {entry.data["member"]: entry.reason for entry in entries if entry.reason and "member" in entry.data}
