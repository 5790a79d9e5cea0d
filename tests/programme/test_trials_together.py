"""Two people of a group promise the same test at the same moment: one promise is made, the other is told it is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Refused
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions.actions import trials
from traam.programme.productions.models import ClassTest, Promise, Scenario

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[Scenario, Group, Person, datetime], object]


def promise(scenario: Scenario, group: Group, actor: Person, at: datetime) -> object:
    return trials.promise(scenario, group, level="201", planned_on=at.date(), actor=actor, at=at)


def note(scenario: Scenario, group: Group, actor: Person, at: datetime) -> object:
    noted = {"on": at.date(), "level": "201", "pupils": 28, "worked": "Le débat a pris."}
    return trials.record_test(scenario, group=group, **noted, actor=actor, at=at)  # type: ignore[arg-type]


def _together(act: Act) -> list[bool]:
    scenario = Scenario.objects.get(title__startswith="Enquêter sur une image")
    group = Group.objects.get(application__academy="09", application__theme=scenario.group.application.theme)
    together = Barrier(4)

    def one(_: int) -> bool:
        try:
            actor = Person.objects.get(email=f"referent.lille@{DOMAIN}")
            together.wait(timeout=20)
            act(scenario, group, actor, timezone.localtime())
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        return sorted(pool.map(one, range(4)))


def test_a_test_is_promised_once(demonstration: None) -> None:
    assert _together(promise) == [False, False, False, True]
    assert Promise.objects.filter(group__application__academy="09", state="promised").count() == 1


def test_a_promise_is_kept_by_one_test_only(demonstration: None) -> None:
    scenario = Scenario.objects.get(title__startswith="Enquêter sur une image")
    group = Group.objects.get(application__academy="09", application__theme=scenario.group.application.theme)
    made = promise(scenario, group, Person.objects.get(email=f"referent.lille@{DOMAIN}"), timezone.localtime())
    assert _together(note) == [True] * 4
    assert isinstance(made, Promise) and ClassTest.objects.filter(promise=made).count() == 1
