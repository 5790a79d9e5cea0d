"""A mail server that fails for an hour: every letter written before, during and after it arrives, and arrives once."""

import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.letters import actions
from traam.programme.letters.models import Letter
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db

STEP = timedelta(minutes=1)


class _Exchange(socketserver.StreamRequestHandler):
    """As little of SMTP (RFC 5321) as a sender needs, and the two ways of saying « not now »."""

    server: "MailServer"

    def handle(self) -> None:
        if self.server.trouble == "closing":
            self._say("421 Service indisponible")
            return
        self._say("220 prêt")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 allez-y")
                self._take()
            elif verb == b"QUIT":
                self._say("221 au revoir")
                return
            elif verb == b"RCPT" and self.server.trouble == "greylisting":
                self._say("451 revenez plus tard")
            else:
                self._say("250 bien")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line)
        self.server.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self._say("250 pris")

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.trouble = ""
        self.taken: list[Any] = []


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as made:
        threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.server_address[1]
        yield made
        made.shutdown()


def write(number: int, at: datetime) -> None:
    to = Person.objects.get(email=f"referent.lyon@{DOMAIN}")
    assert actions.write(f"outage:{number}", to=to, subject=f"Lettre {number}", body="Bonjour.", at=at)


@pytest.mark.parametrize("trouble", ["closing", "greylisting", "nobody"])
def test_an_hour_without_a_server_loses_and_repeats_nothing(server: MailServer, settings: Any, trouble: str) -> None:
    Letter.objects.update(state=Letter.State.SENT)
    start, port, written = timezone.now(), settings.EMAIL_PORT, 0
    for minute in range(4 * 60):
        at = start + minute * STEP
        down = 10 <= minute < 70
        server.trouble = trouble if down else ""
        settings.EMAIL_PORT = 9 if down and trouble == "nobody" else port  # nobody listens there
        if minute % 6 == 0 and minute < 90:
            write(written, at)
            written += 1
        actions.deliver(at=at)
    arrived = Counter(message["Subject"] for message in server.taken)
    assert arrived == {f"Lettre {number}": 1 for number in range(written)}
    states = set(Letter.objects.filter(key__startswith="outage:").values_list("state", flat=True))
    assert states == {Letter.State.SENT}


def test_what_the_outage_did_is_on_the_page_of_letters(server: MailServer) -> None:
    Letter.objects.update(state=Letter.State.SENT)
    server.trouble, at = "greylisting", timezone.now()
    write(1, at)
    actions.deliver(at=at)
    letter = Letter.objects.get(key="outage:1")
    assert (letter.state, letter.attempts) == (Letter.State.WAITING, 1)
    assert "revenez plus tard" in letter.problem and letter.next_attempt_at > at
