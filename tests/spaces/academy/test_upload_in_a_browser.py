"""A spreadsheet sent in a real browser: its columns explained, given back marked, mended, sent again, written."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from academy_workbooks import LYON, TITLES, good, line, open_campaign, workbook
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.calls.models import Application, ColumnHeading
from traam.programme.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Axe = Callable[[Page], list[str]]


def sent(tmp_path: Path, name: str, email: str) -> Path:
    """A workbook with a title of its own, one column more, and an address that is none."""
    titles = ["Mail du prof" if title == "Professeur référent : courriel" else title for title in TITLES]
    path = tmp_path / name
    path.write_bytes(workbook([*line(good(referent_email=email)), "à relire"], titles=[*titles, "Notes"]))
    return path


def sound(page: Page, axe: Axe) -> None:
    """At the width of a desk, then of a phone."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == [], (page.url, width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.url, width)


def choose_file(page: Page, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Voir ce qui serait écrit").click()


@pytest.mark.parametrize(("width", "scheme", "script"), [(1280, "light", True), (390, "dark", False)])
def test_a_spreadsheet_is_sent_explained_marked_mended_and_written(
    demonstration: None,
    live_server: Any,
    browser_page: Callable[..., Page],
    axe: Axe,
    tmp_path: Path,
    width: int,
    scheme: str,
    script: bool,
) -> None:
    client = Client()
    client.force_login(Person.objects.get(email=f"dan.lyon@{DOMAIN}"))
    page = browser_page(width, scheme, script)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + reverse("academy:upload", args=["lyon", open_campaign().pk]))
    if script:
        sound(page, axe)
    choose_file(page, sent(tmp_path, "candidatures.xlsx", "nouveau(at)ac-exemple.fr"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Vos colonnes")
    page.get_by_label("« Mail du prof »").select_option("Professeur référent : courriel")
    page.get_by_label("« Notes »").select_option("Ignorer cette colonne")
    if script:
        sound(page, axe)
    page.get_by_role("button", name="Voir ce qui serait écrit").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Le tableur est à corriger")
    expect(page.get_by_role("rowheader", name="Candidatures!K2")).to_contain_text("Professeur référent : courriel")
    if script:
        sound(page, axe)
    with page.expect_download() as given:
        page.get_by_role("link", name="Télécharger le tableur annoté").click()
    mended = tmp_path / given.value.suggested_filename
    assert mended.name == "candidatures-annote.xlsx"
    book = load_workbook(io.BytesIO(given.value.path().read_bytes()))
    assert "signe @" in book["Candidatures"]["K2"].comment.text
    book["Candidatures"]["K2"] = "nouveau@ac-exemple.fr"
    book.save(mended)
    choose_file(page, mended)

    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que ce tableur écrirait")
    expect(page.get_by_text("est lue comme").first).to_be_visible()
    draft = Application.objects.filter(academy=LYON, state="draft", theme__campaign=open_campaign()).order_by("pk")[0]
    page.locator(f"label[for=leaving-{draft.pk}]").click()
    if script:
        sound(page, axe)
    page.get_by_role("button", name="Écrire ces candidatures").click()
    expect(page.locator("#contenu").get_by_text("1 retirée")).to_be_visible()
    assert Application.objects.get(referent_email="nouveau@ac-exemple.fr").academy == LYON
    draft.refresh_from_db()
    assert draft.state == "withdrawn"
    assert ColumnHeading.objects.count() == 2
