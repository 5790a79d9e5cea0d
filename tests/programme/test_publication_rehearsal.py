"""A page that is not released yet is read as it would be, and nothing of it remains."""

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.gateways.fetching import fetch_ours
from traam.programme.catalogue import rehearsal
from traam.programme.catalogue.models import Notice, NoticeVersion
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.publication.actions import auditing
from traam.programme.publication.models import Release

pytestmark = pytest.mark.django_db


def test_the_page_that_would_be_released_is_drawn_for_the_audit_alone() -> None:
    at = timezone.localtime()
    scenario = Scenario.objects.filter(group__application__academy="10", version__gt=0, releases=None).first()
    assert scenario is not None
    referent = Person.objects.get(email=f"referent.lyon@{DOMAIN}")
    watched = auditing.ask_audit(scenario, actor=referent, at=at)
    counts = [model.objects.count() for model in (Notice, NoticeVersion, Release)]
    with rehearsal.drawn(watched, at) as address:
        page = fetch_ours(address)
        assert page.status == 200
        assert scenario.title in page.body.decode().replace("&#39;", "'")
    assert [model.objects.count() for model in (Notice, NoticeVersion, Release)] == counts
    assert fetch_ours(address).status == 404
