"""Our client of ProConnect before a strict one: it believes nothing that is not signed for it, for this journey."""

import time
from collections.abc import Iterator
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from traam.demo.proconnect import CLIENT, SECRET, Agent, Issuer, server
from traam.gateways.fetching.partner import ask_partner
from traam.gateways.identity import Journey, NotVouched, ProConnect, Site

CALLBACK, HOME = "https://traam.test/connexion/proconnect/retour", "https://traam.test/"


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    agents = {
        "a": Agent("u-1", "agente@ac-lyon.fr", "Camille", "Agente"),
        "m": Agent("u-2", "", "M", "F", amr=("mfa",)),
    }
    issuer = Issuer(agents, {CALLBACK}, {HOME})
    made = server(issuer)
    Thread(target=made.serve_forever, daemon=True).start()
    yield issuer
    made.shutdown()


@pytest.fixture
def issuer(running: Issuer) -> Iterator[Issuer]:
    yield running
    running.spoiled, running.now = "", time.time


@pytest.fixture
def client(issuer: Issuer) -> ProConnect:
    return ProConnect(Site(issuer.address, CLIENT, SECRET))


def sent(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def come_back(issuer: Issuer, address: str, who: str = "a") -> dict[str, str]:
    """What the browser brings back, once the person said who she is."""
    asked = sent(address)
    assert issuer.faults(asked) == [], "the true one would refuse us"
    return {"code": issuer.code_for(asked, issuer.agents[who]), "state": asked["state"], "iss": issuer.address}


def test_a_journey_there_and_back(client: ProConnect, issuer: Issuer) -> None:
    address, journey = client.leave_for(CALLBACK)
    assert ask_partner(address).status == 200
    found = client.back_from(come_back(issuer, address), Journey.kept(journey.to_keep()), CALLBACK)
    assert (found.sub, found.email, found.verified, found.name) == ("u-1", "agente@ac-lyon.fr", True, "Camille Agente")
    assert not found.strong
    end = client.leave_for_good(found.id_token, HOME)
    assert ask_partner(end).status == 302
    assert issuer.ended == [found.id_token]


def test_a_second_factor_given_there_is_known(client: ProConnect, issuer: Issuer) -> None:
    address, journey = client.leave_for(CALLBACK)
    assert client.back_from(come_back(issuer, address, "m"), journey, CALLBACK).strong


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "court"}, "state"),
        ({"nonce": "n" * 31}, "nonce"),
        ({"code_challenge": "x", "code_challenge_method": "S256"}, "Y000400"),
        ({"redirect_uri": "https://ailleurs.invalid/"}, "redirect_uri"),
    ],
)
def test_the_strict_one_refuses(client: ProConnect, issuer: Issuer, change: dict[str, str], said: str) -> None:
    address, _ = client.leave_for(CALLBACK)
    asked = sent(address) | change
    answer = ask_partner(f"{issuer.address}/authorize?{urlencode(asked)}")
    assert answer.status == 400 and said in answer.text


@pytest.mark.parametrize(
    "lie", ["signature", "unsigned", "nonce", "audience", "issuer", "expired", "sub", "bare userinfo"]
)
def test_a_lie_is_not_believed(client: ProConnect, issuer: Issuer, lie: str) -> None:
    address, journey = client.leave_for(CALLBACK)
    back = come_back(issuer, address)
    issuer.spoiled = lie
    with pytest.raises(NotVouched, match="recommencez|réessayez"):
        client.back_from(back, journey, CALLBACK)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "un-autre-etat-qui-est-assez-long-pour-cela"}, "navigateur"),
        ({"iss": "https://ailleurs.invalid"}, "navigateur"),
        ({"error": "access_denied"}, "interrompu"),
        ({"error": "server_error"}, "confirmé"),
        ({"code": "inventé"}, "confirmé"),
    ],
)
def test_an_answer_that_is_not_ours_is_refused(
    client: ProConnect, issuer: Issuer, change: dict[str, str], said: str
) -> None:
    address, journey = client.leave_for(CALLBACK)
    with pytest.raises(NotVouched, match=said):
        client.back_from(come_back(issuer, address) | change, journey, CALLBACK)


def test_a_code_serves_once_and_for_thirty_seconds(client: ProConnect, issuer: Issuer) -> None:
    address, journey = client.leave_for(CALLBACK)
    back = come_back(issuer, address)
    client.back_from(back, journey, CALLBACK)
    with pytest.raises(NotVouched, match="confirmé"):
        client.back_from(back, journey, CALLBACK)
    late = come_back(issuer, address)
    issuer.now = lambda: time.time() + 31
    with pytest.raises(NotVouched, match="confirmé"):
        client.back_from(late, journey, CALLBACK)


def test_without_a_journey_nobody_comes_back(client: ProConnect, issuer: Issuer) -> None:
    address, _ = client.leave_for(CALLBACK)
    with pytest.raises(NotVouched, match="navigateur"):
        client.back_from(come_back(issuer, address), None, CALLBACK)


def test_a_silent_service_is_said() -> None:
    with pytest.raises(NotVouched, match="ne répond pas"):
        ProConnect(Site("http://127.0.0.1:9/api/v2", CLIENT, SECRET)).leave_for(CALLBACK)


def test_its_own_names_are_believed_only_from_its_address(issuer: Issuer, monkeypatch: Any) -> None:
    monkeypatch.setattr(Issuer, "description", lambda self: {"issuer": "https://ailleurs.invalid"})
    with pytest.raises(NotVouched, match="ne répond pas"):
        ProConnect(Site(issuer.address, CLIENT, SECRET)).leave_for(CALLBACK)


def test_a_sign_out_without_its_token_is_refused(client: ProConnect) -> None:
    assert ask_partner(client.leave_for_good("pas-un-jeton", HOME)).status == 400
