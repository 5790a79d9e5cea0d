"""The interface against its own document, by a tool that knows neither: whatever it asks, answers are as described."""

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case

from traam.interop import limits
from traam.interop.api import document

# More by hand: TRAAM_EXAMPLES=500.
EXAMPLES = int(os.environ.get("TRAAM_EXAMPLES", "3"))

pytestmark = pytest.mark.django_db
described = schemathesis.openapi.from_dict(document.document())
described.config.generation.update(modes=list(schemathesis.GenerationMode))
QUICK: dict[str, Any] = {
    "phases": (Phase.explicit, Phase.generate),
    "suppress_health_check": list(HealthCheck),
    "database": None,
}


@cache
def site() -> WSGIHandler:
    """Made once: it reads the list of the static files."""
    return WSGIHandler()


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST", 10**9)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """A server closes its connections between requests: here they are in the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@described.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, **QUICK)
def test_the_interface_answers_as_its_document_says(case: Case[Any]) -> None:
    case.call_and_validate(app=site(), headers={"Accept-Encoding": "identity"})
