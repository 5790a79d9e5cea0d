"""All that is counted of campaigns, together: a constant number of queries, whatever their number.

Each number has one definition, in `definitions`, and is the same wherever it is shown.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Model, Sum

from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.readings.models import ReadCount
from traam.programme.catalogue.searches.models import SearchCount
from traam.programme.groups.models import Group, Meeting, Member
from traam.programme.productions.models import Bilan, ClassTest, Module, Scenario, Support
from traam.programme.productions.models.reviews import Turn
from traam.programme.publication.models import Release, Watched

OF_GROUP = "group__application__theme__campaign"
OF_SCENARIO = f"scenario__{OF_GROUP}"
KINDS: Mapping[str, type[Model]] = {"scenario": Scenario, "module": Module, "bilan": Bilan, "support": Support}


@dataclass
class Tally:
    """What is counted of one campaign. Academies and disciplines are codes; `delays` are whole days, sorted.

    `productions`: kind → state → number. `audits`: state of `publication.audit_states` → published addresses.
    """

    campaign: Campaign
    themes: int = 0
    forwarded: Counter[str] = field(default_factory=Counter)  # academy → applications sent up
    retained: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)  # state of the decision → applications
    disciplines: Counter[str] = field(default_factory=Counter)  # of the themes of the groups, a group in each of them
    degrees: Counter[str] = field(default_factory=Counter)
    groups: int = 0
    people: int = 0
    roles: Counter[str] = field(default_factory=Counter)
    meetings: int = 0
    national_meetings: int = 0
    groups_met: int = 0
    productions: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in KINDS})
    tests: int = 0
    tested: int = 0
    tested_elsewhere: int = 0
    published: int = 0
    delays: list[int] = field(default_factory=list)
    audits: Counter[str] = field(default_factory=Counter)
    readings: int = 0
    searches: int = 0
    lacking: int = 0

    @property
    def validated(self) -> int:
        """Scenarios validated."""
        return self.productions["scenario"]["validated"]


def tallies(campaigns: Sequence[Campaign]) -> list[Tally]:
    """In the order given. Twenty queries."""
    found = {campaign.pk: Tally(campaign) for campaign in campaigns}
    for count in (_applications, _groups, _meetings, _productions, _tests, _releases, _audits, _readers):
        count(found)
    return [found[campaign.pk] for campaign in campaigns]


def _applications(found: Mapping[int, Tally]) -> None:
    themes = {}
    for theme in Theme.objects.filter(campaign__in=found).only("campaign_id", "disciplines", "degree"):
        themes[theme.pk] = theme
        found[theme.campaign_id].themes += 1
    rows = Application.objects.filter(theme__campaign__in=found, state="forwarded")
    counted = rows.values_list("theme", "academy", "degree", "decision__state").annotate(times=Count("pk"))
    for pk, academy, degree, decision, times in counted.order_by():
        theme = themes[pk]
        tally = found[theme.campaign_id]
        tally.forwarded[academy] += times
        tally.decisions[decision or "pending"] += times
        if decision == "retained":
            tally.retained[academy] += times
            tally.degrees[degree or theme.degree] += times
            for discipline in theme.disciplines:
                tally.disciplines[discipline] += times


def _groups(found: Mapping[int, Tally]) -> None:
    of = "application__theme__campaign"
    for campaign, times in _by(Group.objects.filter(**{f"{of}__in": found}), of):
        found[campaign].groups = times
    members = Member.objects.filter(**{f"{OF_GROUP}__in": found})
    for campaign, times in members.values_list(OF_GROUP).annotate(Count("person", distinct=True)).order_by():
        found[campaign].people = times
    roles = members.values_list(OF_GROUP, "role").annotate(Count("person", distinct=True))
    for campaign, role, times in roles.order_by():
        found[campaign].roles[role] = times


def _meetings(found: Mapping[int, Tally]) -> None:
    held = Meeting.objects.filter(state="held")
    rows = held.filter(**{f"{OF_GROUP}__in": found}).values_list(OF_GROUP)
    for campaign, times, groups in rows.annotate(Count("pk"), Count("group", distinct=True)).order_by():
        found[campaign].meetings, found[campaign].groups_met = times, groups
    for campaign, times in _by(held.filter(theme__campaign__in=found), "theme__campaign"):
        found[campaign].national_meetings = times


def _productions(found: Mapping[int, Tally]) -> None:
    for kind, model in KINDS.items():
        # A module may be the work of the national group: its theme says the campaign.
        of = "theme__campaign" if kind == "module" else OF_GROUP
        rows = model._default_manager.filter(**{f"{of}__in": found}).values_list(of, "state")
        for campaign, state, times in rows.annotate(Count("pk")).order_by():
            found[campaign].productions[kind][state] = times


def _tests(found: Mapping[int, Tally]) -> None:
    tests = ClassTest.objects.filter(**{f"{OF_SCENARIO}__in": found}, scenario__state="validated")
    rows = tests.values_list(OF_SCENARIO).annotate(Count("pk"), Count("scenario", distinct=True))
    for campaign, times, scenarios in rows.order_by():
        found[campaign].tests, found[campaign].tested = times, scenarios
    home = "scenario__group__application__academy"
    away: dict[int, set[int]] = defaultdict(set)
    for campaign, scenario, one, other in tests.values_list(OF_SCENARIO, "scenario", home, "academy").distinct():
        if one != other:
            away[campaign].add(scenario)
    for campaign, elsewhere in away.items():
        found[campaign].tested_elsewhere = len(elsewhere)


def _releases(found: Mapping[int, Tally]) -> None:
    rows = Release.objects.filter(**{f"{OF_SCENARIO}__in": found})
    online = rows.filter(state="released").values_list(OF_SCENARIO).annotate(Count("scenario", distinct=True))
    for campaign, times in online.order_by():
        found[campaign].published = times
    validated: dict[int, list[datetime]] = defaultdict(list)
    turns = Turn.objects.filter(verb="validate", **{f"review__{OF_SCENARIO}__in": found})
    for scenario, at in turns.values_list("review__scenario", "at"):
        validated[scenario].append(at)
    firsts = rows.values_list(OF_SCENARIO, "scenario").annotate(first=Min("released_at"))
    for campaign, scenario, first in firsts.order_by():
        before = [at for at in validated[scenario] if at <= first]
        if before:
            found[campaign].delays.append((first - max(before)).days)
    for tally in found.values():
        tally.delays.sort()


def _audits(found: Mapping[int, Tally]) -> None:
    watched = Watched.objects.filter(**{f"{OF_SCENARIO}__in": found}, release__isnull=False, stopped_at=None)
    for campaign, told, times in watched.values_list(OF_SCENARIO, "told").annotate(Count("pk")).order_by():
        found[campaign].audits[told] = times


def _readers(found: Mapping[int, Tally]) -> None:
    """Readings of the notices of a campaign since they are on line; searches of the whole site in its years of work."""
    of = dict(Notice.objects.filter(theme__call__in=found).values_list("pk", "theme__call"))
    counts = ReadCount.objects.filter(kind="notice").values_list("number").annotate(Sum("times")).order_by()
    for number, times in counts:
        if number in of:
            found[of[number]].readings += times
    years = {pk: school_years(tally.campaign) for pk, tally in found.items()}
    for week, asked, nothing in SearchCount.objects.filter(text="").values_list("week", "times", "nothing"):
        for pk, (since, until) in years.items():
            if since <= week <= until:
                found[pk].searches += asked
                found[pk].lacking += nothing


def school_years(campaign: Campaign) -> tuple[date, date]:
    """The days of the years of work of a campaign, from the first of September to the last of August."""
    return date(campaign.first_year, 9, 1), date(int(campaign.years[-4:]), 8, 31)


def _by(rows: Any, of: str) -> Iterable[tuple[int, int]]:
    return rows.values_list(of).annotate(Count("pk")).order_by()  # type: ignore[no-any-return]
