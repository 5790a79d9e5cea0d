"""The table of what the groups owe, for those who read and inspect, and for the academy."""

from typing import Any

import pytest
from django.urls import reverse

from traam.programme.groups.models import Group

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return str(response.content.decode())


def listed(page: str) -> set[int]:
    return {pk for pk in Group.objects.values_list("pk", flat=True) if f'href="/atelier/groupes/{pk}"' in page}


@pytest.fixture
def of_lyon() -> set[int]:
    return set(Group.objects.filter(application__academy="10").values_list("pk", flat=True))


def test_each_reader_follows_her_groups(sign_in: Any, of_lyon: set[int], django_assert_max_num_queries: Any) -> None:
    everything = set(Group.objects.values_list("pk", flat=True))
    for who, wanted in (("expert", everything), ("bureau", everything), ("inspecteur.lyon", of_lyon)):
        client = sign_in(who)
        assert reverse("review:groups") in text(client.get(reverse("review:home"))), who
        with django_assert_max_num_queries(9):
            page = client.get(reverse("review:groups"))
        assert listed(text(page)) == wanted, who
        assert "en retard" in text(page)
    assert sign_in("referent.lyon").get(reverse("review:groups")).status_code == 403
    assert sign_in("dan.lyon").get(reverse("review:groups_file", args=["csv"])).status_code == 403


def test_the_obligations_lead_to_their_articles(sign_in: Any) -> None:
    page = text(sign_in("expert").get(reverse("review:groups")))
    assert f"{reverse('public:edition', args=['traam-2022'])}#B.12" in page


def test_the_page_and_its_file_are_filtered_alike(sign_in: Any) -> None:
    client = sign_in("expert")
    page = text(client.get(reverse("review:groups"), {"academie": "09", "manque": "teachers"}))
    wanted = listed(page)
    assert {group.academy for group in Group.objects.filter(pk__in=wanted).select_related("application")} == {"09"}
    assert f"{reverse('review:groups_file', args=['ods'])}?academie=09&amp;manque=teachers" in page
    exported = client.get(reverse("review:groups_file", args=["csv"]), {"academie": "09", "manque": "teachers"})
    lines = exported.content.decode("utf-8-sig").splitlines()
    assert sum(line.startswith("Lille") for line in lines) == len(wanted)
    assert "Lyon" not in exported.content.decode("utf-8-sig")
    assert client.get(reverse("review:groups_file", args=["pdf"])).status_code == 404
    assert "Aucun résultat" in text(client.get(reverse("review:groups"), {"manque": "rien", "retard": "1"}))


def test_an_academy_follows_its_own_groups(sign_in: Any, of_lyon: set[int], django_assert_max_num_queries: Any) -> None:
    address = reverse("academy:groups", args=["lyon"])
    for who in ("dan.lyon", "inspecteur.lyon", "bureau"):
        client = sign_in(who)
        with django_assert_max_num_queries(9):
            assert listed(text(client.get(address))) == of_lyon, who
        assert client.get(reverse("academy:groups_file", args=["lyon", "ods"])).status_code == 200
    assert address in text(sign_in("dan.lyon").get(reverse("academy:home")))
    for who in ("dan.lille", "referent.lyon", "expert"):
        for page in (address, reverse("academy:groups_file", args=["lyon", "csv"])):
            refused = sign_in(who).get(page)
            assert refused.status_code == 403, who
            assert "sont suivis par son DAN" in text(refused)
    assert sign_in("dan.lyon").get(reverse("academy:groups", args=["atlantide"])).status_code == 404
    assert sign_in("dan.lyon").get(reverse("academy:groups_file", args=["lyon", "pdf"])).status_code == 404


def test_an_academy_without_groups_says_so(sign_in: Any) -> None:
    assert "Aucun groupe n’est ouvert" in text(sign_in("bureau").get(reverse("academy:groups", args=["paris"])))


def test_the_national_group_is_reached_from_its_theme(sign_in: Any, of_lyon: set[int]) -> None:
    theme = Group.objects.select_related("application").get(pk=min(of_lyon)).application.theme_id
    page = text(sign_in("expert").get(reverse("review:theme", args=[theme])))
    assert reverse("workshop:national", args=[theme]) in page
