"""The DevTools protocol over a pair of pipes: JSON messages ended by a zero byte, answers by number.

No library: what we need of the protocol is one question at a time for each page, and the events of its session.
"""

import json
import os
import select
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

Message = Mapping[str, Any]
Listener = Callable[[str, Message, str], None]
"""`listener(event, its parameters, session)`, called by the thread that reads: it must neither wait nor write."""

PIECE = 1 << 18
LONGEST = 64 << 20  # bytes of one message: what our own questions bring back is far shorter
PATIENCE = 10.0  # seconds for the browser to read what we write


class Gone(Exception):
    """The browser is no more, or no longer reads."""


class Refused(Exception):
    """The browser answered that it cannot: the page has changed or crashed, or the question makes no sense to it."""


class Late(Exception):
    """The browser has not answered in time."""


class Pipe:
    """Speaks to one browser through two file descriptors, that it closes. Any thread may ask."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        os.set_blocking(writing, False)
        self._lock = threading.Lock()  # of the tables below, never held while waiting
        self._pen = threading.Lock()  # two writes that mingle hang the browser for good
        self._last = 0
        self._asked: dict[int, tuple[str, Future[Message]]] = {}
        self._listeners: dict[str, Listener] = {}
        self._gone = False
        self._reader = threading.Thread(target=self._read, name="chromium-pipe", daemon=True)
        self._reader.start()

    @property
    def gone(self) -> bool:
        return self._gone

    def ask(self, method: str, params: Message | None = None, *, session: str = "", within: float = 10.0) -> Message:
        """What the browser answers. Raises `Gone`, `Refused`, or `Late` after `within` seconds."""
        answer: Future[Message] = Future()
        number = self._send(method, params, session, answer)
        try:
            return answer.result(timeout=max(within, 0.0))
        except TimeoutError:
            raise Late(method) from None
        finally:
            with self._lock:
                self._asked.pop(number, None)

    def tell(self, method: str, params: Message | None = None, *, session: str = "") -> None:
        """Ask without waiting for the answer, whatever it is. Raises `Gone`."""
        self._send(method, params, session, None)

    def listen(self, session: str, listener: Listener) -> None:
        with self._lock:
            self._listeners[session] = listener

    def forget(self, session: str) -> None:
        with self._lock:
            self._listeners.pop(session, None)

    def close(self) -> None:
        """Close both ends once the browser is dead; whoever waits is told."""
        self._end()
        self._reader.join(timeout=PATIENCE)
        with self._pen:
            for handle in (self._writing, self._reading):
                with suppress(OSError):
                    os.close(handle)
            self._writing = self._reading = -1

    def _send(self, method: str, params: Message | None, session: str, answer: "Future[Message] | None") -> int:
        with self._lock:
            if self._gone:
                raise Gone(method)
            self._last += 1
            number = self._last
            if answer is not None:
                self._asked[number] = session, answer
        message: dict[str, Any] = {"id": number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        self._write(json.dumps(message).encode() + b"\0")
        return number

    def _write(self, data: bytes) -> None:
        """Everything or nothing more: a message half written ends the talk."""
        left, until = memoryview(data), time.monotonic() + PATIENCE
        with self._pen:
            try:
                while left:
                    if self._gone:
                        raise Gone("pipe")
                    door = select.poll()
                    door.register(self._writing, select.POLLOUT)
                    if not door.poll(max(until - time.monotonic(), 0.0) * 1000):
                        raise Gone("the browser no longer reads")
                    with suppress(BlockingIOError):
                        left = left[os.write(self._writing, left) :]
            except (OSError, ValueError, Gone) as problem:
                self._end()
                raise Gone(str(problem)) from problem

    def _read(self) -> None:
        parts: list[bytes] = []
        try:
            while piece := os.read(self._reading, PIECE):
                *ended, rest = piece.split(b"\0")
                for end in ended:
                    self._receive(b"".join((*parts, end)))
                    parts = []
                if rest:
                    parts.append(rest)
                if sum(map(len, parts)) > LONGEST:
                    break
        except OSError:  # the same as an end
            pass
        finally:
            self._end()

    def _receive(self, data: bytes) -> None:
        try:
            message = json.loads(data)
        except ValueError:  # not a word of ours: the next message may be
            return
        if not isinstance(message, dict):
            return
        if "id" in message:
            self._answer(message)
        elif isinstance(message.get("method"), str):
            self._event(message["method"], message.get("params") or {}, message.get("sessionId", ""))

    def _answer(self, message: Message) -> None:
        with self._lock:
            _, answer = self._asked.pop(message["id"], ("", None))
        if answer is None:
            return
        if "error" in message:
            answer.set_exception(Refused(str(message["error"].get("message", ""))))
        else:
            answer.set_result(message.get("result") or {})

    def _event(self, method: str, params: Message, session: str) -> None:
        if method == "Target.detachedFromTarget":
            self._drop(params.get("sessionId", ""))
        elif method == "Inspector.targetCrashed":
            self._drop(session)
        with self._lock:
            listener = self._listeners.get(session)
        if listener is not None:
            with suppress(KeyError, TypeError):  # an event without what it should hold
                listener(method, params, session)

    def _drop(self, session: str) -> None:
        """Nobody will answer for that session any more."""
        with self._lock:
            lost = [number for number, (of, _) in self._asked.items() if of == session]
            answers = [self._asked.pop(number)[1] for number in lost]
        for answer in answers:
            answer.set_exception(Refused("the page is no more"))

    def _end(self) -> None:
        with self._lock:
            self._gone = True
            answers = [answer for _, answer in self._asked.values()]
            self._asked.clear()
        for answer in answers:
            answer.set_exception(Gone("the browser is no more"))
