"""The follow-up in a real browser: sound at both widths, read again without moving the focus; letters to settle."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from traam.demo.build import DOMAIN
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.letters.models import Letter
from traam.programme.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Axe = Callable[[Page], list[str]]


def sound(page: Page, axe: Axe) -> None:
    """At the width of a desk, then of a phone."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == [], (page.url, width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.url, width)


def every_second(route: Route) -> None:
    """The same page, which reads itself again every second instead of every thirty."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("every 30s", "every 1s"))


def test_the_follow_up_reads_itself_again_and_a_reminder_leaves(
    demonstration: None, live_server: Any, browser_page: Callable[..., Page], axe: Axe
) -> None:
    client = Client()
    client.force_login(Person.objects.get(email=f"bureau@{DOMAIN}"))
    call = Campaign.objects.get(state="open")
    cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    for scheme in ("light", "dark"):
        page = browser_page(1280, scheme)
        page.context.add_cookies([cookie])
        page.goto(live_server.url + reverse("steering:followup", args=[call.pk]))
        sound(page, axe)
        page.get_by_text("Les mêmes chiffres en tableau").click()
        sound(page, axe)

    page.route(re.compile(r"/suivi$"), every_second)
    page.goto(live_server.url + reverse("steering:followup", args=[call.pk]))
    page.get_by_text("Les mêmes chiffres en tableau").click()
    before = Application.objects.filter(theme__campaign=call, state="forwarded").count()
    link = page.locator("#suivi a[href^='mailto:']").first
    link.focus()
    gone = Application.objects.filter(theme__campaign=call, state="forwarded").order_by("pk")[0]
    Application.objects.filter(pk=gone.pk).update(state="withdrawn")
    page.wait_for_timeout(2_500)
    expect(link).to_be_focused()
    total = page.get_by_role("row", name=re.compile("^Total"))
    expect(total.first).to_contain_text(str(before))
    page.locator("#filtre-region").focus()
    expect(total.first).to_contain_text(str(before - 1))
    expect(page.locator("#suivi details")).to_have_attribute("open", "")
    expect(page.locator("#filtre-region")).to_be_focused()

    page.unroute(re.compile(r"/suivi$"))
    page.get_by_role("link", name="Relancer des académies").click()
    sound(page, axe)
    page.get_by_role("button", name="Voir ce qui partirait").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui partirait")
    sound(page, axe)
    page.get_by_role("button", name=re.compile("^Envoyer")).click()
    expect(page.locator("#contenu").get_by_text("courriels partent vers")).to_be_visible()
    assert Letter.objects.filter(key__startswith="reminder", to__email=f"dan.lyon@{DOMAIN}").count() == 1

    Letter.objects.filter(key__startswith="reminder").update(state="unsure", problem="L'envoi a été interrompu")
    page.goto(live_server.url + reverse("steering:letters"))
    sound(page, axe)
    page.get_by_role("button", name=re.compile("^C’était parti")).first.click()
    expect(page.locator("#contenu").get_by_text("noté comme parti")).to_be_visible()
