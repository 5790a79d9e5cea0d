"""The minutes of national meetings, on the public page of their theme when the cahier des charges asks for it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from traam.programme.catalogue.models import PublicMinutes, PublicTheme
from traam.programme.catalogue.naming import check_nobody_named
from traam.programme.groups.actions import minutes as group_minutes
from traam.programme.groups.models import Attendance, Meeting, Minutes, Point
from traam.programme.groups.queries import meetings
from traam.programme.people.models import Person


def is_public(meeting: Meeting) -> bool:
    """Whether the minutes of this meeting go on line: those of the national group, when an article says so."""
    return meeting.theme is not None and bool(meeting.theme.campaign.edition.public_minutes)


@transaction.atomic
def publish_minutes(minutes: Minutes, *, actor: Person, at: datetime) -> PublicMinutes | None:
    """Declare the minutes valid and, when the cahier des charges asks for it, put a copy on the page of the theme."""
    minutes = group_minutes.move_minutes(minutes, "publish", actor=actor, at=at)
    meeting = meetings.meeting(minutes.meeting_id)
    if not is_public(meeting):
        return None
    theme = PublicTheme.objects.filter(source_key=f"theme:{meeting.theme_id}").first()
    if theme is None:
        return None
    sections = [[title, text] for title, text in _sections(meeting, at) if text.strip()]
    _check_names(meeting, sections, at)
    published, _ = PublicMinutes.objects.update_or_create(
        source_key=f"meeting:{meeting.pk}",
        defaults={
            "theme": theme,
            "on": meeting.on,
            "mode": meeting.get_mode_display(),
            "subject": meeting.subject,
            "sections": sections,
            "present": _present(meeting, at),
            "published_at": at,
        },
    )
    return published


def _sections(meeting: Meeting, at: datetime) -> Iterator[tuple[str, str]]:
    """The parts of the minutes; whoever is in charge of an action is told by her function."""
    written = meeting.minutes.sections
    functions = {seat.person.pk: seat.function for seat in meetings.seats(meeting, at)}
    points = meeting.points.all()
    decided = [f"- {one.text}" for one in points if one.kind == Point.Kind.DECISION]
    to_do = [
        f"- {one.text} ({functions.get(one.owner_id or 0, 'Ancien membre').lower()}, pour le {one.due:%d/%m/%Y})"
        for one in points
        if one.kind == Point.Kind.ACTION
    ]
    yield group_minutes.SECTIONS["agenda"], written.get("agenda", "")
    yield group_minutes.SECTIONS["said"], written.get("said", "")
    yield "Décisions", "\n".join(decided)
    yield "Actions", "\n".join(to_do)
    yield group_minutes.SECTIONS["next"], written.get("next", "")


def _present(meeting: Meeting, at: datetime) -> list[list[object]]:
    there = [seat.function for seat in meetings.seats(meeting, at) if seat.state == Attendance.State.PRESENT]
    return [[function, count] for function, count in Counter(there).items()]


def _check_names(meeting: Meeting, sections: list[list[str]], at: datetime) -> None:
    check_nobody_named(
        "Le compte rendu",
        "\n".join([meeting.subject, *(text for _, text in sections)]),
        [seat.person.name for seat in meetings.seats(meeting, at)],
        name_away="écrivez sa fonction à la place.",
        address_away="retirez-la.",
    )


@transaction.atomic
def resume_minutes(minutes: Minutes, *, actor: Person, at: datetime) -> Minutes:
    """Take valid minutes back to correct them: until they are valid again, the public page does not show them."""
    minutes = group_minutes.move_minutes(minutes, "resume", actor=actor, at=at)
    PublicMinutes.objects.filter(source_key=f"meeting:{minutes.meeting_id}").delete()
    return minutes
