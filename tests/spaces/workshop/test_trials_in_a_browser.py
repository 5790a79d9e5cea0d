"""Tests in class as people see them: every page sound at both widths and in both schemes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions.actions import trials
from traam.programme.productions.models import ClassTest, Promise, Scenario

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "unmotsansfin" * 20


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def enter(page: Page, address: str, name: str) -> None:
    client = Client()
    client.force_login(who(name))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


def fill() -> tuple[Scenario, dict[str, Group]]:
    """A test held elsewhere, one promised, one asked, one declined; with words that have no end."""
    scenario, at = Scenario.objects.get(title__startswith="Enquêter sur une image"), timezone.localtime()
    theme = scenario.group.application.theme
    groups = {group.academy: group for group in Group.objects.filter(application__theme=theme)}
    lyon, lille, nice = who("referent.lyon"), who("referent.lille"), who("referent.nice")
    on = at.date() - timedelta(days=1)
    trials.record_test(scenario, on=on, level="201", pupils=31, worked=LONG, resisted="Peu.", actor=lille, at=at)
    trials.ask(scenario, groups["14"], message=LONG, actor=lyon, at=at)
    trials.promise(scenario, groups["23"], level="146", planned_on=at.date(), answer=LONG, actor=nice, at=at)
    trials.decline(trials.ask(scenario, groups["33"], actor=lyon, at=at), LONG, actor=who("referent.guyane"), at=at)
    return scenario, groups


def pages(scenario: Scenario, groups: dict[str, Group]) -> list[tuple[str, str]]:
    theme = scenario.group.application.theme
    asked = Promise.objects.get(state="asked", group=groups["14"])
    promised = Promise.objects.get(state="promised", group=groups["23"])
    test = ClassTest.objects.get(scenario=scenario, academy="09")
    return [
        ("referent.lyon", reverse("workshop:scenario", args=[scenario.pk])),
        ("referent.rennes", reverse("workshop:scenario", args=[scenario.pk])),
        ("referent.lyon", reverse("workshop:ask_test", args=[scenario.pk])),
        ("referent.rennes", reverse("workshop:promise_test", args=[scenario.pk, groups["14"].pk])),
        ("referent.rennes", reverse("workshop:answer_test", args=[asked.pk, "decline"])),
        ("referent.nice", reverse("workshop:answer_test", args=[promised.pk, "postpone"])),
        ("referent.lille", reverse("workshop:add_test", args=[scenario.pk])),
        ("referent.lille", reverse("workshop:correct_test", args=[test.pk])),
        ("referent.lille", reverse("workshop:withdraw_test", args=[test.pk])),
        ("expert", reverse("workshop:theme_trials", args=[theme.pk])),
        ("referent.lyon", reverse("workshop:theme_trials", args=[theme.pk])),
        ("expert", reverse("review:trials")),
        ("bureau", reverse("steering:trials", args=[theme.campaign_id])),
        ("referent.rennes", reverse("desk:dashboard")),
    ]


def test_every_page_is_sound(demonstration: None, sound: Callable[..., dict[str, list[str]]]) -> None:
    assert sound(pages(*fill())) == {}


def test_a_referent_promises_then_notes_without_scripts(
    demonstration: None, live_server: Any, browser_page: Callable[..., Page]
) -> None:
    scenario, groups = fill()
    page = browser_page(390, script=False)
    enter(page, live_server.url, "referent.rennes")
    page.goto(f"{live_server.url}{reverse('workshop:scenario', args=[scenario.pk])}")
    page.get_by_role("link", name="Promettre un test").last.click()
    page.get_by_label("Niveau de la classe").select_option("201")
    page.get_by_label("Jour prévu pour la séance").fill(f"{timezone.localdate():%d/%m/%Y}")
    page.get_by_role("button", name="Promettre ce test").click()
    expect(page.get_by_text("Test promis")).to_be_visible()
    page.get_by_role("link", name="Noter un test").click()
    page.get_by_label("Date de la séance").fill(f"{timezone.localdate():%d/%m/%Y}")
    page.get_by_label("Niveau de la classe").select_option("201")
    page.get_by_label("Nombre d'élèves").fill("27")
    page.get_by_label("Ce qui a marché").fill("La mise en commun.")
    page.get_by_role("button", name="Enregistrer le test").click()
    expect(page.get_by_text("Testé dans 3 académies")).to_be_visible()
    assert Promise.objects.get(group=groups["14"]).state == "kept"
