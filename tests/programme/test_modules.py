"""Training modules: begun, written by several, judged by the edition and by what a learning platform takes."""

import base64
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.parcours import NotExportable, check_mbz
from traam.engines.workflow import Invalid, Missing, Refused
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person
from traam.programme.productions import courses, module_policies, module_rules, module_versions
from traam.programme.productions.actions import modules as actions
from traam.programme.productions.actions import outline, quizzes, reviewing
from traam.programme.productions.actions.modules import ModuleContent, StaleModule
from traam.programme.productions.actions.outline import ActivityContent
from traam.programme.productions.actions.quizzes import Answer, Question
from traam.programme.productions.models import Module, ModuleActivity, Review
from traam.programme.productions.queries import modules as queries
from traam.programme.productions.queries import reviews
from traam.programme.productions.queries import waiting as reviews_waiting

pytestmark = pytest.mark.django_db

TEXTS = ModuleContent(
    title="Débattre en classe avec un mur collaboratif",
    summary="Deux heures pour préparer un débat.",
    objectives="- préparer\n- animer",
    framing="Douze stagiaires au plus.",
    notebook="Ce que je retiens :",
    guide="Commencer par un tour de table.",
    minutes=60,
    disciplines=("HG",),
    licence="CC-BY-SA",
    terms_read=True,
    personal_data_checked=True,
)
QUESTION = Question(
    "choice",
    "Qui anime le débat ?",
    [Answer("Un élève", True, "Oui."), Answer("Personne", False, "Non.")],
    "Un élève, préparé.",
)


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def h5p() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("h5p.json"), '{"title": "Trous", "mainLibrary": "H5P.Blanks"}')
        archive.writestr(zipfile.ZipInfo("content/content.json"), "{}")
    return held.getvalue()


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def group() -> Group:
    """The first group of Lyon, in a campaign whose edition asks for modules."""
    found = Group.objects.filter(application__academy="10").order_by("pk")[0]
    Campaign.objects.filter(themes__applications=found.application).update(edition_id="traam-2022")
    return Group.objects.get(pk=found.pk)


@pytest.fixture
def referent() -> Person:
    return person("referent.lyon")


@pytest.fixture
def module(group: Group, referent: Person, at: datetime) -> Module:
    return actions.begin_module(group.application.theme, "Débattre", group=group, actor=referent, at=at)


def add(module: Module, title: str, kind: str = "page", minutes: int = 10, **more: Any) -> ModuleActivity:
    """An activity in the last section of the module; of a section made for it when there is none."""
    at, actor = timezone.localtime(), person("referent.lyon")
    whole = queries.module(module.pk)
    sections = list(whole.sections.all())
    section = sections[-1] if sections else outline.add_section(whole, title="Entrer", actor=actor, at=at)
    upload = more.pop("upload", None)
    content = ActivityContent(title, minutes=minutes, **{"body": "À lire.", **more})
    return outline.add_activity(section, kind, content, upload=upload, actor=actor, at=at)


@pytest.fixture
def whole(module: Module, referent: Person, at: datetime) -> Module:
    """A module that may leave: sixty minutes, a page, a video, a quiz."""
    saved = actions.save_module(module, TEXTS, revision=module.revision, actor=referent, at=at)
    add(saved, "Lire", minutes=20)
    add(saved, "Regarder", "video", 15, address="https://tube.exemple.fr/w/abc", transcript="On y voit un débat.")
    quiz = add(saved, "Vérifier", "quiz", 25)
    quizzes.add_question(quiz, QUESTION, actor=referent, at=at)
    return queries.module(module.pk)


def places(module: Module) -> list[tuple[int, str, list[tuple[int, str]]]]:
    return [
        (section.position, section.title, [(one.position, one.title) for one in section.activities.all()])
        for section in queries.module(module.pk).sections.all()
    ]


def test_members_begin_a_module_only_where_the_edition_asks_for_one(group: Group, at: datetime) -> None:
    made = actions.begin_module(
        group.application.theme, "Débattre", group=group, actor=person("enseignante.lyon"), at=at
    )
    assert (made.state, made.group, made.minutes) == ("draft", group, 120)
    assert Entry.objects.filter(object_type="productions.module", object_id=str(made.pk), verb="begin").exists()
    with pytest.raises(Refused, match="membres"):
        actions.begin_module(group.application.theme, "Non", group=group, actor=person("referent.lille"), at=at)
    Campaign.objects.update(edition_id="traam-2020")
    with pytest.raises(Refused, match="ne demande pas de module"):
        actions.begin_module(group.application.theme, "Non", group=group, actor=person("enseignante.lyon"), at=at)


