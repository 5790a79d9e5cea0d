"""Every indicator equals a query written apart, in SQL; the alerts name what goes wrong and nothing else."""

from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Missing
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.readings.models import ReadCount
from traam.programme.catalogue.searches.counting import week_of
from traam.programme.catalogue.searches.models import SearchCount
from traam.programme.groups.models import Group, Meeting
from traam.programme.indicators import exports, queries
from traam.programme.indicators.alerts import alerts
from traam.programme.indicators.counting import school_years, tallies
from traam.programme.indicators.definitions import INDICATORS
from traam.programme.people.models import Person
from traam.programme.productions.models import ClassTest, Scenario
from traam.programme.publication.models import Watched

pytestmark = pytest.mark.django_db

APPLIED = """from calls_application a join campaigns_theme t on t.id = a.theme_id
 left join selection_decision d on d.application_id = a.id where t.campaign_id = {c} and a.state = 'forwarded'"""
GROUPS = """from groups_group g join calls_application a on a.id = g.application_id
 join campaigns_theme t on t.id = a.theme_id and t.campaign_id = {c}"""
SCENARIOS = f"from productions_scenario s join ({'select g.id, a.academy ' + GROUPS}) w on w.id = s.group_id"
TESTS = SCENARIOS + " join productions_classtest e on e.scenario_id = s.id where s.state = 'validated'"
# What each indicator counts, told to the database in its own words: a number, or two whose ratio it is.
WRITTEN_APART: dict[str, tuple[str, ...]] = {
    "themes": ("select count(*) from campaigns_theme where campaign_id = {c}",),
    "forwarded": (f"select count(*) {APPLIED}",),
    "academies_applying": (f"select count(distinct a.academy) {APPLIED}",),
    "retained": (f"select count(*) {APPLIED} and d.state = 'retained'",),
    "rate": (f"select count(*) {APPLIED} and d.state = 'retained'", f"select count(*) {APPLIED}"),
    "dropped": (f"select count(*) {APPLIED} and d.state = 'dropped'",),
    "academies": (f"select count(distinct a.academy) {APPLIED} and d.state = 'retained'",),
    "groups": (f"select count(*) {GROUPS}",),
    "people": (
        f"select count(*) from (select distinct m.person_id {GROUPS} join groups_member m on m.group_id = g.id) p",
    ),
    "meetings": (
        f"select count(*) from groups_meeting where state = 'held' and (group_id in (select g.id {GROUPS})"
        " or theme_id in (select id from campaigns_theme where campaign_id = {c}))",
    ),
    "met": (
        f"select count(*) {GROUPS} and exists (select 1 from groups_meeting e where e.group_id = g.id"
        " and e.state = 'held')",
        f"select count(*) {GROUPS}",
    ),
    "scenarios": (f"select count(*) {SCENARIOS} where s.state = 'validated'",),
    "tested": (
        f"select count(distinct s.id) {TESTS}",
        f"select count(*) {SCENARIOS} where s.state = 'validated'",
    ),
    "tested_elsewhere": (
        f"select count(distinct s.id) {TESTS} and e.academy <> w.academy",
        f"select count(*) {SCENARIOS} where s.state = 'validated'",
    ),
    "tests": (f"select count(*) {TESTS}", f"select count(*) {SCENARIOS} where s.state = 'validated'"),
    "modules": (
        "select count(*) from productions_module m join campaigns_theme t on t.id = m.theme_id"
        " where t.campaign_id = {c} and m.state = 'validated'",
    ),
    "bilans": (
        "select count(*) from productions_bilan b where b.state = 'validated'"
        f" and b.group_id in (select g.id {GROUPS})",
    ),
    "published": (
        f"select count(*) {SCENARIOS} where exists (select 1 from publication_release r"
        " where r.scenario_id = s.id and r.state = 'released')",
    ),
    "sound": (
        f"select count(*) {SCENARIOS} join publication_watched v on v.scenario_id = s.id"
        " where v.release_id is not null and v.stopped_at is null and v.told = 'clear'",
        f"select count(*) {SCENARIOS} join publication_watched v on v.scenario_id = s.id"
        " where v.release_id is not null and v.stopped_at is null and v.told <> ''",
    ),
    "readings": (
        "select coalesce(sum(r.times), 0) from catalogue_readcount r join catalogue_notice n on n.id = r.number"
        " join catalogue_publictheme t on t.id = n.theme_id where r.kind = 'notice' and t.call_id = {c}",
    ),
    "searches": (
        "select coalesce(sum(times), 0) from catalogue_searchcount where text = ''"
        " and week >= '{since}' and week <= '{until}'",
    ),
    "lacking": (
        "select coalesce(sum(\"nothing\"), 0) from catalogue_searchcount where text = ''"
        " and week >= '{since}' and week <= '{until}'",
        "select coalesce(sum(times), 0) from catalogue_searchcount where text = ''"
        " and week >= '{since}' and week <= '{until}'",
    ),
}


