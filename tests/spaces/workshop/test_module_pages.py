"""The pages of training modules: written without scripts, by several, seen as an attendee, taken away."""

import base64
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions.actions import modules as actions
from traam.programme.productions.actions import outline, quizzes, reviewing
from traam.programme.productions.actions.modules import ModuleContent
from traam.programme.productions.actions.outline import ActivityContent
from traam.programme.productions.actions.quizzes import Answer, Question
from traam.programme.productions.models import Module, ModuleActivity
from traam.programme.productions.queries import modules as queries

Enter = Callable[[str], Client]
QUESTIONS = (
    Question(
        "choice", "Qui **anime** le débat ?", [Answer("Un élève", True, "Oui."), Answer("Personne", False, "Non.")]
    ),
    Question("choices", "Que prépare-t-on ?", [Answer("Les rôles", True), Answer("Le mur", True), Answer("Rien")]),
    Question("true_false", "Un débat s'improvise.", [Answer("Vrai", False, "Non."), Answer("Faux", True)]),
    Question("short", "Le sigle du cadre de référence ?", [Answer("CRCN", True, "Exact.")], "Cadre de référence."),
)


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def h5p() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("h5p.json"), '{"title": "Trous", "mainLibrary": "H5P.Blanks"}')
        archive.writestr(zipfile.ZipInfo("content/content.json"), "{}")
    return held.getvalue()


def lyon() -> Group:
    """The first group of Lyon, in a campaign whose edition asks for modules."""
    found = Group.objects.filter(application__academy="10").order_by("pk")[0]
    Campaign.objects.filter(themes__applications=found.application).update(edition_id="traam-2022")
    return Group.objects.get(pk=found.pk)


def written() -> Module:
    """A whole module of Lyon, in two parts, with one activity of each kind."""
    group, at, actor = lyon(), timezone.localtime(), person("referent.lyon")
    made = actions.begin_module(group.application.theme, "Débattre en classe", group=group, actor=actor, at=at)
    content = ModuleContent(
        title="Débattre en classe avec un mur collaboratif, du cycle 4 au lycée professionnel",
        summary="Deux heures pour préparer et animer un débat.",
        objectives="- préparer\n- animer",
        audience="Professeurs de collège",
        framing="# Pour qui organise\n\nDouze stagiaires.",
        notebook="Ce que je retiens :",
        guide="Commencer par un tour de table.",
        minutes=120,
        keywords=("débat", "mur"),
        disciplines=("HG",),
        licence="CC-BY-SA",
        terms_read=True,
        personal_data_checked=True,
    )
    made = actions.save_module(made, content, revision=made.revision, actor=actor, at=at)
    first = outline.add_section(made, title="Entrer dans le sujet", summary="On commence.", actor=actor, at=at)
    second = outline.add_section(made, title="Mettre en œuvre", actor=actor, at=at)
    by: dict[str, Any] = {"actor": actor, "at": at}
    outline.add_activity(first, "page", ActivityContent("Lire", "# Un exemple\n\nTexte.", minutes=20), **by)
    video = ActivityContent("Regarder", "Deux minutes.", "https://tube.exemple.fr/w/abc", "On y voit un débat.", 15)
    outline.add_activity(first, "video", video, **by)
    quiz = outline.add_activity(first, "quiz", ActivityContent("Vérifier", minutes=25), **by)
    for question in QUESTIONS:
        quizzes.add_question(quiz, question, **by)
    link = ActivityContent("Consulter", "", "https://eduscol.education.fr/", minutes=10)
    outline.add_activity(second, "link", link, **by)
    held = ("trous.h5p", h5p())
    outline.add_activity(second, "h5p", ActivityContent("Compléter", minutes=10), upload=held, **by)
    outline.add_activity(second, "task", ActivityContent("Rendre sa séance", "Une page.", minutes=30), **by)
    outline.add_activity(second, "forum", ActivityContent("Échanger", "Racontez.", minutes=10), **by)
    return queries.module(made.pk)


