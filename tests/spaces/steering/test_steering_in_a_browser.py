import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Campaign
from traam.programme.people.models import Appointment, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NO_OVERFLOW = "document.documentElement.scrollWidth <= window.innerWidth"


def session_of(who: str) -> str:
    client = Client()
    client.force_login(Person.objects.get(email=f"{who}@{DOMAIN}"))
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def addresses() -> list[str]:
    working, call = Campaign.objects.get(announcement__isnull=False), Campaign.objects.get(state="open")
    theme = call.themes.order_by("pk")[0]
    steering = [
        ("home",),
        ("new_campaign",),
        ("campaign", working.pk),
        ("campaign", call.pk),
        ("edit_campaign", call.pk),
        ("amendments", call.pk),
        ("amend", call.pk, "date", "applications_due"),
        ("amend", call.pk, "limit", "teams_total"),
        ("amend", call.pk, "blind", "aveugle"),
        ("copy", working.pk),
        ("contacts",),
        ("new_theme", call.pk),
        ("edit_theme", call.pk, theme.pk),
        ("edit_theme", call.pk, call.themes.get(year=2).pk),
        ("selection", working.pk),
        ("selection", call.pk),
        ("followup", call.pk),
        ("remind", call.pk),
        ("groups", working.pk),
        ("people",),
        ("invite",),
        ("end_role", Appointment.objects.get(person__email=f"dan.lyon@{DOMAIN}").pk),
        ("letters",),
        ("indicators",),
        ("indicators_compare",),
        ("campaign_indicators", working.pk),
        ("see_as_role",),
        ("see_as", Person.objects.get(email=f"dan.lyon@{DOMAIN}").pk),
    ]
    contact = reverse("academy:contact", args=["lyon"])
    return [reverse("desk:dashboard"), contact, *(reverse(f"steering:{name}", args=rest) for name, *rest in steering)]


def look(page: Page, address: str, axe: Callable[[Page], list[str]]) -> list[str]:
    """What is wrong with a page."""
    answer = page.goto(address)
    wrong = [] if answer and answer.ok else [f"status {answer.status if answer else '?'}"]
    wrong += axe(page)
    if not page.evaluate(NO_OVERFLOW):
        wrong.append("wider than the screen")
    return [f"{address}: {problem}" for problem in wrong]


def test_every_page_is_sound_at_every_width_by_day_and_by_night(
    demonstration: None, live_server: Any, browser_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of("bureau"), "url": live_server.url}
    problems = []
    for width, scheme in ((1280, "light"), (390, "dark")):
        stranger = browser_page(width, scheme)
        problems += look(stranger, live_server.url + reverse("desk:sign_in"), axe)
        page = browser_page(width, scheme)
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        for address in addresses():
            problems += look(page, live_server.url + address, axe)
        problems += [
            f"effect of an amendment: {problem}" for problem in looking_at_an_amendment(page, live_server.url, axe)
        ]
        typing_wrong(page, live_server.url)
        problems += [f"refused form: {problem}" for problem in axe(page)]
    assert problems == []


def looking_at_an_amendment(page: Page, site: str, axe: Callable[[Page], list[str]]) -> list[str]:
    """What is wrong with the second screen of an amendment, that shows what it would break."""
    call = Campaign.objects.get(state="open")
    page.goto(site + reverse("steering:amend", args=[call.pk, "limit", "description_max_chars"]))
    page.get_by_label("Nouveau nombre").fill("10")
    page.get_by_label("Motif").fill("Des descriptions plus courtes.")
    page.get_by_role("button", name="Voir ce que cela entraîne").click()
    expect(page.get_by_role("button", name="Signer l’avenant")).to_be_visible()
    expect(page.get_by_text("Ce qui ne respecterait plus les règles")).to_be_visible()
    return axe(page) + ([] if page.evaluate(NO_OVERFLOW) else ["wider than the screen"])


def typing_wrong(page: Page, site: str) -> None:
    """An empty form sent: the summary of errors takes the focus."""
    page.goto(site + reverse("steering:invite"))
    page.get_by_role("button", name="Inviter", exact=True).click()
    expect(page.locator("#erreurs")).to_be_focused()


def test_signing_in_deciding_and_coming_back_to_the_list(demonstration: None, live_server: Any, page: Page) -> None:
    campaign = Campaign.objects.get(state="open")
    Campaign.objects.filter(pk=campaign.pk).update(state="closed")
    theme = campaign.themes.order_by("pk")[1]
    page.goto(live_server.url + reverse("steering:selection", args=[campaign.pk]) + f"?theme={theme.pk}")
    page.get_by_role("button", name="Bureau national").click()
    page.get_by_role("button", name=re.compile("^Retenir")).first.click()
    page.wait_for_url("**#liste")
    expect(page.get_by_role("status").filter(has_text="retenue")).to_be_visible()
    expect(page.get_by_role("cell", name="1 sur 6")).to_have_count(1)
