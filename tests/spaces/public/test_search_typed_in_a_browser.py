"""Typing a search in a real browser: results follow, the keyboard and the history stay where they are."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_results_follow_what_is_typed_and_one_step_back_leaves(demonstration, live_server, browser_page, axe):
    page = browser_page(390)
    page.goto(f"{live_server.url}/themes/")
    page.goto(f"{live_server.url}/recherche")
    page.evaluate("document.documentElement.dataset.stayed = 'oui'")
    stayed = page.locator("html[data-stayed]")
    field = page.locator("#recherche")
    field.press_sequentially("intellig", delay=20)
    expect(page.locator("mark").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"/recherche\?q=intellig&frappe=oui$"))
    expect(page.locator("#annonce-recherche")).to_have_text(page.locator("#total").inner_text())
    expect(field).to_be_focused()
    expect(field).to_have_value("intellig")
    assert axe(page) == []
    field.press_sequentially("ence")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/recherche\?q=intelligence$"))
    expect(stayed).to_have_count(1)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/recherche\?q=intellig(ence)?&frappe=oui$"))
    expect(stayed).to_have_count(0)  # a step back asks for its page again: it is there before the next step
    expect(page.locator("mark").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/themes/$"))
