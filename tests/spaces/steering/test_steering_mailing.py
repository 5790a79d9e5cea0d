"""« Qui recevra quoi, quand »: the page of the bureau before a campaign opens."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from traam.programme.campaigns.models import Campaign
from traam.programme.letters.models import Item, Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def coming() -> Campaign:
    campaign = Campaign.objects.get(state="open")
    today = timezone.localdate()
    names = ("call_opens", "applications_due", "selection", "announcement", "launch")
    campaign.calendar = {name: (today + timedelta(days=30 * n + 10)).isoformat() for n, name in enumerate(names)}
    campaign.save()
    return campaign


def test_the_bureau_sees_each_sending_with_its_day_and_its_people(sign_in: Any, coming: Campaign) -> None:
    before = Letter.objects.count(), Item.objects.count()
    page = sign_in("bureau").get(reverse("steering:mailing", args=[coming.pk])).content.decode()
    assert "Candidatures à remonter" in page and "Avis à donner" in page and "Les résultats" in page
    assert "estimés d’après" in page
    assert (Letter.objects.count(), Item.objects.count()) == before


def test_nobody_else_sees_it(sign_in: Any, coming: Campaign) -> None:
    for name in ("dan.lyon", "expert", "inspecteur.lyon", "enseignant.lyon"):
        assert sign_in(name).get(reverse("steering:mailing", args=[coming.pk])).status_code == 403


def test_a_campaign_whose_dates_are_passed_says_so(sign_in: Any, coming: Campaign) -> None:
    coming.calendar = {"launch": "2020-09-01", "applications_due": "2020-04-01"}
    coming.save()
    page = sign_in("bureau").get(reverse("steering:mailing", args=[coming.pk])).content.decode()
    assert "Aucun envoi n’est à venir" in page


def test_it_costs_the_same_whatever_is_foreseen(
    sign_in: Any, coming: Campaign, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("bureau")
    with django_assert_max_num_queries(15):
        client.get(reverse("steering:mailing", args=[coming.pk]))
