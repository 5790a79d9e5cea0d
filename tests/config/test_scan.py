"""What the scan of the web holds against the site: everything above information, internal errors too."""

import pytest
from django.urls import resolve

from bench import scan
from bench.scan import LEAVES, WHO, _read
from traam.demo.build import ACCOUNTS, DOMAIN, PASSWORD

TOLD = {
    "infos": {"crawled_pages_nbr": 12},
    "vulnerabilities": {
        "SQL Injection": [{"level": 4, "method": "GET", "path": "/recherche", "parameter": "q", "info": "…"}],
        "Fingerprint": [{"level": 0, "info": "nginx"}],
    },
    "anomalies": {"Internal Server Error": [{"level": 2, "path": "/x", "info": "500"}]},
    "additionals": {"Review Webserver": [{"level": 1, "info": "gunicorn"}]},
}


def test_what_is_found_is_counted_and_information_is_not() -> None:
    report = _read(TOLD, "bureau", 3.0)
    assert report.crawled == 12
    assert report.found == {"SQL Injection": ["GET /recherche q: …"], "Internal Server Error": ["/x : 500"]}


def test_every_account_of_the_demonstration_is_scanned() -> None:
    assert {f"{who}@{DOMAIN}" for who in WHO if who} == {account.email for account in ACCOUNTS}
    assert (scan.DOMAIN, scan.PASSWORD) == (DOMAIN, PASSWORD)


@pytest.mark.parametrize(
    "address", sorted({start.partition("?")[0] for starts in WHO.values() for start in starts} | set(LEAVES))
)
def test_it_begins_on_pages_of_the_site(address: str) -> None:
    assert resolve(address)
