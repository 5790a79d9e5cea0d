import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter(page: Page, address: str, who: str) -> None:
    """Open the session of a person in this browser."""
    client = Client()
    client.force_login(Person.objects.get(email=f"{who}@{DOMAIN}"))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


def faults(page: Page, axe: Callable[[Page], list[str]]) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return axe(page) + ([f"overflows by {wide} px"] if wide > 0 else [])


def pages() -> list[tuple[str, str]]:
    """Who, and where: every page, in every state the demonstration shows."""
    lyon = Group.objects.filter(application__academy="10").order_by("pk")[0]
    lille = Group.objects.filter(application__academy="09").order_by("pk")[1]
    inspector = lyon.members.get(role="inspector")
    drawn = [
        ("bureau", reverse("workshop:home")),
        ("inspecteur.lyon", reverse("workshop:home")),
        ("referent1.lille", reverse("workshop:group", args=[lille.pk])),
        ("dan.lyon", reverse("workshop:group", args=[lyon.pk])),
        ("inspecteur.lyon", reverse("workshop:move_group", args=[lyon.pk, "end"])),
        ("bureau", reverse("workshop:composition", args=[lyon.pk])),
        ("referent.lyon", reverse("workshop:national", args=[lyon.application.theme_id])),
        ("expert", reverse("workshop:national", args=[lyon.application.theme_id])),
        ("expert", reverse("workshop:invite_correspondent", args=[lyon.application.theme_id])),
    ]
    for name in ("replace_member", "correct_member", "end_member"):
        drawn.append(("referent.lyon", reverse(f"workshop:{name}", args=[lyon.pk, inspector.pk])))
    for name in ("group", "composition", "add_member", "add_meeting", "agreement", "new_scenario"):
        drawn.append(("referent.lyon", reverse(f"workshop:{name}", args=[lyon.pk])))
    for scenario in Scenario.objects.select_related("group__application"):
        author = scenario.group.application.referent_email.split("@")[0]
        drawn.append((author, reverse("workshop:scenario", args=[scenario.pk])))
    sketch = Scenario.objects.get(title__startswith="Débattre")
    for name in ("edit_scenario", "add_test"):
        drawn.append(("referent.lyon", reverse(f"workshop:{name}", args=[sketch.pk])))
    return drawn


def test_every_page_is_sound_and_a_scenario_is_written(
    demonstration: None,
    live_server: Any,
    browser_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    sound: Callable[..., dict[str, list[str]]],
) -> None:
    assert sound(pages()) == {}
    _copy_the_addresses(live_server.url, browser_page(390))
    _write(live_server.url, browser_page(1280), axe)
    _lose_the_session(live_server.url, browser_page(390))
    _write_without_script(live_server.url, browser_page(390, script=False))


def _copy_the_addresses(url: str, page: Page) -> None:
    """Copied, or selected for Ctrl + C where the browser refuses."""
    lyon = Group.objects.filter(application__academy="10").order_by("pk")[0]
    enter(page, url, "referent.lyon")
    page.goto(url + reverse("workshop:composition", args=[lyon.pk]))
    page.get_by_role("button", name="Copier les adresses").click()
    expect(page.locator("#adresses [role=status]")).to_have_text(re.compile("Adresses copiées|Ctrl"))


def _editor(url: str, page: Page) -> None:
    sketch = Scenario.objects.get(title__startswith="Débattre")
    enter(page, url, "referent.lyon")
    page.goto(url + reverse("workshop:edit_scenario", args=[sketch.pk]))


def _write(url: str, page: Page, axe: Callable[[Page], list[str]]) -> None:
    """The panel follows the typing."""
    _editor(url, page)
    page.get_by_role("textbox", name="Déroulement").fill("1. **Ouvrir** le débat")
    expect(page.locator("#apercu-texte strong")).to_have_text("Ouvrir")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("#contenu").get_by_text("Scénario enregistré.")).to_be_visible()
    assert Scenario.objects.get(title__startswith="Débattre").sections["steps"] == "1. **Ouvrir** le débat"


def _lose_the_session(url: str, page: Page) -> None:
    _editor(url, page)
    page.get_by_role("textbox", name="Évaluation").fill("Écrit après la fin de la session")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_url(re.compile("/connexion"))
    page.get_by_label("Adresse électronique").fill(f"referent.lyon@{DOMAIN}")
    page.get_by_label("Mot de passe", exact=True).fill("demonstration-traam")
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    expect(page.locator("#contenu").get_by_text(re.compile("Texte retrouvé, envoyé alors que"))).to_be_visible()
    expect(page.get_by_role("textbox", name="Évaluation")).to_have_value("Écrit après la fin de la session")


def _write_without_script(url: str, page: Page) -> None:
    _editor(url, page)
    page.get_by_role("textbox", name="Différenciation").fill("*Doucement*")
    page.get_by_role("button", name="Prévisualiser").click()
    expect(page.locator("#apercu em")).to_have_text("Doucement")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("#contenu").get_by_text("Scénario enregistré.")).to_be_visible()
