"""The bilan of a group, and all that is counted for it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Steward
from traam.programme.groups.models import Attendance, Group, Meeting, Member
from traam.programme.productions.models import Bilan, ClassTest, Module, Scenario, Support, Version
from traam.programme.productions.states import STATES


def _bilans() -> QuerySet[Bilan]:
    return Bilan.objects.select_related("group__application__theme__campaign", "review", "created_by").prefetch_related(
        Prefetch("group__members", Member.objects.select_related("person").order_by("pk")),
        Prefetch("group__application__theme__stewards", Steward.objects.select_related("person")),
    )


def bilan(pk: int) -> Bilan:
    try:
        return _bilans().get(pk=pk)
    except Bilan.DoesNotExist:
        raise Missing("Ce bilan n'existe pas.") from None


def of_group(group: Group) -> Bilan | None:
    return _bilans().filter(group=group).first()


def facts(group: Group) -> dict[str, Any]:
    """All that is counted for the bilan of a group, as plain JSON: days are ISO; academies, levels, competences codes.

    Six queries, whatever the number of productions. `group` has its application, its theme and its members.
    """
    application, theme = group.application, group.application.theme
    return {
        "academy": group.academy,
        "academy_name": group.academy_name,
        "of_academy": group.of_academy,
        "theme": theme.title,
        "years": theme.campaign.years,
        "axes": [theme.axes[number - 1] for number in application.axes if 0 < number <= len(theme.axes)],
        "people": _people(group),
        "named": _named(group),
        "meetings": _meetings(group),
        "scenarios": _scenarios(group),
        "tests": [_tried(test, test.academy) for test in _tests(Q(scenario__group=group))],
        "given": [
            _tried(test, test.scenario.group.academy) for test in _tests(Q(group=group) & ~Q(scenario__group=group))
        ],
        "others": _others(group),
    }


def _people(group: Group) -> list[list[Any]]:
    """How many people hold or held each role, in the order of the roles; a person counts once in a role."""
    held = {role: set[int]() for role in Member.Role.values}
    for member in group.members.all():
        held[member.role].add(member.person_id)
    return [[str(Member.Role(role).label), len(people)] for role, people in held.items() if people]


def _named(group: Group) -> list[list[str]]:
    """Who answers for the group today: its référent and its inspectors, function then name."""
    roles = (Member.Role.REFERENT, Member.Role.INSPECTOR)
    rows = [member for member in group.members.all() if member.until is None and member.role in roles]
    return [
        [member.get_role_display(), member.person.name] for member in sorted(rows, key=lambda m: roles.index(m.role))
    ]


def _meetings(group: Group) -> list[dict[str, Any]]:
    present = Count("attendances", filter=Q(attendances__state=Attendance.State.PRESENT))
    rows = Meeting.objects.filter(group=group, state="held").annotate(present=present).order_by("on", "pk")
    return [
        {"on": row.on.isoformat(), "subject": row.subject, "mode": row.get_mode_display(), "present": row.present}
        for row in rows
    ]


def _scenarios(group: Group) -> list[dict[str, Any]]:
    rows = Scenario.objects.filter(group=group).prefetch_related("tests").order_by("title", "pk")
    return [
        {
            "title": row.title,
            "state": row.state,
            "state_label": STATES[row.state],
            "levels": list(row.levels),
            "competences": list(row.competences),
            "teacher_competences": list(row.teacher_competences),
            "tests": len(row.tests.all()),
            "academies": sorted({test.academy for test in row.tests.all()}),
        }
        for row in rows
    ]


def _tests(which: Q) -> QuerySet[ClassTest]:
    rows = ClassTest.objects.filter(which).select_related("scenario__group__application")
    return rows.order_by("on", "pk")


def _tried(test: ClassTest, academy: str) -> dict[str, Any]:
    """`academy` is that of the class, or that of the scenario when the test was given to another academy."""
    return {
        "on": test.on.isoformat(),
        "scenario": test.scenario.title,
        "academy": academy,
        "level": test.level,
        "pupils": test.pupils,
    }


def _others(group: Group) -> list[dict[str, str]]:
    modules: Iterable[Module] = Module.objects.filter(group=group).order_by("title", "pk")
    supports: Iterable[Support] = Support.objects.filter(group=group).order_by("title", "pk")
    rows = [(row.title, "Module de formation", row.state) for row in modules]
    rows += [(row.title, str(row.get_kind_display()), row.state) for row in supports]
    return [{"title": title, "kind": kind, "state_label": STATES[state]} for title, kind, state in rows]


def content(bilan: Bilan, number: int | None = None) -> dict[str, Any] | None:
    """The `sections` and the `facts` of a version, the last one by default; None before the first submission."""
    rows = Version.objects.filter(review=bilan.review_id)
    rows = rows.filter(number=number) if number else rows.order_by("-number")
    version = rows.first()
    return version.content if version else None


def state_of(group: Group) -> str | None:
    """The state of the bilan of a group; None when it was not begun."""
    return Bilan.objects.filter(group=group).values_list("state", flat=True).first()
