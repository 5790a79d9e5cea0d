"""Calendars, meetings and minutes as people see them: sound at both widths and in both schemes."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.catalogue.minutes import publish_minutes
from traam.programme.catalogue.models import PublicCall, PublicTheme
from traam.programme.groups.actions import meetings, minutes
from traam.programme.groups.models import Group
from traam.programme.groups.queries.meetings import meeting as find_meeting
from traam.programme.groups.queries.meetings import seats
from traam.programme.people.actions import make_calendar_key
from traam.programme.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOM = "https://visio.exemple.fr/" + "salle-sans-espace-" * 9


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def enter(page: Page, address: str, name: str) -> None:
    client = Client()
    client.force_login(who(name))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


def a_meeting(host: Any, by: str, days: int, *, held: bool) -> Any:
    """A meeting with everything that its page may show."""
    at, actor = timezone.localtime(), who(by)
    when = at.date() + timedelta(days=days)
    values = meetings.MeetingValues(
        when,
        time(14),
        time(16, 30),
        "remote",
        "Point d'étape " + "très long " * 12,
        "1. Avancement\n2. Suite",
        "",
        ROOM,
    )
    meeting = meetings.plan(host, values, actor=actor, at=at)
    if not held:
        meetings.convene(meeting, actor=actor, at=at)
        return meeting
    people = seats(meeting, at)
    there = {seat.person.pk: meetings.Presence("present") for seat in people}
    there[people[-1].person.pk] = meetings.Presence("excused")
    meeting = meetings.hold(meeting, there, actor=actor, at=at)
    said = {
        "agenda": "1. Avancement",
        "said": "Deux scénarios **avancent**.\n\n- Le premier est testé.",
        "next": "Juin.",
    }
    minutes.save_minutes(meeting, said, revision=0, actor=actor, at=at)
    minutes.add_point(meeting, kind="decision", text="On garde deux scénarios.", actor=actor, at=at)
    for text, late in (("Tester en classe", True), ("Relire les droits", False)):
        due = when + timedelta(days=1 if late else 60)
        owner = people[0].person.pk
        minutes.add_point(meeting, kind="action", text=text, owner=owner, due=due, actor=actor, at=at)
    return find_meeting(meeting.pk)


def test_every_page_is_sound_and_serves(
    demonstration: None,
    live_server: Any,
    browser_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    sound: Callable[..., dict[str, list[str]]],
) -> None:
    group = Group.objects.filter(application__academy="10").order_by("pk")[0]
    theme = group.application.theme
    theme.campaign.edition_id = "aam-2008"  # it puts the minutes of national meetings on line
    theme.campaign.save()
    PublicCall.objects.filter(pk=theme.campaign_id).update(edition_id="aam-2008")
    now = timezone.localtime()
    soon = now.date() + timedelta(days=20)
    milestone = minutes.save_milestone(
        theme, label="Premier jet", on=soon, detail="Deux pages.", actor=who("expert"), at=now
    )
    held, coming = (a_meeting(group, "referent.lyon", days, held=days < 0) for days in (-9, 12))
    national = a_meeting(theme, "expert", -3, held=True)
    publish_minutes(national.minutes, actor=who("expert"), at=now)
    make_calendar_key(actor=who("referent.lyon"), at=now)
    public = PublicTheme.objects.get(source_key=f"theme:{theme.pk}")
    key = who("referent.lyon").calendar_keys.get()
    pages = [
        ("referent.lyon", reverse("workshop:group", args=[group.pk])),
        ("referent.lyon", reverse("workshop:group_calendar", args=[group.pk])),
        ("referent.lyon", reverse("workshop:group_actions", args=[group.pk])),
        ("referent.lyon", reverse("workshop:plan_meeting", args=[group.pk])),
        ("referent.lyon", reverse("workshop:meeting", args=[held.pk])),
        ("referent.lyon", reverse("workshop:meeting", args=[coming.pk])),
        ("referent.lyon", reverse("workshop:attendance", args=[held.pk])),
        ("referent.lyon", reverse("workshop:edit_minutes", args=[held.pk])),
        ("referent.lyon", reverse("workshop:cancel_meeting", args=[coming.pk])),
        ("referent.lyon", reverse("desk:calendar")),
        ("referent.lyon", reverse("desk:revoke_calendar", args=[key.pk])),
        ("expert", reverse("workshop:theme_calendar", args=[theme.pk])),
        ("expert", reverse("workshop:meeting", args=[national.pk])),
        ("expert", reverse("review:milestones", args=[theme.pk])),
        ("expert", reverse("review:change_milestone", args=[theme.pk, milestone.pk])),
        ("expert", reverse("public:theme", args=[public.pk])),
    ]
    assert sound(pages) == {}

    page = browser_page(390)
    enter(page, live_server.url, "referent.lyon")
    page.goto(live_server.url + reverse("desk:calendar"))
    page.get_by_role("button", name="Créer une adresse secrète").click()
    expect(page.get_by_text("elle ne sera plus montrée")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe(page) == []
    page.goto(live_server.url + reverse("workshop:group_actions", args=[group.pk]))
    page.get_by_role("button", name="C’est fait").first.click()
    expect(page.get_by_text("Action faite.").first).to_be_visible()
