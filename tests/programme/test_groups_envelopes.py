"""Envelopes: the national team gives, an academy splits freely, what goes beyond is told, or refused when strict."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.groups.actions import envelopes, service
from traam.programme.groups.actions.service import Done, PeriodValues
from traam.programme.groups.models import Envelope, Group, ServicePeriod, Share
from traam.programme.groups.queries import envelopes as queries
from traam.programme.groups.queries.composition import group as find_group
from traam.programme.groups.queries.envelopes import Allotment
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db
SEEN = "J'ai vu le travail du groupe lors de ma visite."


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def group() -> Group:
    return find_group(Group.objects.filter(application__academy="10").order_by("pk")[0].pk)


@pytest.fixture
def periods(group: Group, at: datetime) -> list[ServicePeriod]:
    Share.objects.all().delete()
    campaign = group.application.theme.campaign
    year = campaign.first_year
    wanted = [
        PeriodValues("Premier temps", date(year, 9, 1), date(year + 1, 1, 31), "hours", 4000),
        PeriodValues("Second temps", date(year + 1, 2, 1), date(year + 1, 7, 5), "hours", 4000),
    ]
    return service.set_periods(campaign, wanted, actor=person("bureau"), at=at)


def give(group: Group, at: datetime, *, strict: bool = False, **own: int) -> None:
    """Twenty hours then thirty for all, and so many hundredths over the first period for some academies."""
    academies = {name.removeprefix("a"): quantity for name, quantity in own.items()}
    wanted = {1: Allotment(2000, academies), 2: Allotment(3000)}
    envelopes.set_envelopes(group.application.theme.campaign, wanted, strict=strict, actor=person("bureau"), at=at)


def payable(group: Group) -> list[int]:
    return [m.pk for m in group.members.all() if m.role != "inspector" and m.until is None]


def plan(group: Group, period: ServicePeriod, at: datetime, *quantities: int) -> None:
    wanted = dict(zip(payable(group), quantities, strict=False))
    service.plan(group, period, wanted, actor=person("inspecteur.lyon"), at=at)


def test_an_academy_has_its_own_envelope_or_that_of_all(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    give(group, at, a10=1500)
    found = queries.allotments(group.application.theme.campaign)
    assert (found[1].of("10"), found[1].of("09"), found[2].of("10")) == (1500, 2000, 3000)
    assert Allotment().of("10") is None
    entry = Entry.objects.filter(verb="set_envelopes").latest("pk")
    assert entry.data["before"] == {} and entry.data["after"] == {"1": {"": 2000, "10": 1500}, "2": {"": 3000}}
    give(group, at, a10=1500)
    assert Entry.objects.filter(verb="set_envelopes").count() == 1  # nothing changed
    empty = {1: Allotment(), 2: Allotment()}
    campaign = group.application.theme.campaign
    envelopes.set_envelopes(campaign, empty, strict=False, actor=person("bureau"), at=at)
    assert queries.allotments(campaign) == {} and not Envelope.objects.exists()


@pytest.mark.parametrize("name", ["dan.lyon", "inspecteur.lyon", "expert"])
def test_only_the_national_team_sets_them(group: Group, periods: list[ServicePeriod], at: datetime, name: str) -> None:
    campaign = group.application.theme.campaign
    with pytest.raises(Refused):
        envelopes.set_envelopes(campaign, {1: Allotment(2000)}, strict=False, actor=person(name), at=at)
    campaign.state = "archived"
    campaign.save()
    with pytest.raises(Refused, match="archivée"):
        envelopes.set_envelopes(campaign, {1: Allotment(2000)}, strict=False, actor=person("bureau"), at=at)
    assert not Envelope.objects.exists()


def test_what_cannot_be_an_envelope_is_refused_beside_its_field(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    campaign, actor = group.application.theme.campaign, person("bureau")
    wrong = {1: Allotment(envelopes.MOST + 1), 2: Allotment(None, {"10": -1})}
    with pytest.raises(Invalid) as refusal:
        envelopes.set_envelopes(campaign, wrong, strict=False, actor=actor, at=at)
    assert set(refusal.value.errors) == {"default_1", "own_10_2"}
    for unknown in ({3: Allotment(100)}, {1: Allotment(None, {"99": 100})}):
        with pytest.raises(Invalid, match="n'existe pas"):
            envelopes.set_envelopes(campaign, unknown, strict=False, actor=actor, at=at)


def test_what_is_left_follows_what_is_planned_then_what_is_done(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    give(group, at)
    first = periods[0]
    assert queries.taken(first, "10").left == 2000
    plan(group, first, at, 800, 700)
    assert queries.taken(first, "10").left == 500
    keys = payable(group)
    actor = person("inspecteur.lyon")
    service.attest(group, first, {keys[0]: Done(600)}, SEEN, deliverables={}, actor=actor, at=at)
    one = queries.taken(first, "10")
    assert (one.quantity, one.left, one.over) == (1300, 700, 0)
    assert queries.taken(first, "09").left == 2000  # what another academy does takes nothing of its own
    assert queries.of_campaign(group.application.theme.campaign).of(1, "10") == one


def test_beyond_an_envelope_is_told_and_not_refused(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    give(group, at)
    plan(group, periods[0], at, 1500, 1500)
    one = queries.taken(periods[0], "10")
    assert (one.left, one.over) == (-1000, 1000)


def test_beyond_a_strict_envelope_nothing_more_is_planned(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    give(group, at, strict=True)
    plan(group, periods[0], at, 1000, 1000)
    with pytest.raises(Invalid, match="dépassée de 0,01 .heures"):
        plan(group, periods[0], at, 1000, 1001)
    assert queries.taken(periods[0], "10").left == 0
    plan(group, periods[1], at, 3000)  # each period has its own
    plan(group, periods[0], at, 500, 1500)  # what one leaves, another takes


def test_an_envelope_made_smaller_lets_one_plan_less(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    plan(group, periods[0], at, 2000, 2000)
    give(group, at, strict=True)
    plan(group, periods[0], at, 2000, 1500)  # still beyond, but nearer
    with pytest.raises(Invalid, match="dépassée"):
        plan(group, periods[0], at, 2000, 1600)
    assert queries.taken(periods[0], "10").over == 1500


def test_changing_the_periods_keeps_what_is_strict(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    give(group, at, strict=True)
    same = [PeriodValues(p.label + " bis", p.since, p.until, p.unit, p.rate_cents) for p in periods]
    kept = service.set_periods(group.application.theme.campaign, same, actor=person("bureau"), at=at)
    assert all(period.strict for period in kept)
    assert queries.allotments(group.application.theme.campaign)[1].default == 2000


def test_every_read_takes_a_constant_number_of_queries(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    give(group, at, a10=1500, a09=1000)
    plan(group, periods[0], at, 800, 700)
    campaign = group.application.theme.campaign
    for read, most in (
        (lambda: queries.of_campaign(campaign).of(1, "10"), 2),
        (lambda: queries.taken(periods[0], "10"), 2),
        (lambda: queries.academies_of(campaign), 1),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert read()
        assert len(asked) == most
    assert {"10", "09"} <= {academy.code for academy in queries.academies_of(campaign)}
