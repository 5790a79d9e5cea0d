"""What the site measures of itself, in the format of Prometheus: how many requests, how long, how many queries; and the
signs of life of `health`. Pages are named as the site declares them: there are as many series as pages, whoever asks.
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from traam.design.counting import counted
from traam.interop import health
from traam.programme.letters import queries as letters

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NOWHERE = "aucune"  # no page has this address
OWN = CollectorRegistry()

REQUESTS = Counter(
    "traam_requests_total", "Demandes, par page, méthode et code de réponse", ("page", "method", "status"), registry=OWN
)
SECONDS = Histogram("traam_request_seconds", "Durée des réponses, par page", ("page",), buckets=BUCKETS, registry=OWN)
QUERIES = Counter("traam_database_queries_total", "Requêtes à la base, par page", ("page",), registry=OWN)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class MeasuringMiddleware:
    """Just inside `ReferenceMiddleware`: what answers before it is not measured."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begin = time.perf_counter()
        with counted() as count:
            response = self.get_response(request)
        match = getattr(request, "resolver_match", None)
        page = (match.view_name or match.route) if match else NOWHERE
        method = str(request.method) if request.method in METHODS else "autre"
        REQUESTS.labels(page, method, str(response.status_code)).inc()
        SECONDS.labels(page).observe(time.perf_counter() - begin)
        QUERIES.labels(page).inc(count.queries)
        return response


class _SignsOfLife:
    """Read at each scrape, by the process that answers it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[Metric]:
        found = health.signs_of_life(self.at)
        up = GaugeMetricFamily("traam_sign_ok", "1 quand tout va bien, 0 sinon, par signe de vie", labels=("sign",))
        value = GaugeMetricFamily("traam_sign", "La valeur du signe de vie, dans l'unité de son nom", labels=("sign",))
        for sign in found:
            if sign.ok is not None:
                up.add_metric((sign.name,), float(sign.ok))
            if isinstance(sign.value, int | float):
                value.add_metric((sign.name,), float(sign.value))
        yield up
        yield value
        if found[0].ok:
            by_state = GaugeMetricFamily("traam_letters", "Courriels, par état", labels=("state",))
            for state, count in letters.by_state().items():
                by_state.add_metric((state,), float(count))
            yield by_state


def exposition(at: datetime | None = None) -> bytes:
    """The text that Prometheus reads; that of all the processes of this machine when they share a folder."""
    registry = CollectorRegistry()
    shared = os.environ.get(FOLDER, "")
    if shared and Path(shared).is_dir():
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        counted = generate_latest(registry)
    else:
        counted = generate_latest(OWN)
    signs = CollectorRegistry()
    signs.register(_SignsOfLife(at or timezone.localtime()))
    return counted + generate_latest(signs)
