"""Outgoing mail, through Django's configured backend."""

import hashlib
import smtplib

from django.core.mail import EmailMessage


class NotSent(Exception):
    """The mail server did not take the message; it may be tried again."""


def send(to: str, subject: str, body: str, *, reference: str) -> None:
    """Send one plain text message. The same `reference` gives the same Message-ID, so a server can drop a repeat."""
    identifier = hashlib.sha256(reference.encode()).hexdigest()[:32]
    message = EmailMessage(subject, body, to=[to], headers={"Message-ID": f"<{identifier}@traam.invalid>"})
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as problem:
        raise NotSent(str(problem) or type(problem).__name__) from problem
