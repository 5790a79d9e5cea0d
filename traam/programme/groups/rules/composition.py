"""What a group has and what it lacks, under its cahier des charges."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from traam.engines.rulebook import Finding
from traam.programme.groups.models import Group, Meeting, Member

HELD = "held"  # the state of a meeting that took place


class Seat(NamedTuple):
    """What the rules look at in a member."""

    role: str
    person: int
    corps: str


TEACHING = (Member.Role.TEACHER, Member.Role.REFERENT)


class Counts(NamedTuple):
    """How many of each in a group today, the corps of its inspectors, how many meetings it held."""

    teachers: int = 0
    referents: int = 0
    inspectors: int = 0
    corps: tuple[str, ...] = ()
    cardie: int = 0
    ien_tice: int = 0
    in_person: int = 0
    remote: int = 0


def facts(group: Group, today: date, modes: Sequence[str] | None = None) -> dict[str, object]:
    """The facts of a group, from its rows (members, meetings and agreement are read once, prefetched).

    `modes`: how each of its meetings was held, when they are known otherwise.
    """
    seats = [Seat(m.role, m.person_id, m.corps) for m in group.members.all() if m.until is None]
    if modes is None:
        modes = [m.mode for m in group.meetings.all() if m.state == HELD and m.on <= today]
    return facts_of(group.application.degree, seats, modes, agreement=hasattr(group, "dasen_agreement"))


def facts_of(degree: str, seats: Sequence[Seat], modes: Sequence[str], *, agreement: bool) -> dict[str, object]:
    """The same facts, from who is in the group today and how its own meetings were held.

    Those of the national group are meetings of the theme: they are not among `modes`.
    """
    roles = [seat.role for seat in seats]
    counts = Counts(
        teachers=len({s.person for s in seats if s.role in TEACHING}),
        referents=roles.count(Member.Role.REFERENT),
        inspectors=roles.count(Member.Role.INSPECTOR),
        corps=tuple(sorted({s.corps for s in seats if s.corps and s.role == Member.Role.INSPECTOR})),
        cardie=roles.count(Member.Role.CARDIE),
        ien_tice=roles.count(Member.Role.IEN_TICE),
        in_person=modes.count(Meeting.Mode.IN_PERSON),
        remote=modes.count(Meeting.Mode.REMOTE),
    )
    return facts_of_counts(degree, counts, agreement=agreement)


def facts_of_counts(degree: str, counts: Counts, *, agreement: bool) -> dict[str, object]:
    """The same facts, once counted."""
    return {
        "degree": degree,
        "teachers": counts.teachers,
        "referents": counts.referents,
        "inspectors": counts.inspectors,
        "inspector_corps": list(counts.corps),
        "cardie": counts.cardie,
        "ien_tice": counts.ien_tice,
        "dasen_agreement": agreement,
        "in_person_meetings": counts.in_person,
        "remote_meetings": counts.remote,
    }


COMPOSITION = frozenset(
    {"teachers", "referents", "inspectors", "inspector_corps", "cardie", "ien_tice", "dasen_agreement"}
)


def needs_dasen_agreement(group: Group) -> bool:
    """Whether the cahier des charges asks this group for the agreement of the DASEN."""
    rules = group.application.theme.campaign.edition.rules_on("group")
    known = {"degree": group.application.degree}
    return any(rule.fact == "dasen_agreement" and rule.applies(known) for rule in rules)


def findings(group: Group, today: date, modes: Sequence[str] | None = None) -> tuple[Finding, ...]:
    """Every obligation of the group, met or not, each with its article. `modes`: as `facts`."""
    return group.application.theme.campaign.edition.judge("group", facts(group, today, modes))


def composition_breaches(group: Group, today: date) -> list[Finding]:
    """What must be mended before the group is declared complete."""
    found = findings(group, today, modes=())  # meetings are not looked at: they come later
    return [f for f in found if not f.met and f.severity == "blocking" and f.fact in COMPOSITION]
