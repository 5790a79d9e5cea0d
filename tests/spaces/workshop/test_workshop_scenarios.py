import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any, cast

import pytest
from django.urls import reverse
from django.utils import timezone

from traam.demo import texts
from traam.programme.productions.models import ClassTest, Scenario
from traam.spaces.workshop.scenario_forms import initial

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "'")


def address(name: str, scenario: Scenario, *more: str) -> str:
    return reverse(f"workshop:{name}", args=[scenario.pk, *more])


@pytest.fixture
def sketch(scenario_named: Callable[[str], Any]) -> Any:
    return scenario_named("Débattre")


@pytest.fixture
def typed(sketch: Any) -> dict[str, object]:
    """What the editor of the sketch sends when nothing is changed."""
    return {name: value for name, value in initial(sketch).items() if value not in (None, "", [], False)}


def test_who_reads_and_who_writes(sign_in: Callable[[str], Any], sketch: Any) -> None:
    for who, reads, writes in (
        ("referent.lyon", 200, 200),
        ("enseignante.lyon", 200, 200),
        ("dan.lyon", 200, 403),
        ("expert", 200, 403),
        ("bureau", 200, 403),
        ("referent1.lille", 403, 403),
        ("dan.lille", 403, 403),
    ):
        client = sign_in(who)
        assert client.get(address("scenario", sketch)).status_code == reads, who
        assert client.get(address("edit_scenario", sketch)).status_code == writes, who
        assert client.get(address("add_test", sketch)).status_code == writes, who


def test_a_title_is_enough_to_begin(sign_in: Callable[[str], Any], group_of: Callable[..., Any]) -> None:
    group = group_of("10")
    begin = reverse("workshop:new_scenario", args=[group.pk])
    assert sign_in("dan.lyon").post(begin, {"title": "Non"}).status_code == 403
    client = sign_in("enseignante.lyon")
    assert client.post(begin, {"title": " "}).status_code == 422
    response = client.post(begin, {"title": "Une idée"}, follow=True)
    assert "Scénario commencé" in text(response)
    assert Scenario.objects.get(title="Une idée").group == group


def test_what_is_typed_is_saved(sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object]) -> None:
    steps = "1. Ouvrir\r\n2. Débattre"
    changes = {
        "steps": steps,
        "tools": "Un tableau\r\n\r\nUne horloge",
        "competences": ["1.1", "5.2"],
        "licence": "CC0",
        "terms_read": "on",
    }
    response = sign_in("enseignante.lyon").post(address("edit_scenario", sketch), {**typed, **changes}, follow=True)
    assert "Scénario enregistré" in text(response)
    sketch.refresh_from_db()
    assert sketch.sections == {"context": texts.SKETCH.sections["context"], "steps": "1. Ouvrir\n2. Débattre"}
    assert sketch.tools == ["Un tableau", "Une horloge"]
    assert (sketch.competences, sketch.licence) == (["1.1", "5.2"], "CC0")
    assert (sketch.terms_read, sketch.personal_data_checked) == (True, False)


def test_bad_values_are_refused_and_nothing_typed_is_lost(
    sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object]
) -> None:
    bad = {"competences": ["5.3"], "tools": "x" * 501, "duration_minutes": "-4", "steps": "Mon long travail"}
    response = sign_in("enseignante.lyon").post(address("edit_scenario", sketch), {**typed, **bad})
    page = text(response)
    assert response.status_code == 422
    assert "« 5.3 » n'est pas dans la liste officielle" in page.replace("’", "'")
    assert "Mon long travail" in page
    good_codes = {**bad, "competences": ["5.2"]}
    page = text(sign_in("enseignante.lyon").post(address("edit_scenario", sketch), {**typed, **good_codes}))
    assert "Une ligne dépasse 500 caractères" in page
    assert "de 1 à 6000" in page
    sketch.refresh_from_db()
    assert sketch.revision == typed["revision"]


def test_an_old_code_is_shown_and_kept(sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object]) -> None:
    Scenario.objects.filter(pk=sketch.pk).update(competences=["5.3"])
    client = sign_in("referent.lyon")
    assert "5.3" in text(client.get(address("scenario", sketch)))
    page = text(client.get(address("edit_scenario", sketch)))
    assert "5.3 (ancienne valeur)" in page
    client.post(address("edit_scenario", sketch), {**typed, "competences": ["5.3", "1.1"]})
    sketch.refresh_from_db()
    assert sketch.competences == ["5.3", "1.1"]


def test_the_preview_saves_nothing(sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object]) -> None:
    client = sign_in("referent.lyon")
    preview = {**typed, "steps": "**gras** <script>alert(1)</script>", "preview": "1"}
    page = text(client.post(address("edit_scenario", sketch), preview))
    assert "<strong>gras</strong>" in page
    assert "<script>alert" not in page
    assert "**gras**" in page
    panel = text(client.post(address("edit_scenario", sketch), preview, headers={"HX-Request": "true"}))
    assert "<strong>gras</strong>" in panel
    assert "<html" not in panel
    sketch.refresh_from_db()
    assert sketch.revision == typed["revision"]
    assert "steps" not in sketch.sections


