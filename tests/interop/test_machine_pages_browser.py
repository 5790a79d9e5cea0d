"""The pages that explain the doors for machines, in a browser."""

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demonstration")]


def test_the_pages_about_machines_are_sound(sound: Any) -> None:
    assert sound([("", "/api/"), ("", "/api/objets"), ("", "/donnees/"), ("", "/flux/")]) == {}
