"""« Mes courriels », and the address that stops the digest without an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.journal.models import Entry
from traam.programme.letters import actions, digests
from traam.programme.letters.models import Habit, Item, Letter
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db
ADDRESS = "/mes-courriels"


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    Item.objects.all().delete()


def dan() -> Person:
    return Person.objects.get(email=f"dan.lyon@{DOMAIN}")


def text(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).replace("\u00a0", " ").replace("&#39;", "'").split())


def tell(key: str = "une", to: Person | None = None) -> None:
    actions.tell(key, to=to or dan(), text=f"Relire {key}", label="Lire", address="/x", at=timezone.localtime())


@pytest.fixture
def token() -> str:
    digests.make_habits([dan().pk], timezone.now())
    return Habit.objects.get(person=dan()).token


def test_each_chooses_her_own_rhythm(sign_in: Any) -> None:
    client = sign_in("dan.lyon")
    assert re.search(r'<input[^>]*value="daily"[^>]*checked', text(client.get(ADDRESS)))
    answer = client.post(ADDRESS, {"period": "weekly"}, follow=True)
    assert "un récapitulatif le lundi" in text(answer)
    assert list(Habit.objects.values_list("person", "period")) == [(dan().pk, "weekly")]
    assert Entry.objects.filter(verb="choose_habit", actor_id=dan().pk).count() == 1


def test_a_rhythm_that_is_not_in_the_list_is_refused(sign_in: Any) -> None:
    answer = sign_in("dan.lyon").post(ADDRESS, {"period": "hourly"})
    assert answer.status_code == 422
    assert not Habit.objects.exists()


def test_what_is_next_and_what_left_are_hers(sign_in: Any) -> None:
    tell("son dossier")
    tell("autre chose", to=Person.objects.get(email=f"expert@{DOMAIN}"))
    page = text(sign_in("dan.lyon").get(ADDRESS))
    assert "Relire son dossier" in page and "Relire autre chose" not in page
    Letter.objects.filter(to=dan()).delete()
    assert "ne vous a encore rien écrit" in text(sign_in("dan.lyon").get(ADDRESS))
    actions.write("a", to=dan(), subject="Un objet", body="Secret : /invitation/x", at=timezone.now())
    page = text(sign_in("dan.lyon").get(ADDRESS))
    assert "Un objet" in page and "va partir" in page
    assert "Secret" not in page, "a letter may hold an address that opens an account"


def test_the_page_asks_for_an_account(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 302


def test_many_letters_cost_no_more(sign_in: Any, django_assert_max_num_queries: Any) -> None:
    client, now = sign_in("dan.lyon"), timezone.now()
    Letter.objects.bulk_create(
        Letter(key=f"l{n}", to=dan(), subject=f"Lettre {n}", body="x", written_at=now, next_attempt_at=now)
        for n in range(200)
    )
    with django_assert_max_num_queries(12):
        page = client.get(ADDRESS)
    assert "1–25 sur" in text(page)
    assert len(page.content) < 120_000


def test_opening_the_address_asks_and_writes_nothing(client: Client, token: str) -> None:
    page = client.get(reverse("desk:stop_letters", args=[token]))
    assert page.status_code == 200
    assert "Ne plus le recevoir" in text(page) and "da…@" in text(page) and dan().email not in text(page)
    assert page["X-Robots-Tag"] == "noindex" and "no-store" in page["Cache-Control"]
    assert Habit.objects.get().period == "daily"


def test_a_mail_reader_stops_it_in_one_click_without_cookie_nor_page(token: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("desk:stop_letters", args=[token]), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200, "no redirection: mail readers follow none"
    assert "C’est arrêté" in text(answer)
    assert Habit.objects.get().period == "never"
    assert Entry.objects.get(verb="choose_habit").actor_label == "La plateforme"
    assert strict.post(reverse("desk:stop_letters", args=[token])).status_code == 200, "twice is once"
    assert Entry.objects.filter(verb="choose_habit").count() == 1


def test_the_secret_of_one_page_opens_no_other(token: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(dan())
    assert strict.post(ADDRESS, {"period": "never"}).status_code == 403
    assert strict.post(reverse("desk:stop_letters", args=[token[:-2]])).status_code == 404
    assert Habit.objects.get().period == "daily"


def test_stopped_means_nothing_leaves(client: Client, token: str) -> None:
    tell()
    client.post(reverse("desk:stop_letters", args=[token]))
    assert digests.compose(at=timezone.localtime() + timedelta(days=9)) == 0
    assert Item.objects.get().letter is None
