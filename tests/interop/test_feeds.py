"""What is followed: feeds, sitemaps, and what crawlers are told."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from traam.interop.feeds import crawlers
from traam.programme.catalogue import index, listing, queries
from traam.programme.catalogue.models import Notice, PublicSynthesis

pytestmark = pytest.mark.django_db
A = "{http://www.w3.org/2005/Atom}"
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def published() -> Any:
    return Notice.objects.filter(state=Notice.State.PUBLISHED)


def numbers(client: Client, address: str) -> list[int]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8"), address
    root = etree.fromstring(answer.content)
    own = root.find(f"{A}link[@rel='self']")
    assert own is not None and (own.get("href") or "").endswith(address)
    return [int(str(one.findtext(f"{A}id")).rpartition("/")[2]) for one in root.findall(f"{A}entry")]


def test_each_feed_gives_its_notices_the_last_changed_first(client: Client) -> None:
    notice: Notice = published().filter(theme__isnull=False).exclude(disciplines=[]).first()
    code = notice.disciplines[0]
    some = published().order_by("-datestamp", "-pk")
    assert numbers(client, "/flux/notices.atom") == [one.pk for one in some[:50]]
    assert numbers(client, f"/flux/themes/{notice.theme_id}.atom") == [
        one.pk for one in some.filter(theme=notice.theme_id)
    ]
    assert numbers(client, f"/flux/academies/{notice.academy_list[0].slug}.atom")
    assert numbers(client, f"/flux/disciplines/{code}.atom") == [one.pk for one in some if code in one.disciplines][:50]


def test_the_feed_of_the_syntheses_gives_those_on_line(client: Client) -> None:
    online = PublicSynthesis.objects.filter(state="published")
    assert numbers(client, "/flux/syntheses.atom") == list(online.values_list("pk", flat=True)) != []
    online.update(state="withdrawn")
    assert numbers(client, "/flux/syntheses.atom") == []


def test_the_feed_of_a_search_finds_what_the_search_finds(client: Client) -> None:
    index.update()
    found = queries.find("numérique", {}, sort="date")
    assert numbers(client, "/flux/recherche.atom?q=num%C3%A9rique") == [hit.notice.pk for hit in found.hits] != []
    code = published().exclude(disciplines=[]).first().disciplines[0]
    chosen = queries.find("", {"discipline": [code]}, sort="date")
    assert numbers(client, f"/flux/recherche.atom?discipline={code}") == [hit.notice.pk for hit in chosen.hits]
    assert client.get("/flux/recherche.atom?q=%00&page=x&discipline=?").status_code == 200


def test_the_same_search_written_otherwise_is_the_same_feed(client: Client) -> None:
    index.update()
    ids = {
        etree.fromstring(client.get(f"/flux/recherche.atom?{query}").content).findtext(f"{A}id")
        for query in ("q=robot&academie=lyon", "academie=lyon&utm=1&q=robot")
    }
    assert len(ids) == 1


def test_a_feed_is_sent_once_and_what_does_not_exist_is_said(client: Client) -> None:
    first = client.get("/flux/notices.atom")
    assert client.get("/flux/notices.atom", headers={"If-None-Match": first["ETag"]}).status_code == 304
    for address in ("themes/999999", "academies/ys", "disciplines/magie"):
        assert client.get(f"/flux/{address}.atom").status_code == 404
    page = client.get("/flux/").content.decode()
    assert "/flux/notices.atom" in page and "/flux/academies/lyon.atom" in page


def test_the_number_of_queries_does_not_grow_with_the_feed(client: Client) -> None:
    counts = []
    for size in (1, 100):
        keep = list(Notice.objects.values_list("pk", flat=True)[:size])
        Notice.objects.exclude(pk__in=keep).update(state=Notice.State.WITHDRAWN)
        Notice.objects.filter(pk__in=keep).update(state=Notice.State.PUBLISHED)
        with CaptureQueriesContext(connection) as queries_made:
            assert client.get("/flux/notices.atom").status_code == 200
        counts.append(len(queries_made))
    assert counts == [1, 1]


def addresses(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return [str(one.text) for one in etree.fromstring(answer.content).iter(f"{S}loc")]


def path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def test_the_sitemaps_name_every_public_page_by_blocks(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawlers, "BLOCK", 10)
    Notice.objects.filter(pk=published().first().pk).update(state=Notice.State.WITHDRAWN)
    maps = addresses(client, "/plan-du-site.xml")
    assert len(maps) > 3
    named = [path(one) for address in maps for one in addresses(client, path(address))]
    assert len(named) == len(set(named))
    assert {f"/notices/{pk}" for pk in published().values_list("pk", flat=True)} == {
        one for one in named if one.startswith("/notices/")
    }
    assert {"/", "/syntheses/", "/donnees/", "/themes/", "/academies/lyon", "/annees/"} < set(named)
    assert [one for one in named if one.startswith("/informations/") and one != "/informations/"]
    for one in named[:25] + named[-5:]:
        assert client.get(one).status_code == 200, one


def test_a_block_without_notices_does_not_exist(client: Client) -> None:
    assert client.get("/plan-du-site/notices-999.xml").status_code == 404
    assert client.get(f"/plan-du-site/notices-{10**20}.xml").status_code == 404
    assert listing.notice_blocks(crawlers.BLOCK)[0][0] == 0


def test_crawlers_are_told_where_the_map_is_and_kept_out_of_the_work(client: Client) -> None:
    told = client.get("/robots.txt").content.decode()
    assert "/plan-du-site.xml" in told and "Disallow: /pilotage/" in told and "Disallow: /notices" not in told
    told = client.get("/llms.txt").content.decode()
    assert told.startswith("# TraAM")
    links = [link.partition(")")[0] for link in told.split("](")[1:]]
    assert len(links) > 8
    assert {client.get(path(link)).status_code for link in links} == {200}
