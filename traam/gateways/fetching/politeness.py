"""A visitor that does not tire anybody: one visit at a time to a site, at a pace, and later when the site says so."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock

DELAY = 1.0  # seconds between two visits to a site
LONGEST = 60.0  # seconds a site may ask us to stay away: a worker has other sites to see
_BUSY = {429, 503}
_REMEMBERED = 4096  # sites


class Polite:
    """Spaces the visits to one host by `delay` seconds at least; several threads may share it.

    `clock` is monotonic, in seconds; `sleep` takes seconds; `now` is only read for a Retry-After written as a date.
    """

    def __init__(
        self,
        delay: float = DELAY,
        *,
        longest: float = LONGEST,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._delay, self._longest = delay, longest
        self._clock, self._sleep, self._now = clock, sleep, now
        self._next: dict[str, float] = {}  # when a host may be visited again
        self._lock = Lock()

    def wait(self, host: str) -> float:
        """Returns when the host may be visited, and that visit is counted: how many seconds it took."""
        start = self._clock()
        while (pause := self._take(host)) > 0:
            self._sleep(pause)
        return self._clock() - start

    def pause(self, host: str) -> float:
        """How many seconds `wait` would take now: a worker may see another site meanwhile. Counts no visit."""
        with self._lock:
            return max(self._next.get(host, 0.0) - self._clock(), 0.0)

    def _take(self, host: str) -> float:
        """0.0, and the turn is ours; or how long before asking again (another thread may be served first)."""
        with self._lock:
            at = self._clock()
            if (pause := self._next.get(host, at) - at) > 0:
                return pause
            if len(self._next) >= _REMEMBERED:
                self._next = {known: moment for known, moment in self._next.items() if moment > at}
            self._next[host] = at + self._delay
            return 0.0

    def heed(self, host: str, status: int, retry_after: str) -> None:
        """A site that says it is busy (429, 503) is left alone for as long as it asks, within `longest`."""
        if status not in _BUSY:
            return
        pause = min(max(self._asked(retry_after), self._delay), max(self._longest, self._delay))
        with self._lock:
            self._next[host] = max(self._next.get(host, 0.0), self._clock() + pause)

    def _asked(self, retry_after: str) -> float:
        """In seconds, 0.0 when it is not said or does not read (RFC 9110, 10.2.3)."""
        text = retry_after.strip()
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return 0.0
        return (moment.replace(tzinfo=moment.tzinfo or UTC) - self._now()).total_seconds()
