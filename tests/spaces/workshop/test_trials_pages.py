"""Tests in class on the pages: who reads what was submitted, asks, promises, notes; the matrix of a theme."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.catalogue.models import Notice
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions.models import ClassTest, Promise, Review, Scenario, Version

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    said = str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")
    return said.replace("&#39;", "'").replace("’", "'")


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def debunk(scenario_named: Callable[[str], Any]) -> Any:
    """A published scenario of Lyon; Lille and Rennes work on its theme."""
    return scenario_named("Enquêter sur une image")


@pytest.fixture
def lille(debunk: Any) -> Any:
    return Group.objects.get(application__theme=debunk.group.application.theme, application__academy="09")


def page(name: str, *arguments: object) -> str:
    return reverse(f"workshop:{name}", args=arguments)


NOTED = {"level": "201", "pupils": 24, "worked": "Le débat a pris.", "resisted": "", "advice": ""}


def noted(**more: object) -> dict[str, object]:
    return {**NOTED, "on": f"{today():%d/%m/%Y}", **more}


def test_another_group_reads_the_version_submitted(sign_in: Callable[[str], Any], debunk: Any) -> None:
    Scenario.objects.filter(pk=debunk.pk).update(title="Un titre en cours d'écriture")
    said = text(sign_in("referent.lille").get(page("scenario", debunk.pk)))
    assert "Enquêter sur une image" in said and "en cours d'écriture" not in said
    assert "Relecture" not in said, "the exchanges of the review are the authors'"
    for form in ("edit_scenario",):
        assert sign_in("referent.lille").get(page(form, debunk.pk)).status_code == 403
    assert sign_in("referent.lille").get(reverse("review:scenario", args=[debunk.pk])).status_code == 403


def test_another_theme_reads_nothing(sign_in: Callable[[str], Any], debunk: Any) -> None:
    theme = debunk.group.application.theme_id
    client = sign_in("referent1.lille")
    assert client.get(page("scenario", debunk.pk)).status_code == 403
    assert client.get(page("add_test", debunk.pk)).status_code == 403
    assert client.get(page("ask_test", debunk.pk)).status_code == 403
    assert client.get(page("theme_trials", theme)).status_code == 403
    stranger = Group.objects.exclude(application__theme=theme).filter(application__academy="09")[0]
    assert client.get(page("promise_test", debunk.pk, stranger.pk)).status_code == 404


@pytest.mark.parametrize(
    ("who", "asks", "follows"),
    [
        ("referent.lyon", 200, 200),
        ("enseignante.lyon", 403, 200),
        ("referent.lille", 403, 200),
        ("expert", 200, 200),
        ("bureau", 200, 200),
        ("inspection.generale", 403, 200),
        ("inspecteur.lyon", 403, 200),
        ("dan.lyon", 403, 200),
        ("dan.lille", 403, 200),
    ],
)
def test_who_asks_and_who_follows(
    sign_in: Callable[[str], Any], debunk: Any, who: str, asks: int, follows: int
) -> None:
    client = sign_in(who)
    assert client.get(page("ask_test", debunk.pk)).status_code == asks
    assert client.get(page("theme_trials", debunk.group.application.theme_id)).status_code == follows


def test_asked_promised_postponed_held(sign_in: Callable[[str], Any], debunk: Any, lille: Any) -> None:
    said = text(sign_in("referent.lyon").get(page("ask_test", debunk.pk)))
    assert "Lille (" in said
    asked = sign_in("referent.lyon").post(
        page("ask_test", debunk.pk), {"group": lille.pk, "message": "Avant Noël."}, follow=True
    )
    assert "Test demandé" in text(asked) and "Avant Noël." in text(asked)
    promise = Promise.objects.get()
    client = sign_in("referent.lille")
    assert f"Promettre ou décliner un test : {debunk.title}" in text(client.get("/tableau-de-bord"))
    address = page("promise_test", debunk.pk, lille.pk)
    when = today() + timedelta(days=5)
    person = Person.objects.get(email=f"referent.lille@{DOMAIN}")
    typed = {"person": person.pk, "level": "201", "planned_on": f"{when:%d/%m/%Y}", "answer": ""}
    refused = client.post(address, {**typed, "planned_on": "01/01/2020"})
    assert refused.status_code == 422 and "est passé" in text(refused)
    assert "Test promis" in text(client.post(address, typed, follow=True))
    assert client.get(address).status_code == 403, "it is promised already"
    later = {"level": "201", "planned_on": f"{when + timedelta(days=9):%d/%m/%Y}"}
    assert "Test reporté" in text(client.post(page("answer_test", promise.pk, "postpone"), later, follow=True))
    Promise.objects.update(planned_on=today() - timedelta(days=1))
    assert f"Noter le test promis : {debunk.title}" in text(client.get("/tableau-de-bord"))
    done = text(client.post(page("add_test", debunk.pk), noted(), follow=True))
    assert "Test en classe enregistré" in done and "Testé dans 2 académies" in done
    promise.refresh_from_db()
    assert promise.state == "kept"
    assert Notice.objects.get(source_key=f"scenario:{debunk.pk}").tested_by == ["09", "10"], "the public page follows"


def test_a_request_is_declined_with_a_reason(sign_in: Callable[[str], Any], debunk: Any, lille: Any) -> None:
    at = timezone.now()
    promise = Promise.objects.create(scenario=debunk, group=lille, asked_at=at, changed_at=at)
    address = page("answer_test", promise.pk, "decline")
    assert sign_in("referent.lyon").get(address).status_code == 403
    client = sign_in("referent.lille")
    assert client.post(address, {"reason": " "}).status_code == 422
    assert "Demande déclinée" in text(client.post(address, {"reason": "Pas de terminale."}, follow=True))
    assert "Pas de terminale." in text(sign_in("referent.lyon").get(page("scenario", debunk.pk)))
    assert "Lille (a décliné)" in text(sign_in("referent.lyon").get(page("ask_test", debunk.pk)))
    assert client.get(page("answer_test", promise.pk, "keep")).status_code == 404
    assert client.get(page("answer_test", promise.pk, "nonsense")).status_code == 404


def test_a_test_is_corrected_and_withdrawn(sign_in: Callable[[str], Any], debunk: Any) -> None:
    client = sign_in("referent.lille")
    client.post(page("add_test", debunk.pk), noted())
    test = ClassTest.objects.get(scenario=debunk, academy="09")
    for name in ("correct_test", "withdraw_test"):
        assert sign_in("referent.lyon").get(page(name, test.pk)).status_code == 403
    client = sign_in("referent.lille")
    assert "Test corrigé" in text(client.post(page("correct_test", test.pk), noted(pupils=12), follow=True))
    assert client.post(page("withdraw_test", test.pk), {"reason": ""}).status_code == 422
    assert "Test retiré" in text(client.post(page("withdraw_test", test.pk), {"reason": "Doublon."}, follow=True))
    assert not ClassTest.objects.filter(scenario=debunk, academy="09").exists()
    assert client.get(page("correct_test", test.pk)).status_code == 404


def test_a_bad_test_says_why_and_writes_nothing(sign_in: Callable[[str], Any], debunk: Any) -> None:
    before = ClassTest.objects.count()
    answer = sign_in("referent.lille").post(page("add_test", debunk.pk), noted(worked="", pupils=0))
    assert answer.status_code == 422 and "de 1 à 500" in text(answer)
    assert ClassTest.objects.count() == before


def test_the_version_tried_is_asked_when_there_are_several(sign_in: Callable[[str], Any], debunk: Any) -> None:
    Scenario.objects.filter(pk=debunk.pk).update(version=2)
    content = Version.objects.get(review=debunk.review, number=1).content
    author = Person.objects.get(email=f"referent.lyon@{DOMAIN}")
    Version.objects.create(review=debunk.review, number=2, content=content, made_at=timezone.now(), made_by=author)
    client = sign_in("referent.lille")
    assert "Version 2 (la dernière soumise)" in text(client.get(page("add_test", debunk.pk)))
    client.post(page("add_test", debunk.pk), noted(version=1))
    assert ClassTest.objects.get(scenario=debunk, academy="09").version == 1


def test_the_matrix_says_what_is_tested_promised_and_missing(
    sign_in: Callable[[str], Any], debunk: Any, lille: Any
) -> None:
    at, theme = timezone.now(), debunk.group.application.theme
    said = text(sign_in("referent.lille").get(page("theme_trials", theme.pk)))
    assert said.index("Sans test") and "Promettre" in said and "manque" in said
    Promise.objects.create(
        scenario=debunk, group=lille, state="promised", planned_on=today(), asked_at=at, changed_at=at
    )
    said = text(sign_in("referent.lille").get(page("theme_trials", theme.pk)))
    assert "promis" in said and "Noter un test" in said
    expert = text(sign_in("expert").get(page("theme_trials", theme.pk)))
    assert f"{page('ask_test', debunk.pk)}?groupe=" in expert
    dan = text(sign_in("dan.lyon").get(page("theme_trials", theme.pk)))
    assert "Demander" not in dan and "Promettre" not in dan
    only = text(sign_in("expert").get(page("theme_trials", theme.pk) + "?etat=promis"))
    assert debunk.title in only and "1 scénario" in only


def test_the_least_tested_come_first(sign_in: Callable[[str], Any], debunk: Any) -> None:
    other = many(debunk, 1)[0]
    said = text(sign_in("expert").get(page("theme_trials", debunk.group.application.theme_id)))
    assert said.index(other.title) < said.index(debunk.title)


def many(model: Any, n: int) -> list[Any]:
    """More scenarios of the same group, submitted once."""
    made = []
    for rank in range(n):
        review = Review.objects.create(opened_at=model.created_at)
        scenario = Scenario.objects.get(pk=model.pk)
        scenario.pk, scenario.review, scenario.title = None, review, f"Copie {rank}"
        scenario._state.adding = True
        scenario.save()
        made.append(scenario)
    return made


@pytest.mark.parametrize("name", ["theme_trials", "scenario", "ask_test"])
def test_two_hundred_scenarios_ask_no_more(sign_in: Callable[[str], Any], debunk: Any, lille: Any, name: str) -> None:
    client, at = sign_in("expert"), timezone.now()
    address = page(name, debunk.group.application.theme_id if name == "theme_trials" else debunk.pk)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = asked()
    for rank, scenario in enumerate(many(debunk, 200)):
        when = {"asked_at": at, "changed_at": at}
        if rank % 3:
            Promise.objects.create(scenario=scenario, group=lille, state="promised", planned_on=today(), **when)
        else:
            test = debunk.tests.all()[0]
            test.pk, test.scenario, test.academy, test.promise = None, scenario, "09", None
            test.save(force_insert=True)
    assert asked() == few
    assert few <= 26


def test_the_themes_of_a_reviewer_and_those_of_a_campaign(sign_in: Callable[[str], Any], debunk: Any) -> None:
    theme = debunk.group.application.theme
    said = text(sign_in("expert").get(reverse("review:trials")))
    assert theme.title in said and page("theme_trials", theme.pk) in said
    assert sign_in("enseignante.lyon").get(reverse("review:trials")).status_code == 403
    totals = reverse("steering:trials", args=[theme.campaign_id])
    assert theme.title in text(sign_in("bureau").get(totals))
    assert sign_in("expert").get(totals).status_code == 403


def test_the_second_year_finds_and_tries_what_the_first_wrote(sign_in: Callable[[str], Any], debunk: Any) -> None:
    first = debunk.group.application.theme
    later = Group.objects.exclude(application__theme=first).filter(application__academy="09")[0].application.theme
    later.continues = first
    later.save()
    client = sign_in("referent1.lille")
    assert page("theme_trials", first.pk) in text(client.get(page("theme_trials", later.pk)))
    matrix = text(client.get(page("theme_trials", first.pk)))
    assert debunk.title in matrix and "Promettre" in matrix
    assert client.get(page("scenario", debunk.pk)).status_code == 200
    assert "Test en classe enregistré" in text(client.post(page("add_test", debunk.pk), noted(), follow=True))
    assert ClassTest.objects.get(scenario=debunk, academy="09").group.application.theme == later
