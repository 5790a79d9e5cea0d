"""The site as an operator starts it: `check --deploy` has nothing to say, and https is what it should be."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ADDRESS = {
    "TRAAM_ADDRESS": "https://traam.example.fr",
    "TRAAM_HOSTS": "traam.example.fr",
    "TRAAM_ORIGINS": "https://traam.example.fr",
    "TRAAM_PROXIES": "1",
}
KEY = "".join(chr(33 + (n * 37) % 90) for n in range(60))  # no secret: the same for everyone who reads this
# Deployed, checked, and asked for two pages, without a row in its database.
STARTED = """
import json
import django
django.setup()
from django.conf import settings
from django.core import checks
from django.test import Client
warned = checks.run_checks(include_deployment_checks=True)
found = [str(one) for one in warned if one.id not in settings.SILENCED_SYSTEM_CHECKS]
outside = {"host": "traam.example.fr", "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1"}
page = Client(headers=outside).get("/robots.txt", secure=False)
plain = Client(headers={"host": "traam.example.fr"}).get("/recherche?q=robot")
probe = Client(headers={"host": "traam.example.fr"}).get("/sante/")
print(json.dumps({
    "found": found,
    "page": [page.status_code, dict(page.headers)],
    "plain": [plain.status_code, plain.headers.get("Location", "")],
    "probe": probe.status_code,
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
                settings.SESSION_COOKIE_SAMESITE, settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH],
    "csrf": [settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_HTTPONLY,
             settings.CSRF_COOKIE_SAMESITE, settings.CSRF_COOKIE_DOMAIN, settings.CSRF_COOKIE_PATH],
    "demonstration": settings.DEMONSTRATION,
    "debug": settings.DEBUG,
}))
"""


def _start(folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRAAM_", "DATABASE_", "DJANGO_"))}
    env = {**kept, **ADDRESS, "TRAAM_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "traam.config.settings", **more}
    return subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", STARTED],
        env=env,
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    done = _start(tmp_path_factory.mktemp("production"), TRAAM_SECRET_KEY=KEY)
    assert done.returncode == 0, done.stderr
    yield json.loads(done.stdout.splitlines()[-1])


def test_the_check_of_a_deployment_has_nothing_to_say(started: dict[str, Any]) -> None:
    assert started["found"] == []
    assert (started["demonstration"], started["debug"]) == (False, False)


def test_cookies_are_of_this_host_alone_over_https(started: dict[str, Any]) -> None:
    assert started["session"] == ["__Host-traam", True, True, "Lax", None, "/"]
    assert started["csrf"] == ["__Host-formulaires", True, True, "Lax", None, "/"]


def test_https_is_demanded_and_remembered(started: dict[str, Any]) -> None:
    status, headers = started["page"]
    assert status == 200 and headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert started["plain"] == [301, "https://traam.example.fr/recherche?q=robot"]
    assert started["probe"] in {200, 503}, "the probe asks from inside, without TLS"


def test_without_a_secret_of_its_own_it_does_not_start(tmp_path: Path) -> None:
    done = _start(tmp_path)
    assert done.returncode != 0 and "TRAAM_SECRET_KEY" in done.stderr
    assert not list(tmp_path.glob("secret*"))


def test_a_site_that_answers_to_any_name_does_not_start(tmp_path: Path) -> None:
    done = _start(tmp_path, TRAAM_SECRET_KEY=KEY, TRAAM_HOSTS="*")
    assert done.returncode != 0 and "TRAAM_HOSTS" in done.stderr
