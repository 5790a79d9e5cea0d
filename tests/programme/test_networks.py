"""Research groups linked with a theme, and the IAN: who is told of what, who is convened."""

from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import ResearchLink, Theme
from traam.programme.campaigns.research import ResearchValues
from traam.programme.catalogue import actions as catalogue
from traam.programme.catalogue import telling
from traam.programme.catalogue.models import Notice, PublicTheme
from traam.programme.groups import actions, policies, queries
from traam.programme.groups.models import Group, Relay
from traam.programme.groups.needs import needed
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Item, Letter
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.publication.models import Release

pytestmark = pytest.mark.django_db
NOW = timezone.localtime()
VALUES = {
    "name": "GTnum Essai",
    "laboratory": "Laboratoire des usages",
    "address": "https://exemple.fr/gtnum",
    "brings": "Des observations en classe.",
}


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "'")


@pytest.fixture
def theme() -> Theme:
    group = Group.objects.filter(application__academy="10").order_by("pk")[0]
    return campaigns.theme(group.application.theme_id)


def name(academy: str = "10", discipline: str = "SVT", who: str = "une.ian", by: str = "dan.lyon") -> Relay:
    given = {"name": "Une relayeuse", "email": f"{who}@{DOMAIN}", "discipline": discipline}
    return actions.name_relay(academy, **given, actor=person(by), at=NOW)


def test_a_research_group_is_shown_to_the_group_then_to_all(theme: Theme, sign_in: Any, client: Any) -> None:
    desk = sign_in("bureau")
    page = desk.get(f"/atelier/themes/{theme.pk}/groupe-national")
    assert "Aucun groupe de recherche" in text(page)
    refused = desk.post(f"/atelier/themes/{theme.pk}/recherche", {**VALUES, "address": "pas une adresse"})
    assert refused.status_code == 422
    assert "commence par https://" in text(refused)
    assert not ResearchLink.objects.exists()
    desk.post(f"/atelier/themes/{theme.pk}/recherche", VALUES)
    assert "Des observations en classe." in text(desk.get(f"/atelier/themes/{theme.pk}/groupe-national"))
    public = PublicTheme.objects.get(source_key=f"theme:{theme.pk}")
    assert public.research == [VALUES]
    client.logout()
    assert "Laboratoire des usages" in text(client.get(f"/themes/{public.pk}"))

    link = ResearchLink.objects.get()
    sign_in("bureau").post(f"/atelier/themes/{theme.pk}/recherche/{link.pk}/retrait")
    public.refresh_from_db()
    assert public.research == []
    assert list(Entry.objects.filter(verb__endswith="link_research").order_by("pk").values_list("verb", flat=True)) == [
        "link_research",
        "unlink_research",
    ]


def test_who_does_not_lead_the_theme_links_nothing(theme: Theme) -> None:
    with pytest.raises(Refused):
        catalogue.link_research(theme, ResearchValues(**VALUES), actor=person("dan.lyon"), at=NOW)
    catalogue.link_research(theme, ResearchValues(**VALUES), actor=person("bureau"), at=NOW)
    with pytest.raises(Invalid):
        catalogue.link_research(theme, ResearchValues(**VALUES), actor=person("bureau"), at=NOW)


def test_an_ian_is_named_by_her_own_academy(sign_in: Any) -> None:
    with pytest.raises(Refused):
        name("09")
    page = sign_in("dan.lyon").post(
        "/academie/lyon/ian",
        {"discipline": "SVT", "name": "Une relayeuse", "email": f"une.ian@{DOMAIN}"},
        follow=True,
    )
    assert "IAN Sciences de la vie et de la Terre, académie de Lyon" in text(page)
    assert Letter.objects.filter(to__email=f"une.ian@{DOMAIN}", key__startswith="invitation:").exists()
    with pytest.raises(Invalid):
        name()
    assert sign_in("dan.lyon").get("/academie/lille/ian").status_code == 403
    row = Relay.objects.get()
    sign_in("inspecteur.lyon").post(f"/academie/lyon/ian/{row.pk}/fin")
    row.refresh_from_db()
    assert row.until is not None
    assert queries.relays_of_academy("10") == []


def test_a_release_is_told_once_to_the_ian_of_its_disciplines_everywhere() -> None:
    here, there = name(), name("09", who="ian.lille", by="bureau")
    other, ended = name(discipline="SES", who="ian.ses"), name(who="ancien.ian")
    actions.end_relay(ended, actor=person("dan.lyon"), at=NOW)
    scenario = Scenario.objects.filter(group__application__academy="10").order_by("pk")[0]
    release = Release(pk=1, scenario=scenario)
    notice = Notice.objects.order_by("pk")[0]
    notice.disciplines = ["SVT"]
    for _ in range(2):
        telling.tell_release(release, notice, person("bureau"), NOW)
    told = Item.objects.filter(key__startswith=f"network:{scenario.pk}:")
    assert {item.to_id for item in told} == {here.person_id, there.person_id}
    assert all(
        item.address == f"/notices/{notice.pk}" and "(Sciences de la vie et de la Terre)" in item.text for item in told
    )
    assert other.person_id not in {item.to_id for item in told}


def test_an_ian_of_the_discipline_joins_the_national_group(theme: Theme, sign_in: Any) -> None:
    theme.disciplines = ["SVT"]
    theme.save()
    row = name()
    assert not policies.in_national_group(row.person, theme, NOW)
    page = sign_in("bureau").post(f"/atelier/themes/{theme.pk}/ian/{row.pk}/inviter", follow=True)
    assert "IAN des disciplines du thème (1)" in text(page)
    assert (
        "Une relayeuse est dans le groupe national : IAN Sciences de la vie et de la Terre, académie de Lyon."
        in text(page)
    )
    assert row.person in queries.national_group(theme, NOW).people
    assert needed(row.person, NOW) == ["est IAN Sciences de la vie et de la Terre, académie de Lyon"]
    assert sign_in("bureau").post(f"/atelier/themes/{theme.pk}/ian/99999/inviter").status_code == 404