@pytest.fixture
def module(db: None) -> Module:
    return written()


def at_(name: str, *args: Any) -> str:
    return reverse(f"workshop:{name}", args=args)


def activity(module: Module, kind: str) -> ModuleActivity:
    return next(one for one in queries.activities(queries.module(module.pk)) if one.kind == kind)


def test_a_module_begins_from_the_page_of_the_group(db: None, sign_in: Enter) -> None:
    group = lyon()
    client = sign_in("enseignante.lyon")
    assert at_("new_module", group.pk) in client.get(at_("group", group.pk)).content.decode()
    assert client.post(at_("new_module", group.pk), {"title": " "}).status_code == 422
    answer = client.post(at_("new_module", group.pk), {"title": "Débattre"})
    made = Module.objects.get()
    assert answer.headers["Location"] == at_("module", made.pk)
    assert "Débattre" in client.get(at_("group", group.pk)).content.decode()
    assert client.get(at_("module", made.pk)).status_code == 200


def test_where_the_edition_asks_for_none_it_is_said(db: None, sign_in: Enter) -> None:
    group = lyon()
    Campaign.objects.update(edition_id="traam-2020")
    client = sign_in("referent.lyon")
    assert 'id="modules"' not in client.get(at_("group", group.pk)).content.decode()
    for answer in (
        client.get(at_("new_module", group.pk)),
        client.get(at_("new_national_module", group.application.theme_id)),
    ):
        assert answer.status_code == 403 and "ne demande pas de module" in answer.content.decode()
    page = client.get(at_("theme_modules", group.application.theme_id))
    assert page.status_code == 200 and "ne demande pas de module" in page.content.decode()


def test_each_page_is_for_those_who_may(module: Module, sign_in: Enter) -> None:
    page, edit = at_("module", module.pk), at_("edit_module", module.pk)
    for name in ("referent.lyon", "enseignante.lyon", "inspecteur.lyon", "dan.lyon", "expert", "bureau"):
        assert sign_in(name).get(page).status_code == 200, name
    for name in ("inspecteur.lyon", "dan.lyon", "expert", "bureau"):
        assert sign_in(name).get(edit).status_code == 403, name
        assert sign_in(name).post(at_("add_section", module.pk), {"title": "Non"}).status_code == 403
        assert sign_in(name).post(at_("remove_activity", module.pk, activity(module, "page").pk)).status_code == 403
    for name in ("dan.lille", "enseignante.lille"):
        for where in (page, at_("preview_module", module.pk), at_("export_mbz", module.pk)):
            assert sign_in(name).get(where).status_code == 403, name


def test_what_is_of_another_module_is_not_found(module: Module, sign_in: Enter) -> None:
    client, other = sign_in("referent.lyon"), written()
    held = activity(other, "quiz")
    for where in (
        at_("edit_activity", module.pk, held.pk),
        at_("quiz", module.pk, held.pk),
        at_("edit_section", module.pk, held.section_id),
        at_("edit_question", module.pk, activity(module, "quiz").pk, 5),
        at_("quiz", module.pk, activity(module, "page").pk),
        at_("preview_section", module.pk, 3),
        at_("activity_file", module.pk, activity(module, "page").pk),
        at_("add_activity", module.pk, activity(module, "page").section_id, "inconnue"),
    ):
        assert client.get(where).status_code == 404, where


