"""The talk with a browser, against one of our own: answers out of order, events, silence, death."""

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from traam.gateways.browser.pipe import Gone, Late, Pipe, Refused


class Played:
    """The other end: what it was told, and what it is made to say."""

    def __init__(self) -> None:
        ours, self._say = os.pipe()
        self._hear, theirs = os.pipe()
        self.pipe = Pipe(ours, theirs)
        self._rest = b""

    def hears(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            self._rest += os.read(self._hear, 1 << 16)
        one, _, self._rest = self._rest.partition(b"\0")
        heard: dict[str, Any] = json.loads(one)
        return heard

    def says(self, *messages: dict[str, Any]) -> None:
        self.says_bytes(b"".join(json.dumps(one).encode() + b"\0" for one in messages))

    def says_bytes(self, data: bytes) -> None:
        os.write(self._say, data)

    def dies(self) -> None:
        for handle in (self._say, self._hear):
            with suppress(OSError):
                os.close(handle)


@pytest.fixture
def played() -> Iterator[Played]:
    played = Played()
    yield played
    played.dies()
    played.pipe.close()


@pytest.fixture
def hands() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as hands:
        yield hands


def test_each_question_gets_its_own_answer(played: Played, hands: ThreadPoolExecutor) -> None:
    first = hands.submit(played.pipe.ask, "One", {"a": "é"})
    one = played.hears()
    second = hands.submit(played.pipe.ask, "Two", session="S")
    two = played.hears()
    assert (one["method"], one["params"], "sessionId" in one) == ("One", {"a": "é"}, False)
    assert (two["method"], two["sessionId"]) == ("Two", "S")
    played.says({"id": two["id"], "result": {"n": 2}}, {"method": "Noise"}, {"id": one["id"], "result": {"n": 1}})
    assert (first.result(5), second.result(5)) == ({"n": 1}, {"n": 2})


def test_a_message_cut_in_pieces_is_read_whole(played: Played, hands: ThreadPoolExecutor) -> None:
    asked = hands.submit(played.pipe.ask, "One")
    data = json.dumps({"id": played.hears()["id"], "result": {"text": "long " * 50}}).encode() + b"\0"
    for start in range(0, len(data), 40):
        played.says_bytes(data[start : start + 40])
    assert asked.result(5)["text"] == "long " * 50


def test_words_that_are_not_messages_are_passed_over(played: Played, hands: ThreadPoolExecutor) -> None:
    asked = hands.submit(played.pipe.ask, "One")
    number = played.hears()["id"]
    played.says_bytes(b'not json\0[1]\0{"id": 999, "result": {}}\0{"method": 3}\0')
    played.says({"id": number, "result": {}})
    assert asked.result(5) == {}


def test_a_refusal_is_told(played: Played, hands: ThreadPoolExecutor) -> None:
    asked = hands.submit(played.pipe.ask, "One")
    played.says({"id": played.hears()["id"], "error": {"code": -1, "message": "no such page"}})
    with pytest.raises(Refused, match="no such page"):
        asked.result(5)


def test_events_go_to_the_listener_of_their_session(played: Played) -> None:
    heard, ended = [], threading.Event()
    played.pipe.listen("A", lambda event, params, session: heard.append((event, params["n"], session)))
    played.pipe.listen("B", lambda *_: ended.set())
    events = [{"method": "E", "params": {"n": n}, "sessionId": "A"} for n in range(3)]
    played.says(*events, {"method": "E", "params": {}, "sessionId": "nobody"}, {"method": "E", "sessionId": "B"})
    assert ended.wait(5)
    assert heard == [("E", 0, "A"), ("E", 1, "A"), ("E", 2, "A")]


def test_a_page_that_falls_answers_whoever_waits_for_it_alone(played: Played, hands: ThreadPoolExecutor) -> None:
    fallen = hands.submit(played.pipe.ask, "One", session="A")
    played.hears()
    other = hands.submit(played.pipe.ask, "Two", session="B")
    number = played.hears()["id"]
    played.says({"method": "Inspector.targetCrashed", "params": {}, "sessionId": "A"})
    with pytest.raises(Refused):
        fallen.result(5)
    played.says({"id": number, "result": {"still": True}})
    assert other.result(5) == {"still": True}


def test_the_death_of_the_browser_is_told_at_once_and_after(played: Played, hands: ThreadPoolExecutor) -> None:
    asked = hands.submit(played.pipe.ask, "One", within=60.0)
    played.hears()
    played.dies()
    with pytest.raises(Gone):
        asked.result(5)
    assert played.pipe.gone
    with pytest.raises(Gone):
        played.pipe.ask("Two")


def test_silence_is_waited_for_no_longer_than_said(played: Played, hands: ThreadPoolExecutor) -> None:
    with pytest.raises(Late):
        played.pipe.ask("One", within=0.05)
    late = played.hears()["id"]
    asked = hands.submit(played.pipe.ask, "Two")
    number = played.hears()["id"]
    played.says({"id": late, "result": {"too": "late"}}, {"id": number, "result": {}})
    assert asked.result(5) == {}


def test_writes_of_several_threads_never_mingle(played: Played, hands: ThreadPoolExecutor) -> None:
    """Each is longer than the pipe of the system: it goes in several writes."""
    sent = [hands.submit(played.pipe.tell, "T", {"text": str(n) * 200_000}) for n in range(6)]
    heard = {played.hears()["params"]["text"][0] for _ in range(6)}
    assert [one.result(5) for one in sent] == [None] * 6
    assert heard == set("012345")


def test_a_browser_that_no_longer_reads_does_not_hold_us(
    played: Played, monkeypatch: pytest.MonkeyPatch, hands: ThreadPoolExecutor
) -> None:
    monkeypatch.setattr("traam.gateways.browser.pipe.PATIENCE", 0.1)
    with pytest.raises(Gone):
        played.pipe.tell("T", {"text": "x" * 1_000_000})
    assert played.pipe.gone
