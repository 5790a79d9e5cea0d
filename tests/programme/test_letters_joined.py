"""A convocation carries the event for the diary, said so that mail clients see it."""

from datetime import time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid
from traam.programme.groups.actions import meetings
from traam.programme.groups.models import Group, Meeting
from traam.programme.letters.actions import deliver, write
from traam.programme.letters.models import Letter
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def plan(days: int = 4) -> Meeting:
    at = timezone.localtime()
    group = Group.objects.filter(application__academy="10").order_by("pk")[0]
    when = at.date() + timedelta(days=days)
    values = meetings.MeetingValues(when, time(14), time(16), "in_person", "Été : bilan", place="Salle É")
    return meetings.plan(group, values, actor=person("referent.lyon"), at=at)


def test_the_event_leaves_with_its_letter_and_its_method() -> None:
    Letter.objects.all().delete()
    at, meeting = timezone.localtime(), plan()
    told = meetings.convene(meeting, actor=person("referent.lyon"), at=at)
    assert deliver(at=at) == told == len(mail.outbox)
    message = mail.outbox[0].message()
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST" and part.get_filename() == "reunion.ics"
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes) and body == Letter.objects.get(to__email=mail.outbox[0].to[0]).attachment.encode()
    assert b"\r\nLOCATION:Salle \xc3\x89\r\n" in body, "line ends and accents are as they were written"


def test_a_cancellation_says_so_outside_of_the_file_too() -> None:
    at, meeting = timezone.localtime(), plan()
    meetings.convene(meeting, actor=person("referent.lyon"), at=at)
    Letter.objects.all().delete()
    meetings.cancel(meeting, "Une grève.", actor=person("inspecteur.lyon"), at=at)
    deliver(at=at)
    parts = [part for part in mail.outbox[0].message().walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in parts] == ["CANCEL"]


def test_whoever_cancels_the_organizer_is_the_same() -> None:
    at, meeting = timezone.localtime(), plan()
    meetings.convene(meeting, actor=person("referent.lyon"), at=at)
    meetings.cancel(meeting, "Une grève.", actor=person("inspecteur.lyon"), at=at)
    letters = Letter.objects.filter(key__startswith=f"meeting:{meeting.pk}:")
    lines = [line for one in letters for line in one.attachment.splitlines() if line.startswith("ORGANIZER")]
    assert len(lines) == letters.count() and len(set(lines)) == 1


def test_a_meeting_that_is_cancelled_before_anyone_was_told_writes_nothing() -> None:
    meeting = plan()
    meetings.cancel(meeting, "Une erreur.", actor=person("referent.lyon"), at=timezone.localtime())
    assert not Letter.objects.filter(key__startswith=f"meeting:{meeting.pk}:").exists()


def test_a_meeting_that_is_past_is_not_convened() -> None:
    with pytest.raises(Invalid, match="passée"):
        meetings.convene(plan(-3), actor=person("referent.lyon"), at=timezone.localtime())


def test_a_plain_letter_has_nothing_joined() -> None:
    Letter.objects.all().delete()
    write("x", to=person("bureau"), subject="x", body="x", at=timezone.now())
    deliver(at=timezone.now())
    assert not mail.outbox[0].message().is_multipart()