def test_the_national_group_writes_a_module_of_its_own(group: Group, at: datetime) -> None:
    theme = group.application.theme
    for name in ("expert", "referent.lyon"):
        made = actions.begin_module(theme, f"National, {name}", actor=person(name), at=at)
        assert made.group is None
        assert module_policies.may_edit(person("expert"), queries.module(made.pk), at)
    for name in ("enseignante.lyon", "inspecteur.lyon", "dan.lyon", "bureau"):
        with pytest.raises(Refused, match="groupe national"):
            actions.begin_module(theme, "Non", actor=person(name), at=at)
    assert module_policies.may_see(person("inspection.generale"), made, at)
    assert not module_policies.may_see(person("dan.lille"), made, at)


def test_two_who_save_the_texts_both_find_their_words(module: Module, referent: Person, at: datetime) -> None:
    actions.save_module(module, TEXTS, revision=module.revision, actor=person("enseignante.lyon"), at=at)
    with pytest.raises(StaleModule) as stale:
        actions.save_module(module, replace(TEXTS, title="Autre"), revision=module.revision, actor=referent, at=at)
    assert isinstance(stale.value.stored, Module) and stale.value.stored.title == TEXTS.title


def test_two_who_write_in_two_activities_do_not_disturb_each_other(
    whole: Module, referent: Person, at: datetime
) -> None:
    first, second, _ = queries.activities(whole)
    content = ActivityContent("Lire encore", "Autre texte.", minutes=20)
    outline.change_activity(first, content, seen=queries.seen(first), actor=person("enseignante.lyon"), at=at)
    other = ActivityContent("Voir", "", second.address, second.transcript, 15)
    outline.change_activity(second, other, seen=queries.seen(second), actor=referent, at=at)
    with pytest.raises(StaleModule) as stale:
        outline.change_activity(
            first, replace(content, body="Le mien"), seen=queries.seen(first), actor=referent, at=at
        )
    assert isinstance(stale.value.stored, ModuleActivity) and stale.value.stored.body == "Autre texte."
    assert [one.title for one in queries.activities(queries.module(whole.pk))][:2] == ["Lire encore", "Voir"]


def test_places_have_no_gap(module: Module, referent: Person, at: datetime) -> None:
    for title in "ABCD":
        outline.add_section(queries.module(module.pk), title=title, actor=referent, at=at)
        for n in "123":
            add(module, f"{title}{n}")
    by = {section.title: section for section in queries.module(module.pk).sections.all()}
    outline.move_section(by["D"], -2, actor=referent, at=at)
    outline.move_section(by["A"], -5, actor=referent, at=at)
    outline.remove_section(by["B"], actor=referent, at=at)
    activities = {one.title: one for one in queries.activities(queries.module(module.pk))}
    outline.move_activity(activities["A3"], -1, actor=referent, at=at)
    outline.move_activity(activities["A1"], to=by["C"], actor=referent, at=at)
    outline.remove_activity(activities["C2"], actor=referent, at=at)
    assert places(module) == [
        (1, "A", [(1, "A3"), (2, "A2")]),
        (2, "D", [(1, "D1"), (2, "D2"), (3, "D3")]),
        (3, "C", [(1, "C1"), (2, "C3"), (3, "A1")]),
    ]
    with pytest.raises(Missing):
        queries.section(module.pk, by["B"].pk)


