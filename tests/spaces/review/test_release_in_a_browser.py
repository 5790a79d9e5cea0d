"""The pages of a release in a real browser, before it and after: sound for assistive technology, not too wide."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from traam.demo.build import DOMAIN
from traam.programme.catalogue import actions
from traam.programme.catalogue.models import Notice
from traam.programme.people.models import Person
from traam.programme.productions import actions as productions
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication.models import Waiver


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def enter(page: Page, live_server: Any, name: str) -> None:
    client = Client()
    client.force_login(who(name))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def validated() -> Scenario:
    at = timezone.now()
    found = find_scenario(Scenario.objects.get(state="submitted", title__startswith="Réviser").pk)
    endorsed = productions.move(found, "endorse", actor=who("inspecteur.lyon"), at=at)
    productions.move(endorsed, "confirm", actor=who("expert"), at=at)
    return find_scenario(found.pk)


def _with_a_history(public: Scenario) -> Notice:
    """Two versions, an erratum, a sheet of Édubase, a title that goes past its limit."""
    at = timezone.localtime()
    actions.add_erratum(public, "Étape 2 : lire « 1918 », et non « 1981 ».", actor=who("bureau"), at=at)
    actions.note_edubase(public, 24254, "", actor=who("bureau"), at=at)
    notice = Notice.objects.get(source_key=f"scenario:{public.pk}")
    first = notice.versions.get()
    notice.versions.create(version=2, content=first.content, published_on=first.published_on + timedelta(days=3))
    notice.version, notice.title = 2, "Anticonstitutionnellement" * 4 + " et un titre qui n'en finit pas" * 5
    notice.save()
    return notice


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_release_are_sound_and_fit_the_screen(
    demonstration: None, live_server: Any, browser_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    waiting, public = validated(), find_scenario(Scenario.objects.get(title__startswith="Enquêter").pk)
    notice, today = _with_a_history(public), timezone.localdate()
    Waiver.objects.create(
        scenario=waiting, of="control", code="accounts", reason="Le service ouvre au printemps.",
        until=today + timedelta(days=9), granted_by=who("bureau"), granted_at=timezone.now(),
    )  # fmt: skip
    paths = [reverse(f"review:{name}", args=[public.pk]) for name in ("released", "edubase")]
    paths = [reverse("review:release", args=[waiting.pk]), *paths]
    paths += [f"/notices/{notice.pk}", f"/notices/{notice.pk}/versions/1"]
    wide, phone = browser_page(1280), browser_page(390, "dark")
    for page in (wide, phone):
        enter(page, live_server, "inspecteur.lyon")
        for path in paths:
            page.goto(f"{live_server.url}{path}")
            assert axe(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
