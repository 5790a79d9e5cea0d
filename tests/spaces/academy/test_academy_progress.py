"""Where the groups of an academy stand: for its DAN and its inspectors, the ones that go badly first."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group, ProgressNote

pytestmark = pytest.mark.django_db
ADDRESS = "/academie/lille/avancement"
Enter = Callable[[str], Any]


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ").replace("&#39;", "'")


def groups() -> list[Group]:
    return list(Group.objects.filter(application__academy="09").exclude(state="ended").order_by("pk"))


def told(group: Group, mood: str, days: int, words: str = "Nous avançons.", need: str = "") -> None:
    at = timezone.localtime() - timedelta(days=days)
    author = group.members.filter(role="referent")[0].person
    ProgressNote.objects.create(
        group=group, author=author, mood=mood, text=words, need=need, written_at=at, changed_at=at
    )


def shown(answer: Any) -> list[int]:
    return [int(pk) for pk in re.findall(r'<th scope="row"><a href="/atelier/groupes/(\d+)/avancement"', text(answer))]


@pytest.mark.parametrize(
    ("name", "status"),
    [("dan.lille", 200), ("bureau", 200), ("dan.lyon", 403), ("inspecteur.lyon", 403), ("referent1.lille", 403)],
)
def test_the_dan_and_the_inspectors_of_the_academy_read_it(sign_in: Enter, name: str, status: int) -> None:
    assert sign_in(name).get(ADDRESS).status_code == status


def test_those_that_go_badly_come_first_each_with_its_latest_note(sign_in: Enter) -> None:
    ProgressNote.objects.all().delete()
    fine, late, *_ = groups()
    told(fine, "late", 20, "Nous étions en retard.")
    told(fine, "on_time", 2, "Nous avons tout rattrapé.")
    told(late, "late", 3, "Deux collègues sont partis.", "Un collègue de SVT")
    answer = sign_in("dan.lille").get(ADDRESS)
    assert shown(answer)[0] == late.pk and set(shown(answer)) == {group.pk for group in groups()}
    page = text(answer)
    assert "Deux collègues sont partis." in page and "Un collègue de SVT" in page
    assert "Nous avons tout rattrapé." in page and "Nous étions en retard." not in page
    asked = {"late": [late.pk], "on_time": [fine.pk], "need": [late.pk], "fragile": []}
    for mood, expected in asked.items():
        assert shown(sign_in("dan.lille").get(ADDRESS, {"etat": mood})) == expected, mood


def test_archived_campaigns_are_not_there_and_an_empty_list_says_so(sign_in: Enter) -> None:
    client = sign_in("dan.lille")
    Campaign.objects.update(state="archived")
    page = text(client.get(ADDRESS))
    assert shown(client.get(ADDRESS)) == [] and "Aucun groupe n’est au travail" in page


def test_it_is_linked_from_the_academy_and_costs_the_same_whatever_the_groups(sign_in: Enter) -> None:
    client = sign_in("dan.lille")
    assert f'href="{reverse("academy:progress", args=["lille"])}"' in text(client.get("/academie/"))
    counts = []
    for kept in (1, len(groups())):
        left = [group.pk for group in groups()[:kept]]
        Group.objects.filter(application__academy="09").update(state="ended")
        Group.objects.filter(pk__in=left).update(state="working")
        with CaptureQueriesContext(connection) as queries:
            assert len(shown(client.get(ADDRESS))) == kept
        counts.append(len(queries))
        Group.objects.filter(application__academy="09").update(state="working")
    assert counts[0] == counts[1] <= 8