def test_the_texts_are_written_and_two_who_write_both_find_their_words(module: Module, sign_in: Enter) -> None:
    client, where = sign_in("referent.lyon"), at_("edit_module", module.pk)
    sent = {
        "revision": module.revision,
        "title": "Débattre",
        "minutes": "90",
        "summary": "Le mien",
        "keywords": "débat, mur ,",
        "disciplines": ["HG"],
    }
    assert client.post(where, {**sent, "minutes": "deux"}).status_code == 422
    assert client.post(where, sent).status_code == 302
    stored = Module.objects.get(pk=module.pk)
    assert (stored.summary, stored.minutes, stored.keywords) == ("Le mien", 90, ["débat", "mur"])
    late = client.post(where, {**sent, "summary": "L'autre"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "Le mien" in text and "L&#39;autre" in text and f'name="revision" value="{stored.revision}"' in text
    assert client.post(where, {**sent, "summary": "L'autre", "revision": stored.revision}).status_code == 302
    Module.objects.filter(pk=module.pk).update(state="submitted")
    kept = client.post(where, {**sent, "summary": "Trop tard", "revision": stored.revision + 1})
    assert kept.status_code == 409 and "Trop tard" in kept.content.decode() and "soumis" in kept.content.decode()
    assert client.get(where).status_code == 403


def test_sections_and_activities_are_added_written_moved_and_taken_away(module: Module, sign_in: Enter) -> None:
    client = sign_in("enseignante.lyon")
    assert client.post(at_("add_section", module.pk), {"title": ""}).status_code == 422
    client.post(at_("add_section", module.pk), {"title": "Conclure", "summary": "Bilan."})
    section = queries.module(module.pk).sections.all()[2]
    assert client.get(at_("choose_activity", module.pk, section.pk)).status_code == 200
    for kind in ModuleActivity.Kind.values:
        assert client.get(at_("add_activity", module.pk, section.pk, kind)).status_code == 200, kind
    bad = client.post(
        at_("add_activity", module.pk, section.pk, "video"),
        {"title": "Voir", "minutes": "5", "address": "http://a.fr/"},
    )
    assert bad.status_code == 422 and "https://" in bad.content.decode()
    made = client.post(
        at_("add_activity", module.pk, section.pk, "page"), {"title": "Relire", "minutes": "5", "body": "Un\r\ntexte"}
    )
    assert made.status_code == 302
    page = queries.activities(queries.module(module.pk))[-1]
    assert (page.title, page.body, page.section_id) == ("Relire", "Un\ntexte", section.pk)
    client.post(at_("arrange_module", module.pk), {"section_up": section.pk})
    assert [one.title for one in queries.module(module.pk).sections.all()][1] == "Conclure"
    seen = queries.seen(page)
    first = queries.module(module.pk).sections.all()[0]
    moved = {"title": "Relire", "minutes": "6", "body": "Un", "seen": seen, "section": first.pk}
    assert client.post(at_("edit_activity", module.pk, page.pk), moved).status_code == 302
    assert [one.title for one in queries.section(module.pk, first.pk).activities.all()][-1] == "Relire"
    late = client.post(at_("edit_activity", module.pk, page.pk), {**moved, "body": "Le mien"})
    assert late.status_code == 409 and "Le mien" in late.content.decode()
    client.post(at_("arrange_module", module.pk), {"activity_up": page.pk})
    assert [one.title for one in queries.section(module.pk, first.pk).activities.all()][-2] == "Relire"
    assert client.get(at_("remove_section", module.pk, section.pk)).status_code == 200
    for where in (at_("remove_activity", module.pk, page.pk), at_("remove_section", module.pk, section.pk)):
        assert client.post(where).status_code == 302
    assert [one.title for one in queries.module(module.pk).sections.all()] == [
        "Entrer dans le sujet",
        "Mettre en œuvre",
    ]
    assert client.post(at_("arrange_module", module.pk), {"section_up": "9" * 30}).status_code == 404


def test_an_h5p_is_deposited_replaced_and_given_back(module: Module, sign_in: Enter) -> None:
    client, held = sign_in("referent.lyon"), activity(module, "h5p")
    sent = {"title": "Compléter", "minutes": "10", "seen": queries.seen(held), "section": held.section_id}
    bad = SimpleUploadedFile("exe.h5p", b"MZ rien de bon")
    assert client.post(at_("edit_activity", module.pk, held.pk), {**sent, "file": bad}).status_code == 422
    assert client.post(at_("edit_activity", module.pk, held.pk), sent).status_code == 302
    assert activity(module, "h5p").file == held.file
    again = client.get(at_("activity_file", module.pk, held.pk))
    assert b"".join(again.streaming_content) == h5p()  # type: ignore[attr-defined]
    assert "attachment" in again.headers["Content-Disposition"]


def test_an_image_is_shown_in_its_page_and_leaves_with_it(module: Module, sign_in: Enter) -> None:
    client, page = sign_in("referent.lyon"), activity(module, "page")
    sent = {"title": "Lire", "minutes": "20", "body": "Voici.", "seen": queries.seen(page), "section": page.section_id}
    where = at_("edit_activity", module.pk, page.pk)
    assert client.post(where, {**sent, "file": SimpleUploadedFile("a.png", png())}).status_code == 422
    shown = {**sent, "file": SimpleUploadedFile("a.png", png()), "alternative": "Un mur"}
    assert client.post(where, shown).status_code == 302
    address = at_("activity_file", module.pk, page.pk)
    assert f'<img src="{address}" alt="Un mur">' in client.get(at_("preview_module", module.pk)).content.decode()
    image = client.get(address)
    assert image.headers["Content-Type"] == "image/png" and "inline" in image.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(client.get(at_("export_mbz", module.pk)).content)) as archive:
        texts = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith("page.xml"))
    assert "@@PLUGINFILE@@/a.png" in texts and "Un mur" in texts and "parcours.invalid" not in texts
    client.post(at_("move_module", module.pk, "submit"))
    read = sign_in("inspecteur.lyon").get(reverse("review:module", args=[module.pk])).content.decode()
    assert f'<img src="{address}" alt="Un mur">' in read


