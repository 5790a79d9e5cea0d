"""How many groups are late on their cahier des charges: counted by the database, judged once for groups that are alike.

The table of `obligations` says which, and on what; a desk only says how many, of a thousand groups, at each visit.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from traam.programme.campaigns.models import Campaign
from traam.programme.groups import rules
from traam.programme.groups.models import DasenAgreement, Group, Meeting, Member
from traam.programme.groups.queries.obligations import followed_by
from traam.programme.groups.rules import TEACHING, Counts
from traam.programme.people.models import Person

JSON = ("calendar", "overrides")
CORPS = tuple(Member.Corps.values)


class Late(NamedTuple):
    """How many groups of a campaign are late."""

    campaign: int
    title: str
    groups: int


def late_groups(person: Person, at: datetime) -> list[Late]:
    """Of the groups somebody follows (as `owed_to`), how many are late: by campaign, none without any. One query."""
    campaigns, groups = _read(followed_by(person, at), at.date())
    past = {pk: due for pk, campaign in campaigns.items() if (due := _past(campaign, at.date()))}
    late: Counter[int] = Counter()
    for alike, n in Counter(groups).items():
        if alike.campaign in past:
            facts = rules.facts_of_counts(alike.degree, alike.counts, agreement=alike.agreement)
            breaches = campaigns[alike.campaign].edition.breaches("group", facts)
            late[alike.campaign] += n * any(one.due in past[alike.campaign] for one in breaches)
    return [Late(pk, campaigns[pk].title, n) for pk, n in sorted(late.items()) if n]


def _past(campaign: Campaign, today: date) -> set[str]:
    """The milestones that obligations of groups are due by, when their day is over."""
    named = {rule.due for rule in campaign.edition.rules_on("group") if rule.due}
    return {name for name in named if (day := campaign.on(name)) and day < today}


class Alike(NamedTuple):
    """All that the rules look at in a group."""

    campaign: int
    degree: str
    agreement: bool
    counts: Counts


def _read(scope: QuerySet[Group], today: date) -> tuple[dict[int, Campaign], list[Alike]]:
    """The campaigns at work, as far as their rules and dates go, and the groups of this scope that are not ended."""
    keys = scope.exclude(state="ended").order_by().values("pk")
    lines = _group_lines(Group.objects.filter(pk__in=keys))
    campaigns: dict[int, Campaign] = defaultdict(Campaign)
    rows: dict[int, dict[str, Any]] = defaultdict(dict)
    for kind, pk, text, *numbers in lines.union(_seats(keys), _meetings(keys, today), *_campaigns(), all=True):
        if kind == "group":
            rows[pk] |= {"campaign": numbers[0], "agreement": bool(numbers[1]), "degree": text}
        elif kind == "seats":
            rows[pk] |= dict(zip(("teachers", "referents", "inspectors", "cardie", "ien_tice"), numbers, strict=False))
            rows[pk]["corps"] = tuple(sorted(corps for corps, n in zip(CORPS, numbers[5:], strict=True) if n))
        elif kind == "meetings":
            rows[pk] |= {"in_person": numbers[0], "remote": numbers[1]}
        else:
            setattr(campaigns[pk], kind, json.loads(text) if kind in JSON else text)
    return campaigns, [_alike(**row) for row in rows.values()]


def _alike(campaign: int, degree: str, agreement: bool, **counts: Any) -> Alike:
    return Alike(campaign, degree, agreement, Counts(**counts))


WIDTH = 5 + len(CORPS)


def _line(rows: Any, kind: str, pk: str, text: Any, *numbers: Any) -> Any:
    """Rows of `WIDTH` numbers, so that several tables are read as one."""
    filled = [*numbers, *[Value(0, IntegerField())] * (WIDTH - len(numbers))]
    named = {f"n{place}": number for place, number in enumerate(filled)}
    said = {"line": Value(kind, CharField()), "said": text, **named}
    return rows.annotate(**said).values_list("line", pk, "said", *named)


def _group_lines(groups: QuerySet[Group]) -> Any:
    agreed = Cast(Exists(DasenAgreement.objects.filter(group=OuterRef("pk"))), IntegerField())
    campaign = Max("application__theme__campaign")
    return _line(groups.order_by().values("pk"), "group", "pk", Max("application__degree"), campaign, agreed)


def _campaigns() -> Iterator[Any]:
    """A line for each thing that says the rules and the dates of a campaign: the name of the field, then its text."""
    at_work = Campaign.objects.exclude(state="archived").order_by()
    for name in ("title", "edition_id", *JSON):
        yield _line(at_work, name, "pk", Cast(name, TextField()))


def _seats(keys: Any) -> Any:
    rows = Member.objects.filter(group__in=keys, until__isnull=True).order_by().values("group")
    pilots = Q(role=Member.Role.INSPECTOR)
    numbers = [
        Count("person", filter=Q(role__in=TEACHING), distinct=True),
        Count("pk", filter=Q(role=Member.Role.REFERENT)),
        Count("pk", filter=pilots),
        Count("pk", filter=Q(role=Member.Role.CARDIE)),
        Count("pk", filter=Q(role=Member.Role.IEN_TICE)),
        *(Count("pk", filter=pilots & Q(corps=corps)) for corps in CORPS),
    ]
    return _line(rows, "seats", "group", Value("", CharField()), *numbers)


def _meetings(keys: Any, today: date) -> Any:
    rows = Meeting.objects.filter(group__in=keys, state=rules.HELD, on__lte=today).order_by().values("group")
    modes = (Count("pk", filter=Q(mode=mode)) for mode in (Meeting.Mode.IN_PERSON, Meeting.Mode.REMOTE))
    return _line(rows, "meetings", "group", Value("", CharField()), *modes)
