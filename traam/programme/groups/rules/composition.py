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


def facts(group: Group, today: date) -> dict[str, object]:
    """The facts of a group, from its rows (members, meetings and agreement are read once, prefetched)."""
    seats = [Seat(m.role, m.person_id, m.corps) for m in group.members.all() if m.until is None]
    modes = [m.mode for m in group.meetings.all() if m.state == HELD and m.on <= today]
    return facts_of(group.application.degree, seats, modes, agreement=hasattr(group, "dasen_agreement"))


def facts_of(degree: str, seats: Sequence[Seat], modes: Sequence[str], *, agreement: bool) -> dict[str, object]:
    """The same facts, from who is in the group today and how its own meetings were held.

    Those of the national group are meetings of the theme: they are not among `modes`.
    """
    roles = [seat.role for seat in seats]
    return {
        "degree": degree,
        "teachers": len({s.person for s in seats if s.role in {Member.Role.TEACHER, Member.Role.REFERENT}}),
        "referents": roles.count(Member.Role.REFERENT),
        "inspectors": roles.count(Member.Role.INSPECTOR),
        "inspector_corps": sorted({s.corps for s in seats if s.corps and s.role == Member.Role.INSPECTOR}),
        "cardie": roles.count(Member.Role.CARDIE),
        "ien_tice": roles.count(Member.Role.IEN_TICE),
        "dasen_agreement": agreement,
        "in_person_meetings": modes.count(Meeting.Mode.IN_PERSON),
        "remote_meetings": modes.count(Meeting.Mode.REMOTE),
    }


COMPOSITION = frozenset(
    {"teachers", "referents", "inspectors", "inspector_corps", "cardie", "ien_tice", "dasen_agreement"}
)


def needs_dasen_agreement(group: Group) -> bool:
    """Whether the cahier des charges asks this group for the agreement of the DASEN."""
    rules = group.application.theme.campaign.edition.rules_on("group")
    known = {"degree": group.application.degree}
    return any(rule.fact == "dasen_agreement" and rule.applies(known) for rule in rules)


def findings(group: Group, today: date) -> tuple[Finding, ...]:
    """Every obligation of the group, met or not, each with its article."""
    return group.application.theme.campaign.edition.judge("group", facts(group, today))


def composition_breaches(group: Group, today: date) -> list[Finding]:
    """What must be mended before the group is declared complete."""
    return [f for f in findings(group, today) if not f.met and f.severity == "blocking" and f.fact in COMPOSITION]
