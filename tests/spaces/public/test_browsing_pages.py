"""The board of France, the pages of years, and the home page that leads everywhere."""

import re
from typing import Any

import pytest
from django.utils import timezone

from traam import reference
from traam.engines import tilemap
from traam.programme.catalogue.models import Notice, PublicTheme

LIGHT = 50_000


def test_every_academy_of_today_has_one_tile_and_no_other() -> None:
    current = {code for code, academy in reference.academies().items() if academy.current}
    assert set(tilemap.PLACES) == current
    places = [place[:2] for place in tilemap.PLACES.values()]
    assert len(set(places)) == len(places)
    letters = [place[2] for place in tilemap.PLACES.values()]
    assert len(set(letters)) == len(letters)
    drawn = tilemap.board({}, "thème")
    assert all(tile.x + 42 <= drawn.width and tile.y + 42 <= drawn.height for tile in drawn.tiles)


def test_a_tile_says_its_count_and_the_rest_is_told_apart() -> None:
    drawn = tilemap.board({"10": 4, "09": 1, "27": 0}, "thème")
    found = {tile.letters: tile for tile in drawn.tiles}
    assert (found["LYO"].level, found["LIL"].level, found["COR"].level, found["PAR"].level) == (2, 1, 1, 0)
    assert found["LYO"].said.replace("\xa0", " ") == "Lyon : 4 thèmes"
    assert (found["COR"].count, found["PAR"].count) == (0, None)
    assert drawn.description == "Corse, Lille, Lyon"


def text(answer: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("&nbsp;", " ")
    return re.sub(r"[\s\xa0\u202f]+", " ", plain)


@pytest.mark.django_db
def test_the_home_page_leads_to_an_academy_and_its_contact(client: Any) -> None:
    html = client.get("/").content.decode()
    assert '<option value="lyon">Lyon</option>' in html
    assert client.get("/academies/?aller=lyon").headers["Location"] == "/academies/lyon"
    for unknown in ("", "atlantide", "//pirate.fr", "https://pirate.fr"):
        assert client.get("/academies/", {"aller": unknown}).status_code == 200


@pytest.mark.django_db
def test_a_theme_shows_its_groups_with_their_notices(client: Any) -> None:
    released = Notice.objects.get(title__startswith="Enquêter sur une image")
    answer = client.get(f"/themes/{released.theme_id}")
    row = re.search(
        r'<tr><th scope="row"><a href="/academies/lyon">Lyon</a></th><td[^>]*>(\d+)<', answer.content.decode()
    )
    assert row is not None
    assert row[1] == str(sum("10" in one.academies for one in released.theme.notices.filter(state="published")))
    assert f"Lyon : {row[1]} notice" in text(answer)
    assert "Synthèse nationale" in text(answer)


@pytest.mark.django_db
def test_an_academy_says_what_it_is_known_for(client: Any) -> None:
    PublicTheme.objects.bulk_create(
        PublicTheme(
            source_key=f"x{n}",
            years=f"{2008 + n}-{2009 + n}",
            title="T",
            disciplines=["PHILO"],
            academies=["42"],
            changed_at=timezone.now(),
        )
        for n in range(3)
    )
    said = text(client.get("/academies/wallis-et-futuna"))
    assert "Pôles de référence" in said
    assert re.search(r"Philosophie 3 0 de 2008 à 2011", said), said
    assert "2010-2011" in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "most"),
    [("/", 5), ("/annees/", 1), ("/annees/2018-2019", 2), ("/academies/lyon", 5), ("/academies/", 0)],
)
@pytest.mark.usefixtures("drawn_each_time")
def test_pages_cost_few_queries_and_stay_light(
    client: Any, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    client.get(address)
    PublicTheme.objects.bulk_create(
        PublicTheme(source_key=f"x{n}", years="2018-2019", title="T" * 60, academies=["10"], changed_at=timezone.now())
        for n in range(20)
    )
    with django_assert_max_num_queries(most):
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(answer.content) < LIGHT, len(answer.content)


@pytest.mark.django_db
def test_a_year_leads_to_its_notices_and_its_neighbours(client: Any) -> None:
    html = client.get("/annees/2018-2019").content.decode()
    assert 'href="/annees/2017-2018"' in html
    assert 'href="/annees/2019-2020"' in html
    assert client.get("/annees/2006-2007").status_code == 200
    assert client.get("/annees/1999-2000").status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_board_is_sound_in_a_browser(demonstration: None, sound: Any) -> None:
    pages = ["/annees/", "/annees/2018-2019", "/lettres/", "/lettres/emi/1", "/syntheses/", "/recherche?q=casque"]
    assert sound([("", address) for address in pages]) == {}
