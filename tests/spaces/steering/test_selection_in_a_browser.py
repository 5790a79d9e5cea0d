"""The committee's pages in a browser: sound by day and by night, decided by the dozen, a proposal waited for."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.engines.assignment import problem_from_json
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue.deposits import actions as deposits
from traam.programme.people.models import Person
from traam.programme.selection import actions, proposals
from traam.programme.selection.models import Decision
from traam.programme.subscriptions.models import Sending
from traam.programme.valorisation.issues.models import Issue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NO_OVERFLOW = "document.documentElement.scrollWidth <= window.innerWidth"


def bureau() -> Person:
    return Person.objects.get(email=f"bureau@{DOMAIN}")


def enter(page: Page, site: str) -> None:
    client = Client()
    client.force_login(bureau())
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])


def closed() -> tuple[Campaign, list[Application]]:
    campaign = Campaign.objects.get(state="open")
    Campaign.objects.filter(pk=campaign.pk).update(state="closed")
    campaign.refresh_from_db()
    rows = Application.objects.filter(theme__campaign=campaign, state="forwarded").order_by("pk")
    return campaign, list(rows.select_related("theme__campaign"))


def addresses(campaign: Campaign, rows: list[Application]) -> list[str]:
    """Every page, in a state where it has something to show."""
    at = timezone.now()
    actions.decide_all(rows[:2], "put_on_waiting_list", actor=bureau(), at=at, reason="Places comptées.")
    actions.decide_all(rows[6:8], "retain", actor=bureau(), at=at)
    proposals.pin(rows[3], "excluded", "Déjà portée ailleurs.", actor=bureau(), at=at)
    done = proposals.ask(campaign, 20270401, actor=bureau(), at=at)
    proposals.work(timezone.now)
    waiting = proposals.ask(campaign, 20270401, actor=bureau(), at=at)
    impossible = proposals.ask(campaign, 1, actor=bureau(), at=at)
    inputs = impossible.inputs
    inputs["problem"]["limits"]["places"] = 0
    inputs["problem"]["pins"]["retained"] = [inputs["problem"]["candidates"][0]["id"]]
    inputs["problem"]["pins"]["excluded"] = []
    outcome = proposals.compute(problem_from_json(inputs["problem"]))
    type(impossible).objects.filter(pk=impossible.pk).update(state="done", inputs=inputs, outcome=outcome)
    named = [
        ("selection", campaign.pk),
        ("decide", rows[0].pk),
        ("decide", rows[3].pk),
        ("waiting", rows[0].theme_id),
        ("proposals", campaign.pk),
        ("proposal", done.pk),
        ("proposal", waiting.pk),
        ("proposal", impossible.pk),
        ("announce", campaign.pk),
    ]
    found = [reverse(f"steering:{name}", args=[key]) for name, key in named]
    letter = reverse("steering:announce_letter", args=[campaign.pk]) + f"?cle=result:{rows[0].pk}"
    return [*found, letter, reverse("review:pairing", args=[rows[7].theme_id])]


def letters() -> list[str]:
    """The pages of the letters to readers: an issue in preparation, a sending, what is posted by people."""
    issue, sending = Issue.objects.get(state="draft"), Sending.objects.get()
    under = [
        "",
        f"numeros/{issue.pk}",
        f"numeros/{issue.pk}/choisir/productions",
        f"numeros/{issue.pk}/apercu",
        f"envois/{sending.pk}",
        f"annoncer/numeros/{sending.issue_id}",
    ]
    return [f"/pilotage/lettres/{each}" for each in under]


def imports() -> list[str]:
    """Files for the catalogue: two shown before they are written, one of them to be corrected."""
    actor, at = bureau(), timezone.now()
    themes = "annee,discipline,titre,academies\n2016-2017,Mathématiques,Un thème retrouvé,Lyon\n"
    good = deposits.receive("history", ("themes.csv", themes.encode()), actor=actor, at=at)
    sheets = "Titre;Résumé;Adresse de la ressource;Niveau;Genre\nLe jardin;Semer.;https://exemple.fr/a;9e;x\n"
    bad = deposits.receive("sheets", ("fiches.csv", sheets.encode()), actor=actor, at=at)
    return [
        f"/pilotage/catalogue/{each}"
        for each in ("", "fiches", f"fichiers/{good.pk}", f"fichiers/{bad.pk}", f"fichiers/{bad.pk}/colonnes")
    ]


def test_the_pages_of_the_committee_are_sound(demonstration: None, sound: Callable[..., dict[str, list[str]]]) -> None:
    pages = [*addresses(*closed()), *letters(), *imports(), "/sante/"]
    assert sound([("bureau", address) for address in pages]) == {}


def test_deciding_several_rows_then_waiting_for_a_proposal(demonstration: None, live_server: Any, page: Page) -> None:
    campaign, rows = closed()
    enter(page, live_server.url)
    page.goto(live_server.url + reverse("steering:selection", args=[campaign.pk]))
    for row in rows[:2]:
        page.locator(f"label[for='rows-{row.pk}']").click()
    page.get_by_label("Motif").fill("Projet clair.")
    page.get_by_role("button", name="Mettre en liste d'attente").click()
    expect(page.get_by_role("status").filter(has_text="2 candidatures")).to_be_visible()
    assert Decision.objects.filter(application__in=rows[:2], state="waiting", reason="Projet clair.").count() == 2
    page.goto(live_server.url + reverse("steering:proposals", args=[campaign.pk]))
    page.get_by_role("button", name="Calculer une proposition").click()
    expect(page.get_by_text("attend son tour")).to_be_visible()
    proposals.work(timezone.now)
    expect(page.get_by_role("heading", name="Par thème")).to_be_visible()  # by itself
    assert page.locator("h1").count() == 1
    expect(page.get_by_text(re.compile("Elle ne décide rien"))).to_be_visible()


def test_deciding_without_scripts(demonstration: None, live_server: Any, browser_page: Callable[..., Page]) -> None:
    campaign, rows = closed()
    page = browser_page(1280, script=False)
    enter(page, live_server.url)
    page.goto(live_server.url + reverse("steering:selection", args=[campaign.pk]))
    page.get_by_role("button", name=f"Retenir {rows[0].academy_name}, n° {rows[0].pk}").click()
    assert Decision.objects.get(application=rows[0]).state == "retained"
    run = proposals.ask(campaign, 1, actor=bureau(), at=timezone.now())
    page.goto(live_server.url + reverse("steering:proposal", args=[run.pk]))
    proposals.work(timezone.now)
    page.get_by_role("link", name="Actualiser").click()
    expect(page.get_by_role("heading", name="Par thème")).to_be_visible()
