"""A few pages at a time, in a Chromium that is replaced before it wears out and after it falls."""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

from traam.engines.pageaudit.values import Rendered
from traam.gateways.browser.interception import Fetch
from traam.gateways.browser.machine import Availability, availability, axe_source
from traam.gateways.browser.pipe import Gone
from traam.gateways.browser.process import Chromium, NotStarted
from traam.gateways.browser.visit import Limits, Visit

CONCURRENCY = 2  # a third page at a time gains nothing on two cores
PAGES = 50  # a browser that has seen more leaks
MEMORY = 1500 << 20  # bytes above which the heaviest page is stopped
WORN = 700 << 20  # bytes above which a browser is replaced once its pages are done
_NO_WEB = "Cette adresse n'est pas celle d'une page : elle doit commencer par https:// ou http://."
_STRANGE = "Le navigateur a répondu ce que la plateforme ne comprend pas : la page n'a pas été vue."
_FELL = "Le navigateur est tombé deux fois en affichant cette page : elle n'a pas été vue."


@dataclass
class _Shift:
    """A Chromium at work: how many pages it was given, how many are still in it."""

    chromium: Chromium
    begun: int = 0
    inside: int = 0

    @property
    def over(self) -> bool:
        return self.begun >= PAGES or self.chromium.tainted or not self.chromium.alive


@dataclass(frozen=True)
class Care:
    """How a browser is looked after: pages at a time, bytes of memory (`MEMORY`)."""

    concurrency: int = CONCURRENCY
    memory: int = MEMORY
    limits: Limits = field(default_factory=Limits)


class Browser:
    """Renders pages. `fetch` answers every request they make: the browser has no network of its own.

    A context manager; any thread may call `render`. Nothing is started before the first page, and nothing is left
    once closed: no process, no file. What lacks on this machine is an answer (`Rendered.error`), never a failure.
    """

    def __init__(self, fetch: Fetch, *, care: Care | None = None, machine: Availability | None = None) -> None:
        self._fetch, self._care = fetch, care or Care()
        self.machine = machine or availability()
        self._axe = axe_source(self.machine.axe) if self.machine.axe else ""
        self._room = threading.Semaphore(self._care.concurrency)
        self._lock = threading.Lock()
        self._shift: _Shift | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Kill Chromium; the pages still in it answer that it fell."""
        with self._lock:
            self._closed = True
            shift, self._shift = self._shift, None
        if shift is not None:
            shift.chromium.kill()

    def render(self, address: str, *, seconds: float | None = None) -> Rendered:
        """What a browser sees of a page; `error` is a French sentence when it could not. Never raises for the page.

        `seconds`: for this page alone, in the place of those of the limits. The requests made before an error are told.
        """
        if not address.lower().startswith(("http://", "https://")):
            return Rendered(address, error=_NO_WEB)
        if not self.machine.ready:
            return Rendered(address, error=self.machine.sentence)
        limits = self._care.limits if seconds is None else replace(self._care.limits, seconds=seconds)
        with self._room:
            try:
                with self._chromium() as chromium:
                    return self._visit(chromium, address, limits)
            except Gone:
                return self._alone(address, limits)
            except NotStarted as problem:
                return Rendered(address, error=str(problem))

    def render_many(self, addresses: Iterable[str]) -> Iterator[Rendered]:
        """Several at a time, answered in the order asked."""
        with ThreadPoolExecutor(self._care.concurrency, thread_name_prefix="chromium-page") as hands:
            waiting: list[Future[Rendered]] = []
            for address in addresses:
                waiting.append(hands.submit(self.render, address))
                if len(waiting) > self._care.concurrency:
                    yield waiting.pop(0).result()
            for one in waiting:
                yield one.result()

    def memory(self) -> int:
        """Bytes of the Chromium at work, 0 without one."""
        with self._lock:
            return self._shift.chromium.memory() if self._shift else 0

    def _visit(self, chromium: Chromium, address: str, limits: Limits) -> Rendered:
        try:
            return Visit(chromium, self._fetch, self._axe, limits).run(address)
        except (KeyError, TypeError, ValueError):
            chromium.tainted = True
            return Rendered(address, error=_STRANGE)

    def _start(self) -> Chromium:
        if self.machine.way is None:
            raise NotStarted(self.machine.sentence)
        return Chromium(self.machine.chromium, self.machine.way, self._care.memory)

    def _alone(self, address: str, limits: Limits) -> Rendered:
        """Once more in a Chromium of its own: a neighbour may have brought the first one down."""
        if self._closed:
            return Rendered(address, error="Le navigateur a été fermé avant que la page soit vue.")
        try:
            chromium = self._start()
        except NotStarted as problem:
            return Rendered(address, error=str(problem))
        try:
            return self._visit(chromium, address, limits)
        except Gone:
            return Rendered(address, error=_FELL)
        finally:
            chromium.kill()

    @contextmanager
    def _chromium(self) -> Iterator[Chromium]:
        """The Chromium at work, or a new one. The last page to leave one that is over ends it."""
        with self._lock:
            if self._closed:
                raise Gone("closed")
            if self._shift is None or self._shift.over:
                old, self._shift = self._shift, _Shift(self._start())
                if old is not None and not old.inside:
                    old.chromium.kill()
            shift = self._shift
            shift.begun += 1
            shift.inside += 1
        try:
            yield shift.chromium
        finally:
            self._leave(shift)

    def _leave(self, shift: _Shift) -> None:
        chromium = shift.chromium
        if chromium.held > WORN and chromium.alive and chromium.memory() > WORN:  # the exact weight takes longer
            chromium.tainted = True
        with self._lock:
            shift.inside -= 1
            done = shift.over and not shift.inside
            if done and self._shift is shift:
                self._shift = None
        if done:
            shift.chromium.kill()
