"""What someone types in a long form is kept for them alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from traam.demo.build import DOMAIN
from traam.programme.people import queries
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db


def test_typing_is_kept_for_its_author_and_dropped(sign_in: Callable[[str], Any]) -> None:
    client = sign_in("dan.lyon")
    author = Person.objects.get(email=f"dan.lyon@{DOMAIN}")
    address = reverse("desk:keep_typing")
    assert address == "/saisies"
    assert client.post(address, {"typing-place": "application:12", "title": "Robots"}).status_code == 200
    kept = queries.typing(author, "application:12")
    assert kept is not None and kept.fields == {"title": ["Robots"]}
    other = Person.objects.exclude(pk=author.pk).first()
    assert other is not None and queries.typing(other, "application:12") is None
    client.post(address, {"typing-place": "application:12", "typing-drop": "1"})
    assert queries.typing(author, "application:12") is None


def test_a_passer_by_is_asked_to_sign_in(client: Any) -> None:
    answer = client.post(reverse("desk:keep_typing"), {"typing-place": "application:12", "title": "Robots"})
    assert answer.status_code == 302 and answer.url.startswith("/connexion")