def png() -> bytes:
    """The smallest image there is: one transparent point."""
    return base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
    )


def test_a_question_is_written_with_buttons_only(module: Module, sign_in: Enter) -> None:
    client, quiz = sign_in("referent.lyon"), activity(module, "quiz")
    where = at_("add_question", module.pk, quiz.pk, "choice")
    assert 'name="count" value="3"' in client.get(where).content.decode()
    sent = {"count": "3", "text": "Quoi ?", "text_0": "A", "right_0": "on", "text_1": "B", "text_2": "C"}
    more = client.post(where, {**sent, "add": "1"}).content.decode()
    assert 'name="count" value="4"' in more and 'value="B"' in more and "erreur" not in more
    less = client.post(where, {**sent, "remove": "1"}).content.decode()
    assert 'name="count" value="2"' in less and 'value="B"' not in less and 'name="text_1" value="C"' in less
    two = client.post(where, {**sent, "right_1": "on"})
    assert two.status_code == 422 and "une seule" in two.content.decode()
    empty = client.post(where, {**sent, "text_1": ""})
    assert empty.status_code == 422 and "La réponse 2 est vide" in empty.content.decode()
    assert client.post(where, sent).status_code == 302
    assert len(activity(module, "quiz").questions) == 5
    truth = at_("add_question", module.pk, quiz.pk, "true_false")
    assert client.post(truth, {"text": "Vrai ?"}).status_code == 422
    assert client.post(truth, {"text": "Vrai ?", "truth": "Vrai", "feedback_1": "Mais si."}).status_code == 302
    kept = activity(module, "quiz").questions[5]
    assert kept["answers"][0]["right"] and kept["answers"][1]["feedback"] == "Mais si."


