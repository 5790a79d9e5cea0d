"""The pages of the envelopes: set by the bureau, seen by the DAN, told to the inspector who plans."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.groups.actions import service
from traam.programme.groups.actions.service import PeriodValues
from traam.programme.groups.models import Envelope, Group, ServicePeriod, Share
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Any]


def text(answer: Any) -> str:
    page = str(answer.content.decode())
    for space in ("\u00a0", "\u202f"):
        page = page.replace(space, " ")
    return page.replace("&#39;", "'").replace("’", "'")


@pytest.fixture
def group() -> Group:
    """A group of Lyon, whose campaign has its two periods, and nothing planned."""
    Share.objects.all().delete()
    found = Group.objects.filter(application__academy="10").order_by("pk")[0]
    campaign = found.application.theme.campaign
    year = campaign.first_year
    wanted = [
        PeriodValues("Premier temps", date(year, 9, 1), date(year + 1, 1, 31), "hours", 4012),
        PeriodValues("Second temps", date(year + 1, 2, 1), date(year + 1, 7, 5), "hours", None),
    ]
    bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
    service.set_periods(campaign, wanted, actor=bureau, at=timezone.localtime())
    return found


def at(name: str, group: Group) -> str:
    return reverse(f"steering:{name}", args=[group.application.theme.campaign_id])


def academy(group: Group, slug: str = "lyon") -> str:
    return reverse("academy:service", args=[slug, group.application.theme.campaign_id])


def plan(sign_in: SignIn, group: Group, quantity: str) -> Any:
    first = next(m for m in group.members.all() if m.role != "inspector" and m.until is None)
    address = reverse("workshop:plan_service", args=[group.pk, 1])
    return sign_in("inspecteur.lyon").post(address, {f"planned_{first.pk}": quantity}, follow=True)


def test_the_bureau_gives_and_each_academy_sees_what_is_left(sign_in: SignIn, group: Group) -> None:
    client = sign_in("bureau")
    assert at("service_envelopes", group) in text(client.get(at("service", group)))
    page = text(client.get(at("service_envelopes", group)))
    assert "Premier temps, en heures" in page and "Lyon, Premier temps" in page
    given = {"default_1": "20", "default_2": "30", "own_10_1": "12,5", "strict": ""}
    answer = client.post(at("service_envelopes", group), given, follow=True)
    assert "Les enveloppes sont enregistrées" in text(answer)
    assert "Enveloppe" in text(answer) and ">12,50<" in text(answer)
    assert 'value="12,50"' in text(client.get(at("service_envelopes", group)))
    plan(sign_in, group, "10")
    page = text(sign_in("dan.lyon").get(academy(group)))
    assert "12,50, soit 501,50 €" in page and "Reste à répartir" in page and ">2,50<" in page
    assert "dépassée" not in page
    assert "soit 802,40 €" in text(sign_in("dan.lille").get(academy(group, "lille")))


def test_planning_beyond_is_told_to_the_inspector_the_dan_and_the_bureau(sign_in: SignIn, group: Group) -> None:
    sign_in("bureau").post(at("service_envelopes", group), {"default_1": "5"})
    address = reverse("workshop:plan_service", args=[group.pk, 1])
    assert "il en reste 5 h" in text(sign_in("inspecteur.lyon").get(address))
    told = text(plan(sign_in, group, "7,25"))
    assert "1 service changé" in told and "L'enveloppe de l'académie est dépassée de 2,25 h" in told
    assert "elle est dépassée de 2,25 h" in text(sign_in("inspecteur.lyon").get(address))
    assert "la dépasse de 2,25 (heures)" in text(sign_in("dan.lyon").get(academy(group)))
    assert "Dépassée" in text(sign_in("bureau").get(at("service", group)))


def test_beyond_a_strict_envelope_is_refused_with_a_sentence(sign_in: SignIn, group: Group) -> None:
    sign_in("bureau").post(at("service_envelopes", group), {"default_1": "5", "strict": "on"})
    assert ServicePeriod.objects.filter(strict=True).count() == 2
    refused = plan(sign_in, group, "7,25")
    assert refused.status_code == 422 and "n'admet pas de la dépasser" in text(refused)
    assert not Share.objects.exists()
    assert plan(sign_in, group, "5").status_code == 200


def test_what_is_not_a_number_is_said_and_nothing_is_written(sign_in: SignIn, group: Group) -> None:
    client = sign_in("bureau")
    for wrong in ("beaucoup", "1000000"):
        answer = client.post(at("service_envelopes", group), {"default_1": wrong})
        assert answer.status_code == 422, wrong
    assert not Envelope.objects.exists()


@pytest.mark.parametrize("name", ["dan.lyon", "inspecteur.lyon", "expert", "referent.lyon"])
def test_only_the_bureau_comes_there(sign_in: SignIn, group: Group, name: str) -> None:
    client = sign_in(name)
    assert client.get(at("service_envelopes", group)).status_code == 403
    assert client.post(at("service_envelopes", group), {"default_1": "5"}).status_code == 403
    assert not Envelope.objects.exists()


def test_without_periods_there_is_nothing_to_share_out_yet(sign_in: SignIn, group: Group) -> None:
    ServicePeriod.objects.all().delete()
    answer = sign_in("bureau").get(at("service_envelopes", group), follow=True)
    assert answer.redirect_chain[-1][0] == at("service_periods", group)
    assert "Fixez d'abord les deux périodes" in text(answer)


def test_without_envelopes_nothing_is_said_of_them(sign_in: SignIn, group: Group) -> None:
    assert "nveloppe de l'académie" not in text(sign_in("dan.lyon").get(academy(group)))
    assert "nveloppe" not in text(plan(sign_in, group, "500"))
