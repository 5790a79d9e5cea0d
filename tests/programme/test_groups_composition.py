"""What a group must have under the cahier des charges of 2020, in the first degree: every clause, lacking then met."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.groups import actions, policies, queries, rules
from traam.programme.groups.models import Group, Member
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db

NOW = timezone.localtime()
TODAY = NOW.date()


@pytest.fixture
def inspector() -> Person:
    return Person.objects.get(email=f"inspecteur.lyon@{DOMAIN}")


@pytest.fixture
def group(inspector: Person) -> Group:
    """An empty group of the first degree, of Lyon, under the cahier des charges of 2020."""
    campaign = Campaign.objects.create(
        title="Premier degré", edition_id="traam-2020", first_year=NOW.year - 1, state="closed", created_at=NOW
    )
    theme = Theme.objects.create(campaign=campaign, title="Lire les cartes", framing="…", degree="premier")
    application = Application.objects.create(
        theme=theme,
        academy="10",
        state="forwarded",
        degree="premier",
        created_by=inspector,
        created_at=NOW,
        changed_at=NOW,
    )
    return queries.group(Group.objects.create(application=application, opened_at=NOW).pk)


def enter(group: Group, actor: Person, role: str, n: int = 1, corps: str = "") -> Member:
    return actions.add_member(
        group, role=role, name=f"{role} {n}", email=f"{role}{n}@{DOMAIN}", corps=corps, actor=actor, at=NOW
    )


def lacking(group: Group, today: date = TODAY) -> set[str]:
    return {f.rule_id for f in rules.findings(queries.group(group.pk), today) if not f.met}


def complete(group: Group, actor: Person) -> None:
    for n in (1, 2, 3, 4, 5):
        enter(group, actor, Member.Role.TEACHER, n)
    enter(group, actor, Member.Role.REFERENT)
    enter(group, actor, Member.Role.INSPECTOR, corps=Member.Corps.IEN_1D)
    enter(group, actor, Member.Role.CARDIE)
    enter(group, actor, Member.Role.IEN_TICE)
    actions.record_dasen_agreement(group, given_on=TODAY - timedelta(days=60), actor=actor, at=NOW)


def test_the_first_degree_needs_its_inspector_and_the_agreement_of_the_dasen(group: Group, inspector: Person) -> None:
    assert {"group-ien", "group-dasen"} <= lacking(group)
    enter(group, inspector, Member.Role.IEN_TICE)
    assert "group-ien" not in lacking(group)
    actions.record_dasen_agreement(group, given_on=TODAY - timedelta(days=60), actor=inspector, at=NOW)
    assert "group-dasen" not in lacking(group)


def test_the_agreement_is_asked_of_the_first_degree_only(group: Group) -> None:
    assert rules.needs_dasen_agreement(group)
    group.application.degree = "second"
    assert not rules.needs_dasen_agreement(group)


def test_two_meetings_in_person_count_once_held(group: Group, inspector: Person) -> None:
    for on in (TODAY - timedelta(days=40), TODAY + timedelta(days=50)):
        actions.record_meeting(group, on=on, mode="in_person", subject="Travail", actor=inspector, at=NOW)
    actions.record_meeting(
        group, on=TODAY - timedelta(days=20), mode="remote", subject="Point à distance", actor=inspector, at=NOW
    )
    assert "group-meetings" in lacking(group)
    assert "group-meetings" in lacking(group, TODAY + timedelta(days=50)), "planned is not held"
    group.meetings.filter(state="planned").update(state="held")
    assert "group-meetings" in lacking(group), "the day has not come"
    assert "group-meetings" not in lacking(group, TODAY + timedelta(days=50))


def test_a_group_starts_only_complete_and_the_refusal_names_the_articles(group: Group, inspector: Person) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.move(group, "start", actor=inspector, at=NOW)
    for article in ("C.2", "C.3", "C.4", "C.5", "C.6"):
        assert f"(article {article})" in str(refusal.value)
    assert queries.group(group.pk).state == "forming"
    complete(group, inspector)
    assert actions.move(group, "start", actor=inspector, at=NOW).state == "working"


def test_the_corps_of_a_teacher_is_not_that_of_the_inspector(group: Group, inspector: Person) -> None:
    teacher = enter(group, inspector, Member.Role.TEACHER, corps=Member.Corps.IA_IPR)
    assert teacher.corps == ""
    with pytest.raises(Invalid, match="inspecteur"):
        actions.complete_inspector(teacher, Member.Corps.IA_IPR, actor=inspector, at=NOW)
    assert "group-inspector" in lacking(group)


def test_who_left_no_longer_counts_and_no_longer_sees(group: Group, inspector: Person) -> None:
    complete(group, inspector)
    teacher = Member.objects.get(group=group, person__email=f"teacher1@{DOMAIN}")
    assert policies.may_see(teacher.person, queries.group(group.pk), NOW)
    actions.end_member(teacher, actor=inspector, at=NOW)
    former = queries.group(group.pk)
    assert not policies.may_see(teacher.person, former, NOW)
    assert queries.of_person(teacher.person) == list(queries.visible_to(teacher.person, NOW)) == []
    assert rules.facts(former, TODAY)["teachers"] == 5
    with pytest.raises(Invalid, match="déjà pris fin"):
        actions.end_member(teacher, actor=inspector, at=NOW)


def test_a_second_referent_waits_for_the_end_of_the_first(group: Group, inspector: Person) -> None:
    first = enter(group, inspector, Member.Role.REFERENT)
    with pytest.raises(Invalid) as refusal:
        enter(group, inspector, Member.Role.REFERENT, 2)
    assert "remplacez-le" in refusal.value.errors["role"][0]
    actions.end_member(first, actor=inspector, at=NOW)
    assert enter(group, inspector, Member.Role.REFERENT, 2).until is None


def test_an_inspector_from_elsewhere_pilots_the_group_she_is_in(group: Group, inspector: Person) -> None:
    elsewhere = Person.objects.get(email=f"inspecteur.lille@{DOMAIN}")
    assert not policies.may_compose(elsewhere, group, NOW)
    actions.add_member(
        group,
        role=Member.Role.INSPECTOR,
        name=elsewhere.name,
        email=elsewhere.email,
        corps=Member.Corps.IA_IPR,
        actor=inspector,
        at=NOW,
    )
    assert policies.may_compose(elsewhere, queries.group(group.pk), NOW)


def test_what_cannot_be_is_refused_with_a_sentence(group: Group, inspector: Person) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.record_dasen_agreement(group, given_on=TODAY + timedelta(days=1), actor=inspector, at=NOW)
    assert "given_on" in refusal.value.errors
    with pytest.raises(Invalid) as refusal:
        actions.record_meeting(group, on=date(2006, 10, 5), mode="letter", subject="x" * 201, actor=inspector, at=NOW)
    assert set(refusal.value.errors) == {"on", "mode", "subject"}
    expert = Person.objects.get(email=f"expert@{DOMAIN}")
    with pytest.raises(Refused):
        enter(group, expert, Member.Role.TEACHER)


def test_an_ended_group_no_longer_changes(group: Group, inspector: Person) -> None:
    complete(group, inspector)
    actions.move(group, "start", actor=inspector, at=NOW)
    actions.move(group, "end", actor=inspector, at=NOW)
    with pytest.raises(Refused, match="terminé"):
        enter(group, inspector, Member.Role.TEACHER, 9)
    with pytest.raises(Refused, match="bureau national"):
        actions.move(group, "resume", actor=inspector, at=NOW)