def test_questions_are_changed_moved_and_taken_away(module: Module, sign_in: Enter) -> None:
    client, quiz = sign_in("referent.lyon"), activity(module, "quiz")
    where = at_("edit_question", module.pk, quiz.pk, 4)
    seen = queries.question_seen(quiz.questions[3])
    assert seen in client.get(where).content.decode()
    sent = {"seen": seen, "count": "2", "text": "Le sigle ?", "text_0": "CRCN", "text_1": "le CRCN"}
    assert client.post(where, sent).status_code == 302
    assert len(activity(module, "quiz").questions[3]["answers"]) == 2
    late = client.post(where, {**sent, "text": "Le mien"})
    assert late.status_code == 422 and "Un collègue" in late.content.decode() and "Le mien" in late.content.decode()
    first = queries.question_seen(activity(module, "quiz").questions[0])
    client.post(at_("arrange_quiz", module.pk, quiz.pk), {"down": f"1:{first}"})
    assert queries.question_seen(activity(module, "quiz").questions[1]) == first
    client.post(at_("arrange_quiz", module.pk, quiz.pk), {"remove": f"1:{first}"})
    assert len(activity(module, "quiz").questions) == 3
    client.post(at_("arrange_quiz", module.pk, quiz.pk), {"remove": f"1:{first}"})
    assert len(activity(module, "quiz").questions) == 3
    assert client.get(at_("quiz", module.pk, quiz.pk)).status_code == 200


def test_the_preview_answers_and_keeps_nothing(module: Module, sign_in: Enter) -> None:
    client, quiz = sign_in("inspecteur.lyon"), activity(module, "quiz")
    where, name = at_("preview_module", module.pk), f"q{quiz.pk}"
    assert "Juste" not in client.get(where).content.decode()
    text = client.get(where, {f"{name}-1": "0", f"{name}-2": ["0"], f"{name}-4": " crcn "}).content.decode()
    assert text.count("fr-badge--success") == 2 and text.count("À revoir") == 1
    for said in ("Oui.", "Exact.", "Cadre de référence.", "Les rôles ; Le mur"):
        assert said in text, said
    assert client.get(at_("preview_section", module.pk, 2)).status_code == 200


def test_the_module_leaves_whole_or_says_why_not(module: Module, sign_in: Enter) -> None:
    client = sign_in("dan.lyon")
    first, second = (client.get(at_("export_mbz", module.pk)) for _ in range(2))
    assert first.status_code == 200 and first.content == second.content
    assert first.headers["Content-Disposition"].endswith('.mbz"')
    with zipfile.ZipFile(io.BytesIO(first.content)) as archive:
        assert "moodle_backup.xml" in archive.namelist()
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert "<strong>anime</strong>" in everything.decode(errors="ignore").replace("&lt;", "<").replace("&gt;", ">")
    assert DOMAIN.encode() not in everything
    author = sign_in("referent.lyon")
    author.post(at_("remove_activity", module.pk, activity(module, "task").pk))
    refused = author.get(at_("export_mbz", module.pk))
    assert refused.status_code == 409 and "90\xa0min en tout" in refused.content.decode()
    page = author.get(at_("module", module.pk)).content.decode()
    assert "Il manque 30 minutes" in page and "module.mbz" not in page


def test_the_cartridge_leaves_with_the_list_of_what_it_loses(module: Module, sign_in: Enter) -> None:
    client = sign_in("dan.lyon")
    answer = client.get(at_("export_cartridge", module.pk))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "imsmanifest.xml" in archive.namelist()
    assert "Ce que la Common Cartridge ne garde pas" in client.get(at_("module", module.pk)).content.decode()


@pytest.mark.parametrize("document", ["note-de-cadrage", "carnet-du-stagiaire", "guide-du-formateur"])
def test_the_documents_are_printed(module: Module, sign_in: Enter, document: str) -> None:
    client = sign_in("referent.lyon")
    where = at_("module_document", module.pk, document)
    assert where in client.get(at_("module", module.pk)).content.decode()
    answer = client.get(where)
    assert answer.headers["Content-Type"] == "application/pdf" and answer.content == client.get(where).content
    Module.objects.filter(pk=module.pk).update(framing="", notebook="", guide="")
    assert client.get(where).status_code == 404


