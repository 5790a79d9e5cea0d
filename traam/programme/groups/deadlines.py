"""The dates of a group's work come: what it still owes, what somebody promised, what the expert expects."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.timezone import localtime

from traam.engines.rulebook import Finding
from traam.programme.campaigns.models import Campaign
from traam.programme.groups import queries, rules
from traam.programme.groups.models import Group, Member, Milestone, Point
from traam.programme.letters.actions import Line
from traam.programme.letters.deadlines import AFTER, BEFORE, stage, tell

OWED, PROMISED, EXPECTED = "deadline:group", "deadline:point", "deadline:milestone"
LEADING = (Member.Role.REFERENT, Member.Role.INSPECTOR)


def tell_deadlines(*, at: datetime) -> None:
    """To those who lead a group, to the owner of an action, to the référents of a theme."""
    today = localtime(at).date()
    tell(OWED, list(_owed(today)), at=at)
    tell(PROMISED, list(_promised(today)), at=at)
    tell(EXPECTED, list(_expected(today)), at=at)


def _owed(today: date) -> Iterator[Line]:
    """What a group lacks under its cahier des charges, by the day it is due. Five queries for each campaign at work."""
    for campaign in Campaign.objects.exclude(state__in=["draft", "archived"]).order_by("pk"):
        soon = {name: day for name in campaign.calendar if (day := campaign.on(name)) and stage(day, today)}
        for group in queries.of_campaign(campaign) if soon else ():
            if group.state != "ended":
                yield from _lines(group, soon, today)


def _lines(group: Group, soon: dict[str, date], today: date) -> Iterator[Line]:
    missing: dict[str, list[Finding]] = {}
    for finding in rules.findings(group, today):
        if not finding.met and finding.due in soon:
            missing.setdefault(finding.due, []).append(finding)
    leading = {m.person_id for m in group.members.all() if m.until is None and m.role in LEADING}
    for name, findings in missing.items():
        for person in sorted(leading):
            yield Line(
                key=f"{OWED}:{group.pk}:{name}:{soon[name]}:{stage(soon[name], today)}:{person}",
                to=person,
                text=f"{_said(findings)} Groupe {group.of_academy}, « {group.application.theme} ».",
                label="Mettre le groupe en règle",
                address=f"/atelier/groupes/{group.pk}",
                due=soon[name],
            )


def _said(findings: Iterable[Finding]) -> str:
    first, *others = findings
    more = f" Et {len(others)} autre{'s' if len(others) > 1 else ''} point{'s' if len(others) > 1 else ''}."
    return first.message + (more if others else "")


def _near(rows: QuerySet[Point], today: date) -> QuerySet[Point]:
    return rows.filter(due__gte=today - AFTER, due__lte=today + BEFORE)


def _promised(today: date) -> Iterator[Line]:
    """The actions decided at a meeting that are not done. One query."""
    waiting = Point.objects.filter(kind=Point.Kind.ACTION, done_at__isnull=True, owner__isnull=False)
    for point in _near(waiting, today).select_related("meeting").order_by("pk"):
        if point.due is None or point.owner_id is None:
            continue
        yield Line(
            key=f"{PROMISED}:{point.pk}:{point.due}:{stage(point.due, today)}:{point.owner_id}",
            to=point.owner_id,
            text=f"Vous avez une action à mener, décidée en réunion : {point.text}",
            label="Voir la réunion",
            address=f"/atelier/reunions/{point.meeting_id}",
            due=point.due,
        )


def _expected(today: date) -> Iterator[Line]:
    """The dates that an expert proposes to the groups of a theme. Two queries."""
    soon = Milestone.objects.filter(on__gte=today, on__lte=today + BEFORE).select_related("theme").order_by("pk")
    by_theme: dict[int, list[Milestone]] = {}
    for milestone in soon:
        by_theme.setdefault(milestone.theme_id, []).append(milestone)
    current = Member.objects.filter(role=Member.Role.REFERENT, until__isnull=True).exclude(group__state="ended")
    seats = current.filter(group__application__theme__in=by_theme).order_by("pk")
    for group, theme, person in seats.values_list("group", "group__application__theme", "person"):
        for milestone in by_theme[theme]:
            yield Line(
                key=f"{EXPECTED}:{milestone.pk}:{milestone.on}:{stage(milestone.on, today)}:{group}:{person}",
                to=person,
                text=f"L'expert du thème « {milestone.theme} » propose une échéance : {milestone.label}",
                label="Voir le groupe",
                address=f"/atelier/groupes/{group}",
                due=milestone.on,
            )
