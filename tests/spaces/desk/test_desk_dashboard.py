import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group
from traam.programme.letters.models import Letter
from traam.programme.people.actions import know
from traam.programme.people.models import Appointment, Person
from traam.programme.productions.models import Review, Scenario

pytestmark = pytest.mark.django_db
ADDRESS = "/tableau-de-bord"


def lines(client: Any) -> list[str]:
    """What waits, a line each: the words, then the address."""
    page = client.get(ADDRESS).content.decode().replace("\u00a0", " ").replace("&#39;", "'")
    items = re.findall(r'<li class="todo__item.*?</li>', page, re.DOTALL)
    plain = [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in items]
    links = [re.search(r'href="([^"]+)"', item).group(1) for item in items]  # type: ignore[union-attr]
    return [f"{words} -> {href}" for words, href in zip(plain, links, strict=True)]


def the_open_call() -> Campaign:
    return Campaign.objects.get(state="open")


def due(campaign: Campaign, milestone: str, days: int) -> None:
    day = timezone.localdate() + timedelta(days=days)
    Campaign.objects.filter(pk=campaign.pk).update(calendar={**campaign.calendar, milestone: day.isoformat()})


def test_a_dan_sees_the_drafts_to_send_up_and_the_deadline(sign_in: Any) -> None:
    found = lines(sign_in("dan.lyon"))
    address = reverse("academy:applications", args=["lyon", the_open_call().pk])
    assert len(found) == 1
    assert found[0].startswith("1 Compléter et remonter la candidature en brouillon")
    assert "académie de Lyon avant le" in found[0]
    assert found[0].endswith(f"-> {address}")


def test_an_inspector_completes_but_does_not_send_up(sign_in: Any) -> None:
    found = " ".join(lines(sign_in("inspecteur.lyon")))
    assert "Compléter la candidature en brouillon" in found
    assert "remonter" not in found


def test_each_has_her_turn_on_what_a_teacher_writes(sign_in: Any) -> None:
    assert any(
        line.startswith("1 Compléter et proposer votre candidature") for line in lines(sign_in("enseignant.lyon"))
    )
    to_endorse = [line for line in lines(sign_in("inspecteur.lyon")) if "Viser la candidature proposée" in line]
    assert to_endorse and to_endorse[0].endswith("?etat=to_endorse")
    assert not any("visée" in line for line in lines(sign_in("dan.lyon")))
    Application.objects.filter(state="submitted").update(inspector_opinion="favourable")
    assert any("Remonter la candidature visée" in line for line in lines(sign_in("dan.lyon")))
    assert not any("Viser" in line for line in lines(sign_in("inspecteur.lyon")))
    due(the_open_call(), "applications_due", -1)
    assert not any("proposer" in line for line in lines(sign_in("enseignant.lyon")))


def test_an_academy_that_wrote_nothing_is_reminded_of_the_call_until_the_deadline(sign_in: Any) -> None:
    client = sign_in("dan.poitiers")
    assert "Répondre à l'appel à candidatures" in lines(client)[0]
    due(the_open_call(), "applications_due", -1)
    assert lines(client) == []


def test_a_draft_after_the_deadline_is_late_and_comes_first(sign_in: Any) -> None:
    due(the_open_call(), "applications_due", -1)
    first = lines(sign_in("dan.lyon"))[0]
    assert "En retard" in first
    assert "écrivez au bureau national" in first


def test_nothing_to_do_is_said_kindly(sign_in: Any) -> None:
    client = sign_in("dan.lille")
    assert lines(client) == []
    page = client.get(ADDRESS).content.decode()
    assert "Rien ne vous attend aujourd’hui" in page
    assert "Académie de Lille" in page


def test_an_expert_sees_the_applications_without_her_opinion_never_her_academys(sign_in: Any) -> None:
    client = sign_in("expert")
    found = lines(client)
    assert sum(int(line.split()[0]) for line in found if "avis" in line) == 9
    assert all("/evaluation/themes/" in line for line in found if "avis" in line)
    expert = Person.objects.get(email=f"expert@{DOMAIN}")
    codes = Application.objects.filter(theme__campaign=the_open_call(), state="forwarded").values_list(
        "academy", flat=True
    )
    Appointment.objects.create(person=expert, role="teacher", academy=codes[0], since="2020-01-01")
    conflicts = list(codes).count(codes[0])
    assert sum(int(line.split()[0]) for line in lines(client) if "avis" in line) == 9 - conflicts


def test_an_inspector_reads_the_scenarios_submitted(sign_in: Any) -> None:
    client = sign_in("inspecteur.lyon")
    one = [line for line in lines(client) if "Relire le scénario" in line]
    submitted = Scenario.objects.get(state="submitted")
    assert len(one) == 1
    assert one[0].endswith(reverse("review:scenario", args=[submitted.pk]))
    assert not any("Relire le scénario" in line for line in lines(sign_in("expert")))
    Scenario.objects.filter(pk=submitted.pk).update(state="endorsed")
    assert not any("Relire le scénario" in line for line in lines(sign_in("inspecteur.lyon")))
    assert any("Relire le scénario" in line for line in lines(sign_in("expert")))
    Scenario.objects.filter(pk=submitted.pk).update(state="proposed")
    assert any("Relire le scénario" in line for line in lines(sign_in("referent.lyon")))
    Scenario.objects.filter(group=submitted.group).update(state="submitted")
    _three_more(submitted)
    several = [line for line in lines(sign_in("inspecteur.lyon")) if "Relire ce qui vous est soumis" in line]
    assert int(several[0].split()[0]) > 3


