"""What waits for a person leaves in one letter: once a day at most, told once, stopped in one click."""

import re
import smtplib
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Missing
from traam.gateways import mail as post
from traam.programme.letters import actions as letters
from traam.programme.letters import digests, queries
from traam.programme.letters.models import Habit, Item, Letter
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    Item.objects.all().delete()
    Letter.objects.all().delete()


def at(hour: float, day: int = 0) -> datetime:
    """An hour in Paris, `day` days after a Monday."""
    return datetime(2026, 11, 23, tzinfo=PARIS) + timedelta(days=day, hours=hour)


def someone(name: str = "dan.lyon") -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def tell(key: str, when: datetime, to: Person | None = None, **more: Any) -> None:
    letters.tell(key, to=to or someone(), text=f"Il y a {key}", label="Voir", address=f"/{key}", at=when, **more)


def crowd(count: int, *, habits: Callable[[int], str] | None = None) -> list[Person]:
    people = Person.objects.bulk_create(
        Person(email=f"foule{n}@{DOMAIN}", name=f"Personne {n}", created_at=at(0)) for n in range(count)
    )
    if habits:
        Habit.objects.bulk_create(
            Habit(person=one, period=habits(n), token=f"secret{n}", changed_at=at(0)) for n, one in enumerate(people)
        )
    return people


def test_what_is_told_leaves_together_at_the_chosen_hour(settings: Any) -> None:
    settings.DIGEST_HOUR = 6
    tell("une", at(9, -1))
    tell("deux", at(5), due=date(2026, 11, 24))
    assert digests.compose(at=at(6)) == 1
    assert Letter.objects.get().items.count() == 2


def test_nothing_leaves_before_the_hour_nor_twice_in_a_day() -> None:
    tell("une", at(9))
    assert digests.compose(at=at(20)) == 0, "told after six o'clock: tomorrow"
    assert digests.compose(at=at(5.9, 1)) == 0
    assert digests.compose(at=at(6, 1)) == 1
    tell("deux", at(6, 1))
    assert digests.compose(at=at(23, 1)) == 0, "one letter a day"
    assert digests.compose(at=at(6, 2)) == 1
    assert [letter.items.get().key for letter in Letter.objects.order_by("pk")] == ["une", "deux"]


def test_nothing_is_said_when_nothing_changed() -> None:
    tell("une", at(1))
    assert [digests.compose(at=at(7, day)) for day in range(5)] == [1, 0, 0, 0, 0]


def test_the_most_urgent_comes_first_and_each_line_has_its_link() -> None:
    tell("sans date", at(1))
    tell("tard", at(2), due=date(2026, 12, 24))
    tell("retard", at(3), due=date(2026, 11, 20))
    digests.compose(at=at(7))
    letter = Letter.objects.get()
    assert letter.subject == "TraAM : 3 points pour vous"
    assert re.findall(r"^- (.*)$", letter.body, re.MULTILINE) == [
        "Il y a retard (en retard, attendu le 20/11/2026)",
        "Il y a tard (avant le 24/12/2026)",
        "Il y a sans date",
    ]
    assert letter.body.count("Voir : http") == 3


def test_a_line_is_told_once_and_one_that_is_done_is_not_told() -> None:
    for _ in range(2):
        tell("dossier:1:1", at(1))
    tell("dossier:1:2", at(1), to=someone("expert"))
    tell("dossier:10:1", at(1), to=someone("bureau"))
    assert letters.settle("dossier:1", at=at(2)) == 2
    assert digests.compose(at=at(7)) == 1
    assert Letter.objects.get().to == someone("bureau"), "dossier:10 is not under dossier:1"
    tell("dossier:10:1", at(8), to=someone("bureau"))
    assert digests.compose(at=at(7, 1)) == 0
    assert letters.settle("dossier", at=at(9)) == 0, "what left is told for good"


def test_settling_all_but_some_keeps_these() -> None:
    tell("rappel:a", at(1))
    tell("rappel:b", at(1))
    assert letters.settle("rappel", at=at(2), but=["rappel:a"]) == 1
    assert [item.key for item in queries.pending(someone())] == ["rappel:a"]