def asked(sql: str, campaign: Campaign) -> int:
    since, until = school_years(campaign)
    with connection.cursor() as cursor:
        cursor.execute(sql.format(c=campaign.pk, since=since, until=until))
        return int(cursor.fetchone()[0])


def delay(campaign: Campaign) -> float | None:
    """The one that no ratio says: days from the last validation before the first release."""
    days = []
    with connection.cursor() as cursor:
        cursor.execute(f"select s.id, s.review_id {SCENARIOS}".format(c=campaign.pk))
        for scenario, review in cursor.fetchall():
            from traam.programme.productions.models.reviews import Turn
            from traam.programme.publication.models import Release

            first = Release.objects.filter(scenario=scenario).order_by("released_at").first()
            turn = first and Turn.objects.filter(review=review, verb="validate", at__lte=first.released_at)
            if turn:
                days.append((first.released_at - turn.order_by("-at")[0].at).days)
    return median(days) if days else None


@pytest.fixture
def year() -> Campaign:
    """The year at work, with what no demonstration has: a desertion, readers, searches, faults, a far test."""
    campaign = Campaign.objects.exclude(state="open").order_by("pk")[0]
    rows = Application.objects.filter(theme__campaign=campaign, decision__state="retained").order_by("pk")
    rows[0].decision.__class__.objects.filter(application=rows[0]).update(state="dropped")
    call = Notice.objects.filter(theme__call=campaign.pk)
    for number, times in ((call[0].pk, 12), (999_999, 5)):
        ReadCount.objects.create(month=date(2026, 11, 1), kind="notice", number=number, times=times)
    since, until = school_years(campaign)
    for day, times, nothing in ((since, 10, 4), (until, 5, 0), (since - timedelta(days=14), 90, 90)):
        SearchCount.objects.create(week=week_of(day + timedelta(days=6)), text="", times=times, nothing=nothing)
    scenario = Scenario.objects.filter(group__application__theme__campaign=campaign, state="validated")[0]
    ClassTest.objects.create(
        scenario=scenario,
        version=1,
        academy="28",
        level="201",
        on=since,
        pupils=20,
        worked="Tout.",
        by=Person.objects.get(email=f"bureau@{DOMAIN}"),
        recorded_at=timezone.now(),
    )
    return campaign


def test_each_number_equals_a_query_written_apart(year: Campaign) -> None:
    assert set(WRITTEN_APART) | {"delay"} == set(INDICATORS), "an indicator without its query"
    for tally in tallies(list(Campaign.objects.all())):
        wrong = []
        for name, sql in WRITTEN_APART.items():
            numbers = [asked(one, tally.campaign) for one in sql]
            expected = numbers[0] if len(numbers) == 1 else numbers[0] / numbers[1] if numbers[1] else None
            if (found := INDICATORS[name].of(tally)) != expected:
                wrong.append(f"{name}: {found} for {expected}")
        assert wrong == []
        assert INDICATORS["delay"].of(tally) == delay(tally.campaign)


def test_the_trial_reaches_each_number(year: Campaign) -> None:
    """A query that answers nothing equals anything that counts nothing."""
    [tally] = tallies([year])
    unknown = {name for name, one in INDICATORS.items() if not one.of(tally)}
    assert unknown <= {"sound", "modules", "bilans", "delay"}, unknown