def test_every_act_on_a_part_is_in_the_journal_of_the_module(whole: Module, referent: Person, at: datetime) -> None:
    activity = queries.activities(whole)[0]
    outline.move_activity(activity, 1, actor=referent, at=at)
    outline.remove_section(next(iter(whole.sections.all())), actor=referent, at=at)
    kept = Entry.objects.filter(object_type="productions.module", object_id=str(whole.pk)).order_by("pk")
    verbs = [entry.verb for entry in kept]
    assert verbs == [
        "begin",
        "save",
        "add_section",
        *["add_activity"] * 3,
        "add_question",
        "move_activity",
        "remove_section",
    ]
    assert kept.last().data["activities"] == 3  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "change", "wrong"),
    [
        ("page", {"title": " "}, "title"),
        ("page", {"minutes": 301}, "minutes"),
        ("link", {}, "address"),
        ("link", {"address": "javascript:alert(1)"}, "address"),
        ("video", {"address": "http://tube.exemple.fr/w/abc"}, "address"),
        ("page", {"licence": "inconnue"}, "licence"),
        ("h5p", {}, "file"),
        ("page", {"body": "x" * 40_001}, "body"),
    ],
)
def test_an_activity_is_refused_where_it_is_wrong(
    module: Module, kind: str, change: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        add(module, **{"title": "Lire", "kind": kind, **change})
    assert set(refusal.value.errors) == {wrong}
    assert not ModuleActivity.objects.exists()


def test_a_file_is_judged_by_its_bytes(module: Module) -> None:
    held = add(module, "Trous", "h5p", upload=("trous.h5p", h5p()))
    assert (held.filename, held.size) == ("trous.h5p", len(h5p()))
    with pytest.raises(Invalid) as refusal:
        add(module, "Faux", "h5p", upload=("faux.h5p", b"%PDF-1.4 rien"))
    assert set(refusal.value.errors) == {"file"}


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        (replace(QUESTION, text=" "), "text"),
        (replace(QUESTION, answers=[Answer("Seule", True)]), ""),
        (replace(QUESTION, answers=[Answer("A", True), Answer("B", True)]), ""),
        (replace(QUESTION, answers=[Answer("A", True), Answer("a")]), "answer-1"),
        (replace(QUESTION, answers=[Answer("A", True), Answer(" ")]), "answer-1"),
        (replace(QUESTION, kind="choices", answers=[Answer("A"), Answer("B")]), ""),
        (replace(QUESTION, kind="true_false", answers=[Answer("Vrai"), Answer("Faux")]), ""),
        (replace(QUESTION, kind="short", answers=[]), ""),
        (replace(QUESTION, kind="essay"), ""),
    ],
)
def test_a_question_is_refused_where_it_is_wrong(
    module: Module, referent: Person, at: datetime, question: Question, wrong: str
) -> None:
    quiz = add(module, "Vérifier", "quiz")
    with pytest.raises(Invalid) as refusal:
        quizzes.add_question(quiz, question, actor=referent, at=at)
    assert set(refusal.value.errors) == {wrong}
    assert queries.activity(module.pk, quiz.pk).questions == []


def test_a_question_moved_by_a_colleague_is_still_the_one_that_is_changed(
    whole: Module, referent: Person, at: datetime
) -> None:
    quiz = queries.activities(whole)[2]
    quiz = quizzes.add_question(quiz, replace(QUESTION, kind="short", text="Le sigle ?"), actor=referent, at=at)
    opened = queries.question_seen(quiz.questions[0])
    quizzes.move_question(quiz, 1, 1, seen=opened, actor=person("enseignante.lyon"), at=at)
    changed = quizzes.change_question(
        quiz, 1, replace(QUESTION, text="Qui anime ?"), seen=opened, actor=referent, at=at
    )
    assert [kept["text"] for kept in changed.questions] == ["Le sigle ?", "Qui anime ?"]
    assert all(answer["right"] for answer in changed.questions[0]["answers"])
    with pytest.raises(StaleModule):
        quizzes.remove_question(quiz, 1, seen=opened, actor=referent, at=at)
    left = quizzes.remove_question(quiz, 2, seen=queries.question_seen(changed.questions[1]), actor=referent, at=at)
    assert [kept["text"] for kept in left.questions] == ["Le sigle ?"]


def test_what_is_missing_is_said_where_it_is(module: Module, whole: Module, referent: Person, at: datetime) -> None:
    assert module_rules.breaches(whole) == []
    long = queries.activities(whole)[0]
    content = ActivityContent(long.title, long.body, minutes=40)
    outline.change_activity(long, content, seen=queries.seen(long), actor=referent, at=at)
    outline.add_section(queries.module(whole.pk), title="Vide", actor=referent, at=at)
    bare = replace(TEXTS, licence="", guide="", terms_read=False)
    saved = actions.save_module(queries.module(whole.pk), bare, revision=whole.revision, actor=referent, at=at)
    said = [breach.sentence.replace("\xa0", " ") for breach in module_rules.breaches(saved)]
    for part in ("licence", "conditions d'utilisation", "Guide du formateur", "80 min en tout", "Vide"):
        assert any(part in sentence for sentence in said), (part, said)


