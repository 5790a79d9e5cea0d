from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from traam.programme.groups.models import Group, Milestone

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    return Group.objects.filter(application__academy="10").order_by("pk")[0]


def address(group: Group, name: str = "milestones", *more: int) -> str:
    return reverse(f"review:{name}", args=[group.application.theme_id, *more])


def test_an_expert_proposes_moves_and_removes_a_date(sign_in: Callable[[str], Any], group: Group) -> None:
    client = sign_in("expert")
    day = timezone.localdate() + timedelta(days=30)
    client.post(address(group), {"label": "Premier jet du scénario", "on": f"{day:%d/%m/%Y}", "detail": "Deux pages."})
    milestone = Milestone.objects.get(label="Premier jet du scénario")
    calendar = reverse("workshop:group_calendar", args=[group.pk])
    assert "Premier jet du scénario" in sign_in("enseignante.lyon").get(calendar).content.decode()
    client = sign_in("expert")
    client.post(address(group, "change_milestone", milestone.pk), {"label": "Second jet", "on": f"{day:%d/%m/%Y}"})
    assert "Second jet" in client.get(address(group)).content.decode()
    assert client.get(address(group, "remove_milestone", milestone.pk)).status_code == 200
    assert Milestone.objects.filter(pk=milestone.pk).exists(), "a page that is read removes nothing"
    client.post(address(group, "remove_milestone", milestone.pk))
    assert not Milestone.objects.filter(pk=milestone.pk).exists()
    assert "Second jet" not in client.get(calendar).content.decode()


def test_a_date_out_of_the_campaign_is_refused(sign_in: Callable[[str], Any], group: Group) -> None:
    answer = sign_in("expert").post(address(group), {"label": "x", "on": "01/01/1999"})
    assert answer.status_code == 422 and "est hors de la campagne" in answer.content.decode()
    assert not Milestone.objects.filter(label="x").exists()


@pytest.mark.parametrize("who", ["referent.lyon", "dan.lyon", "inspecteur.lyon", "enseignante.lyon"])
def test_only_those_who_lead_the_theme_propose(sign_in: Callable[[str], Any], group: Group, who: str) -> None:
    client = sign_in(who)
    assert client.get(address(group)).status_code == 403
    assert client.post(address(group), {"label": "x", "on": "01/01/2027"}).status_code == 403
