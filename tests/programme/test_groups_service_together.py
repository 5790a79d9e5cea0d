"""Several people send service fait at the same moment: nothing is sent twice, and the chain has no gap nor fork."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid
from traam.programme.groups.actions import service
from traam.programme.groups.actions.service import Done, PeriodValues
from traam.programme.groups.models import Group, ServiceLine, ServicePeriod
from traam.programme.groups.queries import service as queries
from traam.programme.groups.queries.composition import group as find_group
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def attested(slug: str, academy: str, period: ServicePeriod) -> int:
    """Attest 10 hours for everyone in the first group of an academy; how many."""
    group = find_group(Group.objects.filter(application__academy=academy).order_by("pk")[0].pk)
    inspector, at = person(f"inspecteur.{slug}"), timezone.localtime()
    done = {member.pk: Done(1000) for member in queries.payable(group, period)}
    service.plan(group, period, dict.fromkeys(done, 1000), actor=inspector, at=at)
    words = "Vu au travail lors d'une visite."
    service.attest(group, period, done, words, deliverables={}, actor=inspector, at=at)
    return len(done)


def test_sendings_at_the_same_moment(demonstration: None) -> None:
    campaign = Group.objects.filter(application__academy="10").order_by("pk")[0].application.theme.campaign
    year = campaign.first_year
    wanted = [PeriodValues("Premier temps", date(year, 9, 1), date(year + 1, 8, 31), "hours", 4012)]
    period, *_ = service.set_periods(campaign, wanted, actor=person("bureau"), at=timezone.localtime())
    expected = attested("lyon", "10", period) + attested("lille", "09", period)
    senders = ("lyon", "lyon", "lyon", "lille", "lille")
    together = Barrier(len(senders))

    def send(slug: str) -> int:
        try:
            academy, dan = queries.academy_service(slug, campaign.pk), person(f"dan.{slug}")
            together.wait(timeout=20)
            return len(service.send(period, academy, actor=dan, at=timezone.localtime()))
        except Invalid:
            return 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(senders)) as pool:
        sent = list(pool.map(send, senders))
    assert sorted(map(bool, sent)) == [False, False, False, True, True]
    numbers = list(ServiceLine.objects.order_by("number").values_list("number", flat=True))
    assert sum(sent) == expected and numbers == list(range(1, expected + 1))
    assert queries.proof(campaign) == queries.Proof(expected)