def _three_more(scenario: Scenario) -> None:
    for _ in range(3):
        review = Review.objects.create(opened_at=scenario.created_at)
        Scenario.objects.create(
            group=scenario.group,
            review=review,
            state="submitted",
            title="Un autre",
            created_by=scenario.created_by,
            created_at=scenario.created_at,
            changed_at=scenario.changed_at,
        )


def test_an_author_takes_up_what_was_sent_back_an_inspector_does_not(sign_in: Any) -> None:
    returned = Scenario.objects.get(state="returned")
    author = returned.created_by.email.removesuffix(f"@{DOMAIN}")
    assert any("Reprendre le scénario renvoyé" in line for line in lines(sign_in(author)))
    assert not any("renvoyé" in line for line in lines(sign_in("inspecteur.lyon")))


def test_a_referent_sees_what_the_group_lacks_a_member_only_what_she_writes(sign_in: Any) -> None:
    lacks = lines(sign_in("referent1.lille"))
    assert any("Mettre en règle le groupe" in line and "CARDIE" in line for line in lacks)
    assert not any("Mettre en règle" in line for line in lines(sign_in("enseignante.lille")))
    assert any("Continuer les scénarios en rédaction" in line for line in lines(sign_in("enseignante.lyon")))


def test_the_national_team_follows_closes_decides_and_announces(sign_in: Any) -> None:
    client, campaign = sign_in("bureau"), the_open_call()
    assert any("Suivre les remontées" in line for line in lines(client))
    assert any(line.startswith("9 Décider des candidatures") for line in lines(client))
    due(campaign, "applications_due", -1)
    assert any("Clore l'appel" in line and "En retard" in line for line in lines(client))
    Application.objects.filter(theme__campaign=campaign).exclude(pk=0).update(state="withdrawn")
    Campaign.objects.filter(pk=campaign.pk).update(state="draft")
    assert any("Ouvrir l'appel" in line for line in lines(client))
    campaign.themes.all()[0].stewards.all().delete()
    Letter.objects.filter(pk=Letter.objects.order_by("pk")[0].pk).update(state="failed")
    assert any(line.startswith("1 Courriels à régler") for line in lines(client))


def test_someone_without_any_role_is_told_whom_to_write_to(client: Any) -> None:
    bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
    client.force_login(know(f"personne@{DOMAIN}", "Personne", actor=bureau, at=timezone.now()))
    page = client.get(ADDRESS).content.decode()
    assert "Aucun rôle ne vous est encore confié" in page
    assert f"mailto:bureau@{DOMAIN}" in page


@pytest.mark.parametrize("who", ["bureau", "expert", "dan.lyon", "inspecteur.lyon", "referent.lyon"])
def test_the_dashboard_asks_a_constant_number_of_questions(
    sign_in: Any, django_assert_max_num_queries: Any, who: str
) -> None:
    client = sign_in(who)
    with django_assert_max_num_queries(22):
        client.get(ADDRESS)
    draft = Application.objects.filter(state="draft", created_by__email__startswith="inspecteur").get()
    for number in range(10):
        draft.pk, draft.referent_email = None, f"essai{number}@{DOMAIN}"
        draft._state.adding = True
        draft.save()
    with django_assert_max_num_queries(22):
        client.get(ADDRESS)


def test_a_validated_scenario_waits_to_be_published(sign_in: Any) -> None:
    Scenario.objects.filter(title__startswith="Réviser un texte").update(state="validated")
    page = sign_in("inspecteur.lyon").get("/tableau-de-bord").content.decode()
    assert "Publier le scénario" in page and "Réviser un texte" in page


def test_who_follows_groups_reads_how_many_are_late_and_which(sign_in: Any) -> None:
    """The table that the line leads to holds as many."""
    campaign = Group.objects.filter(application__academy="10").order_by("pk")[0].application.theme.campaign
    due(campaign, "launch", -40)
    for who in ("bureau", "expert", "inspecteur.lyon"):
        client = sign_in(who)
        late = [line for line in lines(client) if "Suivre le" in line and "en retard" in line]
        assert len(late) == 1, who
        words, address = late[0].split(" -> ")
        count = int(words.split()[0])
        assert address.startswith("/pilotage/" if who == "bureau" else "/evaluation/") and "retard=1" in address
        page = client.get(address).content.decode()
        assert page.count('<th scope="row">') == count > 0
    assert not any("groupes en retard" in line for line in lines(sign_in("dan.lyon")))
    due(campaign, "launch", 40)
    assert not any("groupes en retard" in line for line in lines(sign_in("bureau")))
