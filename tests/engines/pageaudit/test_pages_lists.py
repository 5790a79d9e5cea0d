"""The lists of known services: well formed, large enough, and found by address."""

import re

import pytest

from traam.engines.pageaudit.addresses import domain_of, is_foreign, is_friendly
from traam.engines.pageaudit.known import LISTS, codes, find, kind_of_cookie, listed

LEAST = {"trackers": 150, "social": 40, "accounts": 60, "walls": 30, "videos": 20}


@pytest.mark.parametrize("name", LEAST)
def test_a_list_is_well_formed(name: str) -> None:
    lines = (LISTS / f"{name}.csv").read_text(encoding="utf-8").splitlines()[1:]
    addresses = [line.split(",")[0] for line in lines]
    assert len(addresses) >= LEAST[name]
    assert len(set(addresses)) == len(addresses), sorted({a for a in addresses if addresses.count(a) > 1})
    assert all(re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}(/\S*)?", address) for address in addresses)
    assert all(rule.name for rules in listed(name).values() for rule in rules)


def test_kinds_of_trackers() -> None:
    kinds = {rule.kind for rules in listed("trackers").values() for rule in rules}
    assert kinds == {
        "mesure",
        "mesure-exemptable",
        "mesure-sobre",
        "publicité",
        "balises",
        "suivi",
        "partage",
        "consentement",
    }
    assert {code.kind for code in codes()} <= kinds
    assert all(code.hint == code.hint.lower() for code in codes())


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.google-analytics.com/g/collect?v=2", "Google Analytics"),
        ("https://region1.google-analytics.com/g/collect", "Google Analytics"),
        ("https://www.facebook.com/tr?id=1", "pixel Facebook"),
        ("https://www.facebook.com/traam", ""),
        ("https://www.facebook.com/", ""),
        ("https://mygoogle-analytics.com/", ""),
        ("https://google-analytics.com.exemple.org/", ""),
        ("https://www.google.com/recaptcha/api.js", "Google reCAPTCHA"),
        ("https://www.google.com/maps", ""),
        ("mailto:a@google-analytics.com", ""),
        ("https://[::1", ""),
    ],
)
def test_a_tracker_is_found_by_its_address(address: str, name: str) -> None:
    known = find("trackers", address)
    assert (known.name if known else "") == name


def test_kinds_of_cookies() -> None:
    kinds = {
        name: kind_of_cookie(name) for name in ("PHPSESSID", "MoodleSessionx", "_ga_AB12", "_pk_id.1.fff", "inconnu")
    }
    assert kinds == {
        "PHPSESSID": "session",
        "MoodleSessionx": "session",
        "_ga_AB12": "traceur",
        "_pk_id.1.fff": "mesure",
        "inconnu": "",
    }


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.ac-lyon.fr", "ac-lyon.fr"),
        ("a.b.exemple.co.uk", "exemple.co.uk"),
        ("moi.github.io", "moi.github.io"),
        ("www.education.gouv.fr", "education.gouv.fr"),
        ("127.0.0.1", "127.0.0.1"),
        ("fr", "fr"),
    ],
)
def test_the_domain_of_a_host(host: str, domain: str) -> None:
    assert domain_of(host) == domain


def test_friends_and_foreigners() -> None:
    assert is_friendly("svt.ac-aix-marseille.fr") and is_friendly("nuage.apps.education.fr")
    assert is_friendly("data.gouv.fr") and is_friendly("gouv.fr")
    assert (
        not is_friendly("ac-lyon.fr.exemple.org")
        and not is_friendly("faux-education.fr")
        and not is_friendly("exemple.fr")
    )
    assert is_foreign("https://autre.github.io/a.js", "moi.github.io")
    assert not is_foreign("https://cdn.exemple.org/a.js", "www.exemple.org")
    assert not is_foreign("data:text/css,a", "www.exemple.org")
