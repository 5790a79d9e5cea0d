"""The pages about letters, in a browser: wide and narrow, light and dark."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Campaign
from traam.programme.letters import actions, digests, privacy
from traam.programme.letters.models import Habit
from traam.programme.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Une candidature au très long intitulé, " * 6


def enter(page: Page, server: Any, name: str) -> None:
    client = Client()
    client.force_login(Person.objects.get(email=f"{name}@{DOMAIN}"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.url}])


def prepare() -> Campaign:
    """Things told, a digest that left, a call whose dates are to come."""
    dan, now = Person.objects.get(email=f"dan.lyon@{DOMAIN}"), timezone.localtime()
    actions.tell("a", to=dan, text="Une chose", label="Lire", address="/x", at=now - timedelta(days=2))
    digests.compose(at=now)
    actions.tell("b", to=dan, text=LONG, label="Lire la candidature et donner votre avis", address="/x", at=now)
    actions.tell("c", to=dan, text="Trois dossiers", label="Voir", address="/y", due=now.date(), at=now)
    campaign = Campaign.objects.get(state="open")
    dates = ("applications_due", "selection", "announcement", "launch", "end")
    coming = {name: (now.date() + timedelta(days=20 + 30 * n)).isoformat() for n, name in enumerate(dates)}
    Campaign.objects.filter(pk=campaign.pk).update(calendar=coming)
    return campaign


def test_each_page_is_sound_in_any_width_and_any_light(
    demonstration: None, sound: Callable[..., dict[str, list[str]]]
) -> None:
    campaign = prepare()
    token = Habit.objects.get(person__email=f"dan.lyon@{DOMAIN}").token
    asked = privacy.ask(LONG, True, actor=Person.objects.get(email=f"referent.lyon@{DOMAIN}"), at=timezone.localtime())
    pages = [
        ("dan.lyon", "/mes-courriels"),
        ("dan.lyon", f"/courriels/arreter/{token}"),
        ("bureau", f"/pilotage/campagnes/{campaign.pk}/courriels"),
        ("dan.lyon", "/mes-donnees"),
        ("dan.lyon", "/mon-compte/activite"),
        ("bureau", "/pilotage/journal"),
        ("bureau", "/pilotage/effacements"),
        ("bureau", f"/pilotage/effacements/{asked.pk}"),
        ("dan.lyon", "/mon-compte"),
        ("dan.lyon", "/mon-compte/confirmation"),
        ("dan.lyon", "/mon-compte/role"),
        ("", "/connexion"),
        ("", "/connexion/cle-d-acces"),
    ]
    assert sound(pages) == {}


def test_the_digest_itself_is_sound(
    demonstration: None, browser_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    prepare()
    habit = Habit.objects.select_related("person").get(person__email=f"dan.lyon@{DOMAIN}")
    items = list(digests.pending().filter(to=habit.person))
    page = browser_page(390)
    page.set_content(digests.html(habit.person, items, habit, timezone.localdate()))
    assert axe(page) == []
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.get_by_role("link").count() == len(items) + 2
    if folder := os.environ.get("TRAAM_PICTURES"):
        page.screenshot(path=Path(folder) / "digest.png", full_page=True)


def test_a_rhythm_is_chosen_and_a_digest_stopped(demonstration: None, live_server: Any, page: Page) -> None:
    enter(page, live_server, "dan.lyon")
    page.goto(live_server.url + "/mes-courriels")
    page.get_by_text("Chaque semaine, le lundi").click()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#contenu").get_by_text("un récapitulatif le lundi")).to_be_visible()
    token = Habit.objects.get(person__email=f"dan.lyon@{DOMAIN}").token
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/courriels/arreter/{token}")
    page.get_by_role("button", name="Ne plus le recevoir").click()
    expect(page.get_by_role("heading", name="C’est arrêté")).to_be_visible()
    assert Habit.objects.get(token=token).period == "never"
