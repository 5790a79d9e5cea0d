"""Release of what was validated, and withdrawal."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from publication_ready import ready

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.catalogue import actions
from traam.programme.catalogue.models import Change, Notice
from traam.programme.catalogue.queries import notice_of_scenario
from traam.programme.letters.models import Item
from traam.programme.people.models import Person
from traam.programme.productions import actions as productions
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication import policies, queries
from traam.programme.publication.models import Release, Watched

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def of_lyon(state: str) -> Scenario:
    return find_scenario(Scenario.objects.get(state=state, title__startswith=TITLES[state]).pk)


TITLES = {"validated": "Enquêter", "submitted": "Réviser"}


def validated(at: datetime) -> Scenario:
    return validate(of_lyon("submitted"), at)


def validate(scenario: Scenario, at: datetime) -> Scenario:
    """The inspector reads, then the expert: so wants the edition of the demonstration. Then all is made ready."""
    endorsed = productions.move(scenario, "endorse", actor=person("inspecteur.lyon"), at=at)
    productions.move(endorsed, "confirm", actor=person("expert"), at=at)
    return ready(scenario, at)


def public(scenario: Scenario) -> Notice:
    notice = notice_of_scenario(scenario.pk)
    assert notice is not None
    return notice


@pytest.mark.parametrize("state", ["draft", "proposed", "submitted", "endorsed", "returned"])
def test_only_what_was_validated_is_released(state: str, at: datetime) -> None:
    scenario = of_lyon("submitted")
    Scenario.objects.filter(pk=scenario.pk).update(state=state)
    with pytest.raises(Refused, match="pas validé"):
        actions.release(scenario, actor=person("inspecteur.lyon"), at=at)
    assert notice_of_scenario(scenario.pk) is None


@pytest.mark.parametrize("name", ["referent.lyon", "enseignante.lyon", "expert", "dan.lyon", "inspecteur.lille"])
def test_the_inspector_of_the_group_and_the_national_team_publish(name: str, at: datetime) -> None:
    scenario = validated(at)
    with pytest.raises(Refused, match="réservé"):
        actions.release(scenario, actor=person(name), at=at)
    actions.release(scenario, actor=person("bureau"), at=at)


def test_a_release_is_a_copy_that_waits_for_the_index(at: datetime) -> None:
    scenario = validated(at)
    notice = actions.release(scenario, actor=person("inspecteur.lyon"), at=at)
    assert (notice.title, notice.state, notice.version) == (scenario.title, "published", 1)
    assert notice.datestamp == at.replace(microsecond=0)
    assert Change.objects.filter(notice=notice).exists()
    watched = Watched.objects.get(release__scenario=scenario)
    assert (watched.address, watched.ours) == (f"{settings.SITE_ADDRESS}/notices/{notice.pk}", True)
    assert watched.next_at == at and watched.stopped_at is None, "it is visited at once"
    actions.withdraw(scenario, reason="Retiré", actor=person("bureau"), at=at)
    watched.refresh_from_db()
    assert watched.stopped_at == at


def test_a_release_is_told_in_the_next_digest_of_its_people(at: datetime) -> None:
    scenario = validated(at)
    notice = actions.release(scenario, actor=person("inspecteur.lyon"), at=at)
    lines = Item.objects.filter(key__startswith="released:", written_at=at)
    told = set(lines.values_list("to__email", flat=True))
    assert {f"{name}@{DOMAIN}" for name in ("referent.lyon", "enseignante.lyon", "dan.lyon")} <= told
    assert f"inspecteur.lyon@{DOMAIN}" not in told, "the actor knows"
    assert {line.address for line in lines} == {f"/notices/{notice.pk}"}


def test_what_lacks_an_obligation_is_not_released(at: datetime) -> None:
    scenario = validated(at)
    Scenario.objects.filter(pk=scenario.pk).update(licence="")
    with pytest.raises(Invalid, match="article"):
        actions.release(scenario, actor=person("inspecteur.lyon"), at=at)
    assert not Release.objects.filter(scenario=scenario).exists()


def test_a_version_is_not_released_twice(at: datetime) -> None:
    scenario = of_lyon("validated")
    with pytest.raises(Refused, match="déjà publiée"):
        actions.release(scenario, actor=person("inspecteur.lyon"), at=at)


def test_a_second_version_takes_the_place_of_the_first_at_the_same_address(at: datetime) -> None:
    scenario = of_lyon("validated")
    first = public(scenario)
    productions.move(scenario, "reopen", actor=person("referent.lyon"), at=at)
    with pytest.raises(Refused, match="pas validé"):
        actions.release(scenario, actor=person("inspecteur.lyon"), at=at)
    Scenario.objects.filter(pk=scenario.pk).update(title="Enquêter, deuxième version")
    assert public(scenario).title == first.title
    productions.submit(find_scenario(scenario.pk), actor=person("referent.lyon"), at=at)
    validate(find_scenario(scenario.pk), at)
    second = actions.release(find_scenario(scenario.pk), actor=person("inspecteur.lyon"), at=at)
    assert (second.pk, second.version, second.title) == (first.pk, 2, "Enquêter, deuxième version")
    assert second.published_on == first.published_on
    assert Release.objects.get(scenario=scenario, version=1).content["title"] == first.title


def test_a_withdrawal_leaves_a_tombstone(at: datetime) -> None:
    scenario = of_lyon("validated")
    before = public(scenario)
    later = at + timedelta(minutes=5)
    notice = actions.withdraw(
        scenario, reason=" Une image n'est pas libre. ", actor=person("inspecteur.lyon"), at=later
    )
    assert (notice.pk, notice.state) == (before.pk, Notice.State.WITHDRAWN)
    assert notice.reason == "Une image n'est pas libre."
    assert notice.datestamp == later.replace(microsecond=0) > before.datestamp
    assert Change.objects.filter(notice=notice).count() >= 2
    with pytest.raises(Refused, match="retiré"):
        actions.withdraw(scenario, reason="Encore", actor=person("inspecteur.lyon"), at=later)


def test_a_withdrawal_says_why(at: datetime) -> None:
    scenario = of_lyon("validated")
    with pytest.raises(Invalid) as caught:
        actions.withdraw(scenario, reason="  ", actor=person("inspecteur.lyon"), at=at)
    assert set(caught.value.errors) == {"reason"}
    assert public(scenario).state == Notice.State.PUBLISHED


def test_only_a_publisher_withdraws(at: datetime) -> None:
    with pytest.raises(Refused, match="réservé"):
        actions.withdraw(of_lyon("validated"), reason="Non", actor=person("referent.lyon"), at=at)


def test_what_was_withdrawn_may_be_published_again(at: datetime) -> None:
    scenario = of_lyon("validated")
    actions.withdraw(scenario, reason="Le temps de vérifier.", actor=person("bureau"), at=at)
    assert policies.may_release(person("bureau"), scenario, at)
    ready(scenario, at)
    notice = actions.release(scenario, actor=person("bureau"), at=at + timedelta(minutes=1))
    assert (notice.state, notice.reason) == (Notice.State.PUBLISHED, "")
    assert queries.state(scenario) == "released"
