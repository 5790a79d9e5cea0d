"""The national group of a theme: derived from who leads and who answers, and the correspondents invited to it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.groups import actions, policies, queries
from traam.programme.groups.models import Correspondent, Group, Member
from traam.programme.letters.models import Letter
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db

NOW = timezone.localtime()
TODAY = NOW.date()


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def theme() -> Theme:
    group = Group.objects.filter(application__academy="10").order_by("pk")[0]
    return campaigns.theme(group.application.theme_id)


def invite(theme: Theme, actor: Person, **changes: Any) -> Correspondent:
    given = {"name": "Une chercheuse", "email": f"chercheuse@{DOMAIN}", "capacity": "Chercheuse", "since": TODAY}
    return actions.invite_correspondent(theme, **{**given, **changes}, actor=actor, at=NOW)


def test_the_national_group_is_drawn_from_who_is_where(theme: Theme) -> None:
    seats = queries.national_group(theme, NOW).seats
    told = [(seat.capacity, seat.academy) for seat in seats]
    assert told[:2] == [("Inspecteur général", ""), ("Expert", "")]
    groups = Group.objects.filter(application__theme=theme)
    referents = [academy for capacity, academy in told if capacity == "Professeur référent"]
    assert referents == sorted(group.academy_name for group in groups)
    assert ("Bureau national", "") in told


def test_a_replaced_referent_leaves_the_national_group_to_the_other(theme: Theme) -> None:
    member = Member.objects.get(group__application__theme=theme, role="referent", person=person("referent.lyon"))
    assert policies.may_see_national(member.person, theme, NOW)
    after = actions.replace_member(
        member, "La suivante", f"suivante@{DOMAIN}", TODAY, actor=person("inspecteur.lyon"), at=NOW
    )
    assert not policies.may_see_national(member.person, theme, NOW)
    assert policies.may_see_national(after.person, theme, NOW)
    national = queries.national_group(theme, NOW)
    assert after.person in national.people
    assert member.person not in national.people
    assert [passage.name for passage in national.former] == [member.person.name]
    assert queries.national_themes(after.person, NOW) == [theme]


def test_an_academy_without_referent_and_a_group_that_ended_are_told(theme: Theme) -> None:
    Member.objects.filter(group__application__theme=theme, group__application__academy="10").update(until=TODAY)
    Group.objects.filter(application__theme=theme, application__academy="09").update(state="ended")
    national = queries.national_group(theme, NOW)
    assert [academy for _, academy in national.silent] == ["Lyon"]
    assert "Lille" not in [seat.academy for seat in national.seats]
    assert not policies.may_see_national(person("referent.lille"), theme, NOW)


@pytest.mark.parametrize("who", ["expert", "inspection.generale", "bureau"])
def test_a_correspondent_is_invited_and_sees_the_group(theme: Theme, who: str) -> None:
    row = invite(theme, person(who))
    assert policies.may_see_national(row.person, theme, NOW)
    assert queries.national_themes(row.person, NOW) == [theme]
    assert "groupe national" in Letter.objects.get(to=row.person).body
    seat = next(seat for seat in queries.national_group(theme, NOW).seats if seat.correspondent)
    assert (seat.person, seat.capacity) == (row.person, "Chercheuse")


@pytest.mark.parametrize("who", ["referent.lyon", "inspecteur.lyon", "dan.lyon", "enseignante.lyon"])
def test_others_invite_nobody(theme: Theme, who: str) -> None:
    with pytest.raises(Refused, match="correspondants sont invités par"):
        invite(theme, person(who))
    row = invite(theme, person("expert"))
    with pytest.raises(Refused):
        actions.end_correspondent(row, TODAY, actor=person(who), at=NOW)


def test_a_theme_of_an_archived_campaign_no_longer_changes(theme: Theme) -> None:
    Campaign.objects.filter(pk=theme.campaign_id).update(state="archived")
    with pytest.raises(Refused, match="archivée"):
        invite(campaigns.theme(theme.pk), person("expert"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": ""}, "email"),
        ({"capacity": " "}, "capacity"),
        ({"capacity": "x" * 151}, "capacity"),
        ({"until": TODAY - timedelta(days=1)}, "until"),
    ],
)
def test_a_bad_invitation_writes_nothing(theme: Theme, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        invite(theme, person("expert"), **changes)
    assert set(refusal.value.errors) == {field}
    assert not Correspondent.objects.exists()


def test_nobody_is_invited_twice_at_a_time(theme: Theme) -> None:
    row = invite(theme, person("expert"), until=TODAY + timedelta(days=9))
    with pytest.raises(Invalid) as refusal:
        invite(theme, person("expert"), email=row.person.email.upper())
    assert set(refusal.value.errors) == {"email"}


def test_the_rights_of_a_correspondent_last_as_long_as_her_period(theme: Theme) -> None:
    row = invite(theme, person("expert"), since=TODAY - timedelta(days=9))
    with pytest.raises(Invalid):
        actions.end_correspondent(row, TODAY - timedelta(days=10), actor=person("expert"), at=NOW)
    actions.end_correspondent(row, TODAY, actor=person("expert"), at=NOW)
    assert policies.may_see_national(row.person, theme, NOW)
    tomorrow = NOW + timedelta(days=1)
    assert not policies.may_see_national(row.person, theme, tomorrow)
    assert [passage.name for passage in queries.national_group(theme, tomorrow).former] == ["Une chercheuse"]
    with pytest.raises(Invalid, match="déjà pris fin"):
        actions.end_correspondent(row, TODAY, actor=person("expert"), at=tomorrow)


def test_five_queries_however_many_academies(theme: Theme, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(5):
        queries.national_group(theme, NOW)
