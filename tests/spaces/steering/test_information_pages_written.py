"""The national team writes, previews, publishes and withdraws the pages of information; nobody else does."""

from typing import Any

import pytest
from django.urls import reverse

from traam.programme.catalogue.information import queries
from traam.programme.catalogue.information.models import InformationPage, InformationRevision

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Une page",
    "slug": "une-page",
    "description": "Deux phrases.",
    "areas": ["1"],
    "text": "## Un titre\n\nBonjour.",
    "licence": "CC BY-SA 4.0",
}


def called(name: str, *args: object) -> str:
    return reverse(f"steering:{name}", args=args)


@pytest.fixture
def bureau(sign_in: Any) -> Any:
    client = sign_in("bureau")
    assert client.post(called("new_information"), TYPED).status_code == 302
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "'"))


def test_a_page_is_written_seen_and_published(bureau: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(10):
        preview = text(bureau.get(called("information", "une-page")))
    assert "<h2>Un titre</h2>" in preview
    assert bureau.get("/informations/une-page").status_code == 404
    bureau.post(called("publish_information", "une-page"))
    assert "<h2>Un titre</h2>" in text(bureau.get("/informations/une-page"))
    assert "Cette version est déjà en ligne." in text(bureau.get(called("information", "une-page")))
    assert "Une page" in text(bureau.get(called("informations")))


def test_a_stale_form_shows_both_texts(bureau: Any) -> None:
    edit = called("edit_information", "une-page")
    bureau.post(edit, {**TYPED, "revision": 1, "text": "Le leur."})
    answer = bureau.post(edit, {**TYPED, "revision": 1, "text": "Le mien."})
    assert answer.status_code == 422
    assert "Le leur." in text(answer)
    assert "Le mien." in text(answer)
    assert 'name="revision" value="2"' in text(answer)
    assert queries.written("une-page").last.content.text == "Le leur."
    assert bureau.post(edit, {**TYPED, "revision": 2, "text": "Les deux."}).status_code == 302
    assert queries.written("une-page").last.content.text == "Les deux."


def test_an_old_version_is_shown_and_taken_again(bureau: Any) -> None:
    bureau.post(called("edit_information", "une-page"), {**TYPED, "revision": 1, "text": "Nouveau."})
    assert "Bonjour." in text(bureau.get(called("information", "une-page") + "?version=1"))
    assert "Bonjour." in text(bureau.get(called("edit_information", "une-page") + "?version=1"))
    assert "Bonjour." not in text(bureau.get(called("edit_information", "une-page")))
    for wrong in ("9", "x", "²", "-1"):
        assert bureau.get(called("information", "une-page") + f"?version={wrong}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "« Titre » est obligatoire"),
        ({"slug": "une-page"}, "Une autre page a déjà cette adresse"),
        ({"slug": "Une Page"}, "L'adresse s'écrit avec des minuscules"),
        ({"slug": "nouvelle"}, "L'adresse s'écrit avec des minuscules"),
        ({"video": "tube/12"}, "n'est pas une adresse complète"),
        ({"captions": "Bonjour"}, "leur première ligne est WEBVTT"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(bureau: Any, changes: dict[str, str], sentence: str) -> None:
    before = InformationRevision.objects.count()
    answer = bureau.post(called("new_information"), {**TYPED, "slug": "autre", **changes})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert InformationRevision.objects.count() == before


def test_a_page_is_withdrawn_with_its_reason(bureau: Any) -> None:
    assert bureau.get(called("withdraw_information", "une-page")).status_code == 403
    bureau.post(called("publish_information", "une-page"))
    assert bureau.post(called("withdraw_information", "une-page"), {"reason": " "}).status_code == 422
    bureau.post(called("withdraw_information", "une-page"), {"reason": "Elle est fausse."})
    assert InformationPage.objects.get(slug="une-page").state == "withdrawn"
    assert "Elle est fausse." in text(bureau.get(called("information", "une-page")))


def test_nobody_else_writes_a_page(bureau: Any, sign_in: Any) -> None:
    client = sign_in("dan.lyon")
    for address in (
        called("informations"),
        called("new_information"),
        *(called(name, "une-page") for name in ("information", "edit_information", "publish_information")),
    ):
        for answer in (client.get(address), client.post(address, TYPED)):
            assert answer.status_code in {403, 405}, address
    assert InformationPage.objects.get(slug="une-page").last == 1
