"""What the page of a notice says to search engines."""

import json
import re

import pytest
from django.test import Client

from traam.programme.catalogue import linked
from traam.programme.catalogue.models import Notice

pytestmark = pytest.mark.django_db
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def test_every_notice_can_be_told_without_a_query_of_its_own(django_assert_num_queries: object) -> None:
    notices = list(Notice.objects.filter(state=Notice.State.PUBLISHED).select_related("theme"))
    with django_assert_num_queries(0):  # type: ignore[operator]
        told = [json.loads(linked.json_ld(notice)) for notice in notices]
    assert [one["name"] for one in told] == [notice.title for notice in notices]
    assert all(one["@id"].endswith(f"/notices/{notice.pk}") for one, notice in zip(told, notices, strict=True))


def test_the_page_of_a_notice_tells_it_and_nothing_typed_escapes(client: Client) -> None:
    notice = Notice.objects.filter(state=Notice.State.PUBLISHED).first()
    assert notice is not None
    Notice.objects.filter(pk=notice.pk).update(title='</script><img src="x">')
    page = client.get(f"/notices/{notice.pk}").content.decode()
    (script,) = SCRIPT.findall(page)
    told = json.loads(script)
    assert told["name"] == '</script><img src="x">' and told["@type"][0] == "LearningResource"
    assert '<img src="x">' not in page
