"""The bilan académique: counted by the platform, reflected on by the référent, read by the inspector."""

import io
import zipfile
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.wordprocessing import read, to_markdown, write_docx, write_odt
from traam.engines.workflow import Invalid, Refused
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Attendance, Group, Meeting
from traam.programme.groups.queries import group as find_group
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person
from traam.programme.productions import bilan_rules, kinds
from traam.programme.productions.actions import bilans, reviewing
from traam.programme.productions.bilan_papers import paper
from traam.programme.productions.bilan_tables import figures, tables
from traam.programme.productions.models import Bilan, ClassTest, Review, Scenario
from traam.programme.productions.queries import bilans as queries

pytestmark = pytest.mark.django_db

REFLECTION = {key: f"**{title}** : ce que nous en pensons." for key, title, _, _ in bilan_rules.SECTIONS}


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def group() -> Group:
    """The group of Lyon, in a campaign whose cahier des charges asks a bilan."""
    found = Group.objects.filter(application__academy="10", scenarios__isnull=False).distinct().first()
    assert found is not None
    Campaign.objects.filter(themes__applications=found.application).update(edition_id="traam-2022")
    return find_group(found.pk)


def written(group: Group, at: datetime) -> Bilan:
    bilan = bilans.begin(group, actor=person("referent.lyon"), at=at)
    return bilans.save_bilan(
        bilan,
        REFLECTION,
        licence="CC-BY-SA",
        nobody_named=True,
        revision=bilan.revision,
        actor=person("referent.lyon"),
        at=at,
    )


def test_what_is_counted_equals_what_the_tables_hold(group: Group) -> None:
    facts = queries.facts(group)
    scenarios = Scenario.objects.filter(group=group)
    tests = ClassTest.objects.filter(scenario__group=group)
    said = {label: number for number, label in figures(facts)}
    assert len(facts["scenarios"]) == scenarios.count() > 0
    assert sum(row["tests"] for row in facts["scenarios"]) == tests.count() == len(facts["tests"])
    assert sum(row["pupils"] for row in facts["tests"]) == sum(test.pupils for test in tests)
    assert len(facts["meetings"]) == Meeting.objects.filter(group=group, state="held").count()
    for row, meeting in zip(
        facts["meetings"], Meeting.objects.filter(group=group, state="held").order_by("on", "pk"), strict=True
    ):
        assert row["present"] == Attendance.objects.filter(meeting=meeting, state="present").count()
    assert any(number == scenarios.count() for label, number in said.items() if label.startswith("scénario"))


def test_no_name_is_in_the_tables(group: Group) -> None:
    cells = "\n".join(str(cell) for table in tables(queries.facts(group)) for row in table.rows for cell in row)
    for member in group.members.all():
        assert member.person.name not in cells


def test_counting_takes_the_same_queries_for_one_scenario_and_for_thirty(group: Group, at: datetime) -> None:
    with CaptureQueriesContext(connection) as few:
        queries.facts(group)
    model = Scenario.objects.filter(group=group)[0]
    for number in range(30):
        model.pk, model.title, model.review = None, f"Scénario {number}", Review.objects.create(opened_at=at)
        model._state.adding = True
        model.save()
    with CaptureQueriesContext(connection) as many:
        assert len(queries.facts(group)["scenarios"]) > 30
    assert len(many) == len(few) <= 8


def test_an_edition_without_bilan_refuses_it_with_its_sentence(group: Group, at: datetime) -> None:
    Campaign.objects.filter(themes__applications=group.application).update(edition_id="traam-2020")
    with pytest.raises(Refused, match="ne demande pas de bilan"):
        bilans.begin(group, actor=person("referent.lyon"), at=at)
    assert not Bilan.objects.exists()


def test_somebody_of_another_group_does_not_begin_it(group: Group, at: datetime) -> None:
    with pytest.raises(Refused, match="membres du groupe"):
        bilans.begin(group, actor=person("referent.lille"), at=at)


def test_a_group_has_one_bilan_however_often_it_is_begun(group: Group, at: datetime) -> None:
    first = bilans.begin(group, actor=person("referent.lyon"), at=at)
    assert bilans.begin(group, actor=person("enseignante.lyon"), at=at) == first
    assert Entry.objects.filter(verb="begin", object_type__contains="bilan").count() == 1


def test_an_incomplete_bilan_is_not_submitted_and_says_what_lacks(group: Group, at: datetime) -> None:
    bilan = bilans.begin(group, actor=person("referent.lyon"), at=at)
    with pytest.raises(Invalid, match="résumé"):
        reviewing.move(bilan, "submit", actor=person("referent.lyon"), at=at)
    assert "Perspectives" in bilan_rules.missing(bilan)
    assert not queries.content(bilan)


def test_the_inspector_reads_what_was_counted_when_it_was_submitted(group: Group, at: datetime) -> None:
    submitted = reviewing.move(written(group, at), "submit", actor=person("referent.lyon"), at=at)
    before = queries.facts(group)
    test = ClassTest.objects.filter(scenario__group=group).first()
    assert test is not None
    test.pk, test.promise = None, None
    test.save()
    kept = queries.content(submitted)
    assert kept is not None and kept["facts"] == before != queries.facts(group)
    assert [part.key for part in kinds.read(submitted)] == list(bilan_rules.TITLES)
    validated = reviewing.move(submitted, "validate", actor=person("inspecteur.lyon"), at=at)
    assert validated.state == "validated"
    with pytest.raises(Refused, match="validé"):
        bilans.save_bilan(
            validated,
            {},
            licence="",
            nobody_named=True,
            revision=validated.revision,
            actor=person("referent.lyon"),
            at=at,
        )


def test_a_stale_page_is_told_and_nothing_is_written(group: Group, at: datetime) -> None:
    bilan = written(group, at)
    with pytest.raises(bilans.StaleBilan) as stale:
        bilans.save_bilan(
            bilan,
            {"work": "autre"},
            licence="",
            nobody_named=True,
            revision=bilan.revision - 1,
            actor=person("enseignante.lyon"),
            at=at,
        )
    assert stale.value.stored.sections["work"] == REFLECTION["work"]
    assert Bilan.objects.get().sections == REFLECTION


def test_a_part_too_long_or_unknown_is_refused(group: Group, at: datetime) -> None:
    bilan = written(group, at)
    with pytest.raises(Invalid) as refusal:
        bilans.save_bilan(
            bilan,
            {"work": "x" * 20_001, "poem": "…"},
            licence="inconnue",
            nobody_named=True,
            revision=bilan.revision,
            actor=person("referent.lyon"),
            at=at,
        )
    assert set(refusal.value.errors) == {"work", "poem", "licence"}


@pytest.mark.parametrize("write", [write_docx, write_odt])
def test_the_paper_holds_the_reflection_and_every_table(group: Group, at: datetime, write: object) -> None:
    facts = queries.facts(group)
    data = write(paper(facts, REFLECTION, dated=date(2027, 6, 1)))  # type: ignore[operator]
    assert zipfile.is_zipfile(io.BytesIO(data))
    text = to_markdown(read(data).blocks)
    for key, title, _, _ in bilan_rules.SECTIONS:
        assert f"# {title}" in text and "ce que nous en pensons" in text, key
    for table in tables(facts):
        assert f"## {table.title}" in text
        for row in table.rows:
            assert str(row[0]) in text.replace("\\", "")
    assert data == write(paper(facts, REFLECTION, dated=date(2027, 6, 1)))  # type: ignore[operator]
