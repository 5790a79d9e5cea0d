"""What a group has and what it lacks, under its cahier des charges."""

from datetime import date

from traam.engines.rulebook import Finding
from traam.programme.groups.models import Group, Meeting, Member


def facts(group: Group, today: date) -> dict[str, object]:
    """The facts of a group, from its rows (members, meetings and agreement are read once, prefetched)."""
    members = [m for m in group.members.all() if m.until is None]
    roles = [member.role for member in members]
    held = [meeting for meeting in group.meetings.all() if meeting.on <= today]
    modes = [meeting.mode for meeting in held]
    return {
        "degree": group.application.degree,
        "teachers": len({m.person_id for m in members if m.role in {Member.Role.TEACHER, Member.Role.REFERENT}}),
        "referents": roles.count(Member.Role.REFERENT),
        "inspectors": roles.count(Member.Role.INSPECTOR),
        "inspector_corps": sorted({m.corps for m in members if m.corps and m.role == Member.Role.INSPECTOR}),
        "cardie": roles.count(Member.Role.CARDIE),
        "ien_tice": roles.count(Member.Role.IEN_TICE),
        "dasen_agreement": hasattr(group, "dasen_agreement"),
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
