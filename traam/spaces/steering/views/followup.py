"""Following a campaign: what the academies send up, what the groups still lack."""

from dataclasses import dataclass
from operator import itemgetter

from django.http import HttpResponse
from django.utils import timezone

from traam import reference
from traam.design.forms import show
from traam.design.pages import Request, reads
from traam.programme.calls import queries as calls
from traam.programme.campaigns import policies, queries
from traam.programme.campaigns.models import Campaign
from traam.programme.groups import queries as groups_queries
from traam.programme.groups.queries import Compliance
from traam.programme.people import queries as people
from traam.programme.people.models import Person, Role
from traam.spaces.steering import wording


@dataclass(frozen=True)
class AcademyRow:
    """What an academy sent up: how many for each theme, in the order of the themes."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Silent:
    """An academy that sent nothing up, and whom to write to."""

    name: str
    contacts: tuple[Person, ...]


@reads(find=queries.campaign, may=policies.may_steer, why="call")
def followup(request: Request, campaign: Campaign) -> HttpResponse:
    themes = queries.themes(campaign)
    counts = calls.counts(campaign)
    contacts = people.by_academy(Role.DAN, request.at)
    rows, silent = [], []
    for code, academy in reference.academies().items():
        row = AcademyRow(academy.name, tuple(counts.get((code, theme.pk), 0) for theme in themes))
        if row.total:
            rows.append(row)
        elif academy.current:
            silent.append(Silent(academy.name, tuple(contacts.get(code, ()))))
    return show(
        request,
        "steering/followup.html",
        campaign=campaign,
        themes=themes,
        rows=rows,
        totals=[sum(row.counts[i] for row in rows) for i in range(len(themes))],
        silent=silent,
        due=campaign.on("applications_due"),
        today=timezone.localdate(request.at),
    )


@reads(find=queries.campaign, may=policies.may_steer, why="group")
def groups(request: Request, campaign: Campaign) -> HttpResponse:
    everything = groups_queries.compliance(groups_queries.of_campaign(campaign), timezone.localdate(request.at))
    asked = {name: request.GET.get(name, "") for name in ("theme", "academie", "manque")}
    shown = [row for row in everything if _matches(row, asked)]
    return show(
        request,
        "steering/groups.html",
        campaign=campaign,
        rows=[(row, wording.group_badge(row.group.state)) for row in shown],
        total=len(everything),
        lacking=sum(bool(row.missing) for row in everything),
        asked=asked,
        choices=_choices(everything),
    )


def _matches(row: Compliance, asked: dict[str, str]) -> bool:
    missing = {finding.rule_id for finding in row.missing}
    wanted = asked["manque"]
    return (
        asked["theme"] in {"", str(row.group.application.theme_id)}
        and asked["academie"] in {"", row.group.academy}
        and (not wanted or wanted in missing or (wanted == "rien" and not missing))
    )


def _choices(rows: list[Compliance]) -> dict[str, list[tuple[str, str]]]:
    """What the lists of the filter offer: only what some group has."""
    themes = {str(row.group.application.theme_id): row.group.application.theme.title for row in rows}
    academies = {row.group.academy: row.group.academy_name for row in rows}
    missing = {finding.rule_id: finding.label for row in rows for finding in row.missing}
    return {
        "theme": sorted(themes.items(), key=itemgetter(1)),
        "academie": sorted(academies.items(), key=itemgetter(1)),
        "manque": [*sorted(missing.items(), key=itemgetter(1)), ("rien", "Il ne manque rien")],
    }
