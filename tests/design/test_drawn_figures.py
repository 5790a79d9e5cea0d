"""Drawn figures: the drawing and the table say the same, and neither is cut."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.template import engines
from django.test import Client
from playwright.sync_api import Page, expect
from test_pages_in_a_browser import _listen, _overflow, _shoot

from traam.design import figures


def test_levels_grow_with_the_value_and_nothing_is_nothing() -> None:
    assert [figures.level(value, 10) for value in (0, 1, 2, 3, 9, 10)] == [0, 1, 1, 2, 5, 5]
    assert figures.level(3, 0) == 0
    assert [figures.level(value, 3) for value in range(4)] == [0, 2, 4, 5]
    drawn = figures.heat(["A", "B"], [("Lyon", [0, 10]), ("Lille", [4, 5])])
    assert [[one.level for one in line] for line in drawn.lines] == [[0, 5], [2, 3]]


def test_the_legend_covers_every_whole_number_once() -> None:
    drawn = figures.heat(["A"], [("Lyon", [12])])
    assert drawn.legend == [(0, "0"), (1, "1 à 2"), (2, "3 à 4"), (3, "5 à 7"), (4, "8 à 9"), (5, "10 à 12")]
    assert figures.heat(["A"], [("Lyon", [0.5])]).legend == []


def test_the_description_says_the_size_the_greatest_and_the_empty() -> None:
    drawn = figures.heat(["A", "B"], [("Lyon", [0, 3]), ("Lille", [1, 0])])
    told = drawn.description.replace("\u00a0", " ")
    assert told == (
        "2 lignes et 2 colonnes. La plus grande valeur, 3, est celle de « Lyon » pour « B ». 2 cases vides."
    )
    assert "Toutes les cases sont vides" in figures.heat(["A"], [("Lyon", [0])]).description


def test_marks_stay_within_the_drawing() -> None:
    columns = [f"Une colonne au nom assez long pour gêner, numéro {n}" for n in range(19)]
    drawn = figures.heat(columns, [(f"Académie {n}", range(19)) for n in range(30)])
    cells = [one for line in drawn.lines for one in line]
    assert all(0 <= one.x <= drawn.width - figures.CELL and 0 <= one.y < drawn.height for one in cells)
    assert all(len(one.text) <= figures.LONGEST for one in drawn.columns)
    assert len(cells) == 570


def test_the_matrix_of_all_the_academies_is_light() -> None:
    columns = [f"Thème au nom assez long {n}" for n in range(19)]
    rows = [(f"Académie {n}", [n % 9] * 19) for n in range(30)]
    source = '{% from "dsfr/figures.html" import heat %}{{ heat("Matrice", columns, rows, "Académie") }}'
    page = engines["jinja2"].env.from_string(source).render(columns=columns, rows=rows)  # type: ignore[attr-defined]
    assert len(page) < 70_000


@pytest.mark.django_db
def test_the_table_holds_what_the_drawing_shows(trial: Any) -> None:
    page = unescape(Client().get("/figures").content.decode())
    drawing = re.search(r"<svg class=\"heat__drawing\".*?</svg>", page, re.DOTALL)
    table = re.search(r"<details class=\"heat__table\">.*?</details>", page, re.DOTALL)
    assert drawing and table
    shown = re.findall(r'<text class="n\d" [^>]*>(\d+)<', drawing[0])
    written = re.findall(r'<td class="fr-cell--right">(?:<a [^>]*>)?(\d+)', table[0])
    assert shown == written and len(shown) == 25
    assert 'role="img"' in drawing[0] and '<desc id="matrice-description">' in drawing[0]
    assert '<a class="fr-link" href="/a">1<span class="fr-sr-only"> (Clermont-Ferrand, Mathématiques)' in table[0]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_are_sound(
    trial: Any, live_server: Any, browser_page: Callable[..., Page], axe: Any, width: int, scheme: str
) -> None:
    page = browser_page(width, scheme)
    complaints = _listen(page)
    page.goto(f"{live_server.url}/figures")
    page.get_by_text("Les mêmes chiffres en tableau").first.press("Enter")
    expect(page.get_by_role("table", name="Candidatures par académie et par thème")).to_be_visible()
    _shoot(page, f"figures-{width}-{scheme}")
    assert axe(page) == []
    assert _overflow(page) <= 0
    assert complaints == []
    cut = page.evaluate(
        "Array.from(document.querySelectorAll('.heat__drawing text')).filter(t => {"
        "const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();"
        "return a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1}).map(t => t.textContent)"
    )
    assert cut == []