def sent_by(page: str) -> dict[str, list[str]]:
    """What the form of the page of conflicts sends, its choices as they are offered."""
    form = page.split('<form class="page-form"')[1].split("</form>")[0]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = {name: unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        if given.get("type") == "hidden" or " checked" in tag:
            found.setdefault(given["name"], []).append(given["value"])
    return found


def test_two_authors_of_different_parts_both_find_their_words(
    sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object]
) -> None:
    editor = address("edit_scenario", sketch)
    sign_in("enseignante.lyon").post(editor, {**typed, "steps": "Le texte de la collègue", "competences": ["1.1"]})
    mine = {**typed, "evaluation": "Mon texte à moi", "levels": ["018"]}
    page = text(sign_in("referent.lyon").post(editor, mine, follow=True))
    assert "Scénario enregistré. Vos collègues avaient modifié entre-temps : Déroulement, Compétences" in page
    sketch.refresh_from_db()
    assert (sketch.sections["steps"], sketch.sections["evaluation"]) == ("Le texte de la collègue", "Mon texte à moi")
    assert (sketch.levels, sketch.competences) == (["018"], ["1.1"])


def test_two_authors_of_one_part_see_both_texts_and_lose_no_word(
    sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object]
) -> None:
    editor = address("edit_scenario", sketch)
    theirs = {**typed, "steps": "Le texte de la collègue", "title": "Débattre autrement"}
    sign_in("enseignante.lyon").post(editor, theirs)
    client = sign_in("referent.lyon")
    response = client.post(editor, {**typed, "steps": "Mon texte à moi", "levels": ["018"]})
    page = text(response)
    assert response.status_code == 409
    assert re.findall(r'<h2 id="conflit-(\w+)">', page) == ["steps"], "the title and the levels are already joined"
    assert "Le texte de la collègue" in page and "Mon texte à moi" in page
    sketch.refresh_from_db()
    assert sketch.sections["steps"] == "Le texte de la collègue", "nothing is saved yet"
    choices = sent_by(page)
    assert choices["keep-steps"] == ["both"]
    resumed = text(client.post(editor, {**choices, "resume": "1"}))
    assert "Le texte de la collègue\n\nMon texte à moi</textarea>" in resumed
    assert "Scénario enregistré" in text(client.post(editor, choices, follow=True))
    sketch.refresh_from_db()
    assert sketch.sections["steps"] == "Le texte de la collègue\n\nMon texte à moi"
    assert (sketch.title, sketch.levels) == ("Débattre autrement", ["018"])


@pytest.mark.parametrize(("choice", "kept"), [("theirs", "Le texte de la collègue"), ("mine", "Mon texte à moi")])
def test_one_of_two_texts_may_be_kept(
    sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object], choice: str, kept: str
) -> None:
    editor = address("edit_scenario", sketch)
    sign_in("enseignante.lyon").post(editor, {**typed, "steps": "Le texte de la collègue"})
    client = sign_in("referent.lyon")
    choices = sent_by(text(client.post(editor, {**typed, "steps": "Mon texte à moi"})))
    client.post(editor, {**choices, "keep-steps": [choice]})
    sketch.refresh_from_db()
    assert sketch.sections["steps"] == kept


def test_a_third_author_meanwhile_is_not_overwritten(
    sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object]
) -> None:
    editor = address("edit_scenario", sketch)
    sign_in("enseignante.lyon").post(editor, {**typed, "steps": "Deux"})
    choices = sent_by(text(sign_in("referent.lyon").post(editor, {**typed, "steps": "Un"})))
    again = {**typed, "revision": cast("int", typed["revision"]) + 1}
    sign_in("enseignante.lyon").post(editor, {**again, "steps": "Trois"})
    response = sign_in("referent.lyon").post(editor, choices)
    assert response.status_code == 409
    assert "Trois" in text(response) and "Deux\n\nUn" in text(response)


def test_a_page_older_than_what_is_kept_shows_both_texts(
    sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object]
) -> None:
    Scenario.objects.filter(pk=sketch.pk).update(revision=9, sections={"steps": "Neuf", "context": "Ici"})
    response = sign_in("referent.lyon").post(address("edit_scenario", sketch), {**typed, "steps": "Un"})
    assert response.status_code == 409
    assert {"steps", "context"} == set(re.findall(r'<h2 id="conflit-(\w+)">', text(response)))


def test_a_text_sent_once_submitted_can_be_copied(
    sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object]
) -> None:
    Scenario.objects.filter(pk=sketch.pk).update(state="submitted")
    response = sign_in("enseignante.lyon").post(address("edit_scenario", sketch), {**typed, "steps": "Trop tard"})
    assert response.status_code == 409
    assert "Trop tard" in text(response)
    assert "soumis à l'inspecteur" in text(response).replace("’", "'")
    assert "Enregistrer ces choix" not in text(response)


def seal_of(page: str) -> str:
    return page.split('name="seal" value="')[1].split('"')[0]


