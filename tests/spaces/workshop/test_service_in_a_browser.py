"""The pages of service fait in a browser, on a screen and on a phone: sound for axe, nothing overflows."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.groups.models import Group, Share
from traam.programme.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = "J'ai vu le travail du groupe lors de ma visite du 12 octobre."
SHOTS = os.environ.get("TRAAM_SERVICE_SHOTS", "")


def enter(page: Page, address: str, who: str) -> None:
    """Open the session of a person in this browser."""
    client = Client()
    client.force_login(Person.objects.get(email=f"{who}@{DOMAIN}"))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


def faults(page: Page, axe: Callable[[Page], list[str]]) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return axe(page) + ([f"overflows by {wide} px"] if wide > 0 else [])


def addresses(group: Group) -> dict[str, tuple[str, str]]:
    """Every page by a name: who comes, and where."""
    campaign = group.application.theme.campaign_id
    share = Share.objects.order_by("pk").last()
    return {
        "periods": ("bureau", reverse("steering:service_periods", args=[campaign])),
        "envelopes": ("bureau", reverse("steering:service_envelopes", args=[campaign])),
        "overview": ("bureau", reverse("steering:service", args=[campaign]) + "?verifier=oui"),
        "plan": ("inspecteur.lyon", reverse("workshop:plan_service", args=[group.pk, 1])),
        "attest": ("inspecteur.lyon", reverse("workshop:attest_service", args=[group.pk, 1])),
        "correct": ("inspecteur.lyon", reverse("workshop:correct_service", args=[share.pk if share else 0])),
        "list": ("inspecteur.lyon", reverse("workshop:services")),
        "group": ("inspecteur.lyon", reverse("workshop:service", args=[group.pk])),
        "mine": ("enseignante.lyon", reverse("workshop:service", args=[group.pk])),
        "academy": ("dan.lyon", reverse("academy:service", args=["lyon", campaign])),
        "send": ("dan.lyon", reverse("academy:send_service", args=["lyon", campaign, 1])),
    }


def test_service_fait_from_the_periods_to_the_file(
    demonstration: None, live_server: Any, browser_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    group = Group.objects.filter(application__academy="10").order_by("pk")[0]
    site = live_server.url
    wrong: dict[str, list[str]] = {}

    def look(step: str, *names: str) -> None:
        for width, scheme in ((1280, "light"), (390, "dark")):
            for name in names:
                page = browser_page(width, scheme)
                who, address = addresses(group)[name]
                enter(page, site, who)
                page.goto(site + address)
                found = faults(page, axe)
                if SHOTS:
                    page.screenshot(path=Path(SHOTS) / f"{step}-{name}-{width}.png", full_page=True)
                if found:
                    wrong[f"{step} {name} {width}"] = found

    def open_as(name: str) -> Page:
        page = browser_page(1280)
        who, address = addresses(group)[name]
        enter(page, site, who)
        page.goto(site + address)
        return page

    page = open_as("periods")
    page.get_by_label("Fin du premier temps").fill(f"31/03/{group.application.theme.campaign.first_year + 1}")
    page.get_by_label("Début du second temps").fill(f"01/04/{group.application.theme.campaign.first_year + 1}")
    page.get_by_label("Taux du premier temps").fill("40,12")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Les périodes de service sont enregistrées").first).to_be_visible()

    page = open_as("envelopes")
    page.get_by_label("Premier temps, en heures").fill("20")
    page.get_by_label("Second temps, en heures").fill("30")
    page.get_by_label("Lyon, Premier temps").fill("12,5")
    page.get_by_role("button", name="Enregistrer les enveloppes").click()
    expect(page.get_by_text("Les enveloppes sont enregistrées").first).to_be_visible()

    page = open_as("plan")
    for box in page.get_by_role("textbox").all():
        if (box.get_attribute("name") or "").startswith("planned_"):
            box.fill("12,5")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Service prévu pour « Premier temps »").first).to_be_visible()
    expect(page.get_by_text("L'enveloppe de l'académie est dépassée").first).to_be_visible()
    look("planned", "periods", "envelopes", "plan", "attest", "list")

    page = open_as("attest")
    for box in page.get_by_role("textbox").all():
        if (box.get_attribute("name") or "").startswith("done_"):
            box.fill("12")
    page.get_by_label("Ce que vous avez constaté").fill(SEEN)
    page.get_by_role("button", name="Attester", exact=True).click()
    expect(page.get_by_text("Le DAN peut l'envoyer au service de paye").first).to_be_visible()
    look("attested", "group", "send", "mine")

    page = open_as("send")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Prenez le fichier .csv").first).to_be_visible()
    look("sent", "overview", "academy", "correct")
    assert wrong == {}
