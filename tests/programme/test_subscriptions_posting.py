"""The letters to readers: who is subscribed and proved it, what leaves, once, and what is kept of it."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from socket import socket
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as outbox
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Missing, Refused
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person
from traam.programme.subscriptions import actions, addresses, posting, queries
from traam.programme.subscriptions.actions import Finished, NewsletterValues
from traam.programme.subscriptions.models import (
    Delivery,
    Newsletter,
    Post,
    Reader,
    Sending,
    Subscription,
    SubscriptionRequest,
)
from traam.programme.subscriptions.posting import Postman

pytestmark = pytest.mark.django_db

AT = timezone.localtime()
HTML = f'<p><a href="{addresses.STOP}">Arrêter</a> <a href="{addresses.CHOICES}">Choisir</a></p>'
FINISHED = Finished("L'oral", "Trois scénarios", {"blocks": []}, HTML, f"Arrêter : {addresses.STOP}")


def bureau() -> Person:
    return Person.objects.get(email=f"bureau@{DOMAIN}")


@pytest.fixture
def newsletter() -> Newsletter:
    SubscriptionRequest.objects.all().delete()
    Sending.objects.update(state="done")
    values = NewsletterValues("ÉduNum Essai", "Pour essayer.")
    return actions.found("essai", values, actor=bureau(), at=AT)


def readers(newsletter: Newsletter, count: int, since: datetime = AT) -> None:
    made = Reader.objects.bulk_create(
        Reader(key=f"k{n}", secret=f"s{n}", email=f"lectrice{n}@exemple.fr", asked_at=since, confirmed_at=since)
        for n in range(count)
    )
    Subscription.objects.bulk_create(Subscription(reader=one, newsletter=newsletter, since=since) for one in made)


def begin(newsletter: Newsletter, at: datetime = AT) -> Sending:
    number = actions.next_number(newsletter)
    return actions.publish(newsletter, number, FINISHED, actor=bureau(), at=at).sending


class Hours:
    """A clock that the test moves."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def link(text: str) -> str:
    found = re.search(r"http\S+/lettres/(\S+)", text)
    assert found
    return found[1]


# --- Asking, confirming, stopping


def test_an_address_is_subscribed_only_when_its_mailbox_answered(newsletter: Newsletter) -> None:
    actions.ask("Lectrice@Exemple.fr", [newsletter.pk], at=AT)
    assert not Reader.objects.filter(email__iexact="lectrice@exemple.fr").exists()
    assert posting.confirm_addresses(at=AT) == 1
    letter = outbox.outbox[0]
    assert letter.to == ["Lectrice@Exemple.fr"] and "- ÉduNum Essai" in letter.body
    request = queries.request(link(letter.body).removeprefix("confirmer/"))
    reader = actions.confirm(request, at=AT + timedelta(hours=1))
    assert (reader.asked_at, reader.confirmed_at) == (AT, AT + timedelta(hours=1)) and "J'accepte" in reader.consent
    assert queries.Held(reader).chosen == {newsletter.pk}
    assert not SubscriptionRequest.objects.exists(), "the proof is with the reader: the request is forgotten"
    with pytest.raises(Missing):
        actions.confirm(request, at=AT)


def test_a_known_address_asks_again_as_an_unknown_one_does(newsletter: Newsletter) -> None:
    other = actions.found("autre", NewsletterValues("Autre", "Autre."), actor=bureau(), at=AT)
    readers(newsletter, 1)
    for email in ("LECTRICE0@exemple.fr", "inconnue@exemple.fr"):
        actions.ask(email, [other.pk], at=AT)
    posting.confirm_addresses(at=AT)
    first, second = (re.sub(r"http\S+", "", one.body) for one in outbox.outbox)
    assert first == second
    actions.confirm(SubscriptionRequest.objects.get(email="LECTRICE0@exemple.fr"), at=AT)
    reader = Reader.objects.get(key="k0")
    assert queries.Held(reader).chosen == {newsletter.pk, other.pk}, "one reader, with what she had"


