"""Coming in by ProConnect: the key is `sub`, and an address alone opens nothing."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from test_desk_second_factor import BUREAU, DAN, enter, inside, someone, told, with_app

from traam.demo.build import DOMAIN
from traam.demo.proconnect import CLIENT, SECRET, Agent, Issuer, server
from traam.programme.journal.models import Entry
from traam.programme.letters.actions import invite
from traam.programme.people.actions import know
from traam.programme.people.models import Person, SignIn
from traam.spaces.desk import proconnect

pytestmark = pytest.mark.django_db
BACK = "/connexion/proconnect/retour"


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    issuer = Issuer(
        {"a": Agent("sub-1", DAN, "Camille", "Agente")}, {f"http://testserver{BACK}"}, {"http://testserver/"}
    )
    made = server(issuer)
    Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield issuer
    made.shutdown()


@pytest.fixture
def issuer(running: Issuer, settings: Any) -> Iterator[Issuer]:
    settings.PROCONNECT = {"issuer": running.address, "client_id": CLIENT, "client_secret": SECRET, "acr": "eidas1"}
    agent = running.agents["a"]
    yield running
    running.agents["a"], running.spoiled = agent, ""
    proconnect._known.cache_clear()


def change(issuer: Issuer, **more: Any) -> None:
    issuer.agents["a"] = replace(issuer.agents["a"], **more)


def identify(client: Any, issuer: Issuer, after: str = "") -> Any:
    """Leave, say who one is, come back: the answer of our page."""
    from urllib.parse import parse_qs, urlsplit

    left = client.get("/connexion/proconnect", {"next": after} if after else {})
    assert left.url.startswith(issuer.address)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(left.url).query).items()}
    assert issuer.faults(asked) == []
    code = issuer.code_for(asked, issuer.agents["a"])
    return client.get(BACK, {"code": code, "state": asked["state"], "iss": issuer.address})


def at() -> Any:
    from django.utils import timezone

    return timezone.localtime()


def test_the_button_is_there_when_the_site_is_declared(client: Any, issuer: Issuer, settings: Any) -> None:
    page = client.get("/connexion").content.decode()
    assert "S’identifier avec ProConnect" in page and "service d’essai qui imite ProConnect" in page
    settings.PROCONNECT = {**settings.PROCONNECT, "issuer": "https://proconnect.exemple.fr"}
    page = client.get("/connexion").content.decode()
    assert "S’identifier avec ProConnect" in page and "service d’essai" not in page
    settings.PROCONNECT = {**settings.PROCONNECT, "issuer": ""}
    assert "ProConnect" not in client.get("/connexion").content.decode()
    assert client.get("/connexion/proconnect").status_code == 404


def test_the_address_of_an_open_account_does_not_open_it(client: Any, issuer: Issuer) -> None:
    answer = identify(client, issuer)
    assert answer.url == "/connexion/proconnect/inconnu" and not inside(client)
    assert "Aucun compte n’est encore relié" in client.get(answer.url).content.decode()
    assert not SocialAccount.objects.exists()


def test_the_account_proved_by_its_owner_is_tied_then_opened_by_sub(client: Any, issuer: Issuer) -> None:
    identify(client, issuer)
    entered = enter(client, next="/mon-compte/proconnect")
    asked = client.get(entered.url).content.decode()
    assert "Relier mon compte à ProConnect" in asked and DAN in asked
    assert client.post(entered.url).url == "/mon-compte"
    assert SocialAccount.objects.get().uid == "sub-1"
    assert any("ProConnect" in body for body in told(someone()))
    assert Entry.objects.filter(verb="link_identity").count() == 1
    ended = client.post("/deconnexion")
    assert ended.url.startswith(f"{issuer.address}/session/end?id_token_hint=")

    change(issuer, email="une.autre@example.org")  # her address changed: she is still herself
    opened = identify(client, issuer, "/academie/")
    assert opened.url == "/academie/" and inside(client)
    assert SignIn.objects.filter(person=someone(), means="proconnect").exists()
    assert client.post("/mon-compte/proconnect/detacher").url == "/mon-compte"
    assert not SocialAccount.objects.exists()


def test_who_takes_over_an_address_does_not_take_over_the_account(client: Any, issuer: Issuer) -> None:
    SocialAccount.objects.create(user=someone(), provider="proconnect", uid="sub-1")
    change(issuer, sub="sub-2")
    assert identify(client, issuer).url == "/connexion/proconnect/inconnu"
    assert not inside(client)


@pytest.mark.parametrize(
    ("verified", "invited", "opens"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_an_invitation_is_accepted_at_its_verified_address(
    client: Any, issuer: Issuer, verified: bool, invited: bool, opens: bool
) -> None:
    email, bureau = f"Nouvelle@{DOMAIN}", someone(BUREAU)
    if invited:
        invite(email, "Nouvelle", "expert", actor=bureau, at=at())
    else:
        know(email, "Nouvelle", actor=bureau, at=at())
    change(issuer, sub="sub-9", email=email.lower(), verified=verified)
    answer = identify(client, issuer)
    assert inside(client) is opens
    assert answer.url == ("/tableau-de-bord" if opens else "/connexion/proconnect/inconnu")
    assert Person.objects.get(email=email).is_open is opens


def test_a_second_factor_is_still_asked_unless_given_there(client: Any, issuer: Issuer) -> None:
    with_app()
    SocialAccount.objects.create(user=someone(), provider="proconnect", uid="sub-1")
    assert identify(client, issuer).url == "/connexion/second-facteur" and not inside(client)
    change(issuer, amr=("pwd", "mfa"))
    assert identify(client, issuer).url == "/tableau-de-bord" and inside(client)


@pytest.mark.parametrize("lie", ["signature", "nonce", "sub", "bare userinfo"])
def test_a_lie_opens_nothing_and_says_what_to_do(client: Any, issuer: Issuer, lie: str) -> None:
    SocialAccount.objects.create(user=someone(), provider="proconnect", uid="sub-1")
    issuer.spoiled = lie
    answer = identify(client, issuer)
    assert answer.url == "/connexion" and not inside(client)
    page = client.get("/connexion").content.decode()
    assert "pas confirmé qui vous êtes" in page or "attendait" in page


def test_an_answer_played_again_opens_nothing(client: Any, issuer: Issuer) -> None:
    from django.test import Client

    SocialAccount.objects.create(user=someone(), provider="proconnect", uid="sub-1")
    thief = Client()
    thief.get("/connexion/proconnect")
    identify(client, issuer)
    state = thief.session["proconnect.journey"]["state"]
    assert thief.get(BACK, {"code": "x", "state": state}).url == "/connexion"
    assert thief.get(BACK, {"code": "x", "state": state}).url == "/connexion", "the journey is over"
    assert not inside(thief)


def test_a_closed_account_stays_closed(client: Any, issuer: Issuer) -> None:
    SocialAccount.objects.create(user=someone(), provider="proconnect", uid="sub-1")
    Person.objects.filter(email=DAN).update(is_active=False)
    assert identify(client, issuer).url == "/connexion"
    assert not inside(client)


def test_the_only_means_is_not_taken_away(client: Any, issuer: Issuer) -> None:
    person = someone()
    SocialAccount.objects.create(user=person, provider="proconnect", uid="sub-1")
    person.set_unusable_password()
    person.save()
    identify(client, issuer)
    answer = client.post("/mon-compte/proconnect/detacher", follow=True).content.decode()
    assert "votre seul moyen de connexion" in answer
    assert SocialAccount.objects.exists()


def test_when_it_is_silent_the_page_says_so(client: Any, settings: Any) -> None:
    settings.PROCONNECT = {"issuer": "http://127.0.0.1:9/api", "client_id": "x", "client_secret": "x", "acr": "eidas1"}
    assert client.get("/connexion/proconnect").url == "/connexion"
    assert "ne répond pas" in client.get("/connexion").content.decode()