def test_a_module_is_proposed_then_submitted(module: Module, sign_in: Enter) -> None:
    teacher = sign_in("enseignante.lyon")
    assert teacher.post(at_("move_module", module.pk, "submit")).status_code == 403
    assert teacher.post(at_("move_module", module.pk, "propose"), {"comment": "À relire."}).status_code == 302
    assert Module.objects.get().state == "proposed"
    assert teacher.post(at_("move_module", module.pk, "confirm")).status_code == 404
    referent = sign_in("referent.lyon")
    assert referent.post(at_("move_module", module.pk, "submit")).status_code == 302
    page = referent.get(at_("module", module.pk)).content.decode()
    assert "soumis à l&#39;inspecteur" in page and "À relire." in page and at_("edit_module", module.pk) not in page
    assert referent.post(at_("move_module", module.pk, "take_back")).status_code == 302


def test_a_module_is_read_remarked_and_answered_part_by_part(module: Module, sign_in: Enter) -> None:
    sign_in("referent.lyon").post(at_("move_module", module.pk, "submit"))
    inspector, page = sign_in("inspecteur.lyon"), reverse("review:module", args=[module.pk])
    text = inspector.get(page).content.decode()
    for said in ("Partie 1 : Entrer dans le sujet", "Un débat s'improvise.", "Guide du formateur", "Essayer le module"):
        assert said in text.replace("&#39;", "'").replace("\xa0:", " :"), said
    section = f"section-{queries.module(module.pk).sections.all()[0].pk}"
    remark = reverse("review:remark", args=["modules", module.pk])
    assert inspector.post(remark, {"section": section, "text": "Trop long."}).status_code == 302
    assert inspector.post(page, {"verb": "send_back", "comment": "Voyez la durée."}).status_code == 302
    author = sign_in("referent.lyon")
    returned = author.get(at_("module", module.pk)).content.decode()
    assert "Trop long." in returned and "Voyez la durée." in returned
    for where in (at_("home"), reverse("desk:dashboard")):
        for name in ("referent.lyon", "enseignante.lyon"):
            assert "Reprendre le module" in sign_in(name).get(where).content.decode(), (where, name)
        for name in ("inspecteur.lyon", "referent.lille"):
            assert "Reprendre le module" not in sign_in(name).get(where).content.decode(), (where, name)
    author = sign_in("referent.lyon")
    refused = author.post(at_("move_module", module.pk, "submit"))
    assert refused.status_code == 422 and "pas de réponse" in refused.content.decode()


def test_an_unfinished_module_is_not_submitted(module: Module, sign_in: Enter) -> None:
    client = sign_in("referent.lyon")
    client.post(at_("add_section", module.pk), {"title": "Vide"})
    refused = client.post(at_("move_module", module.pk, "submit"))
    assert refused.status_code == 422 and "aucune activité" in refused.content.decode()