def test_a_link_to_a_social_network_is_seen_in_a_quiz(whole: Module, referent: Person, at: datetime) -> None:
    quiz = queries.activities(whole)[2]
    quizzes.add_question(quiz, replace(QUESTION, text="Voir https://x.com/compte"), actor=referent, at=at)
    assert module_rules.facts(queries.module(whole.pk))["social_links"] == 1


def png() -> bytes:
    """The smallest image there is: one transparent point."""
    return base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
    )


def test_the_image_of_a_page_is_where_its_text_names_it(whole: Module, referent: Person, at: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        add(whole, "Schéma", upload=("schema.png", png()))
    assert set(refusal.value.errors) == {"alternative"}
    page = add(whole, "Schéma", minutes=0, upload=("schema.png", png()), alternative="Trois [étapes]")
    named = f"![Trois (étapes)](fichier:{page.pk})"
    assert page.body == f"À lire.\n\n{named}"
    assert module_rules.breaches(queries.module(whole.pk)) == []
    kept = module_versions.snapshot(queries.module(whole.pk))
    assert kept["pieces"] == [{"id": page.pk, "file": page.file, "alternative": "", "decorative": False}]
    silent = replace(page_content(page), body=f"![](fichier:{page.pk}) puis ![a](fichier:999)")
    page = outline.change_activity(page, silent, seen=queries.seen(page), actor=referent, at=at)
    said = " ".join(breach.sentence for breach in module_rules.breaches(queries.module(whole.pk)))
    assert "ne dit pas ce qu'elle montre" in said and "fichier:999" in said
    bare = replace(page_content(page), body="Sans image.")
    page = outline.change_activity(page, bare, seen=queries.seen(page), actor=referent, at=at)
    assert (page.file, page.filename, page.size) == ("", "", 0)


def page_content(page: ModuleActivity) -> ActivityContent:
    return ActivityContent(page.title, page.body, minutes=page.minutes)


def test_the_backup_is_the_same_twice_and_names_nobody(whole: Module) -> None:
    first, second = (courses.mbz(queries.module(whole.pk), courses.plain) for _ in range(2))
    assert first == second
    assert check_mbz(first) == []
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        written = b"".join(archive.read(name) for name in archive.namelist())
    assert "Débattre en classe".encode() in written
    for known in Person.objects.all():
        assert known.email.encode() not in written and known.name.encode() not in written


def test_an_unfinished_module_does_not_leave(module: Module) -> None:
    with pytest.raises(NotExportable):
        courses.mbz(queries.module(module.pk), courses.plain)


def test_a_version_holds_everything_and_names_its_files(whole: Module) -> None:
    add(whole, "Trous", "h5p", 0, upload=("trous.h5p", h5p()))
    kept = module_versions.snapshot(queries.module(whole.pk))
    assert [one["title"] for one in kept["outline"][0]["activities"]] == ["Lire", "Regarder", "Vérifier", "Trous"]
    assert module_versions.files(kept) == {kept["outline"][0]["activities"][3]["file"]}
    parts = module_versions.parts(kept)
    assert [part.key for part in parts][-3:] == ["framing", "notebook", "guide"]
    section = next(part for part in parts if part.key.startswith("section-"))
    assert (
        "Qui anime le débat ?" in section.text and "trous.h5p" in section.text and "On y voit un débat." in section.text
    )


def test_a_module_goes_from_its_authors_to_the_expert(whole: Module, referent: Person, at: datetime) -> None:
    teacher, inspector, expert = person("enseignante.lyon"), person("inspecteur.lyon"), person("expert")
    moved = reviewing.move(whole, "propose", actor=teacher, at=at)
    moved = reviewing.move(moved, "submit", actor=referent, at=at)
    assert (moved.state, moved.version) == ("submitted", 1)
    kept = reviews.last_version(moved)
    assert kept is not None and kept.content == module_versions.snapshot(queries.module(whole.pk))
    section = kept.content["outline"][0]
    where = module_versions.key(section)
    remark = reviewing.remark(moved, where, "", "Trop long pour une heure.", actor=inspector, at=at)
    back = reviewing.move(moved, "send_back", comment="Voyez la durée.", actor=inspector, at=at)
    assert back.state == "returned"
    add(back, "Finir", minutes=1)
    reviewing.answer(remark, "C'est tenu en visio.", actor=referent, at=at)
    again = reviewing.submit(queries.module(whole.pk), actor=referent, at=at)
    with pytest.raises(Refused, match="expert"):
        reviewing.move(again, "validate", actor=inspector, at=at)
    endorsed = reviewing.move(again, "endorse", actor=inspector, at=at)
    assert reviewing.move(endorsed, "confirm", actor=expert, at=at).state == "validated"


def test_who_wrote_one_activity_of_a_module_does_not_judge_it(whole: Module, at: datetime) -> None:
    """Even once gone from the group."""
    first = queries.activities(whole)[0]
    teacher = person("enseignante.lyon")
    content = ActivityContent(first.title, "Mieux dit.", minutes=first.minutes)
    outline.change_activity(first, content, seen=queries.seen(first), actor=teacher, at=at)
    assert reviews.wrote(teacher, whole)
    assert not reviews.wrote(person("inspecteur.lyon"), whole)


def test_what_is_sent_back_is_told_to_those_who_write_it(group: Group, referent: Person, at: datetime) -> None:
    theme = group.application.theme
    ours = actions.begin_module(theme, "Du groupe", group=group, actor=referent, at=at)
    national = actions.begin_module(theme, "National", actor=referent, at=at)
    Module.objects.update(state="returned")
    assert [one.pk for one in reviews_waiting.sent_back(person("enseignante.lyon"))] == [ours.pk]
    assert [one.pk for one in reviews_waiting.sent_back(person("expert"))] == [national.pk]
    assert [one.title for one in reviews_waiting.sent_back(referent)] == ["Du groupe", "National"]
    for name in ("inspecteur.lyon", "enseignante.lille", "bureau"):
        assert reviews_waiting.sent_back(person(name)) == []


def test_an_unfinished_module_is_not_submitted(module: Module, referent: Person, at: datetime) -> None:
    with pytest.raises(Invalid, match="aucune partie"):
        reviewing.submit(module, actor=referent, at=at)


def test_a_module_that_is_read_by_others_does_not_change(whole: Module, referent: Person, at: datetime) -> None:
    Module.objects.filter(pk=whole.pk).update(state="submitted")
    activity = queries.activities(whole)[0]
    with pytest.raises(Refused, match="soumis"):
        outline.remove_activity(activity, actor=referent, at=at)
    with pytest.raises(Refused, match="soumis"):
        quizzes.add_question(queries.activities(whole)[2], QUESTION, actor=referent, at=at)
    with pytest.raises(Refused, match="soumis"):
        actions.save_module(whole, TEXTS, revision=whole.revision, actor=referent, at=at)


def cost(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as context:
        act()
    return len(context)


def test_reading_listing_and_moving_cost_the_same_for_one_and_for_many(
    whole: Module, group: Group, at: datetime, referent: Person
) -> None:
    def read() -> None:
        found = queries.module(whole.pk)
        courses.course(found)
        module_rules.findings(found)
        module_versions.snapshot(found)

    def listed() -> None:
        assert {one.theme.campaign.edition_id for one in queries.of_group(group)} == {"traam-2022"}
        queries.of_theme(whole.theme)

    def moved() -> None:
        first = next(iter(queries.module(whole.pk).sections.all())).activities.all()[0]
        outline.move_activity(queries.activity(whole.pk, first.pk), 1, actor=referent, at=at)

    before = [cost(act) for act in (read, listed, moved)]
    for n in range(40):
        add(whole, f"Activité {n}", minutes=1)
    for n in range(200):
        review = Review.objects.create(opened_at=at)
        dated = {"created_by": referent, "created_at": at, "changed_at": at}
        Module.objects.create(theme=whole.theme, group=group, review=review, title=f"Module {n}", **dated)
    assert [cost(act) for act in (read, listed, moved)] == before
    assert before[:2] == [6, 2]
    found = queries.of_group(group)
    assert len(found) == 201
    assert (found[0].spent, found[0].activities) == (100, 43)  # type: ignore[attr-defined]
