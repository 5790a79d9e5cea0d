"""Lists in a real browser: filtering keeps the focus and says the count, rows are chosen by keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from test_pages_in_a_browser import _listen, _overflow, _shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_long_list_is_sound(
    trial: Any, live_server: Any, browser_page: Callable[..., Page], axe: Any, width: int, scheme: str
) -> None:
    page = browser_page(width, scheme)
    complaints = _listen(page)
    page.goto(f"{live_server.url}/liste?tri=-title")
    _shoot(page, f"list-{width}-{scheme}")
    assert axe(page) == []
    assert _overflow(page) <= 0
    assert complaints == []


def test_filtering_changes_the_list_the_address_and_says_so(trial: Any, live_server: Any, page: Page, axe: Any) -> None:
    page.goto(f"{live_server.url}/liste?tri=-title")
    page.get_by_label("Académie", exact=True).select_option("ly")
    expect(page.locator(".extent")).to_contain_text("sur 1\u202f000")
    expect(page.locator("#annonces")).to_contain_text("sur 1\u202f000")
    field = page.locator("#filtre-q")
    field.press_sequentially("1998")
    expect(page.locator(".extent")).to_have_text("1\u00a0candidature")
    expect(field).to_be_focused()
    expect(page).to_have_url(f"{live_server.url}/liste?tri=-title&q=1998&academy=ly")
    assert axe(page) == []
    page.reload()
    expect(page.locator(".extent")).to_have_text("1\u00a0candidature")
    expect(field).to_have_value("1998")


def test_filtering_works_without_scripts(trial: Any, live_server: Any, browser_page: Callable[..., Page]) -> None:
    page = browser_page(script=False)
    page.goto(f"{live_server.url}/liste")
    page.get_by_label("Académie", exact=True).select_option("ly")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator(".extent")).to_contain_text("sur 1\u202f000")
    expect(page.locator("[data-check-all]")).to_be_hidden()


def test_rows_are_chosen_with_the_keyboard(trial: Any, live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/liste")
    every = page.get_by_role("checkbox", name="Tout cocher")
    every.press("Space")
    expect(page.locator(".bulk__count")).to_have_text("50\u00a0lignes cochées")
    expect(page.locator("#annonces")).to_have_text("50\u00a0lignes cochées")
    page.get_by_role("checkbox", name="Dossier 0002").press("Space")
    expect(page.locator(".bulk__count")).to_have_text("49\u00a0lignes cochées")
    assert every.evaluate("box => box.indeterminate") is True
    page.get_by_role("button", name="Retenir").press("Enter")
    expect(page.locator("body")).to_contain_text("1,3,4,5")


def test_filtered_rows_can_be_chosen_too(trial: Any, live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/liste")
    page.locator("#filtre-q").fill("Dossier 000")
    expect(page.locator(".extent")).to_have_text("9\u00a0candidatures")
    page.get_by_role("checkbox", name="Tout cocher").press("Space")
    expect(page.locator(".bulk__count")).to_have_text("9\u00a0lignes cochées")
