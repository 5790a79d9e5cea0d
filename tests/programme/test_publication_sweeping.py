"""The sweep: each site one visit at a time, each visit written as it ends, links asked once, nothing left held."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError
from django.utils import timezone

from traam.engines.pageaudit.values import Fetched, Link, Rendered
from traam.programme.catalogue import rehearsal
from traam.programme.publication import halfway, looking
from traam.programme.publication.actions import auditing
from traam.programme.publication.looking import Opened
from traam.programme.publication.models import AuditRun, Contest, LinkState, Watched
from traam.programme.publication.sweeping import Sweep, keep_links, known_links

pytestmark = pytest.mark.django_db
HTML = """<html lang="fr"><title>Une séance</title><h1>Une séance</h1><p><a href="https://ailleurs.fr/fiche">La fiche
de la séance</a> et <a href="/fiche.pdf">la fiche (PDF)</a></p></html>"""


class Sites:
    """Stands for the sites: pages by address, who asked what, how many visits of one site there were at once."""

    def __init__(self, pages: dict[str, bytes] | None = None, slow: float = 0.0) -> None:
        self.pages, self.slow = pages or {}, slow
        self.fetched: list[str] = []
        self.asked: list[str] = []
        self.most: Counter[str] = Counter()
        self._inside: Counter[str] = Counter()
        self._lock = threading.Lock()

    def fetch(self, address: str, *, most_bytes: int | None = None, seconds: float | None = None) -> Fetched:
        host = urlsplit(address).hostname or ""
        with self._lock:
            self.fetched.append(address)
            self._inside[host] += 1
            self.most[host] = max(self.most[host], self._inside[host])
        time.sleep(self.slow)
        with self._lock:
            self._inside[host] -= 1
        body = self.pages.get(address, HTML.encode())
        return Fetched(address, address, 200, (("content-type", "text/html; charset=utf-8"),), body)

    def ask(self, address: str, *, seconds: float | None = None, gone: Callable[[Fetched], bool] | None = None) -> Link:
        self.asked.append(address)
        return Link(address, 404)


@pytest.fixture(autouse=True)
def _nothing_yet(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.DATA = tmp_path
    monkeypatch.setattr(looking, "audit_document", lambda name, body: [])  # a process for each: tried elsewhere
    for model in (AuditRun, Contest, Watched, LinkState):
        model.objects.all().delete()
    yield


def watch(*addresses: str) -> list[Watched]:
    return [auditing.watch(address, at=timezone.now()) for address in addresses]


def sweep(sites: Sites, **more: Any) -> Sweep:
    return Sweep(sites, timezone.now, threads=4, **more)


def test_every_address_is_visited_once_and_no_site_twice_at_a_time() -> None:
    rows = watch(*(f"https://site{n % 2}.fr/{n}" for n in range(6)))
    sites = Sites(slow=0.02)
    assert sweep(sites).run() == 6
    pages = Counter(address for address in sites.fetched if not address.endswith(".pdf"))
    assert set(pages.values()) == {1} and len(pages) == 6
    assert max(sites.most.values()) == 1
    assert Counter(AuditRun.objects.values_list("watched", flat=True)) == Counter(row.pk for row in rows)
    assert not Watched.objects.exclude(claimed_until=None).exists()
    assert sweep(sites).run() == 0


def test_a_site_alone_is_visited_to_the_end_however_few_are_held() -> None:
    watch(*(f"https://site.fr/{n}" for n in range(5)))
    assert sweep(Sites(), held=2).run() == 5


def test_a_slice_visits_no_more_than_it_was_given() -> None:
    watch(*(f"https://site{n}.fr/" for n in range(5)))
    assert sweep(Sites()).run(most=2) == 2
    assert AuditRun.objects.count() == 2


def test_a_link_of_two_pages_is_asked_once_and_its_answer_is_told_of_both() -> None:
    watch("https://a.fr/1", "https://a.fr/2")
    sites = Sites()
    sweep(sites).run()
    assert sites.asked == ["https://ailleurs.fr/fiche"]
    for run in AuditRun.objects.all():
        assert "deadlink" in {one["code"] for one in run.findings}


def test_good_answers_of_links_are_believed_a_month_and_bad_ones_three_days() -> None:
    now = timezone.now()
    keep_links(
        [Link("https://a.fr/bon", 200), Link("https://a.fr/mort", 404), Link("https://a.fr/vide", 200, "", True)], now
    )
    asked = ["https://a.fr/bon", "https://a.fr/mort", "https://a.fr/vide", "https://a.fr/autre"]
    assert len(known_links(asked, now + auditing.SOONER[0])) == 3
    assert set(known_links(asked, now + auditing.SOONER[2])) == {"https://a.fr/bon"}
    assert known_links(asked, now + auditing.MONTH) == {}
    keep_links([Link("https://a.fr/mort", 200)], now)
    assert known_links(asked, now)["https://a.fr/mort"].status == 200


def test_a_sweep_that_is_stopped_frees_what_it_held() -> None:
    watch("https://a.fr/", "https://b.fr/")

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(Sites(slow=0.05)).run(meanwhile=stop)
    assert not Watched.objects.exclude(claimed_until=None).exists()


def test_letters_leave_while_a_site_is_slow() -> None:
    watch("https://lent.fr/")
    turns: list[int] = []
    sweep(Sites(slow=0.6)).run(meanwhile=lambda: turns.append(1))
    assert len(turns) >= 2


def test_the_page_a_dead_worker_had_fetched_is_not_asked_for_again() -> None:
    (row,) = watch("https://a.fr/1")
    page = Sites().fetch(row.address)
    halfway.keep(row.pk, page)
    assert halfway.found(row.pk, "https://a.fr/2") is None, "the address of this number has changed"
    kept = halfway.found(row.pk, row.address)
    assert kept is not None and (kept.body, kept.headers) == (page.body, page.headers)
    sites = Sites()
    assert sweep(sites).run() == 1
    assert row.address not in sites.fetched
    assert halfway.found(row.pk, row.address) is None, "the next visit asks for it"


def test_a_visit_that_breaks_is_told_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    watch("https://a.fr/", "https://b.fr/")
    judge = looking.judge

    def break_one(opened: Opened, *rest: Any) -> Any:
        if "a.fr" in opened.page.address:
            raise ValueError("a page nobody foresaw")
        return judge(opened, *rest)

    monkeypatch.setattr(looking, "judge", break_one)
    assert sweep(Sites()).run() == 2
    broken = AuditRun.objects.get(watched__address="https://a.fr/")
    assert (broken.error, broken.findings) == ("protocol", [])
    assert "équipe de la plateforme" in broken.detail


def test_a_database_that_is_away_is_no_fault_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    watch("https://a.fr/")

    def away(*_: Any) -> Any:
        raise OperationalError("locked")

    monkeypatch.setattr("traam.programme.publication.sweeping.known_links", away)
    with pytest.raises(OperationalError):
        sweep(Sites()).run()
    assert not AuditRun.objects.exists()


def test_what_a_browser_sees_is_told_with_the_rest_and_what_it_could_not_is_said() -> None:
    watch("https://a.fr/")

    def see(opened: Opened) -> Rendered:
        return Rendered(opened.page.address, requests=("https://www.google-analytics.com/collect?v=2",), html=HTML)

    sweep(Sites(), see=see).run()
    run = AuditRun.objects.get()
    assert run.static_only == ""
    assert run.counts["codes"]["tracker"] == 1
    Watched.objects.update(next_at=timezone.now())
    sweep(Sites(), see=lambda opened: Rendered(opened.page.address, error="Chromium est tombé.")).run()
    last = AuditRun.objects.latest("pk")
    assert last.static_only == "Chromium est tombé."
    assert "tracker" not in last.counts.get("codes", {})


def test_a_page_that_is_not_released_yet_is_audited_as_it_would_be() -> None:
    from traam.demo.build import DOMAIN
    from traam.programme.people.models import Person
    from traam.programme.productions.models import Scenario

    scenario = Scenario.objects.filter(group__application__academy="10", version__gt=0, releases=None).first()
    assert scenario is not None
    referent = Person.objects.get(email=f"referent.lyon@{DOMAIN}")
    watched = auditing.ask_audit(scenario, actor=referent, at=timezone.now())
    assert sweep(Sites()).run() == 1, "without who draws it"
    assert AuditRun.objects.latest("pk").error == "protocol"
    Watched.objects.filter(pk=watched.pk).update(next_at=timezone.now(), stopped_at=None)
    few = looking.Bounds(documents=0, links=2)  # its own poster takes a second to draw
    assert sweep(Sites(), drawn=rehearsal.drawn, bounds=few).run() == 1
    run = AuditRun.objects.latest("pk")
    assert (run.status, run.error) == (200, "")
    codes = set(run.counts.get("codes", {}))
    assert not codes & {"reach", "auth", "social", "tracker", "a11y.lang", "a11y.title", "a11y.head"}
    assert not LinkState.objects.filter(address__contains="/notices/").exists()
