"""Scenarios: written by the group, judged by the cahier des charges, tested in class, read by the inspector."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from traam.demo import texts
from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.groups.actions import end_member
from traam.programme.groups.models import Member
from traam.programme.people.models import Person
from traam.programme.productions import actions, policies, queries, rules
from traam.programme.productions.actions import Content, Stale
from traam.programme.productions.models import Scenario, Turn, Version

pytestmark = pytest.mark.django_db


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def sketch() -> Scenario:
    """The sketch of Lyon: a title, a summary, one section."""
    return queries.scenario(Scenario.objects.get(title=texts.SKETCH.title).pk)


@pytest.fixture
def referent() -> Person:
    return person("referent.lyon")


def refused(scenario: Scenario, content: Content, actor: Person, at: datetime) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refusal:
        actions.save(scenario, content, revision=scenario.revision, actor=actor, at=at)
    return refusal.value.errors


def test_submitting_names_the_articles_of_what_lacks(sketch: Scenario, referent: Person, at: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.submit(sketch, actor=referent, at=at)
    assert "licence" in str(refusal.value)
    assert "(article B.14)" in str(refusal.value)
    assert not Version.objects.filter(review=sketch.review).exists()
    assert not Turn.objects.filter(review=sketch.review).exists()


def test_only_the_referent_submits_and_what_was_submitted_is_kept(
    sketch: Scenario, referent: Person, at: datetime
) -> None:
    saved = actions.save(sketch, texts.DEBUNK, revision=sketch.revision, actor=referent, at=at)
    with pytest.raises(Refused, match="référent"):
        actions.submit(saved, actor=person("enseignante.lyon"), at=at)
    submitted = actions.submit(saved, comment="Prêt.", actor=referent, at=at)
    assert (submitted.state, submitted.version) == ("submitted", 1)
    kept = queries.last_version(submitted)
    assert kept is not None and kept.content["sections"] == texts.DEBUNK.sections
    with pytest.raises(Refused, match="soumis"):
        actions.save(submitted, texts.SKETCH, revision=submitted.revision, actor=referent, at=at)
    back = actions.move(submitted, "take_back", actor=referent, at=at)
    assert [turn.verb for turn in queries.turns(back)] == ["take_back", "submit"]


def test_sending_back_takes_a_comment(at: datetime) -> None:
    waiting = Scenario.objects.get(title=texts.ASSISTANT.title)
    inspector = person("inspecteur.lyon")
    with pytest.raises(Invalid) as refusal:
        actions.move(waiting, "send_back", actor=inspector, at=at)
    assert "comment" in refusal.value.errors
    assert actions.move(waiting, "send_back", comment="La durée ?", actor=inspector, at=at).state == "returned"


@pytest.mark.parametrize(
    ("name", "codes"),
    [("competences", ("5.3",)), ("competences", ("5",)), ("levels", ("999",)), ("disciplines", ("XX",))],
)
def test_a_code_out_of_the_official_lists_is_refused(
    sketch: Scenario, referent: Person, at: datetime, name: str, codes: tuple[str, ...]
) -> None:
    changes: Any = {name: codes}
    errors = refused(sketch, replace(texts.SKETCH, **changes), referent, at)
    assert set(errors) == {name}
    assert f"« {codes[0]} »" in errors[name][0]


def test_an_old_code_already_stored_stays_but_cannot_be_chosen(
    sketch: Scenario, referent: Person, at: datetime
) -> None:
    Scenario.objects.filter(pk=sketch.pk).update(competences=["5.3"], licence="GFDL")
    old = queries.scenario(sketch.pk)
    assert old.competence_labels == ["5.3"]
    kept = replace(texts.SKETCH, competences=("5.3", "1.1"), licence="GFDL")
    assert actions.save(old, kept, revision=old.revision, actor=referent, at=at).competences == ["5.3", "1.1"]
    assert set(refused(queries.scenario(sketch.pk), replace(kept, competences=("6.1",)), referent, at)) == {
        "competences"
    }


def test_too_much_is_refused_where_it_is(sketch: Scenario, referent: Person, at: datetime) -> None:
    content = replace(
        texts.SKETCH,
        title="t" * 201,
        summary="s" * 1501,
        authors="a" * 301,
        tools=("o",) * 31,
        duration_minutes=0,
        sections={"steps": "x" * 40_001, "annexe": "…"},
    )
    errors = refused(sketch, content, referent, at)
    assert set(errors) == {"title", "summary", "authors", "tools", "duration_minutes", "steps", "annexe"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://fr-fr.facebook.com/groupe", 1),
        ("https://x.com/compte", 1),
        ("https://netflix.com", 0),
        ("https://pix.com/x.com", 0),
    ],
)
def test_links_to_social_networks_are_seen_wherever_they_are(sketch: Scenario, text: str, found: int) -> None:
    for where in ("summary", "sections"):
        sketch.summary, sketch.sections = "", {}
        setattr(sketch, where, text if where == "summary" else {"steps": text})
        assert rules.facts(sketch, 0)["social_links"] == found


def test_the_second_to_save_gets_both_texts(sketch: Scenario, referent: Person, at: datetime) -> None:
    theirs = replace(texts.SKETCH, title="Le sien")
    actions.save(sketch, theirs, revision=sketch.revision, actor=person("enseignante.lyon"), at=at)
    with pytest.raises(Stale) as stale:
        actions.save(sketch, replace(texts.SKETCH, title="Autre"), revision=sketch.revision, actor=referent, at=at)
    assert stale.value.stored.revision == sketch.revision + 1
    assert stale.value.conflicts == ("title",)
    assert queries.scenario(sketch.pk).title == "Le sien"


def test_a_test_in_class_is_noted_after_the_lesson(sketch: Scenario, referent: Person, at: datetime) -> None:
    def note(on: date, **more: object) -> None:
        values: dict[str, object] = {"level": "201", "pupils": 30, "worked": "Le débat."} | more
        actions.record_test(sketch, on=on, actor=referent, at=at, **values)  # type: ignore[arg-type]

    with pytest.raises(Invalid) as refusal:
        note(at.date() + timedelta(days=1))
    assert "n'est pas encore passé" in refusal.value.errors["on"][0]
    with pytest.raises(Invalid) as refusal:
        note(date(2006, 5, 5), pupils=0, worked=" ", level="x", academy="99")
    assert set(refusal.value.errors) == {"on", "pupils", "worked", "level", "academy"}
    note(at.date(), academy="09")
    tests = queries.tests(queries.scenario(sketch.pk))
    assert [(test.academy_name, test.level_label) for test in tests] == [("Lille", "terminale générale")]


def test_a_test_in_an_academy_that_no_longer_exists_is_refused(
    sketch: Scenario, referent: Person, at: datetime
) -> None:
    from traam import reference

    old = next(a.code for a in reference.academies().values() if not a.current)
    with pytest.raises(Invalid) as refusal:
        actions.record_test(sketch, on=at.date(), level="201", pupils=3, worked="…", academy=old, actor=referent, at=at)
    assert set(refusal.value.errors) == {"academy"}


def test_who_left_the_group_neither_reads_nor_writes(sketch: Scenario, referent: Person, at: datetime) -> None:
    teacher = person("enseignante.lyon")
    assert policies.may_edit(teacher, sketch, at)
    end_member(Member.objects.get(group=sketch.group, person=teacher), actor=referent, at=at)
    after = queries.scenario(sketch.pk)
    assert not policies.may_see(teacher, after, at)
    assert not policies.may_edit(teacher, after, at)
    with pytest.raises(Refused):
        actions.save(after, texts.SKETCH, revision=after.revision, actor=teacher, at=at)


def test_counts_of_several_groups_take_one_question(sketch: Scenario, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        table = queries.counts([sketch.group])
    assert table == {sketch.group_id: {"draft": 1, "submitted": 1, "validated": 1}}
