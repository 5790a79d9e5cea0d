"""What the pages of indicators show: one campaign, the years beside one another, two campaigns compared."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from traam import reference
from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.groups.models import Member
from traam.programme.indicators.alerts import Alert, alerts
from traam.programme.indicators.counting import KINDS, Tally, tallies
from traam.programme.indicators.definitions import INDICATORS, Indicator, Value
from traam.programme.productions.states import BILAN, MODULE, SCENARIO, SUPPORT
from traam.programme.publication.audit_states import STATES

MOST = 10
"""Campaigns beside one another: the latest."""
NAMES = {"scenario": "Scénarios", "module": "Modules", "bilan": "Bilans", "support": "Supports"}
MACHINES = {"scenario": SCENARIO, "module": MODULE, "bilan": BILAN, "support": SUPPORT}
Counts = list[tuple[str, int]]


@dataclass(frozen=True)
class Line:
    """An indicator and its value for each campaign, in their order."""

    indicator: Indicator
    values: list[Value]


@dataclass(frozen=True)
class Year:
    """A campaign as its page shows it. Counts are (label, number), the greatest first.

    `academies`: code → candidatures retenues, for the map.
    """

    tally: Tally
    lines: list[Line]
    academies: dict[str, int]
    by_academy: list[tuple[reference.Academy, int, int]]
    by_region: Counts
    by_discipline: Counts
    by_degree: Counts
    by_role: Counts
    states: list[str]
    by_state: list[tuple[str, list[int]]]
    audits: Counts
    alerts: dict[str, list[Alert]]


@dataclass(frozen=True)
class Compared:
    """`gap`: second less first, None when one of them counts nothing yet. `better`: 1, -1, or 0 when nobody can say."""

    indicator: Indicator
    first: Value
    second: Value
    gap: Value
    better: int


def campaigns() -> list[Campaign]:
    """The latest ones that were opened, oldest first."""
    rows = Campaign.objects.exclude(state="draft").order_by("-first_year", "-pk")[:MOST]
    return list(reversed(rows))


def lines(counted: Sequence[Tally]) -> list[Line]:
    return [Line(one, [one.of(tally) for tally in counted]) for one in INDICATORS.values()]


def years() -> tuple[list[Campaign], list[Line]]:
    found = campaigns()
    return found, lines(tallies(found))


def year(campaign: Campaign, at: datetime) -> Year:
    [tally] = tallies([campaign])
    known = reference.academies()
    regions: Counter[str] = Counter()
    for code, times in tally.retained.items():
        regions[known[code].region] += times
    codes = sorted(set(tally.forwarded) | set(tally.retained), key=lambda code: known[code].name)
    states = list(dict.fromkeys(label for machine in MACHINES.values() for label in machine.states.values()))
    return Year(
        tally=tally,
        lines=lines([tally]),
        academies=dict(tally.retained),
        by_academy=[(known[code], tally.forwarded[code], tally.retained[code]) for code in codes],
        by_region=_greatest(regions),
        by_discipline=_greatest(Counter({reference.disciplines()[c].label: n for c, n in tally.disciplines.items()})),
        by_degree=_greatest(Counter({str(Theme.Degree(code).label): n for code, n in tally.degrees.items() if code})),
        by_role=[(str(Member.Role(role).label), tally.roles[role]) for role in Member.Role.values if tally.roles[role]],
        states=states,
        by_state=[(NAMES[kind], _by_label(kind, tally, states)) for kind in KINDS],
        audits=[(label.capitalize(), tally.audits[state]) for state, label in STATES.items()],
        alerts=alerts(campaign, at),
    )


def _by_label(kind: str, tally: Tally, states: list[str]) -> list[int]:
    """Its states in words: two kinds that share a state share a column."""
    words: Counter[str] = Counter()
    for state, times in tally.productions[kind].items():
        words[MACHINES[kind].states[state]] += times
    return [words[label] for label in states]


def _greatest(counts: Counter[str]) -> Counts:
    return sorted(((label, times) for label, times in counts.items() if times), key=lambda one: (-one[1], one[0]))


def compare(first: int, second: int) -> tuple[list[Campaign], list[Compared]]:
    """Two of the campaigns that `campaigns` gives, by their numbers."""
    known = {campaign.pk: campaign for campaign in campaigns()}
    if first not in known or second not in known:
        raise Missing("Une de ces campagnes n'existe pas, ou n'a pas été ouverte : choisissez-en deux dans la liste.")
    chosen = [known[first], known[second]]
    one, other = tallies(chosen)
    return chosen, [_compared(indicator, one, other) for indicator in INDICATORS.values()]


def _compared(indicator: Indicator, one: Tally, other: Tally) -> Compared:
    before, after = indicator.of(one), indicator.of(other)
    gap = None if before is None or after is None else after - before
    better = indicator.good * ((gap > 0) - (gap < 0)) if gap is not None else 0
    return Compared(indicator, before, after, gap, better)
