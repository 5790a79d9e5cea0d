"""A long form kept as it is typed: what is received, what is refused, what is found again."""

import re
from datetime import UTC, datetime
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
import trial_pages
from django.contrib.auth import get_user_model
from django.http import QueryDict
from django.test import Client, RequestFactory

from traam.design import typed

pytestmark = pytest.mark.django_db
PLACE = "trial:1"


@pytest.fixture
def client(trial: Any) -> Any:
    """Somebody signed in, for whom nothing is kept yet."""
    trial_pages.TYPINGS.clear()
    person = get_user_model().objects.create(email="essai@exemple.invalid", name="Essai", created_at=datetime.now(UTC))
    browser = Client()
    browser.force_login(person)
    return browser


def _send(client: Any, **fields: Any) -> Any:
    return client.post("/saisies", {"typing-place": PLACE, **fields})


def test_what_is_typed_is_kept_without_what_must_not_be(client: Any) -> None:
    answer = _send(client, title="Robots", tools=["ent", "tab"], seal="x", csrfmiddlewaretoken="y")
    assert re.fullmatch(r"\d{1,2}\u00a0h\u00a0\d\d", answer.json()["time"])
    assert trial_pages.TYPINGS[PLACE].fields == {"title": ["Robots"], "tools": ["ent", "tab"]}


def test_what_cannot_be_kept_says_why(client: Any) -> None:
    assert _send(client, title="refusé").json() == {"reason": "trop long."}
    long = _send(client, title="x" * typed.LARGEST)
    assert (long.status_code, long.json()["reason"]) == (413, typed.TOO_LONG)
    assert client.post("/saisies", {"title": "Robots"}).status_code == 400
    assert client.post("/saisies", {"typing-place": "x" * 101}).status_code == 400
    assert client.get("/saisies").status_code == 405
    assert trial_pages.TYPINGS == {}


def test_nobody_keeps_anything_without_signing_in(trial: Any) -> None:
    trial_pages.TYPINGS.clear()
    assert _send(Client(), title="Robots").status_code == 302
    assert trial_pages.TYPINGS == {}


def test_the_text_comes_back_without_being_judged(client: Any) -> None:
    _send(client, title="Robots", meeting="31/02", level="l", tools=["tab"], summary="Une\nligne")
    answer = client.get("/longue")
    page = unescape(answer.content.decode())
    assert answer.status_code == 200 and "est obligatoire" not in page and "n'est pas une date" not in page
    assert "Texte retrouvé, tapé le" in page and "Repartir de ce qui est enregistré" in page
    assert 'value="Robots"' in page and 'value="31/02"' in page and "Une\nligne</textarea>" in page
    assert re.search(r'value="l"[^>]* checked', page) and re.search(r'value="tab"[^>]* checked', page)
    assert not re.search(r'name="agreed"[^>]* checked', page), "a box that was unticked stays so"


def test_starting_again_forgets_the_text_and_leads_back(client: Any) -> None:
    _send(client, title="Robots")
    answer = _send(client, **{"typing-drop": "1", "typing-next": "/longue?etape=2"})
    assert (answer.status_code, answer.url) == (302, "/longue?etape=2")
    page = client.get("/longue").content.decode()
    assert 'value="Enregistr' in page and "Texte retrouvé" not in page


def test_starting_again_leads_nowhere_else(client: Any) -> None:
    answer = _send(client, **{"typing-drop": "1", "typing-next": "https://exemple.invalid/piege"})
    assert answer.url == "/tableau-de-bord"


def test_the_text_sent_after_the_session_ended_comes_first_and_can_be_forgotten(client: Any) -> None:
    _send(client, title="Tapé avant")
    page = client.get("/longue").content.decode()
    sealed = re.search(r'name="seal" value="([^"]+)"', page)
    assert sealed
    person = get_user_model().objects.get(email="essai@exemple.invalid")
    client.logout()
    assert client.post("/longue", {"title": "Envoyé après", "seal": unescape(sealed[1])}).status_code == 302
    client.force_login(person)
    page = client.get("/longue").content.decode()
    assert "Envoyé après" in page and "votre session avait pris fin" in page and "Tapé avant" not in page
    _send(client, **{"typing-drop": "1", "typing-next": "/longue"})
    assert "Texte retrouvé" not in client.get("/longue").content.decode()


def test_nothing_is_found_again_while_the_form_is_sent() -> None:
    request = RequestFactory().post("/longue")
    assert typed.again(request, SimpleNamespace(fields={"title": ["x"]}, typed_at=datetime.now(UTC))) is None


def test_passwords_and_files_are_never_filled() -> None:
    form = trial_pages.Long()
    typed.Again(QueryDict("secret=azerty&title=x&file=y")).fill(form)
    assert form.initial == {"title": "x", "tools": [], "agreed": False}
