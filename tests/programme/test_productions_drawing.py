"""Scenarios drawn from another, and saves that are joined: whose words are kept, who may, what is written down."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.campaigns.models import Theme
from traam.programme.catalogue import adoption
from traam.programme.catalogue.models import Notice
from traam.programme.groups.models import Group
from traam.programme.groups.queries import group as find_group
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person
from traam.programme.productions import actions, drawing_policies, exports, queries
from traam.programme.productions.actions import drawing as acts
from traam.programme.productions.actions.scenarios import DRAFTS_KEPT, whole
from traam.programme.productions.actions.scenarios import flat as taken_apart
from traam.programme.productions.models import Draft, Scenario
from traam.programme.productions.queries import drawing
from traam.programme.productions.rules import SECTION_TITLES

pytestmark = pytest.mark.django_db
LYCEE = "018"


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def released() -> Scenario:
    """The scenario of Lyon that was validated and published."""
    return queries.scenario(Scenario.objects.get(title__startswith="Enquêter").pk)


@pytest.fixture
def sketch() -> Scenario:
    return queries.scenario(Scenario.objects.get(title__startswith="Débattre").pk)


@pytest.fixture
def second_year(released: Scenario) -> Group:
    """A group of Lille, in a theme that goes on with the one of the released scenario."""
    theme = Theme.objects.exclude(pk=released.group.application.theme_id).filter(applications__group__isnull=False)[0]
    Theme.objects.filter(pk=theme.pk).update(continues=released.group.application.theme, year=2)
    return find_group(Group.objects.filter(application__theme=theme)[0].pk)


def author_of(group: Group) -> Person:
    return next(member.person for member in group.members.all() if member.role == "referent")


def content(scenario: Scenario) -> actions.Content:
    return whole(taken_apart(actions.snapshot(scenario)))


def test_taking_a_content_apart_and_back_changes_nothing(released: Scenario) -> None:
    stored = {name: getattr(released, name) for name in actions.Content.__dataclass_fields__}
    assert {name: getattr(content(released), name) for name in stored} == stored


def test_what_each_changed_alone_is_joined_and_the_rest_is_said(sketch: Scenario, at: datetime) -> None:
    base, opened = content(sketch), sketch.revision
    theirs = replace(base, title="Autre titre", competences=["1.1"])
    actions.save(sketch, theirs, revision=opened, actor=person("enseignante.lyon"), at=at)
    mine = replace(base, sections={**base.sections, "steps": "À moi"}, levels=[LYCEE])
    joined = actions.save(sketch, mine, revision=opened, actor=person("referent.lyon"), at=at)
    assert (joined.title, joined.competences, joined.levels) == ("Autre titre", ["1.1"], [LYCEE])
    assert joined.sections["steps"] == "À moi"
    with pytest.raises(actions.Stale) as stale:
        late = replace(base, sections={**base.sections, "steps": "Trop tard"}, summary="Un résumé")
        actions.save(sketch, late, revision=opened, actor=person("enseignante.lyon"), at=at)
    assert stale.value.conflicts == ("steps",)
    assert stale.value.merged.summary == "Un résumé"
    assert stale.value.merged.sections["steps"] == "À moi", "until somebody settles it"
    assert queries.scenario(sketch.pk).summary == base.summary, "nothing is saved"


def test_the_steps_of_two_authors_are_one_field(sketch: Scenario, at: datetime) -> None:
    base, opened = content(sketch), sketch.revision
    phases = [{"title": "Ouvrir", "minutes": 10, "text": ""}]
    actions.save(sketch, replace(base, phases=phases), revision=opened, actor=person("enseignante.lyon"), at=at)
    other = [{"title": "Clore", "minutes": None, "text": ""}]
    with pytest.raises(actions.Stale) as stale:
        actions.save(sketch, replace(base, phases=other), revision=opened, actor=person("referent.lyon"), at=at)
    assert stale.value.conflicts == ("phases",)


def test_old_drafts_are_forgotten(sketch: Scenario, at: datetime) -> None:
    for number in range(DRAFTS_KEPT + 5):
        saved = queries.scenario(sketch.pk)
        text = replace(content(saved), title=f"Titre {number}")
        actions.save(saved, text, revision=saved.revision, actor=person("referent.lyon"), at=at)
    revisions = list(Draft.objects.filter(scenario=sketch).order_by("revision").values_list("revision", flat=True))
    assert len(revisions) == DRAFTS_KEPT
    assert revisions[-1] == queries.scenario(sketch.pk).revision - 1


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        ({"title": " ", "minutes": 5, "text": "x"}, "donnez-lui un titre"),
        ({"title": "x", "minutes": 0, "text": ""}, "de 1 à 6000"),
        ({"title": "x", "minutes": None, "text": "y" * 4001}, "dépasse 4000 caractères"),
        ({"title": "x" * 201, "minutes": None, "text": ""}, "dépasse 200 caractères"),
    ],
)
def test_a_bad_step_is_refused_by_its_number(sketch: Scenario, at: datetime, phase: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        good = {"title": "Bonne", "minutes": 5, "text": ""}
        text = replace(content(sketch), phases=[good, phase])
        actions.save(sketch, text, revision=sketch.revision, actor=person("referent.lyon"), at=at)
    assert said in refusal.value.errors["phases"][0] and "Étape 2" in refusal.value.errors["phases"][0]


def test_a_competence_of_teachers_comes_from_the_list(sketch: Scenario, at: datetime) -> None:
    referent = person("referent.lyon")
    with pytest.raises(Invalid) as refusal:
        text = replace(content(sketch), teacher_competences=["9.9"])
        actions.save(sketch, text, revision=sketch.revision, actor=referent, at=at)
    assert "CRCN-Édu" in refusal.value.errors["teacher_competences"][0]
    Scenario.objects.filter(pk=sketch.pk).update(teacher_competences=["9.9"])
    kept = queries.scenario(sketch.pk)
    saved = actions.save(kept, content(kept), revision=kept.revision, actor=referent, at=at)
    assert saved.teacher_competences == ["9.9"], "what was true stays as it was"


def test_a_declension_copies_the_text_and_leaves_the_tests(released: Scenario, at: datetime) -> None:
    member = person("enseignante.lyon")
    with pytest.raises(Invalid, match="déjà celui"):
        acts.decline(released, released.levels, actor=member, at=at)
    with pytest.raises(Invalid, match="au moins un niveau"):
        acts.decline(released, [], actor=member, at=at)
    made = acts.decline(released, [LYCEE], title="Enquêter au lycée", actor=member, at=at)
    assert (made.group_id, made.state, made.version, made.levels) == (released.group_id, "draft", 0, [LYCEE])
    assert made.sections == released.sections and made.review_id != released.review_id
    assert released.tests.exists() and not made.tests.exists()
    assert Entry.objects.filter(verb="decline").latest("pk").data["origin"] == released.pk
    assert drawing.relatives(queries.scenario(made.pk)).origin == released
    assert drawing.relatives(released).levels == [made]
    sibling = acts.decline(released, ["201"], title="Une autre", actor=member, at=at)
    assert drawing.relatives(sibling).levels == [made]


def test_the_pieces_come_with_the_text_that_shows_them(released: Scenario, second_year: Group, at: datetime) -> None:
    member = person("enseignante.lyon")
    picture = released.pieces.create(
        title="Schéma",
        file="0" * 64,
        filename="schema.png",
        size=3,
        alternative="Un schéma",
        added_by=member,
        added_at=at,
    )
    shown = f"![Un schéma](fichier:{picture.pk})"
    text = {"sections": {"steps": shown}, "phases": [{"title": "Un", "minutes": 5, "text": shown}]}
    Scenario.objects.filter(pk=released.pk).update(**text)
    made = acts.decline(queries.scenario(released.pk), [LYCEE], actor=member, at=at)
    copy = made.pieces.get(title="Schéma")
    assert copy.pk != picture.pk and copy.file == picture.file
    assert made.sections["steps"] == made.phases[0]["text"] == f"![Un schéma](fichier:{copy.pk})"
    again = queries.scenario(made.pk)
    actions.save(again, content(again), revision=again.revision, actor=member, at=at)


def test_only_its_group_declines_a_scenario(released: Scenario, at: datetime) -> None:
    for who in ("inspecteur.lyon", "dan.lyon", "bureau", "referent1.lille"):
        with pytest.raises(Refused):
            acts.decline(released, [LYCEE], actor=person(who), at=at)
    Group.objects.filter(pk=released.group_id).update(state="ended")
    with pytest.raises(Refused, match="terminé"):
        acts.decline(released, [LYCEE], actor=person("referent.lyon"), at=at)


def test_the_second_year_begins_from_what_was_validated(
    released: Scenario, second_year: Group, at: datetime, sketch: Scenario
) -> None:
    referent = author_of(second_year)
    listed = list(drawing.of_first_year(second_year))
    assert released in listed and sketch not in listed, "a sketch is nobody's first year"
    Scenario.objects.filter(pk=released.pk).update(state="draft", sections={"steps": "Récrit depuis"})
    made = acts.carry_on(released, second_year, actor=referent, at=at)
    assert (made.group, made.origin_kind, made.terms_read) == (second_year, "year", False)
    assert made.sections == drawing.validated_version(released).content["sections"]  # type: ignore[union-attr]
    assert made.authors.startswith("D'après ")
    assert drawing.relatives(queries.scenario(released.pk)).years == [made]
    assert next(one for one in drawing.of_first_year(second_year) if one == released).carried  # type: ignore[attr-defined]
    assert Entry.objects.filter(verb="carry_on").latest("pk").data["origin"] == released.pk


def test_who_may_not_begin_from_the_first_year(released: Scenario, second_year: Group, at: datetime) -> None:
    outsider = Group.objects.exclude(pk=second_year.pk).exclude(application__theme=second_year.application.theme)[0]
    with pytest.raises(Refused, match="n'en poursuit pas"):
        acts.carry_on(released, outsider, actor=author_of(find_group(outsider.pk)), at=at)
    with pytest.raises(Refused):
        acts.carry_on(released, second_year, actor=person("dan.lyon"), at=at)
    assert drawing_policies.may_read_first_year(person("bureau"), second_year, at)
    with pytest.raises(Refused, match="en membre du groupe"):
        acts.carry_on(released, second_year, actor=person("bureau"), at=at)
    waiting = Scenario.objects.filter(group__application__theme=released.group.application.theme, version=0)[0]
    with pytest.raises(Refused, match="pas encore été validé"):
        acts.carry_on(waiting, second_year, actor=author_of(second_year), at=at)


def test_every_scenario_of_the_history_is_opened_corrected_and_exported(at: datetime) -> None:
    group = find_group(Group.objects.filter(application__academy="10").order_by("pk")[0].pk)
    referent, notices = author_of(group), list(adoption.history())
    assert len(notices) == 54
    for notice in notices:
        made = adoption.adopt(notice, group, actor=referent, at=at)
        opened = queries.scenario(made.pk)
        assert notice.title.split()[0] in opened.title and opened.source == notice.source_key
        corrected = replace(content(opened), summary=f"{opened.summary[:1400]} Corrigé.")
        saved = actions.save(opened, corrected, revision=opened.revision, actor=referent, at=at)
        exported = exports.as_json(saved)
        assert exported["summary"].endswith("Corrigé.") and exported["source"] == notice.source_key
        assert json.loads(json.dumps(exported)) == exported
        assert exports.as_notice(saved, address="https://exemple.fr/1").title == saved.title
    assert len(adoption.adopted(group)) == 54
    with pytest.raises(Invalid, match="déjà dans l'atelier"):
        adoption.adopt(notices[0], group, actor=referent, at=at)


def test_who_takes_a_scenario_of_the_history_in(at: datetime) -> None:
    group = Group.objects.filter(application__academy="10").order_by("pk")[0]
    notice = Notice.objects.filter(source_key__startswith="history:").order_by("pk")[0]
    for who in ("enseignante.lyon", "dan.lyon", "expert", "referent1.lille", "inspecteur.lille"):
        with pytest.raises(Refused, match="professeur référent"):
            adoption.adopt(notice, group, actor=person(who), at=at)
    for who in ("bureau", "inspecteur.lyon"):
        made = adoption.adopt(notice, group, actor=person(who), at=at)
        assert Entry.objects.filter(verb="take_in").latest("pk").data == {"source": notice.source_key}
        made.pieces.all().delete()
        made.delete()


def test_an_export_says_what_each_code_means_and_old_ones_as_they_were(released: Scenario) -> None:
    Scenario.objects.filter(pk=released.pk).update(competences=["5.3", "1.1"])
    exported = exports.as_json(queries.scenario(released.pk))
    old, known = exported["competences"]
    assert old == {"code": "5.3", "label": "5.3", "address": ""}
    assert known["label"].startswith("1.1 Mener") and known["address"].startswith("http")
    assert [section["key"] for section in exported["sections"]] == [k for k in SECTION_TITLES if k in released.sections]
