"""Notices of non-delivery as servers write them, and messages that only look like one."""

import pytest
from returned_mail import ID, POSTFIX

from traam.engines import bounces


def report(status: bytes, *, original: bool = True) -> bytes:
    """A report around the blocks of a status, with the whole message that came back."""
    back = f"Content-Type: message/rfc822\n\nMessage-ID: {ID}\nContent-Type: text/html\n\n<b>bonjour</b>".encode()
    parts = [
        b"Content-Type: text/plain\n\nVotre message n'est pas arrive.",
        b"Content-Type: message/delivery-status\n\n" + status,
        *([back] if original else []),
    ]
    head = b'Subject: Undeliverable\nContent-Type: multipart/report; report-type="delivery-status"; boundary=a\n\n'
    return head + b"".join(b"--a\n" + part + b"\n" for part in parts) + b"--a--\n"


HEAD = b"Reporting-MTA: dns; mx.exemple.fr\n\n"
HARD = b"Final-Recipient: rfc822; a@exemple.fr\nAction: failed\nStatus: 5.7.1 (refused)\n"


def test_a_notice_with_the_headings_of_the_message() -> None:
    found = bounces.read(POSTFIX)
    assert found is not None
    assert found.message_ids == (ID,)
    (failure,) = found.failures
    assert (failure.addresses, failure.status) == (("Lectrice1@exemple.fr", "lectrice1@exemple.fr"), "5.1.1")
    assert failure.said == "550 5.1.1 <lectrice1@exemple.fr>: Recipient address rejected: User unknown"


def test_a_notice_with_the_whole_message() -> None:
    found = bounces.read(report(HEAD + HARD))
    assert found == bounces.Notice((ID,), (bounces.Failure(("a@exemple.fr",), "5.7.1", "5.7.1"),))


def test_the_ends_of_lines_of_the_network_are_read_too() -> None:
    assert bounces.read(POSTFIX.replace(b"\n", b"\r\n")) == bounces.read(POSTFIX)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\x00" * 500,
        b"From: a@b.fr\nSubject: Absente jusqu'au 3\n\nJe suis absente.",
        POSTFIX.replace(b"Action: failed", b"Action: delayed"),
        POSTFIX.replace(b"Action: failed", b"Action: delivered"),
        POSTFIX.replace(b"Status: 5.1.1", b"Status: 4.2.2"),
        POSTFIX.replace(b"Status: 5.1.1", b"Status: 5"),
        POSTFIX.replace(b"Message-ID: <", b"X-Other: <"),
        POSTFIX.replace(b"multipart/report", b"multipart/mixed"),
        POSTFIX.replace(b"report-type=delivery-status", b"report-type=disposition-notification"),
        report(HEAD),
        report(HARD),  # the first block is never a recipient
        report(HEAD + HARD, original=False),
        b"Content-Type: multipart/report; report-type=delivery-status\n\nno parts",
        b"Content-Type: multipart/report; report-type*=x''%ff; boundary=a\n\n--a\n\n--a--",
    ],
)
def test_whatever_is_not_a_failure_for_good_says_nothing(data: bytes) -> None:
    assert bounces.read(data) is None


def test_what_is_too_long_or_too_deep_is_read_no_further() -> None:
    late = POSTFIX.replace(b"This is a MIME", b"x" * bounces.MOST_BYTES + b"\nThis is a MIME")
    assert bounces.read(late) is None
    deep = b"".join(
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b%d\n\n--b%d\n" % (n, n)
        for n in range(5_000)
    )
    assert bounces.read(deep) is None
    long = POSTFIX.replace(b"User unknown", b"x" * 10_000)
    found = bounces.read(long)
    assert found and len(found.failures[0].said) <= bounces.LONGEST
    many = report(HEAD + b"\n".join([HARD] * 500))
    assert len((bounces.read(many) or bounces.Notice((), ())).failures) == bounces.MOST_RECIPIENTS
