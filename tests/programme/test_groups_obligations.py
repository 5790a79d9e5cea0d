"""What many groups owe: judged as each of them is, late when the day has passed, for who follows them."""

import io
import zipfile
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Campaign
from traam.programme.groups import queries, rules
from traam.programme.groups.exports import obligations as exports
from traam.programme.groups.models import Group, Meeting, Member
from traam.programme.groups.queries.late import late_groups
from traam.programme.people.actions import appoint
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import roles

pytestmark = pytest.mark.django_db

NOW = timezone.localtime()
TODAY = NOW.date()


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def campaign() -> Campaign:
    return Group.objects.filter(application__academy="10").order_by("pk")[0].application.theme.campaign


def launched(campaign: Campaign, days: int) -> Campaign:
    """The campaign, with its launch so many days from today."""
    campaign.calendar = {**campaign.calendar, "launch": (TODAY + timedelta(days=days)).isoformat()}
    campaign.save()
    return campaign


def test_the_table_says_of_each_group_what_its_own_page_says(campaign: Campaign) -> None:
    table = queries.owed_in_campaign(campaign, TODAY)
    groups = queries.of_campaign(campaign)
    assert len(table.lines) == len(groups)
    for group in groups:
        findings = rules.findings(group, TODAY)
        line = next(one for one in table.lines if one.pk == group.pk)
        assert line.asked == len(findings)
        owed = sorted((one.finding for one in line.owed), key=lambda finding: finding.rule_id)
        assert owed == sorted((f for f in findings if not f.met), key=lambda finding: finding.rule_id)


@pytest.mark.parametrize("mode", ["in_person", "remote"])
def test_the_table_counts_meetings_as_the_page_of_a_group_does(campaign: Campaign, mode: str) -> None:
    campaign.edition_id = "traam-2020"
    campaign.save()
    group = queries.of_campaign(campaign)[0]
    theme = group.application.theme
    rows = [
        {"group": group, "state": "held"},
        {"group": group, "state": "planned"},
        {"group": group, "state": "held", "on": TODAY + timedelta(days=1)},
        {"theme": theme, "state": "held"},
        {"theme": theme, "state": "held"},
    ]
    Meeting.objects.filter(group=group).delete()
    for n, row in enumerate(rows):
        given = {"on": TODAY, "mode": mode, "subject": "Travail", "uid": f"u{n}", "recorded_at": NOW, **row}
        Meeting.objects.create(**given, changed_at=NOW)
    facts = rules.facts(queries.group(group.pk), TODAY)
    assert facts[f"{mode}_meetings"] == 1, "planned, to come, or national: none of these counts"
    line = next(one for one in queries.owed_in_campaign(campaign, TODAY).lines if one.pk == group.pk)
    owed = next((one.finding.actual for one in line.owed if one.finding.rule_id == "group-meetings"), None)
    assert owed == (1 if mode == "in_person" else 0)


def test_late_is_the_day_after_the_milestone(campaign: Campaign) -> None:
    for days, late in ((0, False), (1, False), (-1, True)):
        table = queries.owed_in_campaign(launched(campaign, days), TODAY)
        owing = [line for line in table.lines if line.owed]
        assert owing
        assert {bool(line.late) for line in owing} == {late}, days
        assert table.late == (len(owing) if late else 0)


def test_the_late_come_first_then_the_soonest_due_and_the_ended_last(campaign: Campaign) -> None:
    launched(campaign, -1)
    pks = [line.pk for line in queries.owed_in_campaign(campaign, TODAY).lines]
    complete = pks[-1]
    Group.objects.filter(pk=pks[0]).update(state="ended")
    table = queries.owed_in_campaign(campaign, TODAY)
    assert [line.pk for line in table.lines[-2:]] == [complete, pks[0]]
    assert table.lines[-1].late == 0, "nothing is late in a group whose work is over"
    assert table.lines[0].late


def test_each_one_follows_her_own_groups(campaign: Campaign) -> None:
    everything = {line.pk for line in queries.owed_in_campaign(campaign, TODAY).lines}
    of_lyon = set(Group.objects.filter(application__academy="10").values_list("pk", flat=True))
    for who, wanted in (
        ("bureau", everything),
        ("expert", everything),
        ("inspection.generale", everything),
        ("inspecteur.lyon", of_lyon),
        ("referent.lyon", set()),
        ("dan.lyon", set()),
    ):
        assert {line.pk for line in queries.owed_to(person(who), NOW).lines} == wanted, who
    assert {line.pk for line in queries.owed_in_academy("10", TODAY).lines} == of_lyon


