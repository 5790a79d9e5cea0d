"""The groups and scenarios of the demonstration, by what they show."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def group_of() -> Callable[[str, int], Any]:
    """`group_of("10")`: the first group of Lyon; `group_of("09", 1)`: the second of Lille."""
    from traam.programme.groups.models import Group

    def find(academy: str, n: int = 0) -> Any:
        return Group.objects.filter(application__academy=academy).order_by("pk")[n]

    return find


@pytest.fixture
def scenario_named() -> Callable[[str], Any]:
    """`scenario_named("Débattre")`: the scenario whose title begins so."""
    from traam.programme.productions.models import Scenario

    def find(start: str) -> Any:
        return Scenario.objects.get(title__startswith=start)

    return find
