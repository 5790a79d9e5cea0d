"""What one page costs, measured the same way in our process and in a peer's: imports Django and nothing of either."""

import gc
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from bench.tables import Page

ROUNDS = 3


@dataclass(frozen=True)
class Cost:
    """SQL queries, CPU milliseconds of the process (best of `ROUNDS` after a warm-up), bytes of uncompressed HTML."""

    queries: int
    cpu_ms: float
    size: int


class PageFailed(Exception):
    """The page did not answer 200: its cost would mean nothing."""


def cost(client: Client, address: str, **headers: Any) -> Cost:
    """Ask for the page five times: to warm up, to count its queries, then to time it without counting."""
    _fetch(client, address, headers)
    with CaptureQueriesContext(connection) as captured:
        body = _fetch(client, address, headers)
    queries = len(captured)  # read now: the log is emptied by the next request
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        begin = time.process_time()
        _fetch(client, address, headers)
        times.append(time.process_time() - begin)
    return Cost(queries, min(times) * 1000, len(body))


def _fetch(client: Client, address: str, headers: dict[str, Any]) -> bytes:
    response: Any = client.get(address, **headers)
    if response.status_code != 200:
        raise PageFailed(f"{address} : {response.status_code} {response.headers.get('Location', '')}".rstrip())
    return b"".join(response.streaming_content) if response.streaming else response.content


def row_of(page: Page, client: Client, keys: Mapping[str, str]) -> dict[str, Any]:
    """The row of a page: its label, then queries, cpu_ms and bytes, or failure. `keys`: what its `args` may name."""
    row: dict[str, Any] = {"label": page.label}
    try:
        found = cost(client, reverse(page.name, args=[keys.get(arg, arg) for arg in page.args]) + page.query)
        row |= {"queries": found.queries, "cpu_ms": found.cpu_ms, "bytes": found.size}
    except NoReverseMatch:
        row["failure"] = "cette page n'existe pas encore"
    except PageFailed as failure:
        row["failure"] = str(failure)
    except Exception as failure:  # a broken page is told in its line; the others are measured
        row["failure"] = f"{type(failure).__name__} : {failure}"[:200].replace("|", "/")
    return row
