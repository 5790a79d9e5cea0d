"""What the groups of a simulated year produce: what the actions would have written, and as they would."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils.timezone import localtime

from traam import reference
from traam.demo.simulate import Year, simulate
from traam.programme.catalogue.models import Notice
from traam.programme.groups.models import Group
from traam.programme.journal.models import Entry
from traam.programme.productions import kinds, policies, queries
from traam.programme.productions.actions import Content, snapshot
from traam.programme.productions.actions.scenarios import check, flat, whole
from traam.programme.productions.models import (
    Bilan,
    ClassTest,
    Module,
    Production,
    Promise,
    Reading,
    Scenario,
    Support,
    Turn,
    Version,
)
from traam.programme.productions.states import PROMISE, STATES

pytestmark = pytest.mark.django_db

DAY = datetime(2027, 3, 10, 9, tzinfo=ZoneInfo("Europe/Paris"))
LAUNCH = datetime(2026, 9, 15, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def year() -> Year:
    return simulate(24, 5, at=DAY, until="year", themes=3)


def of_year(year: Year) -> dict[str, list[Production]]:
    """Every production, as its kind reads it."""
    scenarios = Scenario.objects.filter(group__application__theme__campaign=year.campaign)
    rows = {
        "scenario": scenarios,
        "module": Module.objects.filter(theme__campaign=year.campaign),
        "bilan": Bilan.objects.filter(group__application__theme__campaign=year.campaign),
        "support": Support.objects.filter(group__application__theme__campaign=year.campaign),
    }
    return {
        name: [kinds.KINDS[name].find(key) for key in found.order_by("pk").values_list("pk", flat=True)]  # type: ignore[attr-defined]
        for name, found in rows.items()
    }


def chosen(year: Year) -> Iterator[list[object]]:
    """What chance chose, without the keys of the rows."""
    mine = Group.objects.filter(application__theme__campaign=year.campaign)
    scenarios = Scenario.objects.filter(group__in=mine).order_by("pk")
    yield list(scenarios.values_list("title", "state", "levels", "competences", "created_by__email", "changed_at"))
    tests = ClassTest.objects.filter(scenario__in=scenarios).order_by("pk")
    yield list(tests.values_list("scenario__title", "academy", "level", "on", "pupils", "worked", "by__email"))
    promises = Promise.objects.filter(scenario__in=scenarios).order_by("pk")
    yield list(promises.values_list("scenario__title", "state", "planned_on", "asked_at"))
    yield list(Bilan.objects.filter(group__in=mine).order_by("pk").values_list("state", "sections", "changed_at"))
    notices = Notice.objects.filter(theme__source_key__in=[f"theme:{one.pk}" for one in year.campaign.themes.all()])
    yield list(notices.order_by("pk").values_list("title", "state"))


def test_the_same_seed_gives_the_same_productions() -> None:
    several = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            several.append(list(chosen(simulate(6, seed, at=DAY, until="year", themes=2))))
            transaction.set_rollback(True)
    assert several[0] == several[1] and all(several[0])
    assert all(one != other for one, other in zip(several[0], several[2], strict=True))


def test_productions_are_what_the_actions_would_have_let_in(year: Year) -> None:
    found = of_year(year)
    assert {one.state for one in found["scenario"]} == set(STATES), "one at least in each state of the review"
    for name, rows in found.items():
        kind = kinds.KINDS[name]
        assert rows, name
        for one in rows:
            assert not (one.version and kind.breaches(one)), (name, one, kind.breaches(one))
            assert Version.objects.filter(review=one.review_id).count() == one.version
            assert LAUNCH < one.created_at <= one.changed_at <= DAY
            _replay(one)
    for one in found["scenario"]:
        assert isinstance(one, Scenario)
        check(whole(flat(snapshot(one))))
        last = queries.last_version(one)
        assert last is None or Content(**_without_pieces(last.content)) == Content(**_without_pieces(snapshot(one)))


def _without_pieces(content: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in content.items() if key != "pieces"}


def _replay(one: Production) -> None:
    """Each turn was a move of the table of states, made by somebody whose place it was, one after the other."""
    kind = kinds.of(one)
    reached, one.state, number, when = one.state, kind.machine.initial, 0, one.created_at
    for turn in Turn.objects.filter(review=one.review_id).select_related("by").order_by("at", "pk"):
        verdict = policies.may_move(turn.verb, turn.by, one, turn.at)
        assert verdict, (one, turn, verdict)
        assert turn.at > when and bool(turn.comment) == (turn.verb == "send_back")
        number, when = number + (turn.verb == "submit"), turn.at
        one.state = kind.machine.move(turn.verb).target
        assert turn.version == number
        if turn.verb not in {"propose", "submit"}:
            assert Reading.objects.filter(review=one.review_id, person=turn.by).exists()
    assert (one.state, one.version) == (reached, number)


def test_classes_try_what_they_could_read_on_days_that_came(year: Year) -> None:
    rows = ClassTest.objects.filter(scenario__group__application__theme__campaign=year.campaign)
    tests = list(rows.select_related("scenario__group__application", "group__application", "by"))
    for one in tests:
        sent = Turn.objects.filter(review=one.scenario.review_id, verb="submit").order_by("at")
        days = [localtime(at).date() for at in sent.values_list("at", flat=True)]
        begun = localtime(one.scenario.created_at).date()
        assert begun <= one.on <= localtime(one.recorded_at).date() <= DAY.date()
        assert one.on.weekday() < 5
        assert one.version == max(sum(day <= one.on for day in days), 1)
        assert one.group is not None and one.academy == one.group.academy
        assert one.group.application.theme_id == one.scenario.group.application.theme_id
        assert one.group_id == one.scenario.group_id or days[0] <= one.on, "another group tries what was submitted"
        seats = one.group.members.filter(person=one.by, role__in=["referent", "teacher"], since__lte=one.on)
        assert seats.exclude(until__lte=one.on).exists()
        assert one.level in reference.levels() and 1 <= one.pupils <= 500 and one.worked
    tried = {one.scenario_id for one in tests}
    mine = Scenario.objects.filter(group__application__theme__campaign=year.campaign)
    assert mine.exclude(pk__in=tried).exists(), "nobody has tried some of them"
    assert {one.academy == one.scenario.group.academy for one in tests} == {True, False}
    assert any(one.level not in one.scenario.levels for one in tests)


def test_promises_are_kept_or_still_to_come(year: Year) -> None:
    promises = list(Promise.objects.filter(scenario__group__application__theme__campaign=year.campaign))
    assert {one.state for one in promises} <= set(PROMISE.states) and len({one.state for one in promises}) > 1
    for one in promises:
        test = ClassTest.objects.filter(promise=one).first()
        assert (test is not None) == (one.state == "kept")
        assert one.state != "promised" or (one.planned_on and one.planned_on > DAY.date() and one.person and one.level)
        assert test is None or (test.on == one.planned_on and test.group_id == one.group_id)
        assert one.asked_at <= one.changed_at <= DAY


def test_the_journal_tells_what_was_produced(year: Year) -> None:
    for name, rows in of_year(year).items():
        told = Entry.objects.filter(object_type=f"productions.{name}", object_id__in=[str(one.pk) for one in rows])
        assert told.filter(verb="begin").count() == len(rows)
        turns = Turn.objects.filter(review__in=[one.review_id for one in rows])
        for verb in set(turns.values_list("verb", flat=True)):
            about = {(entry.actor_id, entry.at, entry.data["version"]) for entry in told.filter(verb=verb)}
            assert about == set(turns.filter(verb=verb).values_list("by", "at", "version"))
    tests = ClassTest.objects.filter(scenario__group__application__theme__campaign=year.campaign)
    noted = {entry.data["test"]: entry.object_id for entry in Entry.objects.filter(verb="record_test")}
    assert {test.pk: str(test.scenario_id) for test in tests}.items() <= noted.items()
    promises = Promise.objects.filter(scenario__group__application__theme__campaign=year.campaign)
    asked = {entry.data["promise"] for entry in Entry.objects.filter(verb="ask_trial")}
    assert {promise.pk for promise in promises} <= asked


def test_some_scenarios_are_on_line_and_bilans_count_what_came_before_them(year: Year) -> None:
    assert year.work is not None
    keys = [f"scenario:{one.pk}" for one in of_year(year)["scenario"] if one.state == "validated"]
    live = Notice.objects.filter(source_key__in=keys, state="published")
    assert 1 <= live.count() == year.work.notices <= 3
    for bilan in of_year(year)["bilan"]:
        assert isinstance(bilan, Bilan)
        last = queries.last_version(bilan)
        if last is None:
            continue
        tests = ClassTest.objects.filter(scenario__group=bilan.group)
        assert len(last.content["facts"]["tests"]) == tests.count()
        assert not tests.filter(recorded_at__gt=last.made_at).exists(), "nothing is noted after it was counted"
        days = [one["on"] for one in last.content["facts"]["meetings"]]
        assert days and max(days) <= localtime(last.made_at).date().isoformat()


def test_no_class_is_held_in_the_summer() -> None:
    told = simulate(6, 5, at=DAY.replace(month=11), until="year", themes=2)
    tests = ClassTest.objects.filter(scenario__group__application__theme__campaign=told.campaign)
    assert tests.exists() and not tests.filter(on__month__in=[7, 8]).exists()
    assert not tests.filter(on__gt=date(2027, 6, 25)).exists()
