"""Every component in a real browser: accessible, within the screen, in both schemes, no CSP complaint."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("TRAAM_SHOTS")


def _listen(page: Page) -> list[str]:
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def _shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True, caret="initial")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("dress", ["neutral", "state"])
def test_the_style_page_is_sound(
    trial: Any,
    live_server: Any,
    browser_page: Callable[..., Page],
    axe: Any,
    width: int,
    scheme: str,
    dress: str,
) -> None:
    trial.STATE_DRESS = dress == "state"
    page = browser_page(width, scheme)
    complaints = _listen(page)
    page.goto(f"{live_server.url}/style")
    expect(page.locator("html")).to_have_attribute("data-fr-theme", scheme)
    page.wait_for_timeout(300)
    _shoot(page, f"style-{dress}-{width}-{scheme}")
    assert axe(page) == []
    assert _overflow(page) <= 0
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_refused_form_leads_to_its_fields(
    trial: Any, live_server: Any, browser_page: Callable[..., Page], axe: Any, width: int, scheme: str
) -> None:
    page = browser_page(width, scheme)
    page.goto(f"{live_server.url}/formulaire")
    assert axe(page) == []
    page.get_by_role("button", name="Enregistrer").click()
    expect(page).to_have_title("Erreur : Nouveau scénario - TraAM")
    expect(page.locator("#erreurs")).to_be_focused()
    _shoot(page, f"form-{width}-{scheme}")
    assert axe(page) == []
    assert _overflow(page) <= 0
    page.locator("#erreurs a", has_text="Titre").click()
    expect(page.get_by_label("Titre du scénario")).to_be_focused()
    page.locator("#erreurs a", has_text="Niveau").click()
    expect(page.get_by_label("Collège")).to_be_focused()


def test_characters_are_counted(trial: Any, live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/formulaire")
    area = page.get_by_label("Résumé")
    area.fill("x" * 298)
    expect(page.locator(".count-left")).to_have_text("Il reste 2\u00a0caractères")
    area.fill("x" * 301)
    expect(page.locator(".count-left")).to_have_text("1\u00a0caractère en trop")
    expect(page.locator("#annonces")).to_have_text("1\u00a0caractère en trop")


def test_the_scheme_is_chosen_and_kept(trial: Any, live_server: Any, page: Page, axe: Any) -> None:
    page.goto(f"{live_server.url}/formulaire")
    page.get_by_role("button", name="Paramètres d’affichage").click()
    page.get_by_text("Thème sombre").click()
    expect(page.get_by_label("Thème sombre")).to_be_checked()
    expect(page.locator("html")).to_have_attribute("data-fr-theme", "dark")
    assert axe(page) == []
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-fr-theme", "dark")


def test_the_menu_of_a_phone_opens_and_closes_with_the_keyboard(
    trial: Any, live_server: Any, phone: Page, axe: Any
) -> None:
    phone.goto(f"{live_server.url}/formulaire")
    menu = phone.get_by_role("button", name="Menu", exact=True)
    menu.press("Enter")
    expect(phone.get_by_role("link", name="Candidatures")).to_be_visible()
    expect(phone.get_by_role("button", name="Se déconnecter")).to_be_visible()
    phone.wait_for_timeout(300)
    _shoot(phone, "menu-390")
    assert axe(phone) == []
    phone.keyboard.press("Escape")
    expect(menu).to_be_focused()


def test_the_search_of_a_phone_opens(trial: Any, live_server: Any, phone: Page, axe: Any) -> None:
    phone.goto(f"{live_server.url}/formulaire")
    expect(phone.locator("#recherche-entete")).to_be_hidden()
    phone.locator("#bouton-recherche").click()
    expect(phone.locator("#recherche-entete")).to_be_visible()
    phone.wait_for_timeout(300)
    assert axe(phone) == []


def test_the_skip_link_leads_to_the_content(trial: Any, live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/style")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Contenu", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("width", [1280, 390])
def test_without_scripts_everything_can_be_read(
    trial: Any, live_server: Any, browser_page: Callable[..., Page], width: int
) -> None:
    page = browser_page(width, script=False)
    page.goto(f"{live_server.url}/style")
    _shoot(page, f"noscript-{width}")
    expect(page.locator("#contenu").get_by_text("Trois parties.")).to_be_visible()
    expect(page.get_by_role("link", name="Candidatures").first).to_be_visible()
    expect(page.get_by_role("button", name="Se déconnecter").first).to_be_visible()
    expect(page.get_by_role("button", name="Paramètres d’affichage")).to_be_hidden()


@pytest.mark.parametrize("address", ["/nulle-part", "/panne"])
def test_pages_of_errors_are_sound(trial: Any, live_server: Any, phone: Page, axe: Any, address: str) -> None:
    phone.goto(f"{live_server.url}{address}")
    _shoot(phone, f"error{address.replace('/', '-')}")
    assert axe(phone) == []
    assert _overflow(phone) <= 0
