"""A proposal asked, computed, killed, computed again, adopted; pins; decisions by the dozen."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines import assignment
from traam.engines.workflow import Invalid, Refused
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person
from traam.programme.selection import actions, advice, committee, proposals, queries
from traam.programme.selection.models import Announcement, Conflict, Decision, Opinion, Pin, Proposal

pytestmark = pytest.mark.django_db
NATIONAL = "bureau"
OTHERS = ("inspection.generale", "expert", "dan.lyon", "inspecteur.lyon", "referent.lyon", "enseignante.lyon")
ACADEMIES = ("01", "02", "03", "04", "06", "07", "08", "09", "11", "12")


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def forwarded(theme: Theme, academy: str, score: int | None, n: int = 1) -> Application:
    day = timezone.now()
    made = Application.objects.create(
        theme=theme,
        academy=academy,
        state="forwarded",
        degree="second",
        titles=["Théâtre d'ombres" if n else "Robotique"],
        referent_email=f"r{n}.{academy}@exemple.invalid",
        created_by=person(NATIONAL),
        created_at=day,
        changed_at=day,
        forwarded_at=day,
    )
    if score is not None:
        Opinion.objects.create(application=made, reader=person("expert"), score=score, comment="Lu.", given_at=day)
    return made


@pytest.fixture
def campaign() -> Campaign:
    """The open call, closed, with ten academies in each of its two first themes and nothing else."""
    found = Campaign.objects.get(state="open")
    Application.objects.filter(theme__campaign=found).update(state="draft")
    for t, theme in enumerate(found.themes.order_by("pk")[:2]):
        for n, academy in enumerate(ACADEMIES):
            forwarded(theme, academy, 400 - 20 * n - 7 * t, n=t)
    Campaign.objects.filter(pk=found.pk).update(state="closed")
    found.refresh_from_db()
    return found


def asked(campaign: Campaign, at: datetime, seed: int = 20270401) -> Proposal:
    return proposals.ask(campaign, seed, actor=person(NATIONAL), at=at)


def computed(campaign: Campaign, at: datetime, seed: int = 20270401) -> Proposal:
    run = asked(campaign, at, seed)
    assert proposals.work(lambda: at) == 1
    return proposals.proposal(run.pk)


def ticking(start: datetime) -> Iterator[datetime]:
    return (start + timedelta(seconds=n) for n in count())


def test_a_proposal_is_computed_by_the_worker_and_decides_nothing(campaign: Campaign, at: datetime) -> None:
    before = Decision.objects.count()
    run = asked(campaign, at)
    assert (run.state, run.total) == ("waiting", 20)
    clock = ticking(at)
    assert proposals.work(lambda: next(clock)) == 1
    assert proposals.work(lambda: next(clock)) == 0
    run = proposals.proposal(run.pk)
    assert (run.state, run.done, run.total) == ("done", 20, 20)
    found = advice.Advice(run)
    assert found.feasible
    assert [(one.candidates, one.proposed, one.differences) for one in found.by_theme[:2]] == [(10, 6, 0), (10, 6, 0)]
    assert Decision.objects.count() == before


def test_each_dossier_says_what_the_opposite_would_cost(campaign: Campaign, at: datetime) -> None:
    found = advice.Advice(computed(campaign, at))
    theme = campaign.themes.order_by("pk")[0]
    lines = found.listing(str(theme.pk))[0:50]
    assert [line.proposed for line in lines] == [True] * 6 + [False] * 4
    assert lines[0].why.startswith(
        f"Se passer de {lines[0].application.academy_name}, « {lines[0].application.title} »"
    )
    costly = next(line for line in lines if "coûterait" in line.why and not line.proposed)
    assert costly.why.startswith(f"Retenir {costly.application.academy_name}")
    assert "écarterait" in costly.why
    assert "6 académies, le maximum" in " ".join(found.binding)


def test_a_worker_that_dies_is_replaced_once_its_lease_passes(campaign: Campaign, at: datetime) -> None:
    run = asked(campaign, at)

    def killed() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        proposals.work(lambda: at, killed)
    assert Proposal.objects.get(pk=run.pk).state == "running"
    assert proposals.work(lambda: at + proposals.LEASE - timedelta(seconds=1)) == 0, "the first may still live"
    assert proposals.work(lambda: at + proposals.LEASE + timedelta(seconds=1)) == 1
    again = Proposal.objects.get(pk=run.pk)
    assert again.state == "done"
    never_killed = computed(campaign, at)
    assert json.dumps(again.outcome, sort_keys=True) == json.dumps(never_killed.outcome, sort_keys=True)


def test_a_worker_asked_to_stop_leaves_the_proposal_to_the_next(campaign: Campaign, at: datetime) -> None:
    run = asked(campaign, at)

    def stop() -> None:
        raise proposals.Interrupted

    assert proposals.work(lambda: at, stop) == 0
    assert Proposal.objects.get(pk=run.pk).state == "waiting"
    assert proposals.work(lambda: at) == 1


def test_a_failure_is_told_and_does_not_come_back(
    campaign: Campaign, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> dict[str, object]:
        raise assignment.SolverRefused("no answer")

    run = asked(campaign, at)
    monkeypatch.setattr(proposals, "compute", broken)
    assert proposals.work(lambda: at) == 1
    run = Proposal.objects.get(pk=run.pk)
    assert run.state == "failed" and "no answer" in run.outcome["problem"]
    assert proposals.work(lambda: at) == 0


def test_the_order_of_the_rows_changes_nothing(
    campaign: Campaign, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, rows = computed(campaign, at), queries.dossiers_of_campaign(campaign)
    for seed in (1, 2, 3):
        shuffled = Random(seed).sample(rows, len(rows))  # noqa: S311 - a shuffle to be replayed
        monkeypatch.setattr(queries, "dossiers_of_campaign", lambda _, shuffled=shuffled: shuffled)
        again = computed(campaign, at)
        monkeypatch.undo()
        assert json.dumps(again.inputs) == json.dumps(first.inputs)
        assert json.dumps(again.outcome) == json.dumps(first.outcome)


def test_pins_are_obeyed_and_a_contradiction_is_named(campaign: Campaign, at: datetime) -> None:
    theme = campaign.themes.order_by("pk")[0]
    last = Application.objects.get(theme=theme, academy=ACADEMIES[-1], state="forwarded")
    best = Application.objects.get(theme=theme, academy=ACADEMIES[0], state="forwarded")
    proposals.pin(last, "retained", "Territoire sans aucune équipe.", actor=person(NATIONAL), at=at)
    proposals.pin(best, "excluded", "Équipe déjà engagée ailleurs.", actor=person(NATIONAL), at=at)
    kept = set(map(int, computed(campaign, at).outcome["solution"]["retained"]))
    assert last.pk in kept and best.pk not in kept
    rows = Application.objects.filter(theme=theme, state="forwarded").exclude(pk=best.pk)
    proposals.pin_all(rows, "retained", "Toutes.", actor=person(NATIONAL), at=at)
    found = advice.Advice(computed(campaign, at))
    assert not found.feasible
    assert theme.title in " ".join(found.broken)
    with pytest.raises(Invalid, match="pas de solution"):
        proposals.adopt(found.proposal, "waiting", actor=person(NATIONAL), at=at)
    proposals.pin_all(rows, "", "", actor=person(NATIONAL), at=at)
    assert set(proposals.pins(campaign)) == {best.pk}
    told = Entry.objects.filter(verb="pin", object_id=str(best.pk)).get()
    assert told.reason == "Équipe déjà engagée ailleurs."


def test_a_pin_without_a_reason_or_of_an_unknown_kind_is_refused(campaign: Campaign, at: datetime) -> None:
    row = Application.objects.filter(theme__campaign=campaign, state="forwarded")[0]
    for kind, reason in (("retained", " "), ("perhaps", "Peut-être.")):
        with pytest.raises(Invalid):
            proposals.pin(row, kind, reason, actor=person(NATIONAL), at=at)
    assert not Pin.objects.exists()


@pytest.mark.parametrize("change", ["opinion", "conflict", "pin", "withdrawn", "limit"])
def test_a_run_says_when_what_it_knew_has_changed(campaign: Campaign, at: datetime, change: str) -> None:
    run = computed(campaign, at)
    assert not advice.outdated(run)
    row = Application.objects.filter(theme__campaign=campaign, state="forwarded")[0]
    if change == "opinion":
        Opinion.objects.filter(application=row).update(score=123)
    elif change == "conflict":
        Conflict.objects.create(application=row, reader=person("expert"), reason="Parent.", declared_at=at)
    elif change == "pin":
        proposals.pin(row, "excluded", "Doublon.", actor=person(NATIONAL), at=at)
    elif change == "withdrawn":
        Application.objects.filter(pk=row.pk).update(state="withdrawn")
    else:
        Campaign.objects.filter(pk=campaign.pk).update(overrides={"limits": {"academies_per_theme_max": 5}})
    assert advice.outdated(proposals.proposal(run.pk))


def test_adopting_fills_what_is_left_and_keeps_what_was_decided(campaign: Campaign, at: datetime) -> None:
    run = computed(campaign, at)
    kept = set(map(int, run.outcome["solution"]["retained"]))
    otherwise = Application.objects.get(pk=min(kept))
    actions.decide(otherwise, "refuse", actor=person(NATIONAL), at=at, reason="Le comité en juge autrement.")
    assert proposals.adopt(run, "waiting", actor=person(NATIONAL), at=at) == 19
    state = dict(Decision.objects.filter(application__theme__campaign=campaign).values_list("application", "state"))
    assert state[otherwise.pk] == "refused"
    assert {key for key, value in state.items() if value == "retained"} == kept - {otherwise.pk}
    found = advice.Advice(run)
    assert [line.application.pk for line in found.listing(kind="ecarts")[0:9]] == [otherwise.pk], "both stay"
    theme = campaign.themes.order_by("pk")[0]
    means = [committee.row(each.application).mean or 0 for each in committee.WaitingList(theme)[:]]
    assert means == sorted(means, reverse=True)
    with pytest.raises(Invalid, match="déjà décidées"):
        proposals.adopt(run, "refused", actor=person(NATIONAL), at=at)


def test_adopting_is_all_or_nothing(campaign: Campaign, at: datetime) -> None:
    """A theme filled otherwise since: the proposal no longer fits, every dossier too many is named, nothing changes."""
    run = computed(campaign, at)
    theme = campaign.themes.order_by("pk")[0]
    kept = set(map(int, run.outcome["solution"]["retained"]))
    others = Application.objects.filter(theme=theme, state="forwarded").exclude(pk__in=kept)
    actions.decide_all(others, "retain", actor=person(NATIONAL), at=at)
    with pytest.raises(Invalid) as refusal:
        proposals.adopt(run, "refused", actor=person(NATIONAL), at=at)
    assert len(refusal.value.errors[""]) == 4
    assert all("article B.3" in sentence for sentence in refusal.value.errors[""])
    assert Decision.objects.filter(application__theme__campaign=campaign).count() == 4


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_asks_pins_or_adopts(campaign: Campaign, at: datetime, who: str) -> None:
    row = Application.objects.filter(theme__campaign=campaign, state="forwarded")[0]
    run = computed(campaign, at)
    with pytest.raises(Refused, match="bureau national"):
        proposals.ask(campaign, 1, actor=person(who), at=at)
    with pytest.raises(Refused, match="bureau national"):
        proposals.pin(row, "retained", "Parce que.", actor=person(who), at=at)
    with pytest.raises(Refused, match="bureau national"):
        proposals.adopt(run, "waiting", actor=person(who), at=at)


def test_nothing_is_asked_of_an_open_call_nor_after_the_announcement(campaign: Campaign, at: datetime) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state="open")
    with pytest.raises(Refused, match="Closez"):
        asked(campaign, at)
    Campaign.objects.filter(pk=campaign.pk).update(state="closed")
    Announcement.objects.create(campaign=campaign, announced_by=person(NATIONAL), announced_at=at)
    with pytest.raises(Refused, match="annoncés"):
        asked(campaign, at)


def test_a_number_that_is_not_one_is_refused(campaign: Campaign, at: datetime) -> None:
    for seed in (-1, 2_000_000_001):
        with pytest.raises(Invalid, match="nombre entier"):
            asked(campaign, at, seed)


# Many decisions at once


def test_many_decisions_are_all_or_nothing_and_name_who_refuses(campaign: Campaign, at: datetime) -> None:
    theme = campaign.themes.order_by("pk")[0]
    rows = list(Application.objects.filter(theme=theme, state="forwarded").order_by("pk"))
    with pytest.raises(Invalid) as refusal:
        actions.decide_all(rows[:8], "retain", actor=person(NATIONAL), at=at)
    sentences = refusal.value.errors[""]
    assert [sentence.split(" : ")[0] for sentence in sentences] == [str(rows[6]), str(rows[7])]
    assert not Decision.objects.filter(application__in=rows).exists()
    assert not Entry.objects.filter(verb="retain", object_id=str(rows[0].pk)).exists()
    assert len(actions.decide_all(rows[:6], "retain", actor=person(NATIONAL), at=at, reason="Unanimité.")) == 6
    with pytest.raises(Invalid, match="Cochez au moins"):
        actions.decide_all([], "retain", actor=person(NATIONAL), at=at)
    with pytest.raises(Invalid, match=str(rows[0])):
        actions.decide_all(rows[:2], "retain", actor=person(NATIONAL), at=at)
    with pytest.raises(Invalid, match="bureau national"):
        actions.decide_all(rows[:2], "refuse", actor=person("expert"), at=at)


def test_decisions_of_another_campaign_are_not_mixed_in(campaign: Campaign, at: datetime) -> None:
    mine = Application.objects.filter(theme__campaign=campaign, state="forwarded")[0]
    stranger = Application.objects.filter(theme__campaign__announcement__isnull=False, state="forwarded")[0]
    with pytest.raises(Invalid, match="pas de cette campagne"):
        actions.decide_all([mine, stranger], "refuse", actor=person(NATIONAL), at=at)


def test_a_place_given_back_in_the_same_sitting_is_counted(campaign: Campaign, at: datetime) -> None:
    theme = campaign.themes.order_by("pk")[0]
    rows = list(Application.objects.filter(theme=theme, state="forwarded").order_by("pk"))
    actions.decide_all(rows[:6], "retain", actor=person(NATIONAL), at=at)
    moves = [(rows[0], "put_on_waiting_list"), (rows[6], "retain"), (rows[7], "put_on_waiting_list")]
    actions.decide_each(moves, actor=person(NATIONAL), at=at)
    assert [each.application for each in committee.WaitingList(theme)[:]] == [rows[0], rows[7]]
    with pytest.raises(Invalid, match="article B.3"):
        actions.decide(rows[8], "retain", actor=person(NATIONAL), at=at)


def test_the_waiting_list_is_ordered_whole(campaign: Campaign, at: datetime) -> None:
    theme = campaign.themes.order_by("pk")[0]
    a, b, c = Application.objects.filter(theme=theme, state="forwarded").order_by("pk")[:3]
    actions.decide_all([a, b, c], "put_on_waiting_list", actor=person(NATIONAL), at=at)
    actions.order_waiting(theme, {a.pk: 3, b.pk: 1, c.pk: 2}, actor=person(NATIONAL), at=at)
    assert [each.application for each in committee.WaitingList(theme)[:]] == [b, c, a]
    for ranks in ({a.pk: 1, b.pk: 1, c.pk: 2}, {a.pk: 1, b.pk: 2}):
        with pytest.raises(Invalid):
            actions.order_waiting(theme, ranks, actor=person(NATIONAL), at=at)
    for who in OTHERS:
        with pytest.raises(Refused):
            actions.order_waiting(theme, {a.pk: 1, b.pk: 2, c.pk: 3}, actor=person(who), at=at)


# What the committee sees


def test_the_committee_counts_by_theme(campaign: Campaign, at: datetime) -> None:
    theme = campaign.themes.order_by("pk")[0]
    rows = list(Application.objects.filter(theme=theme, state="forwarded").order_by("pk"))
    actions.decide_all(rows[:2], "retain", actor=person(NATIONAL), at=at)
    actions.decide(rows[2], "refuse", actor=person(NATIONAL), at=at)
    actions.decide(rows[3], "put_on_waiting_list", actor=person(NATIONAL), at=at)
    mine = committee.Table(campaign).counts[0]
    assert (mine.forwarded, mine.academies, mine.teams, mine.waiting, mine.refused, mine.undecided) == (
        10,
        2,
        2,
        1,
        1,
        6,
    )
    assert mine.little_read == 10, "two opinions are asked"


def test_the_committee_narrows_and_sorts(campaign: Campaign) -> None:
    table = committee.Table(campaign)
    theme = campaign.themes.order_by("pk")[0]

    def seen(**asked: Any) -> list[committee.Row]:
        return committee.Listing(table, committee.Asked(**asked))[0:50]

    assert len(seen()) == 20
    means = [row.mean or 0 for row in seen()]
    assert means == sorted(means, reverse=True)
    assert [row.application.academy for row in seen(theme=str(theme.pk), sort="moyenne")][0] == ACADEMIES[-1]
    assert {row.application.academy for row in seen(academy="01")} == {"01"}
    assert len(seen(words="THEATRE")) == 10
    assert seen(words="introuvable") == []
    names = [row.application.academy_name for row in seen(sort="academie", theme=str(theme.pk))]
    assert names == sorted(names)


def test_the_conflict_of_a_reader_sets_her_opinion_aside_for_the_committee_and_the_solver(
    campaign: Campaign, at: datetime
) -> None:
    row = Application.objects.filter(theme__campaign=campaign, state="forwarded")[0]
    Conflict.objects.create(application=row, reader=person("expert"), reason="Parent.", declared_at=at)
    seen = committee.row(row)
    assert (seen.mean, seen.opinions, seen.spread) == (None, 0, None)
    given = proposals.problem(campaign, 1)
    assert next(one for one in given.candidates if one.id == str(row.pk)).score == 100