def test_a_weekly_digest_leaves_on_monday_or_as_soon_as_the_worker_is_back() -> None:
    letters.choose_habit("weekly", actor=someone(), at=at(0, -7))
    tell("une", at(9, -3))
    assert [digests.compose(at=at(7, day)) for day in (-2, -1)] == [0, 0]
    tell("deux", at(6.5, 1))
    assert digests.compose(at=at(7, 1)) == 1, "the worker was away on Monday"
    assert Letter.objects.get().items.get().key == "une", "and nothing younger than Monday"
    assert [digests.compose(at=at(7, day)) for day in range(2, 8)] == [0, 0, 0, 0, 0, 1]


def test_never_is_never_and_coming_back_does_not_pour_the_past() -> None:
    letters.choose_habit("never", actor=someone(), at=at(0))
    tell("une", at(1))
    assert digests.compose(at=at(7)) == 0
    letters.choose_habit("daily", actor=someone(), at=at(8))
    tell("deux", at(9))
    assert digests.compose(at=at(7, 1)) == 1
    assert Item.objects.get(letter__isnull=False).key == "deux"


def test_a_closed_account_receives_nothing() -> None:
    tell("une", at(1))
    Person.objects.filter(pk=someone().pk).update(is_active=False)
    assert digests.compose(at=at(7)) == 0


def test_a_habit_is_one_of_the_list() -> None:
    with pytest.raises(Invalid, match="rythme"):
        letters.choose_habit("hourly", actor=someone(), at=at(0))


def test_the_letter_is_dressed_to_be_read_and_stopped() -> None:
    tell("une", at(1))
    Item.objects.update(text="Un titre <b>gras</b> & long")
    digests.compose(at=at(7))
    letters.write("autre", to=someone(), subject="Autre", body="Texte", at=at(7))
    assert letters.deliver(at=at(7)) == 2
    sent: list[Any] = sorted(mail.outbox, key=lambda message: message.subject == "Autre")
    digest, other = sent
    token = Habit.objects.get(person=someone()).token
    assert digest.extra_headers["List-Unsubscribe"].endswith(f"/courriels/arreter/{token}>")
    assert digest.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(token) >= 40
    ((page, kind),) = digest.alternatives
    assert kind == "text/html"
    assert '<html lang="fr">' in page
    assert "Un titre &lt;b&gt;gras&lt;/b&gt; &amp; long" in page
    assert not re.search(r"<img|<script|style=|http-equiv|utm_", page)
    assert set(re.findall(r'href="([^"]*)"', page)) == set(re.findall(r"https?://\S+", digest.body)), "the same links"
    assert not other.alternatives and "List-Unsubscribe" not in other.extra_headers
    assert {message.extra_headers["Auto-Submitted"] for message in mail.outbox} == {"auto-generated"}


def test_stopping_needs_the_whole_secret_and_holds_back_what_has_not_left() -> None:
    tell("une", at(1))
    digests.compose(at=at(7))
    habit = Habit.objects.get(person=someone())
    with pytest.raises(Missing, match="Mes courriels"):
        queries.habit_of(habit.token[:-1])
    letters.stop_digests(queries.habit_of(habit.token), at=at(7))
    assert letters.deliver(at=at(8)) == 0
    assert Letter.objects.get().state == "dropped"
    assert queries.period(someone()) == "never"


def test_two_workers_write_one_digest() -> None:
    """Both saw the same people: the second one finds the letter written, and its lines told."""
    tell("une", at(1))
    seen = digests._who(at(7))
    assert digests._compose(seen, at=at(7)) == 1
    tell("deux", at(2))
    assert digests._compose(seen, at=at(7)) == 0
    assert Item.objects.get(key="deux").letter is None


def test_a_worker_that_dies_in_a_batch_leaves_nothing_half_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "BATCH", 2)
    people = crowd(4)
    letters.tell_all([letters.Line(f"un:{one.pk}", one.pk, "Un", "Voir", "/un") for one in people], at=at(1))
    real, calls = digests._letter, iter(range(100))

    def die(*given: Any) -> Letter:
        if next(calls) == 3:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(digests, "_letter", die)
    with pytest.raises(KeyboardInterrupt):
        digests.compose(at=at(7))
    assert (Letter.objects.count(), Item.objects.filter(letter=None).count()) == (2, 2), "a whole batch, or nothing"
    assert digests.compose(at=at(8)) == 2
    assert sorted(Item.objects.values_list("letter__to", flat=True)) == sorted(one.pk for one in people)


