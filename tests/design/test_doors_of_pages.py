"""`@reads` and `@writes`: who comes in, what is answered, and nothing written on the way."""

from threading import Thread
from typing import Any

import pytest
import trial_pages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client
from django.test.client import ClientHandler

from traam.design import handlers, pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]


class SignedIn(ClientHandler):
    """Django's test handler, with someone signed in whoever the model of accounts is."""

    def __init__(self, username: str) -> None:
        super().__init__(enforce_csrf_checks=False)
        model = get_user_model()
        self.person = model(**{model.USERNAME_FIELD: username})
        vars(self.person)["username"] = username

    def get_response(self, request: HttpRequest) -> Any:
        request._cached_user = self.person  # type: ignore[attr-defined]
        return super().get_response(request)


def _client(username: str) -> Client:
    client = Client(raise_request_exception=False)
    client.handler = SignedIn(username)
    return client


def test_the_object_and_the_time_reach_the_page() -> None:
    answer = _client("even").get("/chose/7")
    assert answer.status_code == 200
    assert answer.content.decode().startswith("7 20")


def test_a_refusal_says_why_and_by_which_clause() -> None:
    answer = _client("odd").get("/chose/7")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Réservé aux &lt;pairs&gt;." in page
    assert '<a href="/cahier-des-charges#art-3-2">L&#39;article 3.2</a>' in page


def test_what_does_not_exist_is_missing_before_it_is_refused() -> None:
    answer = _client("odd").get("/chose/8")
    assert answer.status_code == 404
    assert "La candidature 8 n&#39;existe pas." in answer.content.decode()


def test_a_passer_by_is_sent_to_sign_in_and_brought_back() -> None:
    answer = Client().get("/moi")
    assert answer.status_code == 302
    assert answer["Location"] == "/connexion?next=/moi"


def test_a_public_page_may_still_refuse_a_passer_by() -> None:
    assert Client().get("/reserve").status_code == 403


@pytest.mark.parametrize(
    ("address", "method", "allowed"), [("/style", "post", "GET, HEAD"), ("/agir/7", "put", "GET, HEAD, POST")]
)
def test_another_method_is_refused(address: str, method: str, allowed: str) -> None:
    answer = getattr(_client("even"), method)(address)
    assert answer.status_code == 405
    assert answer["Allow"] == allowed


@pytest.mark.parametrize("address", ["/sournois", "/sournois?late", "/agir/7?write"])
def test_a_get_that_writes_raises(address: str) -> None:
    client = _client("even")
    client.raise_request_exception = True
    with pytest.raises(pages.WroteOnRead, match="auth_group"):
        client.get(address)


def test_the_session_is_not_a_writing() -> None:
    assert Client().get("/sournois?session").status_code == 200
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO "a" VALUES (1)',
        "insert or ignore into a values (1)",
        "  UPDATE a SET b = 1",
        'DELETE FROM "a"',
        "TRUNCATE a",
        'WITH x AS (SELECT 1) UPDATE "a" SET b = 1',
    ],
)
def test_every_way_of_writing_is_seen(sql: str) -> None:
    with pytest.raises(pages.WroteOnRead):
        pages._Guard()(lambda *rest: None, sql, (), False, {})


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM a FOR UPDATE OF a",
        "WITH x AS (SELECT 1) SELECT * FROM a FOR UPDATE OF a",
        "SAVEPOINT x",
        'UPDATE "django_session" SET a = 1',
        "SELECT 'INSERT INTO a'",
    ],
)
def test_reading_is_left_alone(sql: str) -> None:
    assert pages._Guard()(lambda *rest: "done", sql, (), False, {}) == "done"


def test_a_post_writes_and_an_action_may_refuse() -> None:
    client = _client("even")
    assert client.post("/agir/7").content == b"done"
    assert Group.objects.filter(name="written").exists()
    refused = client.post("/agir/7", {"refuse": "1"})
    assert refused.status_code == 403
    assert "Trop tard\u00a0: l&#39;appel est clos." in refused.content.decode()


def test_the_policy_can_be_read_on_the_page() -> None:
    policy = trial_pages.act.policy  # type: ignore[attr-defined]
    assert (policy.writes, policy.public, policy.find) == (True, False, trial_pages._thing)
    assert trial_pages.style.policy.public  # type: ignore[attr-defined]


def test_failures_have_pages_of_their_own() -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    assert "Page introuvable" in client.get("/nulle-part").content.decode()
    broken = client.get("/panne")
    assert broken.status_code == 500
    assert "Une erreur est survenue de notre côté" in broken.content.decode()


def test_a_lost_form_says_the_text_is_kept(settings: Any) -> None:
    settings.CSRF_FAILURE_VIEW = "traam.design.handlers.csrf_failure"
    answer = Client(enforce_csrf_checks=True).post("/formulaire", {"title": "x"})
    assert answer.status_code == 403
    assert "Votre texte est toujours dans la page précédente" in answer.content.decode()


def test_the_page_of_a_failure_needs_no_navigation(settings: Any) -> None:
    settings.NAVIGATION = "trial_pages.does_not_exist"
    assert handlers.broken(HttpRequest()).status_code == 500


def test_a_page_that_reads_does_not_judge_what_another_thread_writes() -> None:
    """The browser tests lend one connection to several threads: one reads while another writes."""
    guard, said = pages._Guard(), []
    write = Thread(target=lambda: said.append(guard(lambda *rest: "done", "DELETE FROM a_table", (), False, {})))
    write.start()
    write.join()
    assert said == ["done"]