def test_the_pages_cost_the_same_for_one_and_for_many(
    module: Module, sign_in: Enter, django_assert_max_num_queries: Any
) -> None:
    at, actor = timezone.localtime(), person("referent.lyon")
    section = queries.module(module.pk).sections.all()[0]
    for n in range(40):
        outline.add_activity(section, "page", ActivityContent(f"Page {n}", "Texte."), actor=actor, at=at)
    group = queries.module(module.pk).group
    assert group is not None
    for n in range(60):
        actions.begin_module(group.application.theme, f"Module {n}", group=group, actor=actor, at=at)
    client = sign_in("referent.lyon")
    for where, most in (
        (at_("module", module.pk), 16),
        (at_("preview_module", module.pk), 13),
        (at_("edit_module", module.pk), 14),
        (at_("theme_modules", module.theme_id), 12),
        (at_("group", group.pk), 18),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(where).status_code == 200, where


def enter(page: Page, address: str, who: str) -> None:
    client = Client()
    client.force_login(person(who))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_page_is_sound_and_a_module_is_written_without_script(
    demonstration: None,
    live_server: Any,
    browser_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    sound: Callable[..., dict[str, list[str]]],
) -> None:
    module = written()
    quiz, section = activity(module, "quiz"), activity(module, "quiz").section_id
    pages = [
        at_("module", module.pk),
        at_("edit_module", module.pk),
        at_("preview_module", module.pk) + f"?q{quiz.pk}-1=1&q{quiz.pk}-4=crcn",
        at_("preview_section", module.pk, 2),
        at_("edit_section", module.pk, section),
        at_("choose_activity", module.pk, section),
        at_("add_activity", module.pk, section, "h5p"),
        at_("edit_activity", module.pk, activity(module, "video").pk),
        at_("quiz", module.pk, quiz.pk),
        at_("add_question", module.pk, quiz.pk, "choices"),
        at_("edit_question", module.pk, quiz.pk, 3),
        at_("theme_modules", module.theme_id),
        at_("group", module.group_id),
    ]
    assert sound([("referent.lyon", where) for where in pages]) == {}
    _write_without_script(live_server.url, browser_page(390, script=False), module)
    _read_by_the_inspector(live_server.url, browser_page(390, "dark"), module, axe)
    _arrange_from_the_keyboard(live_server.url, browser_page(1280), module)


def _read_by_the_inspector(url: str, page: Page, module: Module, axe: Callable[[Page], list[str]]) -> None:
    """What the teacher began last is unfinished: the module is put as it was before she came."""
    outline.remove_section(
        queries.module(module.pk).sections.all()[1], actor=person("referent.lyon"), at=timezone.localtime()
    )
    reviewing.submit(queries.module(module.pk), actor=person("referent.lyon"), at=timezone.localtime())
    enter(page, url, "inspecteur.lyon")
    page.goto(url + reverse("review:module", args=[module.pk]))
    expect(page.get_by_role("heading", name="Partie 2 : Mettre en œuvre (60 min)")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.goto(url + at_("module", module.pk))
    assert axe(page) == []
    reviewing.move(queries.module(module.pk), "take_back", actor=person("referent.lyon"), at=timezone.localtime())


def _arrange_from_the_keyboard(url: str, page: Page, module: Module) -> None:
    """Tab and Enter are enough to move an activity, and lead back to it."""
    enter(page, url, "referent.lyon")
    page.goto(url + at_("module", module.pk))
    page.get_by_role("button", name="Monter : Vérifier").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"#activite-{activity(module, 'quiz').pk}$"))
    first = queries.module(module.pk).sections.all()[0]
    assert [one.title for one in first.activities.all()] == ["Lire", "Vérifier", "Regarder"]


def _write_without_script(url: str, page: Page, module: Module) -> None:
    enter(page, url, "enseignante.lyon")
    page.goto(url + at_("module", module.pk))
    page.get_by_role("link", name="Ajouter une partie").click()
    page.get_by_label("Titre de la partie").fill("Conclure")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Ajouter une activité à la partie Conclure").click()
    page.get_by_role("link", name="Questionnaire").click()
    page.get_by_label("Titre de l'activité").fill("Finir")
    page.get_by_label("Durée, en minutes").fill("5")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Choix unique").click()
    page.get_by_label("Question").fill("Alors ?")
    page.get_by_role("button", name="Ajouter une réponse").click()
    page.get_by_role("button", name="Retirer la réponse 4").click()
    for n, text in enumerate(("Oui", "Non", "Peut-être")):
        page.locator(f"#id_text_{n}").fill(text)
    page.locator("label[for=id_right_0]").click()
    page.locator("#id_text_2").press("Enter")
    expect(page.get_by_text("Question enregistrée.")).to_be_visible()
    page.get_by_role("link", name="Revenir au plan du module").click()
    page.get_by_role("button", name="Monter : Conclure").click()
    expect(page.get_by_role("heading", name="2. Conclure")).to_be_visible()
