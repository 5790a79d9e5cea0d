"""Long lists: what the address asks is read without trust, and every link keeps the rest of the address."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client, RequestFactory

from traam.design import lists


def _page(query: str, size: int = 120) -> Any:
    return lists.page_of(list(range(size)), RequestFactory().get(f"/?{query}"))


@pytest.mark.parametrize(
    ("query", "number"),
    [
        *(("", 1), ("page=2", 2), ("page=3", 3), ("page=99", 3), ("page=0", 1), ("page=-1", 1), ("page=deux", 1)),
        *(("page=", 1), ("page=1.5", 1), ("page=%C2%B2", 1), ("page=" + "9" * 5000, 1), ("page=%00", 1)),
    ],
)
def test_a_page_that_does_not_exist_is_the_nearest_one(query: str, number: int) -> None:
    assert _page(query).number == number


def test_the_extent_counts_in_french() -> None:
    assert lists.extent(_page("page=2", 2000), "candidature") == "51–100 sur 2\u202f000\u00a0candidatures"
    assert lists.extent(_page("", 12), "candidature") == "12\u00a0candidatures"
    assert lists.extent(_page("", 0), "candidature").startswith("Aucun résultat")


def _filters(query: str) -> lists.Filters:
    academies = lists.select("academy", "Académie", [("ly", "Lyon"), (7, "Sept")])
    request = RequestFactory().get(f"/?{query}")
    return lists.read_filters(request, lists.search(), academies, lists.check("late", "En retard"))


def test_filters_take_only_what_they_offer() -> None:
    filters = _filters("q=+robot+&academy=ly&late=1")
    assert (filters["q"], filters["academy"], filters["late"]) == ("robot", "ly", "1") and filters
    assert _filters("academy=7")["academy"] == "7"
    assert not _filters("academy=%27+OR+1&late=yes&q=%00")
    assert len(_filters("q=" + "x" * 9999)["q"]) == lists.LONGEST
    with pytest.raises(StopIteration):
        filters["unknown"]


def test_sorting_takes_only_known_columns_and_turns_round() -> None:
    def ordering(query: str) -> lists.Ordering:
        return lists.read_ordering(RequestFactory().get(f"/?{query}"), ("title", "academy"), first="-academy")

    assert (ordering("").key, ordering("").sign) == ("academy", "-")
    assert (ordering("tri=-title").key, ordering("tri=-title").sign) == ("title", "-")
    assert ordering("tri=password").key == "academy"
    column = ordering("tri=title&q=robot&page=3").column("title", "Titre", number=True)
    assert column["href"] == "?tri=-title&q=robot#liste"
    assert (column["sort"], column["next"], column["number"]) == ("ascending", "décroissant", True)
    other = ordering("tri=title").column("academy", "Académie")
    assert (other["sort"], other["href"]) == ("", "?tri=academy#liste")


@pytest.mark.django_db
def test_a_list_keeps_its_filters_from_page_to_page(trial: Any) -> None:
    page = unescape(Client().get("/liste?academy=ly&odd=&tri=-title&page=2").content.decode())
    assert "51–100 sur 1\u202f000\u00a0candidatures" in page
    assert 'href="?academy=ly&odd=&tri=-title&page=3"' in page
    assert '<option value="ly" selected>' in page
    assert '<input type="hidden" name="tri" value="-title">' in page
    assert re.search(r'<th scope="col" aria-sort="descending">.*?Titre', page, re.DOTALL)
    assert page.count("aria-sort") == 1


@pytest.mark.django_db
def test_the_second_cell_names_the_row_when_the_first_is_its_box(trial: Any) -> None:
    page = Client().get("/liste").content.decode()
    assert page.count('<th scope="row">') == 50
    assert re.search(r'<th scope="row"><a [^>]*>Dossier 0001</a></th>', page)
    assert '<label class="fr-label" for="rows-1"><span class="fr-sr-only">Dossier 0001</span></label>' in page
    assert len(page) < 120_000


@pytest.mark.django_db
def test_an_empty_list_says_what_to_do(trial: Any) -> None:
    assert "Aucun résultat\u00a0: élargissez les filtres." in Client().get("/liste?q=zzz").content.decode()
