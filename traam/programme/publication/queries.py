from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from traam.gateways import storage
from traam.programme.people.models import Person
from traam.programme.productions import queries as productions
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import ToRead
from traam.programme.publication.models import Release


def latest(scenario: Scenario) -> Release | None:
    return Release.objects.filter(scenario=scenario).order_by("-version").first()


@dataclass(frozen=True)
class InHand:
    """What waits for a person, the oldest first in each list: productions to read, scenarios for the rest."""

    to_review: list[ToRead]
    to_publish: list[Scenario]  # validated, and that version was never made public
    to_mend: list[Scenario]
    drafts: list[Scenario]


def in_hand(person: Person, at: datetime) -> InHand:
    """What waits for a person: one query for what is to be read, one for the scenarios."""
    last = Release.objects.filter(scenario=OuterRef("pk")).order_by("-version").values("version")[:1]
    rows = list(productions.in_hand(person, at).annotate(released=Subquery(last)))
    return InHand(
        to_review=productions.to_read(person, at),
        to_publish=[row for row in rows if row.state == "validated" and (row.released or 0) < row.version],
        to_mend=[row for row in rows if row.state == "returned"],
        drafts=[row for row in rows if row.state == "draft"],
    )


def state(scenario: Scenario) -> str:
    release = latest(scenario)
    return release.state if release else "absent"


def states_of(scenarios: list[Scenario]) -> dict[int, Release]:
    """The latest release of each scenario, by the scenario's number."""
    rows = Release.objects.filter(scenario__in=[s.pk for s in scenarios]).order_by("version")
    return {row.scenario_id: row for row in rows}


def files_wanted() -> Iterator[str]:
    """The names of the files that the releases speak of."""
    for content in Release.objects.values_list("content", flat=True).iterator():
        yield from storage.names_in(content)