def test_an_address_is_not_flooded_by_who_types_it(newsletter: Newsletter) -> None:
    for _ in range(6):
        actions.ask("victime@exemple.fr", [newsletter.pk], at=AT)
    assert posting.confirm_addresses(at=AT) == actions.MOST_IN_A_DAY


@pytest.mark.parametrize("change", ["proof", "number", "late", "nothing"])
def test_a_link_that_is_not_ours_or_too_old_confirms_nothing(newsletter: Newsletter, change: str) -> None:
    late = change == "late"
    actions.ask("a@exemple.fr", [newsletter.pk], at=AT - (queries.LASTS if late else timedelta()))
    row = SubscriptionRequest.objects.get()
    token = addresses.confirmation(row).rpartition("/")[2]
    assert late or queries.request(token) == row
    wrong = {"proof": token[:-1] + "xy"[token[-1] == "x"], "number": f"9{token}", "late": token, "nothing": "."}
    with pytest.raises(Missing, match="ne confirme plus rien"):
        queries.request(wrong[change])


def test_what_is_typed_wrong_is_said_in_french(newsletter: Newsletter) -> None:
    with pytest.raises(Invalid) as wrong:
        actions.ask("pas une adresse", [0], at=AT)
    assert set(wrong.value.errors) == {"email", "newsletters"}
    assert not SubscriptionRequest.objects.exists()


def test_who_stops_everything_is_erased_and_may_click_again(newsletter: Newsletter) -> None:
    readers(newsletter, 2)
    sending = begin(newsletter)
    posting.freeze(sending)
    held = queries.held_for("k0.s0", newsletter.slug)
    assert held.reader and actions.unsubscribe(held.reader, newsletter, at=AT) is None
    assert actions.unsubscribe(held.reader, newsletter, at=AT) is None
    assert not Reader.objects.filter(email="lectrice0@exemple.fr").exists()
    assert queries.held_for("k0.s0", newsletter.slug).reader is None
    assert queries.reader("k1.s0") is None and queries.reader("") is None
    Postman(sleep=lambda _: None).work(5)
    assert [one.to for one in outbox.outbox] == [["lectrice1@exemple.fr"]]
    told = " ".join(str(row) for row in Entry.objects.values_list("object_label", "data", "reason"))
    assert "lectrice" not in told, "the journal is for ever: no address of a reader in it"


def test_who_stops_one_letter_has_none_of_what_was_on_its_way(newsletter: Newsletter) -> None:
    other = actions.found("autre", NewsletterValues("Autre", "Autre."), actor=bureau(), at=AT)
    readers(newsletter, 1)
    reader = Reader.objects.get(key="k0")
    Subscription.objects.create(reader=reader, newsletter=other, since=AT)
    for sending in (begin(newsletter), begin(other)):
        posting.freeze(sending)
    assert actions.unsubscribe(reader, newsletter, at=AT) == reader
    states = dict(reader.deliveries.values_list("sending__issue__newsletter__slug", "state"))
    assert states == {"essai": Post.DROPPED, "autre": Post.WAITING}


def test_choosing_no_letter_erases_and_choosing_others_replaces(newsletter: Newsletter) -> None:
    other = actions.found("autre", NewsletterValues("Autre", "Autre."), actor=bureau(), at=AT)
    readers(newsletter, 1)
    reader = Reader.objects.get(key="k0")
    assert actions.choose(reader, [other.pk], at=AT) and queries.Held(reader).chosen == {other.pk}
    assert actions.choose(reader, [], at=AT) is None
    assert not Reader.objects.filter(pk=reader.pk).exists()


# --- Sending


