"""The page where a production is read: remarks beside its parts, what changed since one read, the decision."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.people.models import Person
from traam.programme.productions import actions, kinds, queries
from traam.programme.productions.models import Bilan, Module, Reading, Review, Scenario, Support, Version

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]


def text(answer: Any) -> str:
    """What is read, with plain spaces."""
    return unescape(answer.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def submitted() -> Scenario:
    return Scenario.objects.get(state="submitted", group__application__academy="10")


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def page_of(scenario: Scenario) -> str:
    return f"/evaluation/scenarios/{scenario.pk}"


def second_version(scenario: Scenario) -> Scenario:
    """The inspector read the first one and sent it back; the authors changed one part of it."""
    at = timezone.localtime()
    back = actions.move(scenario, "send_back", comment="La durée ?", actor=person("inspecteur.lyon"), at=at)
    sections = {**back.sections, "steps": "Trois heures, en deux séances."}
    Scenario.objects.filter(pk=back.pk).update(sections=sections)
    return actions.submit(queries.scenario(back.pk), actor=person("referent.lyon"), at=at)


def test_a_remark_stays_beside_its_part(sign_in: SignIn) -> None:
    scenario = submitted()
    client = sign_in("inspecteur.lyon")
    sent = {"section": "steps", "text": "Est-ce tenable ?", "quote": "deux heures", "depuis": "0"}
    answer = client.post(f"{page_of(scenario)}/remarques", sent)
    assert answer.status_code == 302 and answer["Location"] == f"{page_of(scenario)}?depuis=0#partie-steps"
    page = text(client.get(page_of(scenario)))
    beside = page[page.index('id="partie-steps"') : page.index('id="partie-added_value"')]
    assert "Est-ce tenable ?" in beside and "deux heures" in beside and "Retirer" in beside
    assert Reading.objects.get(review=scenario.review, person=person("inspecteur.lyon")).version == 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"section": "steps", "text": " "}, "Votre remarque"),
        ({"section": "annexe", "text": "Où ?"}, "n'est pas dans le texte"),
        ({"section": "", "text": "x" * 4_001}, "4 000"),
    ],
)
def test_a_remark_that_says_nothing_is_refused_where_it_was_typed(
    sign_in: SignIn, sent: dict[str, str], sentence: str
) -> None:
    answer = sign_in("inspecteur.lyon").post(f"{page_of(submitted())}/remarques", sent)
    assert answer.status_code == 422 and sentence in text(answer)
    assert not submitted().review.remarks.exists()


@pytest.mark.parametrize("name", ["referent.lyon", "enseignante.lyon", "dan.lyon", "bureau", "inspecteur.lille"])
def test_who_does_not_read_makes_no_remark(sign_in: SignIn, name: str) -> None:
    answer = sign_in(name).post(f"{page_of(submitted())}/remarques", {"section": "", "text": "Non."})
    assert answer.status_code == 403
    assert not submitted().review.remarks.exists()
    if name != "inspecteur.lille":
        assert "Faire une remarque" not in text(sign_in(name).get(page_of(submitted())))


def test_a_reader_sees_first_what_changed_since_she_read(sign_in: SignIn) -> None:
    scenario = second_version(submitted())
    client = sign_in("inspecteur.lyon")
    page = text(client.get(page_of(scenario)))
    assert "Ce qui a changé depuis votre lecture (version 1)" in page
    assert "Trois heures" in page and 'id="partie-context"' not in page
    assert re.search("Sans changement, et non montré ici.{1,3}:.*Contexte", page)
    whole = text(client.get(f"{page_of(scenario)}?depuis=0"))
    assert 'id="partie-context"' in whole and "<ins>" not in whole and "la version 1" in whole
    first = text(sign_in("expert").get(page_of(scenario)))
    assert 'id="partie-context"' in first and "depuis votre lecture" not in first


def test_what_she_compares_with_stays_while_she_remarks(sign_in: SignIn) -> None:
    scenario = second_version(submitted())
    client = sign_in("inspecteur.lyon")
    page = text(client.get(page_of(scenario)))
    assert 'name="depuis" value="1"' in page
    sent = {"section": "steps", "text": "Merci.", "depuis": "1"}
    answer = client.post(f"{page_of(scenario)}/remarques", sent)
    after = text(client.get(answer["Location"].partition("#")[0]))
    assert "Ce qui a changé depuis la version 1" in after and "Merci." in after


def test_to_say_it_was_read(sign_in: SignIn) -> None:
    scenario = second_version(submitted())
    client = sign_in("inspecteur.lyon")
    assert "J’ai lu cette version" in text(client.get(page_of(scenario)))
    assert client.post(f"{page_of(scenario)}/lecture").status_code == 302
    page = text(client.get(page_of(scenario)))
    assert "Vous avez lu la version 2" in page and "J’ai lu cette version" not in page
    assert 'id="partie-context"' in page


@pytest.mark.parametrize("asked", ["9", "-1", "x", "99999999999", "2"])
def test_a_version_that_is_not_there_is_not_compared(sign_in: SignIn, asked: str) -> None:
    answer = sign_in("expert").get(page_of(second_version(submitted())), {"depuis": asked})
    assert answer.status_code == 200


def test_a_remark_is_closed_or_withdrawn_by_its_reader(sign_in: SignIn) -> None:
    scenario, at = submitted(), timezone.localtime()
    said = actions.remark(scenario, "steps", "", "La durée ?", actor=person("expert"), at=at)
    assert sign_in("referent.lyon").post(f"/evaluation/remarques/{said.pk}/cloture").status_code == 403
    assert sign_in("inspecteur.lyon").post(f"/evaluation/remarques/{said.pk}/retrait").status_code == 403
    assert sign_in("inspecteur.lyon").get(f"/evaluation/remarques/{said.pk}/cloture").status_code == 302
    said.refresh_from_db()
    assert said.closed_at is None, "a look closes nothing"
    assert sign_in("inspecteur.lyon").post(f"/evaluation/remarques/{said.pk}/cloture").status_code == 302
    said.refresh_from_db()
    assert said.closed_by == person("inspecteur.lyon")
    assert "1 remarque close" in text(sign_in("expert").get(page_of(scenario)))
    other = actions.remark(scenario, "steps", "", "Une erreur.", actor=person("expert"), at=at)
    assert sign_in("expert").post(f"/evaluation/remarques/{other.pk}/retrait").status_code == 302
    assert sign_in("expert").post(f"/evaluation/remarques/{other.pk}/retrait").status_code == 404


def test_the_authors_answer_point_by_point_then_submit(sign_in: SignIn) -> None:
    scenario, at = submitted(), timezone.localtime()
    inspector = person("inspecteur.lyon")
    said = actions.remark(scenario, "steps", "", "La durée ?", actor=inspector, at=at)
    actions.move(scenario, "send_back", actor=inspector, at=at)
    workshop = f"/atelier/scenarios/{scenario.pk}"
    page = text(sign_in("referent.lyon").get(workshop))
    assert "La durée ?" in page and "Répondez d'abord à chaque remarque" in page
    refused = sign_in("referent.lyon").post(f"{workshop}/etat/submit", {"comment": ""})
    assert refused.status_code == 422 and "« Déroulement »" in text(refused)
    assert sign_in("inspecteur.lyon").post(f"/atelier/remarques/{said.pk}/reponse", {"answer": "x"}).status_code == 403
    empty = sign_in("enseignante.lyon").post(f"/atelier/remarques/{said.pk}/reponse", {"answer": " "})
    assert empty.status_code == 422 and "La durée ?" in text(empty)
    answer = sign_in("enseignante.lyon").post(f"/atelier/remarques/{said.pk}/reponse", {"answer": "Deux heures."})
    assert answer["Location"] == f"{workshop}#remarques"
    assert sign_in("referent.lyon").post(f"{workshop}/etat/submit", {"comment": ""}).status_code == 302
    assert "Deux heures." in text(sign_in("inspecteur.lyon").get(page_of(scenario)))


def test_a_member_proposes_and_the_referent_reads_then_submits(sign_in: SignIn) -> None:
    scenario, at = submitted(), timezone.localtime()
    actions.move(scenario, "take_back", actor=person("referent.lyon"), at=at)
    workshop = f"/atelier/scenarios/{scenario.pk}"
    assert "Proposer au professeur référent" in text(sign_in("enseignante.lyon").get(workshop))
    assert "Proposer au professeur référent" not in text(sign_in("referent.lyon").get(workshop))
    assert sign_in("enseignante.lyon").post(f"{workshop}/etat/propose").status_code == 302
    assert "Relire, puis soumettre ou renvoyer" in text(sign_in("referent.lyon").get(workshop))
    page = text(sign_in("referent.lyon").get(page_of(scenario)))
    assert 'value="submit"' in page and 'value="send_back"' in page and "Faire une remarque" in page
    assert 'name="verb"' not in text(sign_in("inspecteur.lyon").get(page_of(scenario)))
    assert sign_in("referent.lyon").post(page_of(scenario), {"verb": "submit", "comment": ""}).status_code == 302
    assert Version.objects.filter(review=scenario.review).count() == 2


@pytest.mark.parametrize("model", [Module, Bilan, Support])
def test_every_kind_is_read_on_the_same_page(sign_in: SignIn, model: Any) -> None:
    group, at = submitted().group, timezone.localtime()
    themed = {"theme": group.application.theme} if model is Module else {"kind": "video"} if model is Support else {}
    titled = {} if model is Bilan else {"title": "Un titre", "summary": "Ce que contient ce texte."}
    review = Review.objects.create(opened_at=at)
    values = {"group": group, "created_by": person("referent.lyon"), "created_at": at, "changed_at": at}
    made = model.objects.create(review=review, state="submitted", version=1, **values, **themed, **titled)
    content = kinds.of(made).snapshot(kinds.of(made).find(made.pk))
    Version.objects.create(review=review, number=1, content=content, made_at=at, made_by=person("referent.lyon"))
    address = f"/evaluation/{model._meta.model_name}s/{made.pk}"
    page = text(sign_in("inspecteur.lyon").get(address))
    assert 'value="send_back"' in page and ("Ce que contient ce texte." in page or model is Bilan)
    assert sign_in("inspecteur.lille").get(address).status_code == 403
    assert sign_in("inspecteur.lyon").post(f"{address}/remarques", {"section": "", "text": "Bien."}).status_code == 302
    assert "Bien." in text(sign_in("inspecteur.lyon").get(address))
    mine = text(sign_in("referent.lyon").get(address.replace("/evaluation/", "/atelier/")))
    assert "Bien." in mine and "Enregistrer la réponse" in mine


def test_the_page_costs_the_same_whatever_was_said(sign_in: SignIn, django_assert_max_num_queries: Any) -> None:
    scenario, at = submitted(), timezone.localtime()
    for number in range(12):
        actions.remark(scenario, "steps", "", f"Remarque {number}", actor=person("expert"), at=at)
    client = sign_in("inspecteur.lyon")
    with django_assert_max_num_queries(26):
        client.get(page_of(scenario))