def test_an_inspector_from_elsewhere_follows_what_she_pilots_once(campaign: Campaign) -> None:
    lyon = Group.objects.filter(application__academy="10").order_by("pk")[0]
    elsewhere = person("inspecteur.lille")
    before = {line.pk for line in queries.owed_to(elsewhere, NOW).lines}
    Member.objects.create(group=lyon, person=elsewhere, role="inspector", corps="IEN-1D", since=TODAY)
    lines = [line.pk for line in queries.owed_to(elsewhere, NOW).lines]
    assert set(lines) == before | {lyon.pk}
    assert len(lines) == len(set(lines))
    Member.objects.filter(group=lyon, person=elsewhere).update(until=TODAY)
    assert {line.pk for line in queries.owed_to(elsewhere, NOW).lines} == before


def test_an_archived_campaign_is_followed_no_more(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state="archived")
    assert queries.owed_to(person("bureau"), NOW).lines == ()
    assert queries.owed_in_academy("10", TODAY).lines == ()


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({"academie": "10"}, lambda line: line.academy.code == "10"),
        ({"region": "Hauts-de-France"}, lambda line: line.academy.code == "09"),
        ({"manque": "cardie"}, lambda line: any(owed.finding.fact == "cardie" for owed in line.owed)),
        ({"manque": "rien"}, lambda line: not line.owed),
        ({"etat": "working"}, lambda line: line.state == "working"),
        ({"retard": "1"}, lambda line: line.late),
        ({"retard": "1", "academie": "10"}, lambda line: line.late and line.academy.code == "10"),
    ],
)
def test_the_table_is_filtered(campaign: Campaign, asked: dict[str, str], kept: Any) -> None:
    table = queries.owed_in_campaign(campaign, TODAY)
    wanted = [line for line in table.lines if kept(line)]
    assert wanted, "the demonstration has one"
    assert list(table.matching(asked).lines) == wanted
    assert len(wanted) < len(table.lines)


def test_only_what_parts_the_groups_is_asked(campaign: Campaign) -> None:
    names = [each[0] for each in queries.owed_in_campaign(campaign, TODAY).filters]
    assert names == ["theme", "academie", "region", "etat", "manque"]
    assert [each[0] for each in queries.owed_in_academy("10", TODAY).filters] == ["theme", "etat", "manque"]


def test_four_queries_however_many_groups(campaign: Campaign, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):
        queries.owed_in_campaign(campaign, TODAY)
    bureau = person("bureau")
    appoint(bureau, Role.NATIONAL, actor=bureau, at=NOW)
    queries.owed_to(bureau, NOW)
    with django_assert_num_queries(4):
        queries.owed_to(bureau, NOW)


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_the_file_says_what_the_table_says(campaign: Campaign, form: str) -> None:
    table = queries.owed_in_campaign(launched(campaign, -1), TODAY).matching({"academie": "10"})
    data = exports.obligations(table, "Exigences", form)
    if form == "csv":
        said = data.decode("utf-8-sig")
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            said = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
    assert "CARDIE (article B.12), au plus tard le" in said
    assert said.count("Raconter le territoire") == 1, "a line for each group"
    assert "en retard" in said
    assert "Lille" not in said


def test_a_desk_counts_as_late_the_groups_that_the_table_says_late(campaign: Campaign) -> None:
    """Whatever the groups are made of: alike groups are judged once, others each for itself."""
    campaign = launched(campaign, -40)
    groups = queries.of_campaign(campaign)
    groups[0].members.exclude(role="referent").update(until=TODAY)
    groups[1].members.update(until=TODAY)
    groups[2].members.filter(role="inspector").update(corps="")
    Group.objects.filter(pk=groups[3].pk).update(state="ended")
    seen = set()
    for name in ("bureau", "expert", "inspection.generale", "inspecteur.lyon", "inspecteur.lille", "dan.lyon"):
        late = late_groups(person(name), NOW)
        lines = [line for line in queries.owed_to(person(name), NOW).lines if line.late]
        assert {one.campaign: one.groups for one in late} == Counter(line.campaign.pk for line in lines), name
        assert {one.title for one in late} == {line.campaign.title for line in lines}
        seen.add(sum(one.groups for one in late))
    assert len(seen) > 2 and 0 in seen


def test_a_desk_counts_late_groups_in_one_query(campaign: Campaign, django_assert_num_queries: Any) -> None:
    bureau = person("bureau")
    assert roles(bureau, NOW)  # read once for each page, for whatever it asks
    for days in (40, -40):
        launched(campaign, days)
        with django_assert_num_queries(1):
            assert bool(late_groups(bureau, NOW)) is (days < 0)
