"""Two readers decide at the same moment: one of them is followed, the other is told what was done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.people.models import Person
from traam.programme.productions import actions, queries
from traam.programme.productions.models import Reading, Remark, Scenario, Turn, Version

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[bool]:
    """Do them all from as many connections; whether each was done."""
    together = Barrier(len(acts))

    def one(act: Callable[[], object]) -> bool:
        try:
            together.wait(timeout=20)
            act()
        except (Invalid, Refused):
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def waiting() -> Scenario:
    return queries.scenario(Scenario.objects.get(state="submitted", group__application__academy="10").pk)


def test_one_decision_is_made(demonstration: None) -> None:
    scenario, at, inspector = waiting(), timezone.localtime(), person("inspecteur.lyon")
    done = at_once(
        lambda: actions.move(scenario, "endorse", actor=inspector, at=at),
        lambda: actions.move(scenario, "send_back", comment="La durée ?", actor=inspector, at=at),
        lambda: actions.move(scenario, "take_back", actor=person("referent.lyon"), at=at),
    )
    assert sorted(done) == [False, False, True]
    assert Turn.objects.filter(review=scenario.review, at=at).count() == 1


def test_a_remark_made_while_it_is_submitted_is_never_passed_over(demonstration: None) -> None:
    scenario, at, referent = waiting(), timezone.localtime(), person("referent.lyon")
    back = actions.move(scenario, "take_back", actor=referent, at=at)
    done = at_once(
        lambda: actions.remark(back, "steps", "", "La durée ?", actor=person("expert"), at=at),
        lambda: actions.submit(back, actor=referent, at=at),
    )
    assert done[0], "the expert may remark before and after"
    remark = Remark.objects.get(review=scenario.review)
    assert done[1] == (remark.version == 2), "submitted first, or refused until she is answered"
    assert Version.objects.filter(review=scenario.review).count() == 1 + done[1]


def test_a_reading_is_noted_once(demonstration: None) -> None:
    scenario, at, expert = waiting(), timezone.localtime(), person("expert")
    assert all(at_once(*[lambda: actions.note_reading(scenario, actor=expert, at=at)] * 4))
    assert Reading.objects.filter(review=scenario.review, person=expert).count() == 1
