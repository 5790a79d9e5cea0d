import pytest

from traam.programme.catalogue.queries import find


@pytest.mark.django_db
def test_the_demonstration_can_be_searched() -> None:
    assert find("image generee", {}).total == 1
