"""« Pourquoi me demande-t-on cela ? » on the real pages: the link leads to an article of the right edition."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group
from traam.programme.productions.models import Scenario

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<p class="why"><a [^>]*href="([^"#]*)#([^"]*)">')


def _address(name: str) -> str:
    if name == "steering:campaign":
        return reverse(name, args=[Campaign.objects.order_by("pk").first().pk])  # type: ignore[union-attr]
    if name == "workshop:group":
        return reverse(name, args=[Group.objects.order_by("pk").first().pk])  # type: ignore[union-attr]
    return reverse(name, args=[Scenario.objects.order_by("pk").first().pk])  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["steering:campaign", "workshop:group", "workshop:scenario"])
def test_the_link_leads_to_the_article(sign_in: Callable[[str], Any], name: str) -> None:
    client = sign_in("bureau")
    found = LINK.search(client.get(_address(name)).content.decode())
    assert found, "no link on the page"
    edition = client.get(found[1])
    assert edition.status_code == 200
    assert f'id="{unescape(found[2])}"' in edition.content.decode()


def test_a_page_about_no_campaign_has_no_link(sign_in: Callable[[str], Any]) -> None:
    assert not LINK.search(sign_in("bureau").get(reverse("desk:dashboard")).content.decode())
