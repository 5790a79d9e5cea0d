"""Many messages, one after the other on the same conversation with the mail server: the letters ÉduNum.

Each is a question of its own: a recipient refused keeps nobody else's message from leaving. See `gateways.mail` for
the letters of the platform to one person.
"""

import smtplib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import sanitize_address

from traam.gateways.mail import PATIENCE, Unsure, message_id

MOST_ON_ONE = 200  # messages in one conversation: servers tire of the long ones


class Unreachable(Exception):
    """The server takes nothing from us, whoever the recipient is; this message was not begun."""


class Later(Exception):
    """Not this message, not now."""


class Refused(Exception):
    """Never this message. `recipient`: because of whom it is for."""

    def __init__(self, said: str, *, recipient: bool) -> None:
        super().__init__(said)
        self.recipient = recipient


@dataclass(frozen=True)
class Message:
    to: str
    subject: str
    text: str
    html: str
    reference: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def built(self) -> EmailMultiAlternatives:
        """The same `reference` gives the same Message-ID."""
        headers = {"Message-ID": message_id(self.reference), **self.headers}
        built = EmailMultiAlternatives(self.subject, self.text, to=[self.to], headers=headers)
        built.attach_alternative(self.html, "text/html")
        return built

    def bytes(self) -> bytes:
        """As it is handed over."""
        return bytes(self.built().message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # Django's own


class Conversation:
    """Opened by the first message, kept for the next ones, opened again when the server went away."""

    def __init__(self) -> None:
        self._open: object | None = None
        self._given = 0

    def give(self, message: Message, on_line: Callable[[], None]) -> None:
        """Hand one message over. `on_line` is called when the server knows for whom, just before it is given the text;
        what it raises ends this message, and nothing was given.

        Raises `Unreachable`, `Later`, `Refused`: it did not leave; `mail.Unsure`: nobody knows.
        """
        if self._given >= MOST_ON_ONE:
            self.close()
        smtp = self._smtp()
        if smtp is None:  # messages kept in a folder, or by a test
            on_line()
            self._open.send_messages([message.built()])  # type: ignore[union-attr]
        else:
            self._envelope(smtp, message.to)
            try:
                on_line()
            except Exception:
                self._reset(smtp)
                raise
            self._text(smtp, message.bytes())
        self._given += 1

    def close(self) -> None:
        """Say goodbye, if it can be heard."""
        if self._open is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._open.close()  # type: ignore[attr-defined]
        self._open, self._given = None, 0

    def _smtp(self) -> smtplib.SMTP | None:
        if self._open is None:
            connection = get_connection(timeout=PATIENCE)
            try:
                connection.open()
            except (OSError, smtplib.SMTPException) as problem:
                raise Unreachable(_told(problem)) from problem
            self._open = connection
        inside = getattr(self._open, "connection", None)
        return inside if isinstance(inside, smtplib.SMTP) else None

    def _envelope(self, smtp: smtplib.SMTP, to: str) -> None:
        try:
            smtp.ehlo_or_helo_if_needed()
            code, said = smtp.mail(_bare(settings.DEFAULT_FROM_EMAIL))
            if code != 250:
                self.close()
                raise Unreachable(_said(code, said))
            code, said = smtp.rcpt(_bare(to))
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            raise Unreachable(_told(problem)) from problem
        if code not in {250, 251}:
            self._reset(smtp)
            self._raise(code, said, recipient=True)

    def _text(self, smtp: smtplib.SMTP, text: bytes) -> None:
        try:
            code, said = smtp.data(text)
        except smtplib.SMTPDataError as refusal:  # it did not let us begin
            self._reset(smtp)
            self._raise(refusal.smtp_code, refusal.smtp_error, recipient=False)
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            raise Unsure(_told(problem)) from problem
        else:
            if code != 250:
                self._reset(smtp)
                self._raise(code, said, recipient=False)

    def _raise(self, code: int, said: bytes | str, *, recipient: bool) -> None:
        if code == 421:  # the server is leaving
            self.close()
            raise Unreachable(_said(code, said))
        if code >= 500:
            raise Refused(_said(code, said), recipient=recipient)
        raise Later(_said(code, said))

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            smtp.rset()
        except (OSError, smtplib.SMTPException):
            self.close()


def _bare(address: str) -> str:
    """The address alone, as the envelope wants it."""
    return sanitize_address(parseaddr(address)[1], "utf-8")


def _said(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"


def _told(problem: Exception) -> str:
    return str(problem) or type(problem).__name__
