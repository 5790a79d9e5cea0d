"""Public pages are drawn once and given again: to those without a session only, and never once something changed."""

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from traam.design import readymade
from traam.design.pages import anyone, reads
from traam.design.readymade import SHELF
from traam.programme.catalogue import index
from traam.programme.catalogue.models import Notice, PublicCall, PublicTheme
from traam.programme.people.models import AcademyContact, Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _index() -> None:
    index.current()  # the first page to need one makes it, which is a change


def _drawn(client: Client, address: str, **headers: Any) -> tuple[Any, bool]:
    """The answer, and whether it had to be drawn."""
    drawn = []
    draw = readymade._drawn

    def noted(*given: Any) -> Any:
        drawn.append(given)
        return draw(*given)

    readymade._drawn = noted
    try:
        return client.get(address, headers=headers), bool(drawn)
    finally:
        readymade._drawn = draw


def _released() -> Notice:
    return Notice.objects.get(title__startswith="Enquêter sur une image")


def test_a_page_is_drawn_once_and_costs_one_query_after(client: Client, django_assert_num_queries: Any) -> None:
    first, _ = _drawn(client, "/themes/")
    with django_assert_num_queries(1):
        again, drawn = _drawn(client, "/themes/")
    assert not drawn
    assert again.content == first.content
    told = [{name: value for name, value in one.items() if name != "X-Request-ID"} for one in (again, first)]
    assert told[0] == told[1]
    assert "script-src 'self'" in again["Content-Security-Policy"]
    assert again["X-Frame-Options"] == "DENY"
    assert {"Cookie", "Accept-Encoding"} <= set(again["Vary"].split(", "))


@pytest.mark.parametrize(
    ("address", "change"),
    [
        ("/notices/{notice}", lambda: Notice.objects.update(title="Un autre titre")),
        ("/recherche?q=image", lambda: Notice.objects.filter(pk=_released().pk).update(title="Un autre titre")),
        ("/themes/{theme}", lambda: PublicTheme.objects.update(title="Un autre titre")),
        ("/campagnes/", lambda: PublicCall.objects.update(title="Un autre titre")),
        ("/academies/lyon", lambda: AcademyContact.objects.filter(academy="10").update(service="Un autre titre")),
    ],
)
def test_nothing_stale_is_ever_given(client: Client, address: str, change: Any) -> None:
    released = _released()
    address = address.format(notice=released.pk, theme=released.theme_id)
    _drawn(client, address)
    assert _drawn(client, address)[1] is False
    change()
    answer, drawn = _drawn(client, address)
    assert drawn
    assert "Un autre titre" in answer.content.decode()


def test_the_search_follows_the_index_and_not_only_the_rows(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.INDEX_FOLDER = tmp_path
    index.rebuild()
    notice = _released()
    Notice.objects.filter(pk=notice.pk).update(title="Zygomorphe")
    link = f'href="/notices/{notice.pk}"'
    assert link not in client.get("/recherche?q=zygomorphe&tri=date").content.decode()
    index.rebuild()  # as the worker of this machine does, later
    answer, drawn = _drawn(client, "/recherche?q=zygomorphe&tri=date")
    assert drawn
    assert link in answer.content.decode()


def test_what_closes_at_midnight_is_open_no_more_the_day_after(client: Client, monkeypatch: Any) -> None:
    _drawn(client, "/campagnes/")
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *given: tomorrow)
    assert _drawn(client, "/campagnes/")[1]


def test_nobody_who_carries_a_session_is_given_a_kept_page(client: Client) -> None:
    client.get("/")
    person = Person.objects.get(email__startswith="dan.lyon@")
    mine = Client()
    mine.force_login(person)
    answer, drawn = _drawn(mine, "/")
    assert not drawn, "and hers is not kept"
    assert person.name in answer.content.decode()
    assert person.name not in client.get("/").content.decode()
    stranger = Client()
    stranger.cookies[site.SESSION_COOKIE_NAME] = "x" * 32
    assert "ETag" not in stranger.get("/").headers
    assert "ETag" not in Client().get("/", headers={"Authorization": "Basic eDp5"}).headers


def test_a_message_is_told_to_one_person_once(client: Client) -> None:
    client.cookies["messages"] = "whatever waits to be told"
    assert "ETag" not in client.get("/").headers
    assert len(SHELF) == 0


def test_a_page_with_a_token_or_a_cookie_is_not_kept(client: Client) -> None:
    client.get("/connexion")
    assert len(SHELF) == 0
    assert site.CSRF_COOKIE_NAME in client.cookies
    client.get("/themes/")
    assert len(SHELF) == 1, "having one does not matter to a page that shows none"


