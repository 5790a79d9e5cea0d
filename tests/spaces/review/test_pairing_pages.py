"""The page that pairs the academies of a theme."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.people.models import Person
from traam.programme.selection.models import Announcement, Decision, Pairing

pytestmark = pytest.mark.django_db
FOUR = ("01", "09", "10", "12")


@pytest.fixture
def theme() -> Theme:
    expert = Person.objects.get(email=f"expert@{DOMAIN}")
    bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
    found = Theme.objects.filter(campaign__state="open", stewards__person=expert).order_by("pk")[0]
    Application.objects.filter(theme=found).update(state="withdrawn")
    for academy in FOUR:
        day = timezone.now()
        made = Application.objects.create(
            theme=found, academy=academy, state="forwarded", axes=[1], titles=["Projet"],
            created_by=bureau, created_at=day, changed_at=day,
        )  # fmt: skip
        Decision.objects.create(application=made, state="retained", decided_by=bureau, decided_at=day)
    Campaign.objects.filter(pk=found.campaign_id).update(state="closed")
    return found


def address(theme: Theme) -> str:
    return reverse("review:pairing", args=[theme.pk])


def announce(theme: Theme) -> None:
    bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
    Announcement.objects.create(campaign=theme.campaign, announced_by=bureau, announced_at=timezone.now())


def test_the_pairs_are_proposed_then_decided_then_shown_on_the_theme(sign_in: Any, theme: Theme) -> None:
    announce(theme)
    client = sign_in("expert")
    page = client.get(address(theme)).content.decode()
    assert "Ce que propose le calcul" in page and "Pourquoi ces académies ensemble" in page
    assert page.count(" selected>Groupe") == 4, "the form begins with what is proposed"
    chosen = {"01": "A", "12": "A", "09": "B", "10": "B"}
    assert client.post(address(theme), chosen).status_code == 302
    assert Pairing.objects.get(theme=theme).pairs == [["01", "12"], ["09", "10"]]
    assert "Décidé par" in client.get(address(theme)).content.decode()
    assert "Paris, " in client.get(reverse("review:theme", args=[theme.pk])).content.decode()


def test_what_is_wrong_stays_on_the_page(sign_in: Any, theme: Theme) -> None:
    client = sign_in("bureau")
    answer = client.post(address(theme), {"01": "A", "12": "A", "09": "A", "10": "B"})
    assert answer.status_code == 422
    assert "académie seule" in answer.content.decode()
    assert answer.content.decode().count(" selected>Groupe A") == 3
    answer = client.post(address(theme), {"01": "A", "12": "Z"})
    assert answer.status_code == 422
    assert not Pairing.objects.exists()


def test_before_the_announcement_the_pairs_tell_nothing_to_experts(sign_in: Any, theme: Theme) -> None:
    client = sign_in("bureau")
    client.post(address(theme), {"01": "A", "12": "A", "09": "B", "10": "B"})
    client = sign_in("expert")
    assert client.get(address(theme)).status_code == 403
    page = client.get(reverse("review:theme", args=[theme.pk])).content.decode()
    assert "Appariement" not in page and "Académies associées" not in page


@pytest.mark.parametrize("who", ["dan.lyon", "inspecteur.lyon", "referent.lyon", "enseignante.lyon"])
def test_nobody_else_opens_the_page(sign_in: Any, theme: Theme, who: str) -> None:
    announce(theme)
    assert sign_in(who).get(address(theme)).status_code == 403


def test_a_theme_without_retained_academy_says_so(sign_in: Any, theme: Theme) -> None:
    Decision.objects.filter(application__theme=theme).update(state="refused")
    page = sign_in("bureau").get(address(theme)).content.decode()
    assert "n’est retenue" in page or "n&#39;est retenue" in page or "n'est retenue" in page
