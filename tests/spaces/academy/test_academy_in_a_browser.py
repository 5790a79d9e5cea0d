"""Every page of an academy in a real browser: sound for axe, no wider than its screen, and the form that helps."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from academy_workbooks import LYON, good, of, open_campaign
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.calls import imports
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Un projet au très long intitulé, qui parle de l'oral, de l'écrit, de l'image et du son, " * 2


def _person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def _kept(data: bytes, who: str) -> str:
    upload = imports.receive(
        open_campaign(), LYON, data, filename="candidatures-lyon.xlsx", actor=_person(who), at=timezone.now()
    )
    return reverse("academy:preview", args=[upload.pk])


def _addresses() -> Iterator[tuple[str, str]]:
    """Who opens what."""
    proposed = Application.objects.get(academy=LYON, state="submitted")
    begun = Application.objects.get(academy=LYON, state="draft", created_by=_person("enseignant.lyon"))
    for name, args in (
        ("mine", []),
        ("new", ["lyon", open_campaign().pk]),
        ("application", [begun.pk]),
        ("edit", [begun.pk]),
        ("move", [begun.pk, "abandon"]),
        ("application", [proposed.pk]),
    ):
        yield "enseignant.lyon", reverse(f"academy:{name}", args=args)
    for name, args in (
        ("applications", ["lyon", open_campaign().pk]),
        ("opinion", [proposed.pk]),
        ("move", [proposed.pk, "send_back"]),
    ):
        yield "inspecteur.lyon", reverse(f"academy:{name}", args=args)
    yield from (("dan.lyon", address) for address in _of_the_dan())


def _of_the_dan() -> Iterator[str]:
    draft = Application.objects.get(academy=LYON, state="draft", created_by=_person("inspecteur.lyon"))
    yield reverse("academy:forward_all", args=["lyon", open_campaign().pk])
    yield reverse("academy:rank", args=["lyon", open_campaign().pk, draft.theme_id])
    yield reverse("academy:invite", args=["lyon"])
    yield reverse("academy:groups", args=["lyon"])
    yield reverse("academy:relays", args=["lyon"])
    yield reverse("academy:progress", args=["lyon"])
    for campaign in Campaign.objects.all():
        yield reverse("academy:applications", args=["lyon", campaign.pk])
    for page in ("upload", "new"):
        yield reverse(f"academy:{page}", args=["lyon", open_campaign().pk])
    yield reverse("academy:home")
    yield reverse("academy:application", args=[draft.pk])
    yield reverse("academy:edit", args=[draft.pk])
    yield reverse("academy:move", args=[draft.pk, "withdraw"])
    yield _kept(of(good(), good(titles=LONG, referent_email="", description="")), "dan.lyon")
    yield _kept(of(good(theme="Inconnu", referent_school="0699901A")), "inspecteur.lyon")


def test_every_page_is_sound(
    demonstration: None, live_server: Any, browser_page: Callable[..., Page], sound: Callable[..., dict[str, list[str]]]
) -> None:
    addresses = list(_addresses())
    cookies = {who: _cookie(who, live_server.url) for who in {who for who, _ in addresses}}
    assert sound(addresses) == {}
    _the_form_helps(browser_page(1280), cookies["dan.lyon"], live_server.url)
    _from_hand_to_hand(browser_page, cookies, live_server.url)


def _cookie(who: str, site: str) -> Any:
    client = Client()
    client.force_login(_person(who))
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}


def _the_form_helps(page: Page, cookie: Any, site: str) -> None:
    """The axes follow the theme, the description is counted, what is refused is kept, then saved."""
    page.context.add_cookies([cookie])
    themes = list(open_campaign().themes.order_by("pk"))
    page.goto(site + reverse("academy:new", args=["lyon", open_campaign().pk]))
    page.locator("label[for=id_axes_4]").click()
    page.locator("#id_theme").select_option(themes[1].title)
    expect(page.locator("#contenu").get_by_text(themes[1].axes[2])).to_be_visible()
    expect(page.get_by_label("Axe 5")).to_have_count(0)
    page.locator("label[for=id_axes_1]").click()
    page.locator("#id_description").fill("x" * 1001)
    expect(page.locator("#contenu").get_by_text("1 caractère en trop")).to_be_visible()
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Axe 2", exact=False)).to_be_checked()
    page.locator("#id_description").fill("Courte.")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.locator("#contenu").get_by_text("Brouillon enregistré.")).to_be_visible()
    saved = Application.objects.latest("pk")
    assert (saved.theme, saved.axes, saved.description) == (themes[1], [2], "Courte.")


def _from_hand_to_hand(browser_page: Callable[..., Page], cookies: dict[str, Any], site: str) -> None:
    """A teacher's text is kept as she types, completed and proposed; the inspector endorses it; the DAN sends it up."""
    begun = Application.objects.get(academy=LYON, state="draft", created_by=_person("enseignant.lyon"))
    pages = {who: browser_page(1280) for who in ("enseignant.lyon", "inspecteur.lyon", "dan.lyon")}
    for who, page in pages.items():
        page.context.add_cookies([cookies[who]])
    teacher, inspector, dan = pages.values()
    teacher.goto(site + reverse("academy:edit", args=[begun.pk]))
    teacher.locator("#id_description").press_sequentially("Les élèves enregistrent leur quartier.")
    expect(teacher.locator("#contenu").get_by_text("Votre saisie est gardée")).to_be_visible()
    teacher.on("dialog", lambda dialog: dialog.accept())  # leaving a text that is not saved
    teacher.goto(site + reverse("academy:mine"))
    teacher.goto(site + reverse("academy:edit", args=[begun.pk]))
    expect(teacher.locator("#id_description")).to_have_value("Les élèves enregistrent leur quartier.")
    expect(teacher.get_by_role("heading", name="Texte retrouvé")).to_be_visible()
    teacher.locator("#id_inspector_email").fill(f"inspecteur.lyon@{DOMAIN}")
    teacher.get_by_role("button", name="Enregistrer le brouillon").click()
    teacher.get_by_role("button", name="Proposer à l'inspecteur").click()
    expect(teacher.locator("#contenu").get_by_text("son prochain récapitulatif l'en prévient")).to_be_visible()

    inspector.goto(site + reverse("academy:applications", args=["lyon", open_campaign().pk]))
    inspector.get_by_role("link", name="voir ce qui est à viser").click()
    inspector.get_by_role("link", name=begun.title).click()
    inspector.get_by_role("link", name="Donner mon avis").click()
    inspector.get_by_text("Réservé", exact=True).click()
    inspector.get_by_role("button", name="Enregistrer mon avis").click()
    expect(inspector.locator(".error-summary")).to_be_focused()
    inspector.get_by_label("Commentaire").fill("Prévoyez l'autorisation des familles.")
    inspector.get_by_role("button", name="Enregistrer mon avis").click()
    expect(inspector.locator("#contenu").get_by_text("Votre avis est enregistré")).to_be_visible()

    dan.goto(site + reverse("academy:application", args=[begun.pk]))
    dan.get_by_role("button", name="Remonter la candidature").click()
    expect(dan.locator("#contenu").get_by_text("Candidature remontée au bureau national.")).to_be_visible()