def test_ten_campaigns_cost_as_many_queries_as_one(
    year: Campaign, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(20):
        tallies([year])
    for n in range(8):
        Campaign.objects.create(
            title=f"TraAM n° {n}",
            edition_id=year.edition_id,
            first_year=2010 + n,
            state="archived",
            created_at=timezone.now(),
        )
    with django_assert_max_num_queries(21):
        campaigns, lines = queries.years()
    assert len(campaigns) == 10 and [one.first_year for one in campaigns] == sorted(one.first_year for one in campaigns)
    assert all(len(line.values) == 10 for line in lines)


def test_a_person_in_two_groups_is_one_person(year: Campaign) -> None:
    [before] = tallies([year])
    one, other = Group.objects.filter(application__theme__campaign=year)[:2]
    member = one.members.exclude(person__in=other.members.values("person"))[0]
    member.pk, member.group = None, other
    member._state.adding = True
    member.save()
    [after] = tallies([year])
    assert after.people == before.people


def test_two_campaigns_are_compared_and_a_stranger_refused(year: Campaign) -> None:
    first, second = queries.campaigns()
    _, lines = queries.compare(first.pk, second.pk)
    by_name = {line.indicator.id: line for line in lines}
    forwarded = by_name["forwarded"]
    assert forwarded.gap == forwarded.second - forwarded.first  # type: ignore[operator]
    assert forwarded.better == (1 if forwarded.gap > 0 else -1)  # type: ignore[operator]
    assert by_name["themes"].better == 0, "more themes is neither better nor worse"
    with pytest.raises(Missing):
        queries.compare(first.pk, 999_999)


def test_a_map_and_its_tables_say_the_same(year: Campaign) -> None:
    told = queries.year(year, timezone.now())
    assert sum(told.academies.values()) == told.tally.decisions["retained"]
    assert sum(retained for _, _, retained in told.by_academy) == sum(times for _, times in told.by_region)
    assert sum(times for _, times in told.by_degree) == told.tally.decisions["retained"]
    for (_, values), kind in zip(told.by_state, told.tally.productions, strict=True):
        assert sum(values) == told.tally.productions[kind].total()


def kinds(campaign: Campaign) -> dict[str, list[str]]:
    found = alerts(campaign, timezone.now())
    return {kind: [one.about for one in alerts] for kind, alerts in found.items()}


def test_a_theme_with_two_academies_left_says_what_to_do(year: Campaign) -> None:
    theme = year.themes.order_by("pk")[0]
    kept = list(theme.applications.filter(decision__state="retained").order_by("pk"))
    two = {row.academy for row in kept[:2]}
    for row in kept:
        if row.academy not in two:
            row.decision.state = "dropped"
            row.decision.save()
    assert theme.title in kinds(year)["themes"]
    [alert] = [one for one in alerts(year, timezone.now())["themes"] if one.about == theme.title]
    assert " et " in alert.what and alert.place.arguments
    kept[0].__class__.objects.filter(pk=kept[0].pk).update(academy="28")
    Application.objects.filter(pk=kept[-1].pk).update(academy="31")
    row = Application.objects.get(pk=kept[-1].pk)
    row.decision.state = "retained"
    row.decision.save()
    assert theme.title not in kinds(year).get("themes", [])


def test_a_group_without_a_meeting_is_named_until_one_is_held(year: Campaign) -> None:
    group = Group.objects.filter(application__theme__campaign=year, state="working")[0]
    Meeting.objects.filter(group=group).update(state="planned")
    Group.objects.filter(pk=group.pk).update(opened_at=timezone.now() - timedelta(days=44))
    assert f"{group.academy_name} : {group.application.theme.title}" not in kinds(year).get("meetings", [])
    Group.objects.filter(pk=group.pk).update(opened_at=timezone.now() - timedelta(days=46))
    assert f"{group.academy_name} : {group.application.theme.title}" in kinds(year)["meetings"]


def test_a_scenario_without_a_test_a_page_at_fault_and_a_search_in_vain_are_named(year: Campaign) -> None:
    scenario = Scenario.objects.filter(group__application__theme__campaign=year, state="validated")[0]
    assert not [one for one in kinds(year).get("tests", []) if one.startswith(scenario.title)]
    ClassTest.objects.filter(scenario=scenario).delete()
    assert [one for one in kinds(year)["tests"] if one.startswith(scenario.title)]
    watched = Watched.objects.filter(release__isnull=False, scenario__group__application__theme__campaign=year)
    watched.filter(pk=watched[0].pk).update(told="faulty", stopped_at=None)
    assert kinds(year)["links"]
    week = week_of(timezone.localdate())
    SearchCount.objects.create(week=week, text="géométrie dynamique", times=9)
    assert "searches" not in kinds(year)
    SearchCount.objects.filter(text="géométrie dynamique").update(times=10)
    assert kinds(year)["searches"] == ["« géométrie dynamique »"]


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "written"),
    [(None, "", 0, ""), (12, "", 0, "12"), (0.4567, "%", 0, "45,7"), (2.25, "", 1, "2,2"), (11.5, "jours", 0, "11,5")],
)
def test_a_spreadsheet_reads_the_numbers_in_french(value: Any, unit: str, decimals: int, written: str) -> None:
    assert exports.plain(value, unit, decimals) == written
