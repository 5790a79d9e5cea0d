"""The review of a production: its circuit, its remarks, who is told what, what changed since one read."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from traam.demo import texts
from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.campaigns.models import Campaign, Steward
from traam.programme.groups.actions import end_member
from traam.programme.groups.models import Group, Member
from traam.programme.journal.actions import System
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Item, Letter
from traam.programme.people.actions import appoint
from traam.programme.people.models import Person, Role
from traam.programme.productions import actions, kinds, policies, queries, rereading
from traam.programme.productions.models import Bilan, Module, Review, Scenario, Support, Turn, written_by
from traam.programme.productions.queries import Said

pytestmark = pytest.mark.django_db
AtMost = Callable[[int], AbstractContextManager[Any]]


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def waiting() -> Scenario:
    """The scenario of Lyon that waits for its inspector."""
    return queries.scenario(Scenario.objects.get(title=texts.ASSISTANT.title).pk)


@pytest.fixture
def sketch() -> Scenario:
    """The draft of Lyon, whose last version may be written."""
    return queries.scenario(Scenario.objects.get(title=texts.SKETCH.title).pk)


def again(scenario: Scenario) -> Scenario:
    return queries.scenario(scenario.pk)


def under(edition: str, production: Any) -> None:
    """The same campaign, under another cahier des charges."""
    Campaign.objects.filter(themes=production.group.application.theme).update(edition_id=edition)


# --- the circuit of each edition


def test_of_2022_the_inspector_sends_a_scenario_on_to_the_expert(waiting: Scenario, at: datetime) -> None:
    inspector, expert = person("inspecteur.lyon"), person("expert")
    with pytest.raises(Refused, match="L'expert du thème valide le scénario") as refusal:
        actions.move(waiting, "validate", actor=inspector, at=at)
    assert refusal.value.verdict.article == "traam-2022#C.2"
    with pytest.raises(Refused, match="transmis à l'expert"):
        actions.move(waiting, "confirm", actor=expert, at=at)
    assert [move.verb for move in policies.moves(inspector, waiting, at)] == ["send_back", "endorse"]
    endorsed = actions.move(waiting, "endorse", actor=inspector, at=at)
    assert [move.verb for move in policies.moves(expert, endorsed, at)] == ["send_back", "confirm"]
    assert actions.move(endorsed, "confirm", actor=expert, at=at).state == "validated"


@pytest.mark.parametrize("edition", ["aam-2008", "traam-2014", "traam-2020"])
def test_before_the_inspector_has_the_last_word(waiting: Scenario, at: datetime, edition: str) -> None:
    under(edition, waiting)
    inspector = person("inspecteur.lyon")
    with pytest.raises(Refused, match="aucun expert ne le lit ensuite"):
        actions.move(waiting, "endorse", actor=inspector, at=at)
    assert actions.move(waiting, "validate", actor=inspector, at=at).state == "validated"


def test_of_2022_the_inspector_validates_a_bilan_and_a_support(waiting: Scenario, at: datetime) -> None:
    for model in (Bilan, Support):
        values: dict[str, Any] = {"group": waiting.group, "review": Review.objects.create(opened_at=at)}
        values |= {"created_by": person("referent.lyon"), "created_at": at, "changed_at": at, "state": "submitted"}
        made: Any = model._default_manager.create(**values)
        with pytest.raises(Refused, match="aucun expert"):
            actions.move(made, "endorse", actor=person("inspecteur.lyon"), at=at)
        assert actions.move(made, "validate", actor=person("inspecteur.lyon"), at=at).state == "validated"


@pytest.mark.parametrize(
    ("state", "reader", "others"),
    [
        ("proposed", "referent.lyon", ("inspecteur.lyon", "expert", "enseignante.lyon")),
        ("submitted", "inspecteur.lyon", ("referent.lyon", "expert", "inspecteur.lille")),
        ("endorsed", "expert", ("inspecteur.lyon", "referent.lyon", "dan.lyon")),
        ("endorsed", "inspection.generale", ("bureau",)),
    ],
)
def test_each_reader_sends_back_what_waits_for_her(
    waiting: Scenario, at: datetime, state: str, reader: str, others: tuple[str, ...]
) -> None:
    Scenario.objects.filter(pk=waiting.pk).update(state=state)
    for name in others:
        with pytest.raises(Refused):
            actions.move(waiting, "send_back", comment="Non.", actor=person(name), at=at)
    with pytest.raises(Invalid) as refusal:
        actions.move(waiting, "send_back", comment=" ", actor=person(reader), at=at)
    assert "comment" in refusal.value.errors
    assert actions.move(waiting, "send_back", comment="La durée ?", actor=person(reader), at=at).state == "returned"


def test_a_stale_page_moves_nothing(waiting: Scenario, at: datetime) -> None:
    """Two readers opened the same page: the second is told what the first did."""
    opened_twice = again(waiting)
    actions.move(waiting, "endorse", actor=person("inspecteur.lyon"), at=at)
    with pytest.raises(Refused, match="transmis à l'expert"):
        actions.move(opened_twice, "send_back", comment="Non.", actor=person("inspecteur.lyon"), at=at)
    assert Turn.objects.filter(review=waiting.review, verb="send_back").count() == 0


# --- who wrote it does not validate it


def test_an_inspector_who_writes_with_the_group_does_not_decide(waiting: Scenario, at: datetime) -> None:
    inspector = person("inspecteur.lyon")
    seat = Member.objects.create(group=waiting.group, person=inspector, role="teacher", since=at.date())
    with pytest.raises(Refused, match="ne le valide pas"):
        actions.move(again(waiting), "endorse", actor=inspector, at=at)
    end_member(seat, actor=person("referent.lyon"), at=at)
    assert policies.may_move("endorse", inspector, again(waiting), at)


def test_nor_once_she_has_left_it(waiting: Scenario, at: datetime) -> None:
    inspector = person("inspecteur.lyon")
    Entry.objects.create(
        at=at, actor_id=inspector.pk, verb="save", object_type="productions.scenario", object_id=str(waiting.pk)
    )
    with pytest.raises(Refused, match="Qui a écrit le scénario ne le valide pas"):
        actions.move(waiting, "endorse", actor=inspector, at=at)


# --- a module of the national group


@pytest.fixture
def national(waiting: Scenario, at: datetime) -> Module:
    theme = waiting.group.application.theme
    review = Review.objects.create(opened_at=at)
    values: dict[str, Any] = {"theme": theme, "review": review, "title": "Former à l'esprit critique", "version": 1}
    values |= {"state": "submitted", "created_by": person("expert"), "created_at": at, "changed_at": at}
    return Module.objects.create(**values)


def test_what_the_national_group_writes_is_validated_by_the_general_inspector(national: Module, at: datetime) -> None:
    general, expert = person("inspection.generale"), person("expert")
    assert policies.is_author(expert, national, at) and policies.is_author(person("referent.lyon"), national, at)
    assert not policies.may_see(person("enseignante.lyon"), national, at)
    with pytest.raises(Refused, match="réservé"):
        actions.move(national, "validate", actor=expert, at=at)
    with pytest.raises(Refused, match="réservé"):
        actions.move(national, "validate", actor=person("inspecteur.lyon"), at=at)
    with pytest.raises(Refused, match="aucun expert"):
        actions.move(national, "endorse", actor=general, at=at)
    assert _to_read(general, at) == [national]
    assert actions.move(national, "validate", actor=general, at=at).state == "validated"


def test_whoever_is_both_expert_and_general_inspector_of_it_does_not(national: Module, at: datetime) -> None:
    Steward.objects.create(theme=national.theme, person=person("expert"), role="general_inspector")
    appoint(person("expert"), Role.GENERAL_INSPECTOR, actor=System(), at=at)
    with pytest.raises(Refused, match="ne le valide pas"):
        actions.move(national, "validate", actor=person("expert"), at=at)


# --- remarks


def test_a_remark_waits_for_its_answer(waiting: Scenario, at: datetime) -> None:
    inspector, referent = person("inspecteur.lyon"), person("referent.lyon")
    said = actions.remark(waiting, "steps", "deux heures", "Est-ce tenable ?", actor=inspector, at=at)
    assert (said.version, said.section) == (waiting.version, "steps")
    back = actions.move(waiting, "send_back", actor=inspector, at=at)  # the remark says why
    with pytest.raises(Invalid, match="Une remarque n'a pas de réponse \\(« Déroulement »\\)"):
        actions.submit(back, actor=referent, at=at)
    with pytest.raises(Invalid, match="pas de réponse"):
        actions.move(back, "propose", actor=person("enseignante.lyon"), at=at)
    actions.answer(said, "Trois heures, c'est écrit.", actor=person("enseignante.lyon"), at=at)
    assert actions.submit(back, actor=referent, at=at).version == waiting.version + 1
    actions.close(said, actor=inspector, at=at)
    with pytest.raises(Refused, match="close"):
        actions.answer(said, "Encore.", actor=referent, at=at)


@pytest.mark.parametrize(
    ("state", "may", "may_not"),
    [
        ("draft", ["inspecteur.lyon", "expert", "inspection.generale"], ["referent.lyon", "dan.lyon", "bureau"]),
        ("proposed", ["referent.lyon", "inspecteur.lyon"], ["enseignante.lyon"]),
        ("submitted", ["inspecteur.lyon", "expert"], ["referent.lyon", "inspecteur.lille", "enseignante.lyon"]),
        ("endorsed", ["expert", "inspection.generale", "inspecteur.lyon"], ["dan.lyon", "referent.lille"]),
    ],
)
def test_remarks_are_made_by_those_who_read(
    waiting: Scenario, at: datetime, state: str, may: list[str], may_not: list[str]
) -> None:
    Scenario.objects.filter(pk=waiting.pk).update(state=state)
    for name in may_not:
        with pytest.raises(Refused):
            actions.remark(waiting, "steps", "", "Non.", actor=person(name), at=at)
    assert not waiting.review.remarks.exists()
    for name in may:
        actions.remark(waiting, "", "", "Bien.", actor=person(name), at=at)
    assert waiting.review.remarks.count() == len(may)


def test_nobody_remarks_on_what_was_never_submitted(sketch: Scenario, at: datetime) -> None:
    for name in ("inspecteur.lyon", "expert"):
        with pytest.raises(Refused, match="rien n'est à relire"):
            actions.remark(sketch, "", "", "Déjà ?", actor=person(name), at=at)


def test_a_remark_says_something_of_a_part_that_is_there(waiting: Scenario, at: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.remark(waiting, "annexe", "x" * 501, " ", actor=person("expert"), at=at)
    assert set(refusal.value.errors) == {"section", "quote", "text"}
    with pytest.raises(Invalid) as refusal:
        actions.remark(waiting, "", "", "x" * 4001, actor=person("expert"), at=at)
    assert "4001" in refusal.value.errors["text"][0]


def test_a_remark_is_withdrawn_until_somebody_acts_on_it(waiting: Scenario, at: datetime) -> None:
    inspector, expert = person("inspecteur.lyon"), person("expert")
    first = actions.remark(waiting, "steps", "", "Une erreur.", actor=inspector, at=at)
    with pytest.raises(Refused, match="retirée par qui l'a faite"):
        actions.withdraw_remark(first, actor=expert, at=at)
    assert any("a fait des remarques" in text for text in told("referent.lyon"))
    actions.withdraw_remark(first, actor=inspector, at=at)
    assert not any("a fait des remarques" in text for text in told("referent.lyon")), "nothing is left to read"
    assert not waiting.review.remarks.exists()
    assert Entry.objects.filter(verb="withdraw_remark", reason="Une erreur.").exists()
    kept = actions.remark(waiting, "steps", "", "La durée ?", actor=inspector, at=at)
    actions.move(waiting, "send_back", actor=inspector, at=at)
    with pytest.raises(Refused, match="ne se retire plus"):
        actions.withdraw_remark(kept, actor=inspector, at=at)


def test_only_the_authors_answer_and_only_readers_close(waiting: Scenario, at: datetime) -> None:
    said = actions.remark(waiting, "steps", "", "La durée ?", actor=person("expert"), at=at)
    for name in ("expert", "inspecteur.lyon", "dan.lyon", "referent.lille"):
        with pytest.raises(Refused, match="écrit par les membres"):
            actions.answer(said, "Oui.", actor=person(name), at=at)
    with pytest.raises(Invalid, match="Dites ce que vous avez changé"):
        actions.answer(said, " ", actor=person("referent.lyon"), at=at)
    for name in ("referent.lyon", "enseignante.lyon", "inspecteur.lille"):
        with pytest.raises(Refused):
            actions.close(said, actor=person(name), at=at)
    assert not policies.may_answer(person("expert"), Said(said, waiting), at)
    assert actions.close(said, actor=person("inspecteur.lyon"), at=at).closed_by == person("inspecteur.lyon")
    with pytest.raises(Refused, match="déjà close"):
        actions.close(said, actor=person("expert"), at=at)


def test_to_let_it_go_on_closes_ones_own_remarks(waiting: Scenario, at: datetime) -> None:
    mine = actions.remark(waiting, "steps", "", "Une virgule.", actor=person("inspecteur.lyon"), at=at)
    hers = actions.remark(waiting, "steps", "", "La durée ?", actor=person("expert"), at=at)
    actions.move(waiting, "endorse", actor=person("inspecteur.lyon"), at=at)
    mine.refresh_from_db()
    hers.refresh_from_db()
    assert mine.closed_at == at and hers.closed_at is None


# --- who is told what


def told(name: str) -> list[str]:
    waiting = Item.objects.filter(to=person(name), letter__isnull=True, settled_at__isnull=True)
    return [item.text for item in waiting.order_by("pk")]


def test_what_is_sent_back_leaves_at_once_with_every_remark(waiting: Scenario, at: datetime) -> None:
    inspector = person("inspecteur.lyon")
    actions.remark(waiting, "steps", "deux heures", "Est-ce tenable ?", actor=inspector, at=at)
    actions.remark(waiting, "", "", "Un beau travail.", actor=inspector, at=at + timedelta(minutes=5))
    at += timedelta(minutes=9)
    assert sum("a fait des remarques" in text for text in told("referent.lyon")) == 1, "one line for both"
    actions.move(waiting, "send_back", comment="Presque.", actor=inspector, at=at)
    letter = Letter.objects.filter(to=person("referent.lyon"), key__contains=":send_back:").get()
    assert "Presque." in letter.body and "Déroulement (« deux heures ») : Est-ce tenable ?" in letter.body
    assert "L'ensemble : Un beau travail." in letter.body and f"/atelier/scenarios/{waiting.pk}" in letter.body
    assert not [text for text in told("referent.lyon") if "a fait des remarques" in text], "the letter says it"


def test_an_answer_waits_in_the_digest_of_who_asked_until_she_reads(waiting: Scenario, at: datetime) -> None:
    expert, referent = person("expert"), person("referent.lyon")
    said = actions.remark(waiting, "steps", "", "La durée ?", actor=expert, at=at)
    actions.answer(said, "Deux heures.", actor=referent, at=at)
    actions.answer(said, "Deux heures, en demi-groupe.", actor=referent, at=at + timedelta(minutes=5))
    assert sum("ont répondu à vos remarques" in text for text in told("expert")) == 1
    actions.move(waiting, "take_back", actor=referent, at=at)
    assert any("ont répondu à vos remarques" in text for text in told("expert")), "still there after a move"
    actions.note_reading(waiting, actor=expert, at=at)
    assert not any("ont répondu" in text for text in told("expert"))


def test_each_turn_tells_the_next_reader(waiting: Scenario, at: datetime) -> None:
    actions.move(waiting, "endorse", actor=person("inspecteur.lyon"), at=at)
    assert any("attend votre lecture, après celle de l'inspecteur" in text for text in told("expert"))
    actions.move(again(waiting), "confirm", actor=person("expert"), at=at)
    assert any("validé par l'expert" in text for text in told("referent.lyon"))
    assert not any("attend votre lecture, après" in text for text in told("expert")), "settled by the next turn"


def test_a_member_proposes_and_is_written_to_when_it_comes_back(sketch: Scenario, at: datetime) -> None:
    teacher, referent = person("enseignante.lyon"), person("referent.lyon")
    proposed = actions.move(sketch, "propose", actor=teacher, at=at)
    assert any("proposé pour relecture" in text for text in told("referent.lyon"))
    assert proposed.version == 0 and queries.last_version(proposed) is None
    actions.remark(proposed, "title", "", "Un titre plus court.", actor=referent, at=at)
    actions.move(proposed, "send_back", actor=referent, at=at)
    assert Letter.objects.filter(to=teacher, body__contains="Un titre plus court.").count() == 1


# --- what changed since one read


def test_a_reader_sees_only_what_changed_since_she_read(waiting: Scenario, at: datetime) -> None:
    inspector, referent = person("inspecteur.lyon"), person("referent.lyon")
    assert rereading.last_read(waiting, inspector) == 0
    back = actions.move(waiting, "send_back", comment="La durée ?", actor=inspector, at=at)
    assert rereading.last_read(waiting, inspector) == 1, "whoever decides has read"
    Scenario.objects.filter(pk=back.pk).update(
        sections={**waiting.sections, "steps": waiting.sections["steps"] + " Trois heures.", "limits": ""}
    )
    actions.submit(again(back), actor=referent, at=at)
    (steps, *gone) = rereading.since(again(waiting), 1)
    assert steps.part.key == "steps" and [p.text.strip() for p in steps.words if p.kind == "added"] == ["Trois heures."]
    assert all(part.gone for part in gone)
    actions.note_reading(waiting, actor=inspector, at=at)
    assert rereading.last_read(waiting, inspector) == 2 and rereading.since(again(waiting), 2) == []


def test_a_reading_is_noted_by_who_reads_and_of_a_version_there_is(
    waiting: Scenario, sketch: Scenario, at: datetime
) -> None:
    with pytest.raises(Refused, match="Aucune version"):
        actions.note_reading(sketch, actor=person("inspecteur.lyon"), at=at)
    with pytest.raises(Refused, match="est lu par son groupe"):
        actions.note_reading(waiting, actor=person("inspecteur.lille"), at=at)
    actions.remark(waiting, "", "", "Bien.", actor=person("expert"), at=at)
    assert rereading.last_read(waiting, person("expert")) == 1


# --- what waits


def test_everybody_has_her_list_whatever_the_kind(
    waiting: Scenario, at: datetime, django_assert_num_queries: AtMost
) -> None:
    group = Group.objects.get(pk=waiting.group_id)
    bilan = Bilan.objects.create(
        group=group,
        review=Review.objects.create(opened_at=at),
        state="proposed",
        created_by=person("enseignante.lyon"),
        created_at=at,
        changed_at=at,
    )
    assert _to_read(person("referent.lyon"), at) == [bilan]
    Bilan.objects.filter(pk=bilan.pk).update(state="submitted")
    assert _to_read(person("referent.lyon"), at) == []
    assert _to_read(person("inspecteur.lyon"), at) == [waiting, bilan]
    assert _to_read(person("inspecteur.lille"), at) == []
    assert _to_read(person("expert"), at) == []
    Scenario.objects.filter(pk=waiting.pk).update(state="endorsed")
    expert = person("expert")
    assert policies.may_review(expert, at)  # her appointments are read once for each page
    with django_assert_num_queries(1):
        assert [one.pk for one in queries.to_read(expert, at)] == [waiting.pk]


def _to_read(reader: Person, at: datetime) -> list[Any]:
    """What waits for her, as productions; each is named as it names itself."""
    rows = queries.to_read(reader, at)
    found = [kinds.KINDS[one.kind].find(one.pk) for one in rows]
    assert [(one.name, one.written_by) for one in rows] == [(str(made), written_by(made)) for made in found]
    return found


def test_every_kind_says_how_it_is_read() -> None:
    assert set(kinds.KINDS) == {"scenario", "module", "bilan", "support"}
    for name, kind in kinds.KINDS.items():
        assert kind.machine.name == kind.name == name and kind.review.startswith("/evaluation/")


def test_what_was_submitted_once_stays_on_the_shelves_of_its_readers(
    national: Module, waiting: Scenario, at: datetime, django_assert_num_queries: AtMost
) -> None:
    values: dict[str, Any] = {"group": waiting.group, "created_by": person("referent.lyon")}
    values |= {"created_at": at, "changed_at": at, "version": 1, "state": "validated", "kind": "video"}
    support = Support.objects.create(review=Review.objects.create(opened_at=at), title="Une vidéo", **values)
    never = Support.objects.create(review=Review.objects.create(opened_at=at), title="?", **values | {"version": 0})
    theme, inspector = waiting.group.application.theme, person("inspecteur.lyon")
    assert policies.may_review(inspector, at)
    with django_assert_num_queries(3):
        assert queries.others_of_inspector(inspector, at) == [support]
    with django_assert_num_queries(3):
        shelf = queries.others_of_theme(theme)
    assert {type(row) for row in shelf} == {Support, Module} and never not in shelf
    assert queries.others_of_inspector(person("inspecteur.lille"), at) == []
