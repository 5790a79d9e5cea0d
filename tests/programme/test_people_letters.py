import smtplib
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


class Server:
    """A mail server that does as it is told: `open` and `send_messages` fail with what they are given."""

    def __init__(self, refuses: Exception | None = None, breaks: Exception | None = None) -> None:
        self.refuses, self.breaks = refuses, breaks

    def open(self) -> None:
        if self.refuses:
            raise self.refuses

    def send_messages(self, _: object) -> int:
        if self.breaks:
            raise self.breaks
        return 1

    def close(self) -> None:
        raise OSError("parti sans dire au revoir")


def through(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    monkeypatch.setattr(post, "get_connection", lambda **_: server)


@pytest.mark.parametrize(
    ("server", "state"),
    [
        (Server(), "sent"),
        (Server(refuses=ConnectionRefusedError("port fermé")), "waiting"),
        (Server(breaks=smtplib.SMTPRecipientsRefused({"x": (550, b"inconnu")})), "waiting"),
        (Server(breaks=smtplib.SMTPDataError(451, b"plus tard")), "waiting"),
        (Server(breaks=TimeoutError("plus de réponse")), "unsure"),
        (Server(breaks=smtplib.SMTPServerDisconnected("coupé")), "unsure"),
    ],
)
def test_only_a_conversation_that_broke_off_leaves_a_doubt(
    at: datetime, monkeypatch: pytest.MonkeyPatch, server: Server, state: str
) -> None:
    letters.write("d", to=someone("expert"), subject="Bonjour", body="Texte", at=at)
    through(monkeypatch, server)
    letters.deliver(at=at)
    assert Letter.objects.get(key="d").state == state


def test_a_letter_in_doubt_is_sent_again_only_by_somebody(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    letters.write("d", to=someone("expert"), subject="Bonjour", body="Texte", at=at)
    through(monkeypatch, Server(breaks=TimeoutError("plus de réponse")))
    letters.deliver(at=at)
    monkeypatch.undo()
    for day in range(20):
        assert letters.deliver(at=at + timedelta(days=day)) == 0
    letter = Letter.objects.get(key="d")
    with pytest.raises(Refused, match="bureau national"):
        letters.send_again(letter, actor=someone("dan.lyon"), at=at)
    letters.send_again(letter, actor=someone("bureau"), at=at)
    assert letters.deliver(at=at) == 1
    assert [m.extra_headers["Message-ID"] for m in mail.outbox] == [post.message_id(letter.reference)]
    with pytest.raises(Refused, match="rien à décider"):
        letters.send_again(letter, actor=someone("bureau"), at=at)


def test_what_somebody_settles_is_never_sent(at: datetime) -> None:
    for key, state, then in (("e", "unsure", "sent"), ("f", "failed", "dropped")):
        letters.write(key, to=someone("expert"), subject="Bonjour", body="Texte", at=at)
        Letter.objects.filter(key=key).update(state=state)
        assert letters.leave(Letter.objects.get(key=key), actor=someone("bureau"), at=at).state == then
    assert letters.deliver(at=at + timedelta(days=1)) == 0
    assert Entry.objects.filter(verb="leave_letter").count() == 2


def test_a_letter_left_by_a_killed_worker_is_put_aside_after_its_lease(at: datetime) -> None:
    letters.write("g", to=someone("expert"), subject="Bonjour", body="Texte", at=at)
    Letter.objects.filter(key="g").update(state="sending", attempts=1, next_attempt_at=at + letters.LEASE)
    letters.deliver(at=at)
    assert Letter.objects.get(key="g").state == "sending", "its worker may be at it"
    letters.deliver(at=at + letters.LEASE)
    assert Letter.objects.get(key="g").state == "unsure"
    assert mail.outbox == []


def test_the_journal_is_append_only(at: datetime) -> None:
    entry = Entry.objects.order_by("pk")[0]
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
