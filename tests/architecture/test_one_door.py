"""One door goes out: nobody else asks the web for anything (docs/decisions/0012)."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

PACKAGE = Path(settings.PACKAGE)
DOOR = PACKAGE / "gateways" / "fetching"
WEB = {"httpx", "httpcore", "h11", "requests", "urllib3", "aiohttp", "urllib.request", "http.client"}
SOURCES = [path for path in sorted(PACKAGE.rglob("*.py")) if DOOR not in path.parents]


def goes_out(source: str) -> set[str]:
    """What this source imports that speaks HTTP."""
    names = set[str]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {web for web in WEB if any(name == web or name.startswith(web + ".") for name in names)}


def test_nobody_else_speaks_to_the_web() -> None:
    found = {str(path.relative_to(PACKAGE)): goes_out(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert {path: names for path, names in found.items() if names} == {}, "go through traam.gateways.fetching"


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("import httpx", {"httpx"}),
        ("def f():\n    from urllib import request", {"urllib.request"}),
        ("import urllib.request as u", {"urllib.request"}),
        ("from http.client import HTTPConnection", {"http.client"}),
        ("from urllib.parse import urljoin\nfrom http import HTTPStatus\nfrom . import requests", set()),
    ],
)
def test_who_spoke_to_it_would_be_seen(source: str, seen: set[str]) -> None:
    assert goes_out(source) == seen
