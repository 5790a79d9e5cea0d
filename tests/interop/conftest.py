"""Each test begins with no request counted, and counts its own apart."""

from typing import Any

import pytest
from django.core.cache import caches


@pytest.fixture(autouse=True)
def _own_counters(settings: Any) -> None:
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "interop"}
    settings.CACHES = {**settings.CACHES, "limits": memory}
    caches["limits"].clear()


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.OPEN_DATA_FOLDER = tmp_path / "donnees"
