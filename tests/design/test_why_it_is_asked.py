"""« Pourquoi me demande-t-on cela ? »: on the pages that declare a topic, and beside the fields that say so."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.template import engines
from django.test import Client
from playwright.sync_api import Page, expect
from test_pages_in_a_browser import _overflow, _shoot
from trial_pages import Everything

QUESTION = "Pourquoi me demande-t-on cela\u202f?"


@pytest.mark.django_db
def test_a_page_that_declares_a_topic_leads_to_the_article(trial: Any) -> None:
    page = Client().get("/demande/7").content.decode()
    link = re.search(r'<p class="why"><a [^>]*href="([^"]*)">(.*?)</a>', page, re.DOTALL)
    assert link and link[1] == "/cahier-des-charges?sujet=selection#B.3"
    assert QUESTION in link[2] and "article B.3, La sélection" in link[2]
    assert page.index('class="why"') < page.index("<h1>")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/demande/0", "/demande", "/formulaire", "/nulle-part"])
def test_a_page_without_article_asks_nothing(trial: Any, address: str) -> None:
    """An object without article, no object, no topic, no page."""
    assert QUESTION not in Client().get(address).content.decode()


@pytest.mark.django_db
def test_a_refused_form_still_says_why(trial: Any) -> None:
    answer = Client().post("/demande/7", {"title": "x"})
    assert answer.status_code == 422 and QUESTION in answer.content.decode()


@pytest.mark.parametrize("name", ["title", "summary", "academy", "level", "tools", "agreed", "file"])
def test_the_link_beside_a_field_names_it_and_is_outside_of_its_label(name: str) -> None:
    source = '{% from "dsfr/forms.html" import field %}{{ field(form[name], why=("Article B.2", "/e#B.2")) }}'
    form = Everything()
    html = unescape(engines["jinja2"].env.from_string(source).render(form=form, name=name))  # type: ignore[attr-defined]
    link = re.search(r'<a class="fr-link fr-link--sm" href="/e#B.2">(.*?)</a>', html)
    assert link and "Article B.2" in link[1] and f"({form[name].label})" in link[1]
    inside = re.findall(r"<label.*?</label>|<legend.*?</legend>", html, re.DOTALL)
    assert inside and not any("<a " in each for each in inside)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_links_are_sound_and_within_reach_of_the_keyboard(
    trial: Any, live_server: Any, browser_page: Callable[..., Page], axe: Any, width: int, scheme: str
) -> None:
    page = browser_page(width, scheme)
    page.goto(f"{live_server.url}/demande/7")
    _shoot(page, f"why-{width}-{scheme}")
    assert axe(page) == [] and _overflow(page) <= 0
    page.get_by_label("Niveau").get_by_role("link").focus()
    expect(page.get_by_role("link", name="Pourquoi\u202f? Article B.2 (Niveau)")).to_be_focused()
    page.get_by_role("link", name=QUESTION).press("Enter")
    expect(page).to_have_url(f"{live_server.url}/cahier-des-charges?sujet=selection#B.3")
    assert len(page.context.pages) == 1, "same tab"
