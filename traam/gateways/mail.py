"""Outgoing mail, through Django's configured backend."""

import smtplib
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.mime.text import MIMEText

from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.crypto import salted_hmac

PATIENCE = 30  # seconds for each exchange with the server


class NotSent(Exception):
    """The mail server did not take the message; it may be tried again."""


class Unsure(Exception):
    """The server went away while it was given the message: it may have taken it."""


def message_id(reference: str) -> str:
    """The same for the same letter, however often it leaves: what a server's log is searched for.

    Drawn under the key of the site: who knows it received that letter, or carried it.
    """
    return f"<{salted_hmac(__name__, reference, algorithm='sha256').hexdigest()[:32]}@traam.invalid>"


def send(
    to: str,
    subject: str,
    body: str,
    *,
    reference: str,
    on_line: Callable[[], None],
    html: str = "",
    headers: Mapping[str, str] | None = None,
    joined: tuple[str, str] | None = None,
) -> None:
    """Send one message: plain text, with the same in HTML when there is some.

    `on_line` is called once the server answers, just before it is given the message. The same `reference` gives the
    same Message-ID, so a server can drop a repeat. No machine answers to what a machine wrote (RFC 3834). `joined`:
    the name of a file, and the calendar in it.
    """
    connection = get_connection(timeout=PATIENCE)
    known = {"Message-ID": message_id(reference), "Auto-Submitted": "auto-generated", **(headers or {})}
    message = EmailMultiAlternatives(subject, body, to=[to], headers=known, connection=connection)
    if html:
        message.attach_alternative(html, "text/html")
    if joined:
        message.attach(_event(*joined))
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as problem:
        raise NotSent(_told(problem)) from problem
    on_line()
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refusal:  # its answer is no
        raise NotSent(_told(refusal)) from refusal
    except (OSError, smtplib.SMTPException) as problem:
        raise Unsure(_told(problem)) from problem
    finally:
        _leave(connection)


def _event(filename: str, calendar: str) -> MIMEText:
    """A joined event. Its method is said again outside of it (RFC 6047): without it, diaries offer nothing to do."""
    part = MIMEText(calendar, "calendar", "utf-8")
    method = next((line[7:] for line in calendar.splitlines() if line.startswith("METHOD:")), "PUBLISH")
    part.set_param("method", method)
    part.add_header("Content-Disposition", "attachment", filename=filename)
    return part


def _leave(connection: object) -> None:
    """Say goodbye. Whatever happens then, the message is as it was."""
    with suppress(OSError, smtplib.SMTPException):
        connection.close()  # type: ignore[attr-defined]


def _told(problem: Exception) -> str:
    return str(problem) or type(problem).__name__
