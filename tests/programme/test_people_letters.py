from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Missing, Refused
from traam.gateways import mail as post
from traam.programme.journal.models import Entry
from traam.programme.letters import actions as letters
from traam.programme.letters.models import Letter
from traam.programme.people import actions, policies, queries
from traam.programme.people.models import Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> datetime:
    Letter.objects.all().delete()
    return timezone.localtime()


def someone(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def test_an_invitation_gives_a_role_and_a_letter_that_opens_the_account_once(at: datetime) -> None:
    invited = letters.invite(
        "Nouveau.DAN@example.org", "DAN de Dijon", Role.DAN, academy="07", actor=someone("bureau"), at=at
    )
    assert policies.standing_in_academy(invited, "07", at) == {"dan"}
    letter = Letter.objects.get(to=invited)
    uid, token = letter.body.split("/invitation/")[1].split()[0].split("/")
    assert queries.invited(uid, token) == invited
    with pytest.raises(Invalid, match="12"):
        actions.accept_invitation(invited, "court", at=at)
    actions.accept_invitation(invited, "une longue phrase secrète", at=at)
    with pytest.raises(Missing, match="déjà servi"):
        queries.invited(uid, token)


def test_inviting_twice_writes_one_letter_and_one_role(at: datetime) -> None:
    for _ in range(2):
        person = letters.invite("x@example.org", "X", Role.EXPERT, actor=someone("bureau"), at=at)
    assert Letter.objects.filter(to=person).count() == 1
    assert person.appointments.count() == 1


def test_only_the_national_team_invites(at: datetime) -> None:
    with pytest.raises(Refused, match="bureau national"):
        letters.invite("x@example.org", "X", Role.EXPERT, actor=someone("dan.lyon"), at=at)
    assert not Person.objects.filter(email="x@example.org").exists()


def test_a_wrong_address_or_a_missing_academy_is_said_and_nothing_is_written(at: datetime) -> None:
    with pytest.raises(Invalid, match="pas-une-adresse"):
        letters.invite("pas-une-adresse", "X", Role.EXPERT, actor=someone("bureau"), at=at)
    with pytest.raises(Invalid, match="académie"):
        letters.invite("y@example.org", "Y", Role.DAN, actor=someone("bureau"), at=at)
    assert not Person.objects.filter(email="y@example.org").exists()


def test_a_role_ends_with_its_period(at: datetime) -> None:
    dan = someone("dan.lyon")
    actions.end_appointment(dan.appointments.get(), actor=someone("bureau"), at=at - timedelta(days=1))
    dan = someone("dan.lyon")
    assert policies.standing_in_academy(dan, "10", at) == frozenset()


def test_a_letter_is_sent_once(at: datetime, settings: object) -> None:
    letters.write("a", to=someone("expert"), subject="Bonjour", body="Texte", at=at)
    letters.write("a", to=someone("expert"), subject="Bonjour", body="Texte", at=at)
    assert letters.deliver(at=at) == 1
    assert letters.deliver(at=at + timedelta(days=1)) == 0
    assert [m.subject for m in mail.outbox] == ["Bonjour"]


def test_a_letter_that_fails_waits_longer_and_is_kept(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise post.NotSent("serveur éteint")

    letters.write("b", to=someone("expert"), subject="Bonjour", body="Texte", at=at)
    monkeypatch.setattr(post, "send", refuse)
    assert letters.deliver(at=at) == 0
    letter = Letter.objects.get(key="b")
    assert (letter.state, letter.attempts, letter.problem) == ("waiting", 1, "serveur éteint")
    assert letters.deliver(at=at) == 0, "not before its time"
    monkeypatch.undo()
    assert letters.deliver(at=at + timedelta(hours=1)) == 1
    assert len(mail.outbox) == 1


def test_a_letter_is_given_up_after_its_attempts(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise post.NotSent("adresse inconnue")

    letters.write("c", to=someone("expert"), subject="Bonjour", body="Texte", at=at)
    monkeypatch.setattr(post, "send", refuse)
    for day in range(letters.MOST_ATTEMPTS + 2):
        letters.deliver(at=at + timedelta(days=day))
    letter = Letter.objects.get(key="c")
    assert (letter.state, letter.attempts) == ("failed", letters.MOST_ATTEMPTS)


def test_the_journal_is_append_only(at: datetime) -> None:
    entry = Entry.objects.order_by("pk")[0]
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
