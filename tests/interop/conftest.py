"""Each test begins with no request counted, and counts its own apart."""

from typing import Any

import pytest
from django.core.cache import caches


@pytest.fixture(autouse=True)
def _own_counters(settings: Any) -> None:
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "interop"}
    settings.CACHES = {**settings.CACHES, "limits": memory}
    caches["limits"].clear()
