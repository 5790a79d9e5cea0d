"""The page everyone opens first asks the database the same questions, however full the year is."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from traam.demo.build import ACCOUNTS
from traam.demo.simulate import email_of, simulate
from traam.programme.groups.models import Group, Member
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db
MOST = 18  # what is late, the tests in class and the pages to have mended each ask once


def asked(client: Any, email: str) -> int:
    client.force_login(Person.objects.get(email=email))
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/tableau-de-bord").status_code == 200
    return len(queries)


@pytest.mark.parametrize("email", [account.email for account in ACCOUNTS])
def test_each_role_has_its_dashboard_in_few_queries(client: Any, email: str) -> None:
    assert asked(client, email) <= MOST


@pytest.mark.parametrize("name", ["bureau", "expert1", "dan.lyon", "inspecteur.lyon"])
def test_a_fuller_year_asks_no_more(client: Any, name: str) -> None:
    at = timezone.localtime()
    for seed, until in enumerate(("call", "opinions", "groups")):
        simulate(6, seed, at=at, until=until, themes=3)
    _pilot(name, at, 2)
    few = asked(client, email_of(name))
    for seed, until in enumerate(("call", "opinions", "groups")):
        simulate(20, seed, at=at - timedelta(days=1), until=until, themes=9)
    _pilot(name, at, 12)
    assert asked(client, email_of(name)) == few <= MOST


def _pilot(name: str, at: Any, groups: int) -> None:
    """Make her the inspector of some groups: what an inspector sees is read from them."""
    person = Person.objects.get(email=email_of(name))
    for group in Group.objects.exclude(members__person=person)[:groups]:
        Member.objects.create(group=group, person=person, role=Member.Role.INSPECTOR, since=at.date())
