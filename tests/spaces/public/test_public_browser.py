"""The public pages in a real browser: sound for axe, no wider than the screen, and the search without a reload."""

import re

import pytest
from playwright.sync_api import expect

from traam.programme.catalogue.models import Notice, PublicCall, PublicTheme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESSES = (
    "/",
    "/recherche?q=intelligence+artificielle&discipline=SVT",
    "/recherche?q=ia&academie=10&annee=2011-2012",
    "/recherche?q=inteligence&page=1",
    "/themes/",
    "/academies/",
    "/academies/caen",
    "/academies/lyon",
    "/campagnes/",
    "/cahiers-des-charges/",
    "/cahiers-des-charges/traam-2022#B.10",
    "/plan-du-site",
    "/accessibilite",
    "/mentions-legales",
    "/donnees-personnelles",
)


def _addresses():
    """Every public page; one notice was withdrawn and one theme has a very long title."""
    released, old = (
        Notice.objects.get(title__startswith="Enquêter sur une image"),
        Notice.objects.filter(years="avant 2021")[0],
    )
    gone = Notice.objects.filter(years="2011-2012")[0]
    Notice.objects.filter(pk=gone.pk).update(state="withdrawn", reason="Une image sans autorisation.")
    theme = PublicTheme.objects.filter(call=None)[0]
    PublicTheme.objects.filter(pk=theme.pk).update(title="Anticonstitutionnellement" * 8)
    notices = [f"/notices/{n.pk}" for n in (released, old, gone)]
    themes = [f"/themes/{pk}" for pk in (released.theme_id, theme.pk)]
    return [*ADDRESSES, *notices, *themes, *(f"/campagnes/{call.pk}" for call in PublicCall.objects.all())]


def _search_without_reload(page, live_server):
    page.goto(f"{live_server.url}/recherche?q=ia")
    page.evaluate("window.stayed = true")
    before = page.locator("#total").inner_text()
    box = page.locator("#discipline-SVT")
    box.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"/recherche\?q=ia&discipline=SVT$"))
    expect(page.locator("#total")).not_to_have_text(before)
    expect(page.locator("#annonce-recherche")).to_have_text(page.locator("#total").inner_text())
    expect(page.locator("#discipline-SVT")).to_be_focused()
    expect(page.locator("#discipline-SVT")).to_be_checked()
    assert page.evaluate("window.stayed")
    assert re.match(r"ia : \d+.notices? - TraAM", page.title())
    # What was opened stays open, and the keyboard stays inside.
    page.goto(f"{live_server.url}/recherche")
    page.locator("#voir-academie").click()
    expect(page).to_have_url(re.compile(r"/recherche\?voir=academie$"))
    expect(page.locator("#voir-academie")).to_be_focused()
    page.locator("#academie-25").focus()
    for checked in (True, False):
        page.keyboard.press("Space")
        expect(page.locator("#academie-25")).to_be_checked(checked=checked)
        asked = "academie=25&" * checked + "voir=academie"
        expect(page).to_have_url(re.compile(rf"/recherche\?{asked}$"))
        expect(page.locator("#academie-25")).to_be_focused()
    page.select_option("#tri", "date")
    expect(page).to_have_url(re.compile(r"tri=date&voir=academie$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/recherche\?voir=academie$"))
    expect(page.locator("#tri")).to_have_value("pertinence")


def _search_without_script(page, live_server):
    page.goto(f"{live_server.url}/")
    page.get_by_role("searchbox", name="Chercher un scénario").fill("élèves")
    page.locator("main").get_by_role("button", name="Rechercher").click()
    expect(page.locator("mark").first).to_be_visible()
    page.locator("label[for=discipline-SVT]").click()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page).to_have_url(re.compile("discipline=SVT"))
    expect(page.locator("#discipline-SVT")).to_be_checked()
    page.get_by_role("link", name="Retirer le filtre Discipline").click()
    expect(page.locator("#discipline-SVT")).not_to_be_checked()


def test_every_page_is_sound_and_fits_and_the_search_keeps_its_place(demonstration, live_server, browser_page, axe):
    addresses, wrong, scripts = _addresses(), [], []

    def keep_error(error):
        scripts.append(str(error))

    # Colours change with the scheme, layout with the width: two crossings see all that four would.
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = browser_page(width, scheme)
        page.on("pageerror", keep_error)
        for address in addresses:
            page.goto(live_server.url + address)
            found = axe(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append("wider than the screen")
            wrong += [f"{address} at {width} {scheme}: {one}" for one in found]
    assert (wrong, scripts) == ([], [])
    _search_without_reload(browser_page(), live_server)
    _search_without_script(browser_page(390, script=False), live_server)
