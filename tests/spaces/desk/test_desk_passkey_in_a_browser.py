"""A passkey, from a browser that makes one: added, then enough to come in."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN, PASSWORD
from traam.programme.people import factors
from traam.programme.people.models import Person, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def keep_keys(page: Page) -> None:
    """The browser has an authenticator of its own, that says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    keeper = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": keeper})


def look(page: Page, axe: Callable[..., list[str]], name: str) -> None:
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if folder := os.environ.get("TRAAM_PICTURES"):
        page.screenshot(path=Path(folder) / f"account-{name}.png", full_page=True)


def test_a_passkey_is_made_then_opens_the_account(
    demonstration: None, live_server: Any, phone: Page, axe: Callable[..., list[str]]
) -> None:
    site = re.sub(r"//[^:/]+", "//localhost", live_server.url)  # browsers make passkeys for names only
    main = phone.locator("main")
    keep_keys(phone)
    phone.goto(f"{site}/connexion?next=/mon-compte/application-de-codes")
    form = main.locator("form").first
    form.get_by_label("Adresse").fill(f"dan.lyon@{DOMAIN}")
    form.get_by_label("Mot de passe").fill(PASSWORD)
    form.get_by_role("button", name="Se connecter").click()
    expect(main.get_by_role("heading", level=1)).to_have_text("Relier une application de codes")
    look(phone, axe, "app")
    phone.goto(f"{site}/mon-compte/cles-d-acces")
    look(phone, axe, "new-passkey")
    main.get_by_label("Nom de cette clé").fill("Téléphone de Lyon")
    main.get_by_role("button", name="Créer la clé d’accès").click()
    expect(main.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    look(phone, axe, "codes")
    main.get_by_role("link", name="J’ai gardé mes codes").click()
    expect(main.get_by_role("row", name=re.compile("Téléphone de Lyon"))).to_be_visible()
    look(phone, axe, "account")

    phone.context.clear_cookies()
    phone.goto(f"{site}/connexion")
    form.get_by_label("Adresse").fill(f"dan.lyon@{DOMAIN}")
    form.get_by_label("Mot de passe").fill(PASSWORD)
    form.get_by_role("button", name="Se connecter").click()
    expect(main.get_by_role("heading", level=1)).to_have_text("Confirmer que c’est vous")
    look(phone, axe, "second-factor")

    phone.context.clear_cookies()
    phone.goto(f"{site}/connexion")
    main.get_by_role("link", name="Utiliser une clé d’accès").click()
    main.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(phone).to_have_url(f"{site}/tableau-de-bord")
    person = Person.objects.get(email=f"dan.lyon@{DOMAIN}")
    assert SignIn.objects.filter(person=person).latest("pk").means == "passkey"
    assert {factor.kind for factor in factors.of(person)} == {factors.PASSKEY, factors.CODES}
