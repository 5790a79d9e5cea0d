"""Typing in a real browser: kept after a pause and on leaving, said once, never in the way."""

from datetime import UTC, datetime
from typing import Any

import pytest
import trial_pages
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Page, expect
from test_pages_in_a_browser import _listen, _shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLACE = "trial:1"


@pytest.fixture(autouse=True)
def _signed_in(trial: Any, live_server: Any, page: Page, phone: Page) -> None:
    trial_pages.TYPINGS.clear()
    person = get_user_model().objects.create(email="essai@exemple.invalid", name="Essai", created_at=datetime.now(UTC))
    client = Client()
    client.force_login(person)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    for each in (page, phone):
        each.context.add_cookies([cookie])  # type: ignore[list-item]


def test_typing_is_kept_said_once_and_found_again(live_server: Any, page: Page, phone: Page, axe: Any) -> None:
    complaints = _listen(page)
    page.goto(f"{live_server.url}/longue")
    page.get_by_label("Mot de passe").fill("azerty")
    page.get_by_label("Titre du scénario").fill("Robots")
    state = page.locator("[data-typing-state]")
    expect(state).to_contain_text("Votre saisie est gardée (")
    expect(page.locator("#annonces")).to_contain_text("Votre saisie est gardée (")
    assert trial_pages.TYPINGS[PLACE].fields["title"] == ["Robots"]
    assert "secret" not in trial_pages.TYPINGS[PLACE].fields
    page.evaluate("document.getElementById('annonces').textContent = 'rien de neuf'")
    with page.expect_response("**/saisies"):
        page.get_by_label("Nombre d'heures").fill("12")
    page.wait_for_timeout(300)
    expect(page.locator("#annonces")).to_have_text("rien de neuf")
    assert trial_pages.TYPINGS[PLACE].fields["hours"] == ["12"]
    _shoot(page, "typing-kept")
    assert axe(page) == [] and complaints == []
    phone.goto(f"{live_server.url}/longue")
    expect(phone.get_by_label("Titre du scénario")).to_have_value("Robots")
    _shoot(phone, "typing-again")
    assert axe(phone) == []
    phone.get_by_role("button", name="Repartir de ce qui est enregistré").click()
    expect(phone.get_by_label("Titre du scénario")).to_have_value("Enregistré")


def test_leaving_the_page_keeps_the_last_words(live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/longue")
    page.get_by_label("Titre du scénario").fill("Derniers mots")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{live_server.url}/style")
    for _ in range(50):  # what leaves with the page is not seen by its tools
        if PLACE in trial_pages.TYPINGS:
            break
        page.wait_for_timeout(100)
    assert trial_pages.TYPINGS[PLACE].fields["title"] == ["Derniers mots"]


def test_what_is_no_longer_kept_is_said_and_tried_again(live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/longue")
    state = page.locator("[data-typing-state]")
    page.route("**/saisies", lambda route: route.abort())
    page.get_by_label("Titre du scénario").fill("Robots")
    expect(state).to_contain_text("n’est plus gardée\u00a0: le site ne répond pas")
    expect(page.locator("#annonces")).to_contain_text("n’est plus gardée")
    page.unroute("**/saisies")
    page.get_by_label("Titre du scénario").fill("Robots et tablettes")
    expect(state).to_contain_text("Votre saisie est gardée")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Titre du scénario").fill("Robots")
    expect(state).to_contain_text("votre session a pris fin")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/connexion?next=/longue")


def test_a_refused_form_is_kept_at_once(live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/longue")
    page.get_by_label("Titre du scénario").fill("Robots")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("#erreurs")).to_be_focused()
    expect(page.locator("[data-typing-state]")).to_contain_text("Votre saisie est gardée")
    assert trial_pages.TYPINGS[PLACE].fields["title"] == ["Robots"]
