"""Whoever guesses is slowed down; whoever came in before is not, whatever others do."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from traam.demo.build import DOMAIN, PASSWORD
from traam.programme.people import attempts, sign_ins
from traam.programme.people.attempts import Limit
from traam.programme.people.models import Attempt, Person, SignIn
from traam.spaces.desk import throttle

pytestmark = pytest.mark.django_db
DAN, SCHOOL, AWAY = f"dan.lyon@{DOMAIN}", "192.0.2.1", "198.51.100.2"


def enter(client: Any, email: str = DAN, password: str = PASSWORD, address: str = SCHOOL) -> int:
    return int(client.post("/connexion", {"email": email, "password": password}, REMOTE_ADDR=address).status_code)


def guess(times: int, email: str = "{}@example.org", address: str = SCHOOL) -> list[int]:
    return [enter(Client(), email.format(n), "faux", address) for n in range(times)]


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were proved: each costs a fifth of a second."""
    proved: list[str] = []
    encode = PBKDF2PasswordHasher.encode

    def counted(self: Any, password: str, *args: Any, **more: Any) -> str:
        proved.append(password)
        return encode(self, password, *args, **more)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counted)
    return proved


def test_a_flood_from_an_address_costs_no_proof_and_lets_in_those_who_came_from_there(proofs: list[str]) -> None:
    assert enter(Client()) == 302  # she came in from the school, with a browser that is gone
    told = guess(throttle.ADDRESS.most + 20)
    assert told[:30] == [422] * 30 and set(told[30:]) == {429}
    before = len(proofs)
    assert set(guess(10)) == {429} and len(proofs) == before
    assert enter(Client(), f"bureau@{DOMAIN}") == 429, "a stranger there"
    assert enter(Client(), f"bureau@{DOMAIN}", address=AWAY) == 302
    assert enter(Client()) == 302


def test_a_flood_on_an_account_does_not_shut_its_owner_out() -> None:
    hers = Client()
    enter(hers)
    full = {"count": throttle.ACCOUNT.most, "until": timezone.now() + timedelta(hours=1)}
    Attempt.objects.update_or_create(key=throttle.ACCOUNT.key(DAN), defaults=full)
    assert set(guess(3, DAN, AWAY)) == {429}
    assert enter(hers, address="203.0.113.9") == 302, "her browser, wherever it is"
    assert enter(Client()) == 302, "the network she comes from"
    assert enter(Client(), address=AWAY) == 429, "a stranger, even with the password: a code or a passkey will do"
    assert Client().post("/connexion/code", {"email": DAN}, REMOTE_ADDR=AWAY).status_code == 302


def test_a_known_browser_may_miss_a_little_more_then_stops() -> None:
    hers = Client()
    enter(hers)
    assert [enter(hers, password="faux") for _ in range(11)] == [422] * 10 + [429]


def test_the_mark_of_a_browser_is_not_made_up() -> None:
    hers = Client()
    enter(hers)
    mark = hers.cookies[throttle.COOKIE]
    assert mark["httponly"] and mark["samesite"] == "Lax" and str(Person.objects.get(email=DAN).pk) in mark.value
    thief = Client()
    thief.cookies[throttle.COOKIE] = mark.value.replace(".", "x.", 1)
    for _ in range(5):
        enter(thief, password="faux", address=AWAY)
    assert enter(thief, address=AWAY) == 429


def test_strangers_prove_one_at_a_time(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA = tmp_path
    monkeypatch.setattr(throttle, "LANES", 1)
    monkeypatch.setattr(throttle, "PATIENCE", 0.05)
    counted = ((throttle.PAIR, "pair"), (throttle.ADDRESS, "address"))
    stranger, known = throttle.Guard(counted, False, timezone.now()), throttle.Guard((), True, timezone.now())
    with throttle.trying(stranger):
        with throttle.trying(known):
            pass
        with pytest.raises(throttle.Busy), throttle.trying(stranger):
            pass
        assert enter(Client(), password="faux") == 429
        assert (Attempt.objects.get(pk="address").count, Attempt.objects.get(pk="pair").count) == (2, 1)
    with throttle.trying(stranger):
        pass


def test_counts_end_and_say_nothing_of_whom() -> None:
    at, limit = timezone.now(), Limit("trial", 2, 10)
    counted = [(limit, limit.key("someone@example.org", SCHOOL))]
    assert [attempts.reserve(counted, at=at) for _ in range(3)] == [True, True, False]
    assert attempts.reserve(counted, at=at + timedelta(minutes=11))
    attempts.give_back(counted)
    assert Attempt.objects.get(pk=counted[0][1]).count == 0
    assert "example" not in str(list(Attempt.objects.values()))


def test_what_is_old_is_dropped(client: Any) -> None:
    enter(client)
    key, later = client.session.session_key, timezone.now() + sign_ins.KEPT + timedelta(days=1)
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(days=1))
    assert sign_ins.sweep(at=later) == 1
    assert not SignIn.objects.exists() and not Attempt.objects.exists()
    assert not Session.objects.filter(pk=key).exists()
    assert SCHOOL not in str(list(SignIn.objects.values()))
