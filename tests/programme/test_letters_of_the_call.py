"""Who is told what, and when: at the opening of a call and at the announcement of its results."""

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Refused
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue import actions as catalogue
from traam.programme.groups.models import Group, Member
from traam.programme.letters.models import Letter
from traam.programme.people.models import Appointment, Person
from traam.programme.productions import actions as productions
from traam.programme.productions.models import Scenario
from traam.programme.selection import actions as selection
from traam.programme.selection.queries import dossiers_of_campaign

pytestmark = pytest.mark.django_db


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def test_each_dan_learns_once_that_the_call_is_open() -> None:
    campaign = Campaign.objects.get(state="open")
    Campaign.objects.filter(pk=campaign.pk).update(state="draft")
    campaign.themes.update(state="draft")
    Letter.objects.all().delete()
    catalogue.open_call(campaign, actor=person("bureau"), at=timezone.localtime())
    told = sorted(Letter.objects.values_list("to__email", flat=True))
    assert told == sorted(Appointment.objects.filter(role="dan").values_list("person__email", flat=True))
    body = Letter.objects.get(to=person("dan.lyon")).body
    assert f"/campagnes/{campaign.pk}" in body
    assert all(theme.title in body for theme in campaign.themes.all())
    assert f"{campaign.on('applications_due'):%d/%m/%Y}" in body


def test_the_announcement_tells_each_dan_all_her_results_and_no_other() -> None:
    campaign, bureau, at = Campaign.objects.get(state="open"), person("bureau"), timezone.localtime()
    catalogue.move_call(campaign, "close", actor=bureau, at=at)
    for dossier in dossiers_of_campaign(campaign):
        verb = "retain" if dossier.application.academy == "09" else "refuse"
        selection.decide(dossier.application, verb, actor=bureau, at=at, reason="Le thème est complet.")
    Letter.objects.all().delete()
    catalogue.announce(campaign, actor=bureau, at=at)
    dossiers = dossiers_of_campaign(campaign)
    lille = Letter.objects.get(to=person("dan.lille")).body
    assert lille.count("est retenue") == sum(d.application.academy == "09" for d in dossiers)
    assert "n'est pas retenue" not in lille
    assert not Letter.objects.filter(to=person("dan.lyon")).exists(), "Lyon had forwarded nothing"
    assert "n'est pas retenue" in Letter.objects.get(to=person("dan.rennes")).body
    retained = next(d.application for d in dossiers if d.state == "retained")
    kinds = set(Letter.objects.filter(to__email=retained.referent_email).values_list("key", flat=True))
    assert f"result:{retained.pk}" in kinds, "a retained référent learns it, known before or not"


def test_whoever_validates_a_group_s_scenarios_does_not_write_them() -> None:
    group = Group.objects.get(application__academy="10", application__theme__title__startswith="L'int")
    inspector = person("inspecteur.lyon")
    assert group.members.filter(person=inspector, role=Member.Role.INSPECTOR).exists()
    scenario = Scenario.objects.get(title__startswith="Débattre du coût")
    with pytest.raises(Refused, match="écrit par les membres"):
        productions.save(
            scenario,
            productions.Content(title="Autre"),
            revision=scenario.revision,
            actor=inspector,
            at=timezone.localtime(),
        )
