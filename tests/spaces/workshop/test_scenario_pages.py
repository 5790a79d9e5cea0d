"""The pages around a scenario: its steps without scripts, its versions, other levels, documents in and files out."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import etree

from traam.engines.wordprocessing import Block, Kind, Paper, write_docx, write_odt
from traam.programme.campaigns.models import Theme
from traam.programme.catalogue import adoption
from traam.programme.groups.models import Group
from traam.programme.people.models import Typing
from traam.programme.productions.models import Scenario, Version
from traam.spaces.workshop.scenario_forms import initial

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Any]


def text(response: Any) -> str:
    page = str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "'")
    return page.replace("’", "'")


def at(name: str, *numbers: Any) -> str:
    return reverse(f"workshop:{name}", args=numbers)


@pytest.fixture
def sketch(scenario_named: Callable[[str], Any]) -> Any:
    return scenario_named("Débattre")


@pytest.fixture
def typed(sketch: Any) -> dict[str, object]:
    return {name: value for name, value in initial(sketch).items() if value not in (None, "", [], False)}


def rows(*lines: tuple[str, str, str]) -> dict[str, str]:
    """Steps as the page sends them."""
    sent = {"phases-count": str(len(lines))}
    for n, line in enumerate(lines):
        sent |= {f"phases-{n}-{key}": value for key, value in zip(("title", "minutes", "text"), line, strict=True)}
    return sent


def shown(page: str) -> list[tuple[str, str]]:
    """Titles and minutes of the steps, as the page shows them."""
    titles = re.findall(r'name="phases-\d+-title" value="([^"]*)"', page)
    return list(zip(titles, re.findall(r'name="phases-\d+-minutes" value="([^"]*)"', page), strict=True))


@pytest.mark.parametrize(
    ("verb", "after", "said"),
    [
        ("add", [("Ouvrir", "10"), ("Clore", "5"), ("", "")], "Étape 3 ajoutée."),
        ("up:1", [("Clore", "5"), ("Ouvrir", "10")], "L'étape 2 est maintenant la première."),
        ("down:0", [("Clore", "5"), ("Ouvrir", "10")], "L'étape 1 est maintenant la 2ᵉ."),
        ("remove:0", [("Clore", "5")], "Étape 1 supprimée."),
        ("up:0", [("Ouvrir", "10"), ("Clore", "5")], ""),
        ("remove:99", [("Ouvrir", "10"), ("Clore", "5")], ""),
        ("n'importe quoi", [("Ouvrir", "10"), ("Clore", "5")], ""),
    ],
)
def test_steps_are_moved_without_scripts_and_nothing_is_saved(
    sign_in: SignIn, sketch: Any, typed: dict[str, object], verb: str, after: list[tuple[str, str]], said: str
) -> None:
    steps = rows(("Ouvrir", "10", "a"), ("Clore", "5", "b"))
    sent = {**typed, **steps, "title": "", "evaluation": "Pas encore enregistré", "phase": verb}
    response = sign_in("enseignante.lyon").post(at("edit_scenario", sketch.pk), sent)
    page = text(response)
    assert response.status_code == 200 and "est obligatoire" not in page, "nothing is judged yet"
    assert shown(page) == after
    assert said in page and "Pas encore enregistré</textarea>" in page
    sketch.refresh_from_db()
    assert sketch.revision == typed["revision"] and sketch.phases == []


def test_the_minutes_are_added_up_and_offered(sign_in: SignIn, sketch: Any, typed: dict[str, object]) -> None:
    client, editor = sign_in("enseignante.lyon"), at("edit_scenario", sketch.pk)
    steps = rows(("Ouvrir", "10", ""), ("Clore", " 5 ", ""), ("Plus tard", "", ""), ("Faux", "dix", ""))
    page = text(client.post(editor, {**typed, **steps, "phase": "total"}))
    assert "Les étapes durent 15 minutes en tout." in page
    assert re.search(r'name="duration_minutes"[^>]*value="15"', page)
    page = text(client.post(editor, {**typed, **steps}))
    assert "Étape 4 : « dix » n'est pas un nombre de minutes" in page
    good = rows(("Ouvrir", "10", "*Ici*"), ("", " ", "\r\n"), ("Clore", "5", ""))
    client.post(editor, {**typed, **good, "duration_minutes": "15"})
    sketch.refresh_from_db()
    assert sketch.phases == [
        {"title": "Ouvrir", "minutes": 10, "text": "*Ici*"},
        {"title": "Clore", "minutes": 5, "text": ""},
    ]
    page = text(client.get(at("scenario", sketch.pk)))
    assert "Étape 1 : Ouvrir (10 min)" in page and "<em>Ici</em>" in page


def test_a_step_without_a_title_is_said_at_its_place(sign_in: SignIn, sketch: Any, typed: dict[str, object]) -> None:
    client, editor = sign_in("enseignante.lyon"), at("edit_scenario", sketch.pk)
    response = client.post(editor, {**typed, **rows(("", "10", "texte"))})
    assert response.status_code == 422
    assert "Étape 1 : donnez-lui un titre" in text(response) and 'href="#id_phases"' in text(response)


def test_the_competences_of_teachers_are_chosen_and_old_ones_kept(
    sign_in: SignIn, sketch: Any, typed: dict[str, object]
) -> None:
    client, editor = sign_in("enseignante.lyon"), at("edit_scenario", sketch.pk)
    assert "« 9.9 » n'est pas dans la liste officielle" in text(
        client.post(editor, {**typed, "teacher_competences": ["9.9"]})
    )
    Scenario.objects.filter(pk=sketch.pk).update(teacher_competences=["9.9"])
    page = text(client.get(editor))
    assert re.search(r'value="9.9"[^>]*checked', page) and "9.9 (ancienne valeur)" in page
    client.post(editor, {**typed, "teacher_competences": ["9.9", "2.1"]})
    page = text(client.get(at("scenario", sketch.pk)))
    assert "9.9, 2.1 Sélectionner des ressources" in page


def test_what_was_being_typed_is_found_again(sign_in: SignIn, sketch: Any, typed: dict[str, object]) -> None:
    client, editor = sign_in("enseignante.lyon"), at("edit_scenario", sketch.pk)
    place = {"typing-place": f"scenario:{sketch.pk}"}
    kept = client.post(
        reverse("desk:keep_typing"), {**typed, **rows(("Ouvrir", "x", "")), **place, "steps": "En cours"}
    )
    assert kept.status_code == 200
    page = text(client.get(editor))
    assert "Texte retrouvé, tapé le" in page and "En cours</textarea>" in page and shown(page) == [("Ouvrir", "x")]
    assert "Texte retrouvé" not in text(sign_in("referent.lyon").get(editor)), "hers alone"
    client = sign_in("enseignante.lyon")
    client.post(editor, {**typed, "steps": "En cours"})
    assert "Texte retrouvé" not in text(client.get(editor))
    assert not Typing.objects.filter(place=place["typing-place"]).exists()


# --- documents in


def heading(words: str, level: int = 1) -> Block:
    return Block(Kind.HEADING, words, level)


def paragraph(words: str) -> Block:
    return Block(Kind.PARAGRAPH, words)


LESSON = [
    heading("Débattre en classe"),
    paragraph("Une séance pour apprendre à débattre."),
    heading("Contexte", 2),
    paragraph("Une classe de 3e."),
    heading("Déroulement de la séance", 2),
    Block(Kind.BULLET, "ouvrir"),
    Block(Kind.BULLET, "**clore**"),
    heading("Un détour", 3),
    paragraph("Dans la cour."),
    heading("Remerciements", 2),
    paragraph("À tous les collègues."),
]


@pytest.mark.parametrize(("write", "name"), [(write_docx, "séance.docx"), (write_odt, "séance.odt")])
def test_a_document_fills_the_editor_and_saves_nothing(
    sign_in: SignIn, sketch: Any, write: Callable[[Paper], bytes], name: str
) -> None:
    data = write(Paper("", LESSON, date(2026, 11, 22)))
    client = sign_in("enseignante.lyon")
    response = client.post(at("import_document", sketch.pk), {"file": SimpleUploadedFile(name, data)}, follow=True)
    page = text(response)
    assert "Document lu, parties remplies : Résumé, Contexte, Déroulement" in page
    assert "- ouvrir\n- **clore**\n\n# Un détour\n\nDans la cour.</textarea>" in page
    assert "Une classe de terminale, en enseignement moral et civique.\n\nUne classe de 3e.</textarea>" in page
    left = page.split('name="unplaced"')[1].split("</textarea>")[0]
    assert (
        "Remerciements" in left and "À tous les collègues." in left and "Titre du document : Débattre en classe" in left
    )
    sketch.refresh_from_db()
    assert "steps" not in sketch.sections
    assert 'name="unplaced"' in text(client.get(at("edit_scenario", sketch.pk))), "until it is saved"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("vide.docx", b"", "vide"),
        ("photo.docx", b"\x89PNG\r\n\x1a\n" + b"0" * 40, "n'est"),
        ("faux.odt", b"PK\x03\x04" + b"0" * 60, ""),
    ],
)
def test_what_is_not_a_document_is_refused(sign_in: SignIn, sketch: Any, name: str, data: bytes, said: str) -> None:
    client = sign_in("enseignante.lyon")
    response = client.post(at("import_document", sketch.pk), {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 422 and said in text(response)
    assert not Typing.objects.filter(place=f"scenario:{sketch.pk}").exists()
    assert sign_in("dan.lyon").get(at("import_document", sketch.pk)).status_code == 403


# --- versions, files out


def test_any_two_versions_are_compared_word_by_word(sign_in: SignIn, scenario_named: Any) -> None:
    released = scenario_named("Enquêter")
    first = Version.objects.get(review=released.review_id, number=1)
    content = {**first.content, "title": f"{first.content['title']} autrement", "competences": []}
    Version.objects.create(
        review=released.review, number=2, content=content, made_at=first.made_at, made_by=first.made_by
    )
    client = sign_in("inspecteur.lyon")
    page = text(client.get(at("compare", released.pk), {"avant": "1", "apres": "2"}))
    assert re.search(r'<ins><span class="fr-sr-only"> \[ajouté : </span> autrement<', page)
    assert re.search(r'<del><span class="fr-sr-only"> \[retiré : </span>\d\.\d ', page)
    assert "2 parties changent" in page
    same = text(client.get(at("compare", released.pk), {"avant": "1", "apres": "1"}))
    assert "Les deux textes sont identiques." in same
    assert "Version 2" in text(client.get(at("compare", released.pk), {"avant": "99", "apres": "<b>"}))
    assert sign_in("referent1.lille").get(at("compare", released.pk)).status_code == 403


def test_a_scenario_never_submitted_has_nothing_to_compare(sign_in: SignIn, sketch: Any) -> None:
    assert "n'a pas encore été soumis" in text(sign_in("referent.lyon").get(at("compare", sketch.pk)))


def test_a_scenario_is_taken_away_as_json_and_as_a_notice(sign_in: SignIn, scenario_named: Any) -> None:
    released = scenario_named("Enquêter")
    client = sign_in("dan.lyon")
    response = client.get(at("export_json", released.pk))
    told = json.loads(response.content)
    assert response["Content-Disposition"] == f'attachment; filename="scenario-{released.pk}.json"'
    assert (told["format"], told["title"], told["academy"]) == ("traam-scenario", released.title, "Lyon")
    assert response.content == client.get(at("export_json", released.pk)).content
    notice = client.get(at("export_notice", released.pk))
    titles = etree.fromstring(notice.content).findall("{http://purl.org/dc/elements/1.1/}title")
    assert [title.text for title in titles] == [released.title]
    for name in ("export_json", "export_notice"):
        assert sign_in("referent1.lille").get(at(name, released.pk)).status_code == 403


# --- other levels, the second year, the history


def test_a_scenario_is_declined_and_both_pages_say_so(sign_in: SignIn, scenario_named: Any) -> None:
    released = scenario_named("Enquêter")
    client, page = sign_in("enseignante.lyon"), at("decline", released.pk)
    refused = client.post(page, {"title": "Autre", "levels": released.levels})
    assert refused.status_code == 422 and "est déjà celui du scénario de départ" in text(refused)
    assert client.post(page, {"title": "Autre"}).status_code == 422
    written = text(client.post(page, {"title": "Enquêter au lycée", "levels": ["018"]}, follow=True))
    assert "Déclinaison commencée" in written
    made = Scenario.objects.get(title="Enquêter au lycée")
    assert "Enquêter au lycée" in text(client.get(at("scenario", released.pk))).split("Déclinaisons et suites")[1]
    assert released.title in text(client.get(at("scenario", made.pk))).split("Déclinaisons et suites")[1]
    for who in ("dan.lyon", "inspecteur.lyon", "referent1.lille"):
        assert sign_in(who).get(page).status_code == 403, who


@pytest.fixture
def second(scenario_named: Any) -> Any:
    """A group of another academy in the second year of the theme of a published scenario."""
    first = scenario_named("Enquêter").group.application.theme_id
    theme = Theme.objects.exclude(pk=first).filter(applications__group__isnull=False)[0]
    Theme.objects.filter(pk=theme.pk).update(continues=first, year=2)
    return Group.objects.filter(application__theme=theme)[0]


def test_the_second_year_begins_from_the_first(sign_in: SignIn, scenario_named: Any, second: Any) -> None:
    released = scenario_named("Enquêter")
    referent = second.members.get(role="referent").person.email.split("@")[0]
    client = sign_in(referent)
    assert f'href="{at("first_year", second.pk)}"' in text(client.get(at("group", second.pk)))
    assert "/premiere-annee" not in text(sign_in("referent.lyon").get(at("group", released.group_id)))
    client = sign_in(referent)
    listed = text(client.get(at("first_year", second.pk)))
    assert released.title in listed and "Débattre" not in listed
    page = at("carry_on", second.pk, released.pk)
    assert "Repartir de ce scénario" in text(client.get(page))
    assert client.get(at("carry_on", second.pk, scenario_named("Débattre").pk)).status_code == 404
    assert "Scénario repris" in text(client.post(page, follow=True))
    made = Scenario.objects.get(origin=released)
    assert made.group == second
    said = text(client.get(at("scenario", made.pk)))
    assert "Suite de la première année de" in said and released.title in said
    assert sign_in("dan.lyon").get(at("first_year", second.pk)).status_code == 403
    assert sign_in("referent.lyon").get(at("first_year", released.group_id)).status_code == 403


def test_a_scenario_of_the_history_is_taken_in_once(sign_in: SignIn, group_of: Callable[..., Any]) -> None:
    group = group_of("10")
    client, listed = sign_in("inspecteur.lyon"), at("history", group.pk)
    notice = adoption.history()[0]
    assert notice.title in text(client.get(listed, {"q": notice.title.split()[0]}))
    page = at("adopt", group.pk, notice.pk)
    assert "Scénario repris dans l'atelier" in text(client.post(page, follow=True))
    assert "déjà dans l'atelier" in text(client.post(page, follow=True))
    assert "Déjà repris" in text(client.get(listed))
    made = Scenario.objects.get(source=notice.source_key)
    author = sign_in("enseignante.lyon")
    assert author.get(at("edit_scenario", made.pk)).status_code == 200
    assert author.get(listed).status_code == 403
    assert author.post(page).status_code == 403


# --- 1 and 200 scenarios


def many(group: Any, like: Any, count: int) -> None:
    from traam.programme.productions.models import Review

    for number in range(count):
        review = Review.objects.create(opened_at=like.created_at)
        copy = Scenario.objects.get(pk=like.pk)
        copy.pk, copy.review, copy.group, copy.title = None, review, group, f"Scénario {number}"
        copy._state.adding = True
        copy.save()


def test_two_hundred_scenarios_cost_no_more_queries_than_one(
    sign_in: SignIn, sketch: Any, scenario_named: Any, second: Any
) -> None:
    released = scenario_named("Enquêter")
    referent = second.members.get(role="referent").person.email.split("@")[0]
    pages = [
        ("referent.lyon", at("group", sketch.group_id)),
        ("referent.lyon", at("scenarios", sketch.group_id)),
        ("referent.lyon", at("history", sketch.group_id)),
        (referent, at("first_year", second.pk)),
        ("referent.lyon", at("scenario", released.pk)),
        ("referent.lyon", at("edit_scenario", sketch.pk)),
        ("referent.lyon", at("compare", released.pk)),
    ]
    before = [_counted(sign_in(who), page) for who, page in pages]
    many(sketch.group, released, 200)
    after = [_counted(sign_in(who), page) for who, page in pages]
    assert after == before
    assert max(after) <= 26, after


def _counted(client: Any, page: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_a_long_list_is_read_page_by_page_and_filtered(sign_in: SignIn, sketch: Any) -> None:
    many(sketch.group, sketch, 45)
    client, page = sign_in("referent.lyon"), at("scenarios", sketch.group_id)
    assert "1–20 sur 48 scénarios" in text(client.get(page))
    assert "41–48 sur 48" in text(client.get(page, {"page": 3}))
    assert "Débattre" in text(client.get(page, {"q": "Débattre"}))
    assert "1 scénario" in text(client.get(page, {"etat": "validated"}))
    assert sign_in("referent1.lille").get(page).status_code == 403