class Server:
    """A true server on loopback, which refuses what it is told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, str]] = []
        self.say: dict[str, str] = {}
        self.conversations = 0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: Any) -> Any:
        self.conversations += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        said = self.say.get(address) or self.say.get("*")
        if said:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        text = envelope.content.decode()
        found = re.search(r"^Message-ID: (\S+)", text, re.MULTILINE)
        self.taken.append((envelope.rcpt_tos[0], found[1] if found else "", text))
        return self.say.get("text") or "250 pris"


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    handler = Server()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.LETTERS_RATE = 0
    yield handler
    controller.stop()


def test_everybody_subscribed_when_it_began_has_it_once_on_one_conversation(
    newsletter: Newsletter, server: Server, monkeypatch: Any
) -> None:
    monkeypatch.setattr(posting, "FROZEN_AT_ONCE", 7)
    monkeypatch.setattr(posting, "PAGE", 11)
    readers(newsletter, 60)
    sending = begin(newsletter)
    Subscription.objects.filter(reader__key="k59").update(since=AT + timedelta(seconds=1))
    Reader.objects.filter(key="k58").update(suspended_at=AT)
    while posting.freeze(sending) and not sending.frozen:
        pass
    assert Delivery.objects.count() == 58
    Postman().work(10)
    Postman().work(10)
    assert Counter(to for to, _, _ in server.taken) == {f"lectrice{n}@exemple.fr": 1 for n in range(58)}
    assert len({name for _, name, _ in server.taken}) == 58 and server.conversations == 1
    sending.refresh_from_db()
    assert (sending.state, dict(queries.progress(sending).counts)) == ("done", {"sent": 58})
    to, _, text = server.taken[0]
    n = to.removeprefix("lectrice").partition("@")[0]
    stop = f"/lettres/arreter/k{n}.s{n}/essai"
    assert re.search(rf"^List-Unsubscribe:\s+<http\S+{re.escape(stop)}>", text, re.MULTILINE)
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in text and text.count(stop) == 3
    assert "@@" not in text


def test_a_refusal_stops_nobody_else_and_three_suspend_the_address(newsletter: Newsletter, server: Server) -> None:
    readers(newsletter, 3)
    server.say["lectrice1@exemple.fr"] = "550 5.1.1 boîte inconnue"
    clock = Hours()
    for issue in range(3):
        clock.at = AT + timedelta(days=issue)
        sending = begin(newsletter, clock.at)
        Postman(clock).work(5)
        assert dict(queries.progress(sending).counts) == {"sent": 2, "refused": 1}, issue
    reader = Reader.objects.get(key="k1")
    assert (reader.refusals, reader.suspended_at) == (3, clock.at) and queries.suspended()[0] == 1
    begin(newsletter, clock.at)
    Postman(clock).work(5)
    assert Delivery.objects.filter(reader=reader).count() == 3, "nothing more is sent there"
    actions.sweep(at=clock.at + actions.KEPT_SUSPENDED + timedelta(days=1))
    assert not Reader.objects.filter(pk=reader.pk).exists()


def test_not_now_waits_longer_and_keeps_the_others_going(newsletter: Newsletter, server: Server) -> None:
    readers(newsletter, 2)
    server.say["lectrice0@exemple.fr"] = "451 revenez plus tard"
    clock, sending = Hours(), begin(newsletter)
    Postman(clock).work(5)
    late = Delivery.objects.get(sending=sending, reader__key="k0")
    assert (late.state, late.attempts, late.next_attempt_at) == (Post.WAITING, 1, AT + posting.FIRST_WAIT)
    assert len(server.taken) == 1 and "revenez" in late.problem
    del server.say["lectrice0@exemple.fr"]
    clock.at += posting.FIRST_WAIT
    Postman(clock).work(5)
    assert len(server.taken) == 2 and queries.sending(sending.pk).state == "done"


def test_a_server_that_refuses_everybody_suspends_nobody_and_is_shown(newsletter: Newsletter, server: Server) -> None:
    readers(newsletter, 40)
    server.say["*"] = "554 5.7.1 relais interdit"
    sending, clock = begin(newsletter), Hours()
    Postman(clock).work(5)
    sending = queries.sending(sending.pk)
    assert sending.state == "paused" and "relais interdit" in sending.problem and sending in queries.troubled()
    assert dict(queries.progress(sending).counts) == {"waiting": 20, "refused": 20}
    assert not Reader.objects.filter(refusals__gt=0).exists()
    server.say.clear()
    actions.retry(sending, actor=bureau(), at=AT)
    Postman(clock).work(5)
    assert dict(queries.progress(queries.sending(sending.pk)).counts) == {"sent": 40}


def test_a_server_that_is_away_keeps_the_sending_waiting(newsletter: Newsletter, server: Server, settings: Any) -> None:
    readers(newsletter, 2)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9  # nobody listens there
    sending, clock = begin(newsletter), Hours()
    Postman(clock).work(5)
    sending = queries.sending(sending.pk)
    assert sending.problem and sending.next_attempt_at == AT + timedelta(minutes=1)
    assert set(sending.deliveries.values_list("state", "attempts")) == {(Post.WAITING, 0)}
    settings.EMAIL_PORT, clock.at = port, AT + timedelta(minutes=1)
    Postman(clock).work(5)
    sending.refresh_from_db()
    assert (len(server.taken), sending.problem, sending.state) == (2, "", "done")


def test_a_message_in_doubt_waits_for_somebody(newsletter: Newsletter, server: Server) -> None:
    readers(newsletter, 3)
    sending, clock = begin(newsletter), Hours()
    posting.freeze(sending)
    for key in ("k0", "k1"):  # as a killed worker leaves them
        Delivery.objects.filter(reader__key=key).update(state=Post.SENDING, next_attempt_at=AT + posting.DOUBT)
    Postman(clock).work(5)
    assert queries.sending(sending.pk).state == "running" and len(server.taken) == 1
    clock.at += posting.DOUBT
    Postman(clock).work(5)
    assert dict(queries.progress(sending).counts) == {"sent": 1, "unsure": 2}
    again, gone = queries.in_state(sending, Post.UNSURE)
    actions.send_again(again, actor=bureau(), at=clock.at)
    actions.leave(gone, actor=bureau(), at=clock.at)
    Postman(clock).work(5)
    assert len(server.taken) == 2 and dict(queries.progress(sending).counts) == {"sent": 3}
    with pytest.raises(Refused):
        actions.leave(gone, actor=bureau(), at=clock.at)


def test_a_pause_holds_and_two_workers_do_not_share_a_sending(newsletter: Newsletter, server: Server) -> None:
    readers(newsletter, 2)
    sending, clock = begin(newsletter), Hours()
    actions.pause(sending, actor=bureau(), at=AT)
    Postman(clock).work(5)
    assert not server.taken
    actions.resume(sending, actor=bureau(), at=AT)
    Sending.objects.update(leased_until=AT + timedelta(seconds=1), lease="another")
    Postman(clock).work(5)
    assert not server.taken
    clock.at += timedelta(seconds=1)
    Postman(clock).work(5)
    assert len(server.taken) == 2


def test_the_rate_is_kept_and_the_turn_ends_in_time(newsletter: Newsletter, server: Server, settings: Any) -> None:
    settings.LETTERS_RATE, moments = 4, [0.0]

    def sleep(seconds: float) -> None:
        moments[0] += seconds

    readers(newsletter, 30)
    begin(newsletter)
    postman = Postman(Hours(), lambda: moments[0], sleep)
    postman.work(2.0)
    assert (len(server.taken), moments[0] < 2.0) == (8, True), "four each second, two seconds"


def test_a_month_later_only_the_counts_are_kept(newsletter: Newsletter, server: Server) -> None:
    readers(newsletter, 3)
    sending, clock = begin(newsletter), Hours()
    Postman(clock).work(5)
    actions.sweep(at=AT + actions.KEPT)
    assert Delivery.objects.count() == 3
    actions.sweep(at=AT + actions.KEPT + timedelta(days=1))
    assert not Delivery.objects.exists()
    assert dict(queries.progress(queries.sending(sending.pk)).counts) == {"sent": 3}