def test_each_way_of_asking_has_its_own_page(client: Client) -> None:
    whole = client.get("/recherche?q=image").content
    part = client.get("/recherche?q=image", headers={"HX-Request": "true"})
    assert b"<html" in whole
    assert b"<html" not in part.content
    again, drawn = _drawn(client, "/recherche?q=image", **{"HX-Request": "true"})
    assert not drawn
    assert (again.content, again["HX-Push-Url"]) == (part.content, "/recherche?q=image")
    assert client.get("/recherche?q=image").content == whole
    assert client.get("/recherche?q=images").content != whole
    assert client.get("/recherche?q=image", headers={"Host": "localhost"}).status_code == 200
    assert client.get("/recherche?q=image", headers={"Host": "pirate.fr"}).status_code == 400


def test_it_is_compressed_for_who_can_read_it_and_sent_once(client: Client) -> None:
    plain = client.get("/themes/")
    small = client.get("/themes/", headers={"Accept-Encoding": "br, gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert int(small["Content-Length"]) == len(small.content) < len(plain.content) / 3
    assert "Content-Encoding" not in plain.headers
    same = client.get("/themes/", headers={"If-None-Match": plain["ETag"], "Accept-Encoding": "gzip"})
    assert (same.status_code, same.content) == (304, b"")
    assert same["Vary"] == plain["Vary"]
    PublicTheme.objects.update(title="Autre")
    assert client.get("/themes/", headers={"If-None-Match": plain["ETag"]}).status_code == 200


def test_head_says_what_get_would(client: Client) -> None:
    cold = client.head("/themes/")
    got = client.get("/themes/")
    warm = client.head("/themes/")
    assert cold["Content-Length"] == warm["Content-Length"] == str(len(got.content))
    assert (cold.content, warm.content) == (b"", b"")


def test_searches_are_counted_though_their_page_is_kept(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.INDEX_FOLDER = tmp_path
    client.get("/recherche?q=zzz")  # makes the index
    before = (tmp_path / "searches.log").read_text().count("zzz")
    client.get("/recherche?q=zzz")
    client.get("/recherche?q=zzz")
    assert (tmp_path / "searches.log").read_text().count("zzz") == before + 2


def test_the_shelf_never_weighs_more_than_it_may(client: Client, settings: Any) -> None:
    settings.PAGES_KEPT = 150_000
    addresses = [f"/themes/?x={n}" for n in range(6)]
    for address in addresses:
        client.get(address)
    assert 0 < len(SHELF) < 6
    assert _drawn(client, addresses[0])[1], "the least recently asked for went first"
    settings.PAGES_KEPT = 0
    assert "ETag" not in client.get("/themes/").headers


def test_a_page_that_reads_a_table_nobody_follows_is_drawn_each_time(client: Client) -> None:
    """What protects a new page whose author forgot that others' changes would not be seen."""

    @reads(may=anyone, public=True)
    def careless(request: Any) -> HttpResponse:
        return HttpResponse(str(Person.objects.count()))

    request = client.get("/themes/").wsgi_request
    careless(request)
    assert request.tables_read == {"people_person"}
    assert not readymade._is_everyones(request, HttpResponse("x"))


def test_every_page_of_the_public_space_is_kept(client: Client) -> None:
    """Over the demonstration: drawn once, then given again."""
    released = _released()
    call = PublicCall.objects.order_by("pk")[0].pk
    addresses = ["/", "/recherche", "/recherche?q=image", "/themes/", f"/themes/{released.theme_id}", "/academies/"]
    addresses += ["/academies/lyon", "/annees/", "/annees/2024-2025", "/syntheses/", "/informations/", "/campagnes/"]
    addresses += [f"/campagnes/{call}", f"/campagnes/{call}.ics", "/cahiers-des-charges/", f"/notices/{released.pk}"]
    addresses += ["/cahiers-des-charges/traam-2022", "/accessibilite", "/mentions-legales", "/donnees-personnelles"]
    addresses += ["/plan-du-site", f"/notices/{released.pk}/versions/1", f"/notices/{released.pk}/scolomfr.xml"]
    addresses += ["/api/", "/api/objets", "/flux/"]
    drawn_again, heavy = [], {}
    for address in addresses:
        if (size := len(client.get(address).content)) >= 50_000:
            heavy[address] = size
        if _drawn(client, address)[1] or "ETag" not in client.get(address).headers:
            drawn_again.append(address)
    assert drawn_again == []
    assert heavy == {}, "a public page is under 50 kB of HTML"


def test_a_page_is_the_same_at_dawn_and_in_the_evening(client: Client, monkeypatch: Any) -> None:
    """Kept for a day, a page must not tell the hour: `request.at` is what pages know of it."""
    said = {}
    for hour in (1, 23):
        SHELF.clear()
        moment = timezone.localtime().replace(hour=hour)
        monkeypatch.setattr(timezone, "localtime", lambda value=None, *given, moment=moment: value or moment)
        said[hour] = [client.get(one).content for one in ("/", "/campagnes/", "/recherche", "/academies/lyon")]
    assert said[1] == said[23]
