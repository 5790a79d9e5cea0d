"""The feed of a page is on the page, and gives what the page shows."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from lxml import etree

from traam.programme.catalogue.models import Notice

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _fresh_index(settings: Any, tmp_path: Any) -> None:
    """The one of the run may be ahead of what tests put back."""
    settings.INDEX_FOLDER = tmp_path / "index"


def feed_of(client: Client, address: str, label: str) -> list[str]:
    """The addresses of the notices that the link of this page leads to; the head of the page names the same feed."""
    page = client.get(address).content.decode()
    link = re.search(rf'<a[^>]* href="([^"]+)" type="application/atom\+xml">{label}</a>', page)
    assert link, label
    if 'rel="alternate"' in page:
        assert 'type="application/atom+xml" title="' in page and f'href="{link[1]}"' in page
    root = etree.fromstring(client.get(link[1].replace("&amp;", "&")).content)
    return [urlsplit(one.get("href", "")).path for one in root.iterfind(f"{ATOM}entry/{ATOM}link[@rel='alternate']")]


def test_a_search_is_followed_with_its_words_and_its_filters(client: Client) -> None:
    found = feed_of(client, "/recherche?q=image&discipline=EMI&tri=titre&page=1", "Suivre cette recherche")
    page = client.get("/recherche?q=image&discipline=EMI").content.decode()
    assert found and all(f'href="{address}"' in page for address in found)
    assert len(found) == int(re.search(r'id="total">(\d+)', page)[1])  # type: ignore[index]


def test_a_search_without_result_may_be_followed_too(client: Client) -> None:
    assert feed_of(client, "/recherche?q=zzzzqqqq", "suivre cette recherche") == []


def test_themes_academies_and_disciplines_are_followed(client: Client) -> None:
    notice = Notice.objects.filter(source_key__startswith="scenario:").first()
    assert notice is not None
    slug = notice.academy_list[0].slug
    for address, label in (
        (f"/themes/{notice.theme_id}", "Suivre ce thème"),
        (f"/academies/{slug}", "Suivre cette académie"),
        (f"/themes/?discipline={notice.disciplines[0]}", "Suivre cette discipline"),
    ):
        assert f"/notices/{notice.pk}" in feed_of(client, address, label), address
