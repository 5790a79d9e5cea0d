"""The visits of the addresses that are due: many sites at once, each site one visit at a time, one writer.

Threads fetch and audit; the thread that calls claims, reads and writes the database, and fetches the pages of this very
site. A visit is written as soon as it ends: whatever kills the process, only the visits under way are made again.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from django.db import DatabaseError, transaction

from traam.engines.pageaudit import is_page
from traam.engines.pageaudit.values import Fetched, Link, Rendered
from traam.gateways.fetching import Fetcher, Polite, ask_ours, fetch_ours, is_ours
from traam.programme.publication import halfway, looking
from traam.programme.publication.actions import auditing
from traam.programme.publication.actions.auditing import LEASE, Seen
from traam.programme.publication.looking import Opened, Visitor
from traam.programme.publication.models import AuditRun, LinkState, Watched

log = logging.getLogger(__name__)
KEPT = timedelta(days=30)
"""How long an answer of a link is believed; a bad one is asked again sooner."""
DOUBTED = timedelta(days=3)
NO_BROWSER = "La page a été lue sans être affichée dans un navigateur."
BROKEN = "La visite n'est pas allée jusqu'au bout : l'équipe de la plateforme en est prévenue."
MISSED = "Le brouillon de cette page n'a pas pu être dessiné."

Drawn = Callable[[Watched, datetime], AbstractContextManager[str]]
"""Draws the page of a scenario that is not released yet, for as long as the context lasts: its address."""


class Ourselves:
    """A `Visitor` of the pages of this site, in the thread and the transaction of who asks."""

    def fetch(self, address: str, *, most_bytes: int | None = None, seconds: float | None = None) -> Fetched:
        return fetch_ours(address) if most_bytes is None else fetch_ours(address, most_bytes=most_bytes)

    def ask(self, address: str, *, seconds: float | None = None, gone: object = None) -> Link:
        return ask_ours(address)


class Hands:
    """A few threads that do not keep the process from ending: a stop is obeyed at once, leases do the rest."""

    def __init__(self, count: int) -> None:
        self._work: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._count = count
        for n in range(count):
            threading.Thread(target=self._loop, name=f"audit-{n}", daemon=True).start()

    def give(self, work: Callable[[], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        self._work.put((future, work))
        return future

    def close(self) -> None:
        for _ in range(self._count):
            self._work.put(None)

    def _loop(self) -> None:
        while (given := self._work.get()) is not None:
            future, work = given
            try:
                future.set_result(work())
            except BaseException as problem:  # told to whoever waits for the answer
                future.set_exception(problem)


@dataclass
class Visit:
    """An address in hand, and how far its visit is."""

    watched: Watched
    host: str
    began: float
    opened: Opened | None = None
    remembered: frozenset[str] = frozenset()  # links that were not asked: their answers were known


@dataclass
class Sweep:
    """`run()` visits what is due, until nothing is left or `most` addresses were visited; how many were.

    `clock` gives the date of what is written. `drawn` draws what is not released yet; without it, such a page is said
    not to be testable. `see` renders a page; without it the audit is static, and `blind` says why. `held`: how many
    addresses are claimed at once.
    """

    fetcher: Visitor
    clock: Callable[[], datetime]
    drawn: Drawn | None = None
    see: Callable[[Opened], Rendered] | None = None
    blind: str = NO_BROWSER
    threads: int = 24
    held: int = 96
    bounds: looking.Bounds = looking.BOUNDS
    told: Callable[[Watched, AuditRun], object] = lambda watched, run: None
    _waiting: dict[str, deque[Visit]] = field(default_factory=dict)
    _under_way: dict[Future[Any], Visit] = field(default_factory=dict)
    _next_claim: float = 0.0

    def run(self, *, most: int | None = None, meanwhile: Callable[[], object] = lambda: None) -> int:
        """`meanwhile` is called every half second at most; what it raises stops the sweep, and frees what it held."""
        left = self._take(most)
        if not self._waiting:
            return 0
        hands, done, renewed = Hands(self.threads), 0, time.monotonic()
        try:
            while True:
                left = self._take(left)
                self._begin(hands)
                if not self._under_way:
                    return done
                done += self._gather(hands)
                if time.monotonic() - renewed > LEASE.total_seconds() / 5:
                    auditing.renew([visit.watched for visit in self._all()], at=self.clock())
                    renewed = time.monotonic()
                meanwhile()
        finally:
            hands.close()
            if held := [visit.watched for visit in self._all()]:
                auditing.let_go(held, at=self.clock())
            self._waiting.clear()
            self._under_way.clear()

    def _all(self) -> Iterator[Visit]:
        yield from self._under_way.values()
        for several in self._waiting.values():
            yield from several

    def _take(self, left: int | None) -> int | None:
        """Claim what is missing, of the sites that have few in hand; how many may still be claimed."""
        in_hand = sum(1 for _ in self._all())
        room = self.held - in_hand if left is None else min(self.held - in_hand, left)
        enough = in_hand and (room < self.held // 4 or time.monotonic() < self._next_claim)
        if room <= 0 or enough:
            return left
        full = {host for host, several in self._waiting.items() if len(several) > self.held // 4}
        taken = auditing.claim(room, but_hosts=full, at=self.clock())
        if len(taken) < room:
            self._next_claim = time.monotonic() + 1
        for watched in taken:
            host = urlsplit(watched.address).hostname or ""
            self._waiting.setdefault(host, deque()).append(Visit(watched, host, time.monotonic()))
        return None if left is None else left - len(taken)

    def _begin(self, hands: Hands) -> None:
        """One visit for each site that has none."""
        busy = {visit.host for visit in self._under_way.values()}
        for host in [host for host in self._waiting if host not in busy]:
            if len(self._under_way) >= self.threads:
                return
            several = self._waiting[host]
            visit = several.popleft()
            if not several:
                del self._waiting[host]
            visit.began = time.monotonic()
            self._under_way[hands.give(self._opening(visit))] = visit

    def _opening(self, visit: Visit) -> Callable[[], Opened | None]:
        """Pages of ours are opened by the thread that gathers: it has the database."""
        if visit.watched.ours:
            return lambda: None
        return lambda: self._open(visit.watched)

    def _open(self, watched: Watched) -> Opened:
        """In a thread: the page, unless a worker that died had it already."""
        kept = halfway.found(watched.pk, watched.address)
        if kept is not None:
            return looking.with_leads(kept, time.monotonic(), self.bounds)
        opened = looking.open_page(watched.address, self.fetcher, self.bounds)
        halfway.keep(watched.pk, opened.page)
        return opened

    def _gather(self, hands: Hands) -> int:
        """What ended: a page that is opened goes on with its links, an audit is written. How many were written."""
        ended, _ = wait(self._under_way, timeout=0.5, return_when=FIRST_COMPLETED)
        return sum(self._step(future, hands) for future in ended)

    def _step(self, future: Future[Any], hands: Hands) -> int:
        visit = self._under_way.pop(future)
        opened, looked = visit.opened, None
        try:
            if opened is None:
                opened = visit.opened = self._known(visit, future.result() or self._open_ours(visit))
            else:
                looked = future.result()
        except DatabaseError:  # it is away: the visit is not to blame
            raise
        except Exception:
            log.exception("audit of %s", visit.watched.address)
            looked = _broken(visit.watched.address)
        if looked is None and opened is not None:
            self._under_way[hands.give(partial(self._look, opened, visit.watched.licence))] = visit
            return 0
        return self._write(visit, looked or _broken(visit.watched.address))

    def _open_ours(self, visit: Visit) -> Opened:
        """A page of this site with its files and its links of this site; drawn for the visit when it is not public."""
        ours, watched = Ourselves(), visit.watched
        drawn: AbstractContextManager[str] = nullcontext(watched.address)
        if watched.before_release:
            if self.drawn is None:
                missed = Fetched(watched.address, watched.address, error="protocol", detail=MISSED)
                return Opened(missed, began=visit.began)
            drawn = self.drawn(watched, self.clock())
        with drawn as address:
            opened = looking.open_page(address, ours, self.bounds)
            opened = looking.bring(opened, ours, self.bounds, only=is_ours)
            if not watched.before_release:
                opened = self._known(visit, opened)
            return looking.follow(opened, ours, self.bounds, only=is_ours)

    def _look(self, opened: Opened, licence: str) -> tuple[Seen, Opened]:
        """In a thread: what is still to fetch, then the audit."""
        opened = looking.bring(opened, self.fetcher, self.bounds)
        opened = looking.follow(opened, self.fetcher, self.bounds)
        rendered, blind = None, self.blind
        if self.see is not None and opened.page.status and is_page(opened.page):
            rendered = self.see(opened)
            blind = rendered.error
        found = looking.judge(opened, licence, rendered)
        return Seen(opened.page, found, blind, time.monotonic() - opened.began), opened

    def _known(self, visit: Visit, opened: Opened) -> Opened:
        """With what the links answered lately."""
        found = known_links([one for one in opened.wanted.links if one not in opened.links], self.clock())
        visit.remembered |= found.keys()
        return replace(opened, links={**found, **opened.links})

    def _write(self, visit: Visit, looked: tuple[Seen, Opened]) -> int:
        seen, opened = looked
        at = self.clock()
        with transaction.atomic():
            run = auditing.visit(visit.watched, seen, at=at)
            if run is not None:
                keep_links([link for link in opened.links.values() if self._is_news(link, visit)], at)
        halfway.forget(visit.watched.pk)
        if run is None:
            return 0
        self.told(visit.watched, run)
        return 1

    @staticmethod
    def _is_news(link: Link, visit: Visit) -> bool:
        """Pages of ours that are drawn for the visit alone are forgotten with it."""
        drawn_for_it = visit.watched.before_release and is_ours(link.address)
        return link.address not in visit.remembered and not drawn_for_it


def _broken(address: str) -> tuple[Seen, Opened]:
    page = Fetched(address, address, error="protocol", detail=BROKEN)
    return Seen(page), Opened(page)


def known_links(addresses: Sequence[str], at: datetime) -> dict[str, Link]:
    """What these links answered lately: for a month when they did, for three days when they did not."""
    rows = LinkState.objects.filter(address__in=addresses, asked_at__gt=at - KEPT)
    return {
        row.address: Link(row.address, row.status, row.error, row.soft)
        for row in rows
        if row.asked_at > at - DOUBTED or (200 <= row.status < 400 and not row.soft)
    }


def keep_links(links: list[Link], at: datetime) -> None:
    """So that the other pages that link there need not ask."""
    rows = [LinkState(address=k.address, status=k.status, error=k.error, soft=k.soft, asked_at=at) for k in links]
    LinkState.objects.bulk_create(
        [row for row in rows if len(row.address) <= 2000],
        update_conflicts=True,
        unique_fields=["address"],
        update_fields=["status", "error", "soft", "asked_at"],
    )


def fetcher() -> Fetcher:
    """The one that visits the sites of the academies."""
    return Fetcher(polite=Polite())
