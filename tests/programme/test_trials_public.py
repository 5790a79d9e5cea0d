"""A test noted after the release is on the public page at once, and the index learns of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid
from traam.programme.catalogue import actions
from traam.programme.catalogue.models import Change, Notice
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario

pytestmark = pytest.mark.django_db
HELD: dict[str, Any] = {"level": "201", "pupils": 28, "worked": "Le débat a pris dès la première image."}


def someone(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime() + timedelta(hours=1)


@pytest.fixture
def debunk() -> Scenario:
    return Scenario.objects.get(title__startswith="Enquêter sur une image")


def notice_of(scenario: Scenario) -> Notice:
    return Notice.objects.get(source_key=f"scenario:{scenario.pk}")


def test_the_public_page_follows_the_tests(debunk: Scenario, at: datetime) -> None:
    before, changes = notice_of(debunk), Change.objects.count()
    assert before.tested_by == ["10"]
    referent = someone("referent.lille")
    test = actions.record_test(debunk, on=at.date(), **HELD, actor=referent, at=at)
    after = notice_of(debunk)
    assert after.tested_by == ["09", "10"] and after.datestamp > before.datestamp
    assert Change.objects.count() == changes + 1
    actions.correct_test(test, on=at.date(), **{**HELD, "pupils": 12}, actor=referent, at=at)
    assert 12 in {one["pupils"] for one in notice_of(debunk).tests}
    actions.withdraw_test(test, "Noté deux fois.", actor=referent, at=at)
    assert notice_of(debunk).tests == before.tests
    assert Change.objects.count() == changes + 3


def test_what_is_refused_leaves_the_public_page_alone(debunk: Scenario, at: datetime) -> None:
    before = notice_of(debunk)
    with pytest.raises(Invalid):
        actions.record_test(debunk, on=at.date(), **{**HELD, "worked": " "}, actor=someone("referent.lille"), at=at)
    assert (notice_of(debunk).tests, notice_of(debunk).datestamp) == (before.tests, before.datestamp)


def test_a_withdrawn_notice_says_nothing_more(debunk: Scenario, at: datetime) -> None:
    actions.withdraw(debunk, reason="Une image est à remplacer.", actor=someone("inspecteur.lyon"), at=at)
    before = notice_of(debunk)
    actions.record_test(debunk, on=at.date(), **HELD, actor=someone("referent.lille"), at=at)
    assert (notice_of(debunk).tests, notice_of(debunk).datestamp) == (before.tests, before.datestamp)


def test_a_draft_has_no_public_page(at: datetime) -> None:
    sketch = Scenario.objects.get(title__startswith="Débattre")
    changes = Change.objects.count()
    actions.record_test(sketch, on=at.date(), **HELD, actor=someone("referent.lyon"), at=at)
    assert Change.objects.count() == changes
