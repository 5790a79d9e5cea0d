"""A place in a group passes, ends, is corrected; the national group of a theme is drawn from who is where."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.groups import actions, policies, queries
from traam.programme.groups.models import Group, Member
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Item, Letter
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db

NOW = timezone.localtime()
TODAY = NOW.date()
LONG_AGO = TODAY - timedelta(days=30)


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def lyon() -> Group:
    """The complete group of Lyon: its people came a month ago."""
    group = Group.objects.filter(application__academy="10").order_by("pk")[0]
    group.members.update(since=LONG_AGO)
    return queries.group(group.pk)


def referent(group: Group) -> Member:
    return Member.objects.get(group=group, role="referent", until=None)


def replace(group: Group, actor: Person, **changes: Any) -> Member:
    given = {"name": "Nouvelle référente", "email": f"nouvelle@{DOMAIN}", "on": TODAY, "reason": "Mutation"}
    return actions.replace_member(referent(group), **{**given, **changes}, actor=actor, at=NOW)


def test_the_new_referent_has_the_rights_at_once_and_the_old_one_none(lyon: Group) -> None:
    before = referent(lyon)
    after = replace(lyon, person("inspecteur.lyon"))
    fresh = queries.group(lyon.pk)
    assert policies.may_compose(after.person, fresh, NOW)
    assert not policies.may_see(before.person, fresh, NOW)
    assert queries.of_person(after.person) == [fresh]
    before.refresh_from_db()
    assert (before.until, after.since) == (TODAY - timedelta(days=1), TODAY)
    assert Member.objects.filter(group=lyon, role="referent", until=None).count() == 1
    entry = Entry.objects.get(verb="replace_member")
    assert (entry.reason, entry.data["member"], entry.data["successor"]) == ("Mutation", before.pk, after.pk)


def test_whoever_comes_in_is_invited_by_letter(lyon: Group) -> None:
    after = replace(lyon, person("inspecteur.lyon"))
    letter = Letter.objects.get(to=after.person)
    assert "/invitation/" in letter.body
    with pytest.raises(Invalid, match="déjà écrite aujourd'hui"):
        actions.invite_member_again(after, actor=person("inspecteur.lyon"), at=NOW)
    actions.invite_member_again(after, actor=person("inspecteur.lyon"), at=NOW + timedelta(days=2))
    assert Letter.objects.filter(to=after.person).count() == 2
    opened = Member.objects.get(group=lyon, person__email=f"enseignante.lyon@{DOMAIN}")
    with pytest.raises(Invalid, match="déjà ouvert son compte"):
        actions.invite_member_again(opened, actor=person("inspecteur.lyon"), at=NOW)


def test_who_has_an_account_is_told_in_her_digest(lyon: Group) -> None:
    colleague = person("enseignante.lyon")
    after = replace(lyon, person("inspecteur.lyon"), name=colleague.name, email=colleague.email)
    item = Item.objects.get(key=f"place:{after.pk}")
    assert item.to == colleague
    assert "professeur référent" in item.text
    assert item.address == f"/atelier/groupes/{lyon.pk}"
    actions.end_member(after, actor=person("inspecteur.lyon"), at=NOW)
    item.refresh_from_db()
    assert item.settled_at, "who has left is told nothing"


def test_replaced_on_the_very_day_she_came_a_person_held_one_day(lyon: Group) -> None:
    before = referent(lyon)
    replace(lyon, person("inspecteur.lyon"), on=LONG_AGO)
    before.refresh_from_db()
    assert (before.since, before.until) == (LONG_AGO, LONG_AGO)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"on": LONG_AGO - timedelta(days=1)}, "on"),
        ({"name": " "}, "name"),
        ({"email": f"REFERENT.lyon@{DOMAIN}"}, "email"),
        ({"email": ""}, "email"),
        ({"school": "0690000Z"}, "school"),
        ({"reason": "x" * 201}, "reason"),
    ],
)
def test_a_replacement_that_cannot_be_is_refused_whole(lyon: Group, changes: dict[str, Any], field: str) -> None:
    entries = Entry.objects.count()
    with pytest.raises(Invalid) as refusal:
        replace(lyon, person("inspecteur.lyon"), **changes)
    assert set(refusal.value.errors) == {field}
    assert referent(lyon).person == person("referent.lyon")
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("who", ["enseignante.lyon", "dan.lyon", "bureau", "expert", "inspecteur.lille"])
def test_only_those_who_keep_the_group_replace(lyon: Group, who: str) -> None:
    with pytest.raises(Refused):
        replace(lyon, person(who))


def test_a_referent_may_pass_on_her_own_role_but_once(lyon: Group) -> None:
    gone = referent(lyon)
    replace(lyon, gone.person)
    with pytest.raises(Refused):
        replace(lyon, gone.person, email=f"encore@{DOMAIN}")
    with pytest.raises(Invalid, match="déjà pris fin"):
        actions.replace_member(gone, "Encore", f"encore@{DOMAIN}", TODAY, actor=person("inspecteur.lyon"), at=NOW)


def test_an_inspector_who_comes_in_says_her_corps(lyon: Group) -> None:
    pilot = Member.objects.get(group=lyon, role="inspector", until=None)
    given: dict[str, Any] = {"name": "Inspectrice de l'Ain", "email": f"ain@{DOMAIN}", "on": TODAY}
    with pytest.raises(Invalid) as refusal:
        actions.replace_member(pilot, **given, actor=person("referent.lyon"), at=NOW)
    assert set(refusal.value.errors) == {"corps"}
    after = actions.replace_member(pilot, **given, corps="IEN-1D", actor=person("referent.lyon"), at=NOW)
    assert after.corps == "IEN-1D"


def test_a_role_ends_on_a_day_that_has_come(lyon: Group) -> None:
    teacher = Member.objects.get(group=lyon, person__email=f"enseignante.lyon@{DOMAIN}")
    actor = person("referent.lyon")
    for on in (TODAY + timedelta(days=1), LONG_AGO - timedelta(days=1)):
        with pytest.raises(Invalid):
            actions.end_member(teacher, on, actor=actor, at=NOW)
    ended = actions.end_member(teacher, LONG_AGO + timedelta(days=3), "Congé", actor=actor, at=NOW)
    assert ended.until == LONG_AGO + timedelta(days=3)
    assert Entry.objects.get(verb="end_member").reason == "Congé"


def test_a_member_is_corrected(lyon: Group) -> None:
    teacher = Member.objects.get(group=lyon, person__email=f"enseignante.lyon@{DOMAIN}")
    actor = person("referent.lyon")
    with pytest.raises(Invalid) as refusal:
        actions.correct_member(teacher, school="0690000Z", actor=actor, at=NOW)
    assert set(refusal.value.errors) == {"school"}
    assert actions.correct_member(teacher, school="0750655e", corps="IEN-1D", actor=actor, at=NOW).school == "0750655E"
    teacher.refresh_from_db()
    assert teacher.corps == "", "only an inspector has a corps here"


def test_somebody_may_have_come_before_she_was_written_down(lyon: Group) -> None:
    given = {"role": "teacher", "name": "Une collègue", "email": f"collegue@{DOMAIN}"}
    actor = person("referent.lyon")
    with pytest.raises(Invalid) as refusal:
        actions.add_member(lyon, **given, since=TODAY + timedelta(days=1), actor=actor, at=NOW)
    assert set(refusal.value.errors) == {"since"}
    assert actions.add_member(lyon, **given, since=LONG_AGO, actor=actor, at=NOW).since == LONG_AGO
