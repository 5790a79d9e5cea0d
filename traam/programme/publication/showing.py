"""Pages shown in the machine's browser, when there is one: every request it makes is fetched by us, or refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from types import TracebackType
from typing import Self

from traam.engines.pageaudit.values import Fetched, Rendered
from traam.gateways.browser import Availability, Browser, availability
from traam.gateways.fetching import Fetcher, fetch_ours, is_ours
from traam.programme.publication.looking import Opened

_ONLY_READ = "Une page est affichée sans rien envoyer à son site."


@dataclass
class Eyes:
    """`see(opened)` renders a page that was fetched: it is not asked for a second time.

    `fetcher` brings what the page loads; it waits for nobody, as a reader's browser does not. A context manager.
    """

    fetcher: Fetcher
    machine: Availability = field(default_factory=availability)

    def __post_init__(self) -> None:
        self._opened: dict[str, Fetched] = {}
        self._lock = Lock()
        self._browser = Browser(self._fetch, machine=self.machine)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._browser.close()

    def see(self, opened: Opened) -> Rendered:
        page = opened.page
        with self._lock:
            self._opened |= {address: got for address, got in opened.files.items() if not got.truncated}
            self._opened[page.address.partition("#")[0]] = page
        try:
            return self._browser.render(page.address)
        finally:
            with self._lock:
                for address in (*opened.files, page.address.partition("#")[0]):
                    self._opened.pop(address, None)

    def _fetch(self, method: str, address: str, headers: Mapping[str, str]) -> Fetched:
        if method not in {"GET", "HEAD"}:
            return Fetched(address, address, error="refused", detail=_ONLY_READ)
        with self._lock:
            known = self._opened.get(address)
        if known is not None:
            return known
        return fetch_ours(address) if is_ours(address) else self.fetcher.fetch(address)