def test_the_number_of_queries_does_not_follow_the_number_of_people() -> None:
    counts = []
    for day, size in enumerate((2, digests.BATCH)):
        people = crowd(size)
        lines = [letters.Line(f"{day}:{n}:{p.pk}", p.pk, "Un", "Voir", "/un") for p in people for n in range(3)]
        letters.tell_all(lines, at=at(1, day))
        with CaptureQueriesContext(connection) as seen:
            assert digests.compose(at=at(7, day)) == size
        counts.append(len(seen))
        Letter.objects.all().update(to=someone())
        Item.objects.all().delete()
        Habit.objects.all().delete()
        Person.objects.filter(email__startswith="foule").delete()
    assert counts[1] - counts[0] <= 3, "a batch is written in a few statements"
    assert counts[1] <= 16


def test_nobody_has_two_digests_in_a_day_in_a_whole_year() -> None:
    """700 people who hear of things at any hour, change their minds, and a worker that wakes when it can."""
    luck = Random(4)
    periods = Habit.Period.values
    people = crowd(700, habits=lambda n: periods[n % 3])
    told, start = 0, at(0)
    for day in sorted(luck.sample(range(365), 30)):
        for hour in sorted(luck.sample(range(24), 2)):
            now = start + timedelta(days=day, hours=hour)
            some = luck.sample(people, 60)
            lines = [letters.Line(f"{day}:{hour}:{p.pk}", p.pk, "Un", "Voir", "/un") for p in some]
            letters.tell_all(lines, at=now)
            told += len(lines)
            letters.choose_habit(luck.choice(periods), actor=some[0], at=now)
            digests.compose(at=now + timedelta(minutes=5))
    written = Letter.objects.values_list("to_id", "written_at")
    days = Counter((to, when.astimezone(PARIS).date()) for to, when in written)
    assert len(days) > 500
    assert max(days.values()) == 1
    assert Item.objects.filter(letter__isnull=False).count() > 700
    assert not Item.objects.exclude(letter=None).exclude(letter__to_id=F("to_id")).exists()


class Closed:
    """A mail server that is down for an hour, then takes everything. The clock is the test's."""

    def __init__(self, back: datetime) -> None:
        self.back, self.now, self.refusals = back, at(0), 0
        self.taken: list[str] = []

    def open(self) -> None:
        if self.now < self.back and self.now.minute % 2 == 0:
            self.refusals += 1
            raise ConnectionRefusedError("le serveur ne répond pas")

    def send_messages(self, messages: list[Any]) -> int:
        if self.now < self.back:
            self.refusals += 1
            raise smtplib.SMTPDataError(451, b"plus tard")
        self.taken += [f"{message.to[0]} {message.extra_headers['Message-ID']}" for message in messages]
        return len(messages)

    def close(self) -> None: ...


def test_a_mail_server_down_for_an_hour_loses_and_repeats_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    people = crowd(30)
    letters.tell_all([letters.Line(f"un:{p.pk}", p.pk, "Un", "Voir", "/un") for p in people], at=at(1))
    assert digests.compose(at=at(6)) == 30
    server = Closed(back=at(7))
    monkeypatch.setattr(post, "get_connection", lambda **_: server)
    for minute in (*range(70), *range(70, 24 * 60, 15)):
        server.now = at(6) + timedelta(minutes=minute)
        digests.compose(at=server.now)
        letters.deliver(at=server.now)
        if server.now == at(6.5):
            assert server.taken == []
            waiting = Letter.objects.filter(state="waiting")
            assert waiting.count() == 30 and all(letter.problem for letter in waiting), "its state can be seen"
    assert server.refusals > 30
    assert len(server.taken) == len(set(server.taken)) == 30
    assert {line.split()[0] for line in server.taken} == {one.email for one in people}
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
