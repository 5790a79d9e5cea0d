"""A scenario is tried in class: asked, promised, held, corrected; by its authors or by another group of the theme."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Missing, Refused
from traam.programme.campaigns.models import Theme
from traam.programme.groups.models import Group, Member
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Item
from traam.programme.people.models import Person
from traam.programme.productions import actions, queries, trial_policies
from traam.programme.productions.actions import trials
from traam.programme.productions.models import ClassTest, Promise, Scenario
from traam.programme.productions.queries import trials as reading

pytestmark = pytest.mark.django_db
HELD: dict[str, Any] = {"level": "201", "pupils": 28, "worked": "Le débat a pris dès la première image."}


def someone(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def debunk() -> Scenario:
    """A scenario of Lyon, published, in a theme where Lille and Rennes work too."""
    return Scenario.objects.get(title__startswith="Enquêter sur une image")


@pytest.fixture
def lille(debunk: Scenario) -> Group:
    return Group.objects.get(application__theme=debunk.group.application.theme, application__academy="09")


@pytest.fixture
def held(debunk: Scenario, lille: Group, at: datetime) -> Callable[..., ClassTest]:
    def record(**values: Any) -> ClassTest:
        values = {"on": at.date(), **HELD, "actor": someone("referent.lille"), "at": at, **values}
        return trials.record_test(debunk, **values)

    return record


def test_a_group_of_the_theme_tries_what_another_wrote(held: Callable[..., ClassTest], lille: Group) -> None:
    test = held()
    assert (test.group, test.academy, test.version) == (lille, "09", 1)
    entry = Entry.objects.order_by("-pk")[0]
    assert (entry.verb, entry.data["academy"]) == ("record_test", "09")
    told = Item.objects.filter(key__startswith=f"class_test:{test.pk}:").values_list("to__email", flat=True)
    assert list(told) == [f"referent.lyon@{DOMAIN}"]


def test_the_count_of_academies_is_recomputed_from_the_tests(debunk: Scenario, held: Callable[..., ClassTest]) -> None:
    assert reading.tested_in(debunk.tests.all()) == ["10"]
    held()
    held()
    assert reading.tested_in(queries.scenario(debunk.pk).tests.all()) == ["09", "10"]


def test_a_test_stays_with_the_version_that_was_tried(held: Callable[..., ClassTest], debunk: Scenario) -> None:
    Scenario.objects.filter(pk=debunk.pk).update(version=3)
    assert held().version == 3
    assert held(version=2).version == 2
    with pytest.raises(Invalid, match="La version 4 n'existe pas"):
        held(version=4)


def test_another_group_tests_in_its_own_academy(held: Callable[..., ClassTest]) -> None:
    with pytest.raises(Invalid, match="note les tests tenus dans son académie"):
        held(academy="10")


def test_what_was_never_submitted_is_tried_by_its_authors_only(debunk: Scenario, at: datetime, lille: Group) -> None:
    sketch = Scenario.objects.get(title__startswith="Débattre")
    values: dict[str, Any] = {"on": at.date(), **HELD, "at": at}
    with pytest.raises(Refused, match="n'a pas encore été soumis"):
        trials.record_test(sketch, **values, actor=someone("referent.lille"))
    with pytest.raises(Refused, match="n'a pas encore été soumis"):
        trials.ask(sketch, lille, actor=someone("referent.lyon"), at=at)
    assert not trial_policies.may_read_submitted(someone("referent.lille"), sketch, at)
    assert trials.record_test(sketch, **values, actor=someone("enseignante.lyon")).group == sketch.group


def test_another_theme_has_nothing_to_try(debunk: Scenario, at: datetime) -> None:
    stranger = Group.objects.exclude(application__theme=debunk.group.application.theme).filter(
        application__academy="09"
    )[0]
    referent = Member.objects.get(group=stranger, role="referent").person
    assert not trial_policies.may_read_submitted(referent, debunk, at)
    assert not trial_policies.may_record_test(referent, debunk, at)
    with pytest.raises(Missing, match="ne travaille pas sur le thème"):
        trials.promise(debunk, stranger, level="201", planned_on=at.date(), actor=referent, at=at)
    with pytest.raises(Refused):
        trials.record_test(debunk, on=at.date(), **HELD, actor=referent, at=at)


def test_the_second_year_tries_what_the_first_wrote(debunk: Scenario, at: datetime) -> None:
    stranger = Group.objects.filter(application__academy="09").exclude(
        application__theme=debunk.group.application.theme
    )[0]
    Theme.objects.filter(pk=stranger.application.theme_id).update(continues=debunk.group.application.theme)
    referent = Member.objects.get(group=stranger, role="referent").person
    assert trial_policies.may_read_submitted(referent, debunk, at)
    test = trials.record_test(debunk, on=at.date(), **HELD, actor=referent, at=at)
    assert test.group == stranger


def test_a_test_keeps_the_promise(held: Callable[..., ClassTest], debunk: Scenario, lille: Group, at: datetime) -> None:
    asked = trials.ask(debunk, lille, message="Une classe de terminale ?", actor=someone("referent.lyon"), at=at)
    assert Item.objects.filter(key__startswith=f"trial:{asked.pk}:ask:", settled_at=None).count() == 1
    when = at.date() + timedelta(days=9)
    promised = trials.promise(debunk, lille, level="201", planned_on=when, actor=someone("referent.lille"), at=at)
    assert promised.pk == asked.pk, "the answer is kept with the question"
    assert not Item.objects.filter(key__startswith=f"trial:{asked.pk}:ask:", settled_at=None).exists()
    assert Item.objects.filter(key__startswith=f"trial:{asked.pk}:promise:", to=someone("referent.lyon")).exists()
    test = held()
    promised.refresh_from_db()
    assert (test.promise, promised.state) == (promised, "kept")
    assert reading.trial(queries.scenario(debunk.pk), lille).state == "kept"


def test_what_is_declined_is_explained(debunk: Scenario, lille: Group, at: datetime) -> None:
    asked = trials.ask(debunk, lille, actor=someone("expert"), at=at)
    with pytest.raises(Invalid, match="Dites pourquoi"):
        trials.decline(asked, " ", actor=someone("referent.lille"), at=at)
    trials.decline(asked, "Pas de terminale cette année.", actor=someone("referent.lille"), at=at)
    told = Item.objects.filter(key__startswith=f"trial:{asked.pk}:decline:")
    assert {item.to.email for item in told} == {f"referent.lyon@{DOMAIN}", f"expert@{DOMAIN}"}
    again = trials.ask(debunk, lille, actor=someone("expert"), at=at)
    assert Promise.objects.filter(scenario=debunk, group=lille).count() == 2 and again.state == "asked"


def test_a_second_promise_is_refused(debunk: Scenario, lille: Group, at: datetime) -> None:
    values: dict[str, Any] = {"level": "201", "planned_on": at.date(), "actor": someone("referent.lille"), "at": at}
    trials.promise(debunk, lille, **values)
    with pytest.raises(Refused, match="le test est à l'état « promis »"):
        trials.promise(debunk, lille, **values)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"level": "?"}, "level"), ({"planned_on": -1}, "planned_on"), ({"person": "referent.lyon"}, "person")],
)
def test_a_promise_that_cannot_be_kept(
    debunk: Scenario, lille: Group, at: datetime, change: dict[str, Any], field: str
) -> None:
    values: dict[str, Any] = {"level": "201", "planned_on": 3, **change}
    values["planned_on"] = at.date() + timedelta(days=values["planned_on"])
    if "person" in values:
        values["person"] = someone(values["person"])
    with pytest.raises(Invalid) as refusal:
        trials.promise(debunk, lille, **values, actor=someone("referent.lille"), at=at)
    assert list(refusal.value.errors) == [field]
    assert not Promise.objects.exists()


def test_a_mistake_is_mended_by_who_made_it(held: Callable[..., ClassTest], at: datetime) -> None:
    test = held()
    values: dict[str, Any] = {"on": at.date(), **HELD, "pupils": 30}
    with pytest.raises(Refused):
        trials.correct_test(test, **values, actor=someone("referent.lyon"), at=at)
    mended = trials.correct_test(test, **values, actor=someone("referent.lille"), at=at)
    assert (mended.pupils, mended.version) == (30, 1)
    entry = Entry.objects.order_by("-pk")[0]
    assert (entry.verb, entry.data["before"]["pupils"]) == ("correct_test", 28)


def test_a_colleague_does_not_rewrite_the_test_of_another(debunk: Scenario, at: datetime) -> None:
    test = debunk.tests.get()
    Person.objects.get(email=f"enseignante.lyon@{DOMAIN}")
    with pytest.raises(Refused, match="par qui l'a noté"):
        trials.withdraw_test(test, "Une erreur.", actor=someone("enseignante.lyon"), at=at)


def test_a_withdrawn_test_stays_in_the_journal(
    held: Callable[..., ClassTest], debunk: Scenario, lille: Group, at: datetime
) -> None:
    actor = someone("referent.lille")
    trials.promise(debunk, lille, level="201", planned_on=at.date(), actor=actor, at=at)
    test = held()
    with pytest.raises(Invalid, match="Dites pourquoi"):
        trials.withdraw_test(test, "", actor=actor, at=at)
    trials.withdraw_test(test, "Noté sur un autre scénario.", actor=actor, at=at)
    assert not ClassTest.objects.filter(group=lille).exists()
    entry = Entry.objects.order_by("-pk")[0]
    assert entry.data["before"]["worked"] == HELD["worked"] and entry.reason == "Noté sur un autre scénario."
    assert reading.trial(queries.scenario(debunk.pk), lille).state == "promised"


def test_the_names_of_before_still_hold() -> None:
    assert actions.record_test is trials.record_test
