"""What many groups still owe their cahiers des charges, in one table: the late ones first.

Four queries however many groups: their facts are counted from bare columns, then judged as those of one group are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet

from traam import reference
from traam.engines.rulebook import Finding
from traam.programme.campaigns.models import Campaign
from traam.programme.campaigns.queries import leading
from traam.programme.groups import rules, states
from traam.programme.groups.models import Group, Meeting, Member
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of, roles

NOTHING = "rien"
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Owed:
    """An obligation that is not met, with the last day the campaign gives it, if any."""

    finding: Finding
    due: date | None
    late: bool

    @property
    def label(self) -> str:
        return self.finding.label

    @property
    def article(self) -> str:
        return self.finding.article


@dataclass(frozen=True)
class Line:
    """A group with what it owes, what is late first. `asked` counts its obligations, met or not."""

    pk: int
    state: str
    academy: reference.Academy
    theme_pk: int
    theme: str
    campaign: Campaign
    referent: str
    asked: int
    owed: tuple[Owed, ...]

    @property
    def late(self) -> int:
        """How many of them are late."""
        return sum(one.late for one in self.owed)

    @property
    def title(self) -> str:
        return self.academy.name

    @property
    def under(self) -> str:
        return self.theme

    @property
    def who(self) -> str:
        return self.referent

    @property
    def rules(self) -> str:
        """The cahier des charges that asks."""
        return self.campaign.edition_id

    @property
    def due(self) -> date | None:
        """The first day by which something is owed."""
        return min((one.due for one in self.owed if one.due), default=None)

    @property
    def order(self) -> tuple[int, date, int, str, str]:
        """The late ones first, then by the day something is due; the complete ones, then the ended ones."""
        rank = 3 if self.state == "ended" else 0 if self.late else 1 if self.owed else 2
        return rank, self.due or date.max, -self.late, self.theme, self.academy.name


@dataclass(frozen=True)
class Table:
    """The groups of a scope, in order, and what may be asked of them."""

    lines: tuple[Line, ...]

    @cached_property
    def filters(self) -> list[tuple[str, str, Choices, str]]:
        """Name, label, choices, and what is said of no choice. A list of one choice asks nothing: it is not there."""
        offered = [
            ("theme", "Thème", _sorted({str(one.theme_pk): one.theme for one in self.lines}), "Tous les thèmes"),
            ("academie", "Académie", _sorted({one.academy.code: one.academy.name for one in self.lines}), "Toutes"),
            ("region", "Région académique", _sorted({r: r for r in self._regions}), "Toutes"),
            ("etat", "État", [(s, label) for s, label in states.GROUP.states.items() if s in self._states], "Tous"),
        ]
        lacks = _sorted({owed.finding.fact: owed.label for one in self.lines for owed in one.owed})
        missing = ("manque", "Ce qui manque", [*lacks, (NOTHING, "Il ne manque rien")], "Tout")
        return [each for each in offered if len(each[2]) > 1] + [missing]

    @property
    def _regions(self) -> set[str]:
        return {one.academy.region for one in self.lines if one.academy.region}

    @property
    def _states(self) -> set[str]:
        return {one.state for one in self.lines}

    @property
    def late(self) -> int:
        """How many groups are late."""
        return sum(bool(one.late) for one in self.lines)

    @property
    def lacking(self) -> int:
        """How many groups that are not ended still owe something."""
        return sum(bool(one.owed) and one.state != "ended" for one in self.lines)

    def matching(self, asked: Mapping[str, str]) -> "Table":
        """The lines asked for. `asked` maps the names of `filters`, and "retard", to a value or ""."""
        return Table(tuple(one for one in self.lines if _matches(one, asked)))


def _sorted(choices: Mapping[str, str]) -> Choices:
    return sorted(choices.items(), key=itemgetter(1))


def _matches(line: Line, asked: Mapping[str, str]) -> bool:
    values = {
        "theme": str(line.theme_pk),
        "academie": line.academy.code,
        "region": line.academy.region,
        "etat": line.state,
    }
    if any(asked.get(name) and asked[name] != value for name, value in values.items()):
        return False
    missing = asked.get("manque", "")
    lacks = {owed.finding.fact for owed in line.owed}
    return (not missing or missing in lacks or (missing == NOTHING and not lacks)) and bool(
        line.late or not asked.get("retard")
    )


def owed_in_campaign(campaign: Campaign, today: date) -> Table:
    """All the groups of a campaign."""
    return _table(Group.objects.filter(application__theme__campaign=campaign), today)


def owed_in_academy(academy: str, today: date) -> Table:
    """The groups of an academy, in the campaigns that are not archived."""
    return _table(_current().filter(application__academy=academy), today)


def owed_to(person: Person, at: datetime) -> Table:
    """The groups somebody follows."""
    return _table(followed_by(person, at), at.date())


def followed_by(person: Person, at: datetime) -> QuerySet[Group]:
    """The groups of the themes she leads, that she pilots, of the academies she inspects.

    Those of every campaign that is not archived, for the national team.
    """
    led = Q(application__theme__in=leading(person, at).values("theme"))
    piloted = Q(members__person=person, members__role=Member.Role.INSPECTOR, members__until__isnull=True)
    inspected = Q(application__academy__in=academies_of(person, at, Role.INSPECTOR))
    wanted = Q() if Role.NATIONAL in roles(person, at) else led | piloted | inspected
    keys = _current().filter(wanted).values("pk")
    return Group.objects.filter(pk__in=keys)


def _current() -> QuerySet[Group]:
    return Group.objects.exclude(application__theme__campaign__state="archived")


COLUMNS = (
    "pk",
    "state",
    "application__academy",
    "application__degree",
    "application__theme",
    "application__theme__title",
    "application__theme__campaign",
    "dasen_agreement",
)


def _table(scope: QuerySet[Group], today: date) -> Table:
    rows = list(scope.values_list(*COLUMNS).order_by("pk"))
    campaigns = Campaign.objects.in_bulk({row[6] for row in rows})
    keys = scope.order_by().values("pk")
    seats, referents = _seats(keys)
    modes = _modes(keys, today)
    lines = []
    for pk, state, academy, degree, theme_pk, theme, campaign_pk, agreement in rows:
        facts = rules.facts_of(degree, seats[pk], modes[pk], agreement=agreement is not None)
        campaign = campaigns[campaign_pk]
        findings = campaign.edition.judge("group", facts)
        owed = tuple(_owed(findings, campaign, today, over=state == "ended"))
        where = reference.academies()[academy]
        lines.append(Line(pk, state, where, theme_pk, theme, campaign, referents.get(pk, ""), len(findings), owed))
    return Table(tuple(sorted(lines, key=lambda line: line.order)))


def _seats(keys: QuerySet[Group, Any]) -> tuple[dict[int, list[rules.Seat]], dict[int, str]]:
    """Who is in each group today, and the name of its référent."""
    seats: dict[int, list[rules.Seat]] = defaultdict(list)
    referents = {}
    current = Member.objects.filter(group__in=keys, until__isnull=True)
    for group, role, person, corps, name in current.values_list("group", "role", "person", "corps", "person__name"):
        seats[group].append(rules.Seat(role, person, corps))
        if role == Member.Role.REFERENT:
            referents[group] = name
    return seats, referents


def _modes(keys: QuerySet[Group, Any], today: date) -> dict[int, list[str]]:
    """How each meeting that a group held was held."""
    modes: dict[int, list[str]] = defaultdict(list)
    held = Meeting.objects.filter(group__in=keys, state=rules.HELD, on__lte=today)
    for group, mode in held.values_list("group", "mode"):
        modes[group].append(mode)
    return modes


def _owed(findings: Sequence[Finding], campaign: Campaign, today: date, *, over: bool) -> list[Owed]:
    """What is not met, the earliest day first. Nothing is late in a group whose work is over."""
    found = []
    for finding in findings:
        if not finding.met:
            due = campaign.on(finding.due) if finding.due else None
            found.append(Owed(finding, due, bool(due and due < today and not over)))
    return sorted(found, key=lambda one: (not one.late, one.due or date.max))
