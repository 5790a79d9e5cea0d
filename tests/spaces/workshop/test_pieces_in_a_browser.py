"""The pieces of a scenario as people see them: sound at both widths and in both schemes, and used by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from files_given import PDF, of_a_phone
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.people.models import Person
from traam.programme.productions.actions.pieces import Rights, add_piece, withdraw_piece
from traam.programme.productions.models import Scenario

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "https://exemple.fr/" + "un-chemin-tres-long-sans-espace/" * 12


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def enter(page: Page, url: str, name: str) -> None:
    client = Client()
    client.force_login(who(name))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


@pytest.fixture
def sketch(demonstration: None, settings: Any, tmp_path: Path) -> Scenario:
    """A scenario being written, with a photo, a file of a long name, a long address, and a piece withdrawn."""
    settings.MEDIA_ROOT = tmp_path / "media"
    scenario = Scenario.objects.get(title__startswith="Débattre")
    told: dict[str, Any] = {"actor": who("enseignante.lyon"), "at": timezone.localtime()}
    add_piece(scenario, Rights("Frise", alternative="Quatre dates."), file=("a.jpg", of_a_phone()), **told)
    add_piece(scenario, Rights("F" * 120, licence="CC-BY", holder="Le groupe"), file=("b.pdf", PDF), **told)
    gone = add_piece(scenario, Rights("Outil"), address=LONG, **told)
    add_piece(scenario, Rights("Outil"), address=LONG, **told)
    withdraw_piece(gone, **told)
    return scenario


def test_the_pages_of_pieces_are_sound(sketch: Scenario, sound: Callable[..., dict[str, list[str]]]) -> None:
    piece = sketch.pieces.order_by("pk")[0]
    pages = [
        ("enseignante.lyon", reverse("workshop:scenario", args=[sketch.pk])),
        ("enseignante.lyon", reverse("workshop:add_piece", args=[sketch.pk])),
        ("enseignante.lyon", reverse("workshop:change_piece", args=[sketch.pk, piece.pk])),
        ("enseignante.lyon", reverse("workshop:withdraw_piece", args=[sketch.pk, piece.pk])),
        ("dan.lyon", reverse("workshop:scenario", args=[sketch.pk])),
    ]
    assert sound(pages) == {}


def test_a_photo_is_added_on_a_phone_and_a_film_is_refused_at_once(
    live_server: Any, browser_page: Callable[..., Page], sketch: Scenario, tmp_path: Path
) -> None:
    film, photo = tmp_path / "film.mp4", tmp_path / "photo.jpg"
    with film.open("wb") as file:
        file.truncate(2_147_483_648)  # a hole: it weighs nothing on the disk
    photo.write_bytes(of_a_phone())
    page = browser_page(390)
    enter(page, live_server.url, "enseignante.lyon")
    page.goto(live_server.url + reverse("workshop:add_piece", args=[sketch.pk]))
    page.get_by_label("Titre").first.fill("Affiche")
    page.get_by_label("Fichier").set_input_files(film)
    expect(page.locator("#id_file-poids")).to_contain_text("« film.mp4 » pèse 2,1 Go : 10 Mo au plus")
    expect(page.get_by_label("Fichier")).to_have_value("")
    page.get_by_label("Fichier").set_input_files(photo)
    expect(page.locator("#id_file-poids")).to_have_count(0)
    page.get_by_label("Ce que montre l'image").fill("Une affiche de 1917.")
    page.get_by_role("button", name="Ajouter la pièce").click()
    expect(page.get_by_text("est parmi les pièces du scénario").first).to_be_visible()
    expect(page.get_by_text("informations cachées").first).to_be_visible()
    page.get_by_role("button", name="Monter la pièce Affiche").click()
    titles = page.locator("#pieces h3 a")
    expect(titles.nth(2)).to_contain_text("Affiche")


def test_without_scripts_a_heavy_file_comes_back_with_what_was_typed(
    live_server: Any, browser_page: Callable[..., Page], sketch: Scenario, tmp_path: Path
) -> None:
    heavy = tmp_path / "lourd.mp4"
    with heavy.open("wb") as file:
        file.truncate(45_000_000)
    page = browser_page(script=False)
    enter(page, live_server.url, "enseignante.lyon")
    page.goto(live_server.url + reverse("workshop:add_piece", args=[sketch.pk]))
    page.get_by_label("Titre").first.fill("Film")
    page.get_by_label("Titulaire des droits").fill("Le groupe")
    page.get_by_label("Fichier").set_input_files(heavy)
    page.get_by_role("button", name="Ajouter la pièce").click()
    expect(page.get_by_text("ce fichier pèse 45,0 Mo").first).to_be_visible()
    expect(page.get_by_label("Titulaire des droits")).to_have_value("Le groupe")