def test_a_text_sent_after_the_session_ended_comes_back(
    sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object]
) -> None:
    client = sign_in("enseignante.lyon")
    editor = address("edit_scenario", sketch)
    sealed = {**typed, "seal": seal_of(text(client.get(editor))), "steps": "Écrit pendant deux heures"}
    client.logout()
    away = client.post(editor, sealed)
    assert away.status_code == 302
    assert away["Location"].startswith("/connexion?next=")
    assert sign_in("enseignante.lyon").get(address("scenario", sketch)).status_code == 200
    page = text(client.get(editor))
    assert "Écrit pendant deux heures" in page
    assert "envoyé alors que votre session avait pris fin" in page
    sketch.refresh_from_db()
    assert "steps" not in sketch.sections
    client.post(editor, sealed)
    sketch.refresh_from_db()
    assert sketch.sections["steps"] == "Écrit pendant deux heures"
    assert "envoyé alors que votre session avait pris fin" not in text(client.get(editor))


def test_without_the_seal_of_an_author_nothing_is_kept(
    client: Any, sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object], scenario_named: Any
) -> None:
    editor = address("edit_scenario", sketch)
    author = sign_in("enseignante.lyon")
    seal = seal_of(text(author.get(editor)))
    author.logout()
    client.post(editor, {**typed, "steps": "Sans sceau"})
    client.post(editor, {**typed, "steps": "Faux", "seal": seal[:-1] + "x"})
    client.post(address("edit_scenario", scenario_named("Réviser")), {**typed, "steps": "Autre", "seal": seal})
    client.post(editor, {**typed, "steps": "x" * 400_001, "seal": seal})
    assert not client.session.keys()
    client.post(editor, {**typed, "steps": "Pour une autre", "seal": seal})
    assert "Pour une autre" not in text(sign_in("referent.lyon").get(editor))


def test_submitting_is_refused_with_the_articles_then_done(
    sign_in: Callable[[str], Any], sketch: Any, typed: dict[str, object]
) -> None:
    submit = address("move_scenario", sketch, "submit")
    assert sign_in("enseignante.lyon").post(submit).status_code == 403
    client = sign_in("referent.lyon")
    refused = client.post(submit, {"comment": "Voilà"})
    assert refused.status_code == 422
    assert "(article B.14)" in text(refused)
    rights = {"licence": "CC-BY", "terms_read": "on", "personal_data_checked": "on"}
    rights |= {"objectives": "Argumenter.", "steps": "1. Débattre.", "added_value": "Compter une requête."}
    client.post(address("edit_scenario", sketch), {**typed, **rights})
    page = text(client.post(submit, {"comment": "Voilà"}, follow=True))
    assert "Scénario soumis" in page
    assert "Voilà" in page
    back = text(client.post(address("move_scenario", sketch, "take_back"), follow=True))
    assert "Scénario repris" in back
    assert client.get(submit).status_code == 302


def test_the_verbs_of_the_inspector_are_not_here(sign_in: Callable[[str], Any], scenario_named: Any) -> None:
    waiting = scenario_named("Réviser")
    client = sign_in("inspecteur.lyon")
    assert reverse("review:scenario", args=[waiting.pk]) in text(client.get(address("scenario", waiting)))
    assert client.post(address("move_scenario", waiting, "validate")).status_code == 404


def test_a_test_in_class_is_noted(sign_in: Callable[[str], Any], sketch: Any) -> None:
    client = sign_in("enseignante.lyon")
    tests = address("add_test", sketch)
    today = timezone.localdate()
    good = {
        "on": f"{today - timedelta(days=1):%d/%m/%Y}",
        "level": "201",
        "academy": "09",
        "pupils": "28",
        "worked": "Le débat réglé.",
    }
    refused = client.post(tests, {**good, "on": f"{today + timedelta(days=2):%d/%m/%Y}"})
    assert refused.status_code == 422
    assert "n'est pas encore passé" in text(refused).replace("’", "'")
    assert client.post(tests, {**good, "pupils": "900"}).status_code == 422
    assert not ClassTest.objects.filter(scenario=sketch).exists()
    page = text(client.post(tests, good, follow=True))
    assert "académie de Lille" in page
    assert "Le débat réglé." in page


def test_what_was_published_is_linked_and_what_came_back_is_on_top(
    sign_in: Callable[[str], Any], scenario_named: Any
) -> None:
    page = text(sign_in("referent.lyon").get(address("scenario", scenario_named("Enquêter"))))
    assert "La version 1 est publiée" in page
    assert 'href="/notices/' in page
    returned = text(sign_in("referent2.lyon").get(address("scenario", scenario_named("La carte"))))
    assert returned.index("À reprendre") < returned.index("<h2>Le scénario")
    assert "Précisez la durée de chaque étape" in returned


def test_a_page_of_a_scenario_asks_little(
    sign_in: Callable[[str], Any], scenario_named: Any, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("referent.lyon")
    for page in ("scenario", "edit_scenario"):
        with django_assert_max_num_queries(26):
            client.get(address(page, scenario_named("Débattre")))
