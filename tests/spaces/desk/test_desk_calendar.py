"""One's own calendar, at an address that is a secret."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.groups.actions import meetings, minutes
from traam.programme.groups.actions.meetings import MeetingValues
from traam.programme.groups.models import Group
from traam.programme.people.actions import MOST_CALENDAR_KEYS, make_calendar_key
from traam.programme.people.models import CalendarKey, Person

pytestmark = pytest.mark.django_db


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def lyon() -> Group:
    return Group.objects.filter(application__academy="10").order_by("pk")[0]


def plan(host: Any, by: str, subject: str, days: int = 3) -> Any:
    at = timezone.localtime()
    when = at.date() + timedelta(days=days)
    values = MeetingValues(when, time(14), time(16), "remote", subject, agenda="Avec Camille", link="https://x.example")
    return meetings.plan(host, values, actor=person(by), at=at)


def feed_of(who: str) -> str:
    return reverse("desk:calendar_feed", args=[make_calendar_key(actor=person(who), at=timezone.now())])


def titles(client: Any, address: str) -> list[str]:
    body = client.get(address).content
    seen = [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(body).walk("VEVENT")]
    assert seen == [one.summary.value for one in vobject.readOne(body.decode()).contents.get("vevent", [])]
    return seen


def test_an_address_is_shown_once_and_kept_only_as_a_digest(sign_in: Callable[[str], Any], client: Any) -> None:
    page = sign_in("referent.lyon").post(reverse("desk:calendar"))
    address = page.content.decode().partition('class="secret-address">')[2].partition("<")[0]
    path = "/" + address.partition("://")[2].partition("/")[2]
    token = path.rpartition("/")[2].removesuffix(".ics")
    assert len(token) >= 43
    [key] = CalendarKey.objects.all()
    assert token not in str(vars(key)) and key.digest != token
    assert token not in sign_in("referent.lyon").get(reverse("desk:calendar")).content.decode()
    client.logout()
    assert client.get(path).status_code == 200, "a diary has no account"


def test_unknown_and_revoked_addresses_are_alike(sign_in: Callable[[str], Any], client: Any) -> None:
    address = feed_of("referent.lyon")
    assert client.get(address).status_code == 200
    key = CalendarKey.objects.get()
    assert sign_in("expert").post(reverse("desk:revoke_calendar", args=[key.pk])).status_code == 403
    sign_in("referent.lyon").post(reverse("desk:revoke_calendar", args=[key.pk]))
    client.logout()
    answers = [client.get(path) for path in (address, "/calendriers/x.ics", "/calendriers/" + "é" * 43 + ".ics")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert b"VCALENDAR" not in answers[0].content


def test_a_closed_account_closes_its_calendar(client: Any) -> None:
    address = feed_of("referent.lyon")
    Person.objects.filter(email=f"referent.lyon@{DOMAIN}").update(is_active=False)
    assert client.get(address).status_code == 404


def test_there_are_so_many_addresses_and_no_more(sign_in: Callable[[str], Any]) -> None:
    client = sign_in("referent.lyon")
    for _ in range(MOST_CALENDAR_KEYS + 1):
        page = client.post(reverse("desk:calendar"))
    assert CalendarKey.objects.count() == MOST_CALENDAR_KEYS
    assert "révoquez-en une" in page.content.decode()


def test_everyone_gets_what_is_hers(client: Any, lyon: Group) -> None:
    theme = lyon.application.theme
    lille = Group.objects.filter(application__academy="09").order_by("pk")[0]
    plan(lyon, "referent.lyon", "Réunion de Lyon")
    plan(lille, "referent.lille", "Réunion de Lille")
    plan(theme, "expert", "Réunion nationale")
    minutes.save_milestone(
        theme, label="Premier jet", on=timezone.localdate(), actor=person("expert"), at=timezone.now()
    )
    seen = {who: titles(client, feed_of(who)) for who in ("referent.lyon", "enseignante.lyon", "expert", "dan.lyon")}
    assert "TraAM : Réunion de Lyon" in seen["referent.lyon"] and "TraAM : Réunion nationale" in seen["referent.lyon"]
    assert "TraAM : Réunion de Lille" not in seen["referent.lyon"]
    assert "TraAM : Réunion nationale" not in seen["enseignante.lyon"], "she is not of the national group"
    assert "TraAM : Réunion de Lyon" not in seen["expert"] and "TraAM : Réunion nationale" in seen["expert"]
    assert seen["dan.lyon"] == []
    for who in ("referent.lyon", "enseignante.lyon", "expert"):
        assert "TraAM : Premier jet" in seen[who]
    labels = {one.id: f"TraAM : {one.label}" for one in theme.campaign.edition.milestones}
    assert labels["end"] in seen["enseignante.lyon"] and labels["applications_due"] not in seen["enseignante.lyon"]


def test_nobody_is_named_in_it(client: Any, lyon: Group) -> None:
    plan(lyon, "referent.lyon", "Point d'étape")
    body = client.get(feed_of("referent.lyon")).content.decode().replace("\r\n ", "")
    assert "ATTENDEE" not in body and "ORGANIZER" not in body and "mailto:" not in body
    for member in lyon.members.select_related("person"):
        assert member.person.name not in body and member.person.email not in body
    assert "Camille" not in body, "the agenda may name people: it stays on the page"


def test_a_diary_that_has_it_already_is_told_so(client: Any, lyon: Group) -> None:
    meeting = plan(lyon, "referent.lyon", "Point d'étape")
    address = feed_of("referent.lyon")
    first = client.get(address)
    assert first["Content-Type"].startswith("text/calendar") and "private" in first["Cache-Control"]
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    meetings.cancel(meeting, "Grève.", actor=person("referent.lyon"), at=timezone.now())
    moved = client.get(address, headers={"if-none-match": first["ETag"]})
    assert moved.status_code == 200
    [event] = [e for e in icalendar.Calendar.from_ical(moved.content).walk("VEVENT") if meeting.uid in str(e["UID"])]
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCELLED", 1), "it is cancelled, not gone"


def test_it_costs_the_same_whatever_its_events(client: Any, lyon: Group, django_assert_max_num_queries: Any) -> None:
    address = feed_of("referent.lyon")
    for rank in range(15):
        plan(lyon, "referent.lyon", f"Réunion {rank}", rank)
        plan(lyon.application.theme, "expert", f"Nationale {rank}", rank)
    with django_assert_max_num_queries(10):
        client.get(address)


def test_the_page_says_what_comes_and_needs_an_account(client: Any, sign_in: Callable[[str], Any], lyon: Group) -> None:
    assert client.get(reverse("desk:calendar")).status_code == 302
    plan(lyon, "referent.lyon", "Réunion des essais")
    assert "Réunion des essais" in sign_in("referent.lyon").get(reverse("desk:calendar")).content.decode()
