"""Politeness: a pace by host, and what a busy site asks."""

import threading
import time
from datetime import UTC, datetime

import pytest

from traam.gateways.fetching import Polite


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def polite(clock: Clock, delay: float = 2.0, longest: float = 60.0) -> Polite:
    now = datetime(2026, 10, 21, 7, 28, tzinfo=UTC)
    return Polite(delay, longest=longest, clock=clock, sleep=clock.sleep, now=lambda: now)


def test_visits_to_a_host_are_spaced_and_those_to_others_are_not() -> None:
    clock = Clock()
    door = polite(clock)
    assert [door.wait("a.example"), door.wait("b.example"), door.wait("c.example")] == [0, 0, 0]
    assert door.wait("a.example") == 2.0
    clock.at += 1.5
    assert door.pause("a.example") == 0.5 == door.wait("a.example")
    clock.at += 10
    assert door.wait("a.example") == 0.0
    assert clock.slept == [2.0, 0.5]


@pytest.mark.parametrize(
    ("status", "asked", "pause"),
    [
        (503, "20", 20.0),
        (429, " 20 ", 20.0),
        (503, "999999999999999999999999", 60.0),
        (503, "0", 2.0),
        (503, "", 2.0),
        (503, "-5", 2.0),
        (503, "bientôt", 2.0),
        (503, "²", 2.0),
        (503, "Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        (503, "Wed, 21 Oct 2026 07:28:30", 30.0),
        (503, "Wed, 21 Oct 2020 07:28:30 GMT", 2.0),
        (503, "Wed, 21 Oct 9999 07:28:30 GMT", 60.0),
        (503, "Wed, 99 Oct 2026 07:28:30 GMT", 2.0),
        (200, "20", 0.0),
        (404, "20", 0.0),
    ],
)
def test_a_busy_site_is_left_alone_as_long_as_it_asks_within_reason(status: int, asked: str, pause: float) -> None:
    clock = Clock()
    door = polite(clock)
    door.heed("a.example", status, asked)
    assert (door.pause("a.example"), door.pause("b.example")) == (pause, 0.0)
    assert door.wait("a.example") == pause


def test_a_shorter_answer_does_not_shorten_the_wait() -> None:
    clock = Clock()
    door = polite(clock)
    door.heed("a.example", 503, "20")
    door.heed("a.example", 503, "5")
    assert door.pause("a.example") == 20.0


def test_a_site_that_becomes_busy_keeps_waiting_those_who_already_wait() -> None:
    clock = Clock()
    door = polite(clock)
    door.wait("a.example")

    def sleep(seconds: float) -> None:
        if not clock.slept:
            door.heed("a.example", 503, "20")
        clock.sleep(seconds)

    door._sleep = sleep
    assert door.wait("a.example") == 20.0


def test_several_threads_take_their_turn() -> None:
    door, visits, lock = Polite(0.03), list[float](), threading.Lock()

    def visit() -> None:
        door.wait("a.example")
        with lock:
            visits.append(time.monotonic())

    threads = [threading.Thread(target=visit) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    visits.sort()
    # A thread may be woken late, hence noted late: the whole is what cannot be shorter.
    assert len(visits) == 5 and visits[-1] - visits[0] >= 0.03 * 4 - 0.02


def test_hosts_seen_long_ago_are_forgotten() -> None:
    clock = Clock()
    door = polite(clock)
    for number in range(5000):
        door.wait(f"{number}.example")
        clock.at += 1.0
    assert len(door._next) < 4100
