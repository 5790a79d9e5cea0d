"""Notices of non-delivery that come back by mail: the address they are of is counted, and no other."""

import io
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail as outbox
from django.db import OperationalError
from returned_mail import ID, POSTFIX
from test_subscriptions_posting import AT, Hours, begin, bureau, readers

from traam.config import returned
from traam.config.commands import run
from traam.gateways.mail import message_id
from traam.programme.journal.models import Entry
from traam.programme.subscriptions import actions, posting, returning
from traam.programme.subscriptions.actions import NewsletterValues
from traam.programme.subscriptions.models import Delivery, Newsletter, Post, Reader, Sending, SubscriptionRequest
from traam.programme.subscriptions.posting import Postman

pytestmark = pytest.mark.django_db


@pytest.fixture
def essai() -> Newsletter:
    SubscriptionRequest.objects.all().delete()
    Sending.objects.update(state="done")
    return actions.found("essai", NewsletterValues("ÉduNum Essai", "Pour essayer."), actor=bureau(), at=AT)


def leave() -> None:
    postman = Postman(Hours(AT + timedelta(minutes=1)), sleep=lambda _: None)
    while postman.work():
        pass


def sent(essai: Newsletter) -> Sending:
    """An issue, all of which the server took."""
    sending = begin(essai)
    leave()
    sending.refresh_from_db()
    assert sending.state == "done"
    return sending


def notice(delivery: Delivery, to: str = "") -> bytes:
    """What comes back of a delivery, as Postfix writes it."""
    email = to or (delivery.reader.email if delivery.reader else "")
    found = POSTFIX.replace(ID.encode(), message_id(delivery.reference).encode())
    return found.replace(b"Lectrice1@exemple.fr", email.encode()).replace(b"lectrice1@exemple.fr", email.encode())


@pytest.fixture
def delivery(essai: Newsletter) -> Delivery:
    readers(essai, 3)
    return sent(essai).deliveries.order_by("pk")[1]


def test_a_notice_marks_its_delivery_and_counts_once(delivery: Delivery) -> None:
    assert returning.take(notice(delivery), at=AT) == 1
    delivery.refresh_from_db()
    assert delivery.state == Post.REFUSED and "User unknown" in delivery.problem
    assert returning.take(notice(delivery), at=AT) == 0, "the same notice again"
    hers = Reader.objects.filter(subscriptions__newsletter__slug="essai").order_by("pk")
    assert list(hers.values_list("refusals", flat=True)) == [0, 1, 0]


def test_forwarded_mail_is_found_by_its_message_alone(delivery: Delivery) -> None:
    assert returning.take(notice(delivery, "ailleurs@autre.fr"), at=AT) == 1
    assert Delivery.objects.filter(state=Post.REFUSED).get() == delivery


def test_the_address_alone_proves_nothing(delivery: Delivery) -> None:
    assert delivery.reader
    forged = POSTFIX.replace(b"lectrice1@exemple.fr", delivery.reader.email.encode())
    assert returning.take(forged, at=AT) == 0
    assert returning.take(b"Subject: Absente\n\nJusqu'au 3.", at=AT) == 0
    assert not Delivery.objects.filter(state=Post.REFUSED).exists()


def test_the_third_issue_in_a_row_that_comes_back_ends_it(essai: Newsletter) -> None:
    readers(essai, 2)
    for times in (1, 2, 3):
        first = sent(essai).deliveries.order_by("pk")[0]
        assert returning.take(notice(first), at=AT) == 1
        assert Reader.objects.get(pk=first.reader_id).refusals == times
    lost = Reader.objects.get(pk=first.reader_id)
    assert lost.suspended_at == AT
    assert Entry.objects.get(verb="suspend_readers").data == {"readers": 1}
    assert [one.reader_id == lost.pk for one in sent(essai).deliveries.all()] == [False], "nothing more is sent there"


def test_one_that_arrived_in_between_begins_the_count_again(essai: Newsletter) -> None:
    readers(essai, 1)
    for back in (True, True, False, True):
        only = sent(essai).deliveries.get()
        if back:
            returning.take(notice(only), at=AT)
    sent(essai)
    assert Reader.objects.get(pk=only.reader_id).suspended_at is None


def test_one_that_comes_back_while_the_issue_leaves_is_counted_at_its_end(essai: Newsletter) -> None:
    readers(essai, 2)
    sending = begin(essai)
    while not sending.frozen:
        posting.freeze(sending)
    first = sending.deliveries.order_by("pk")[0]
    Delivery.objects.filter(pk=first.pk).update(state=Post.SENT)
    assert returning.take(notice(first), at=AT) == 1
    assert Reader.objects.get(pk=first.reader_id).refusals == 0
    leave()
    assert Reader.objects.get(pk=first.reader_id).refusals == 1


def test_the_command_reads_what_a_mail_server_gives(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(notice(delivery))))
    assert run(["bounces"]) == 0
    assert capsys.readouterr().out == "1 message(s) lu(s), 1 adresse(s) refusée(s).\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff" * 100)))
    assert run(["bounces"]) == 0, "a server is never told that what it gave was refused"

    def away(*_: object, **__: object) -> int:
        raise OperationalError("away")

    monkeypatch.setattr(returned, "take", away)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert run(["bounces"]) == 75


def test_the_command_reads_a_folder_and_puts_away_what_it_read(
    delivery: Delivery, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["bounces", "--maildir", str(tmp_path)]) == 1
    assert "n'est pas un dossier Maildir" in capsys.readouterr().err
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1.a").write_bytes(notice(delivery))
    (tmp_path / "new" / "2.a").write_bytes(b"Subject: bonjour\n\nBonjour.")
    (tmp_path / "new" / "3.a").symlink_to("/etc/hostname")
    assert run(["bounces", "--maildir", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "2 message(s) lu(s), 1 adresse(s) refusée(s).\n"
    assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == ["1.a:2,S", "2.a:2,S"]
    assert outbox.outbox, "nothing is answered to a notice"
