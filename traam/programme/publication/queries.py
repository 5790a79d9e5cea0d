from datetime import datetime

from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import validated
from traam.programme.publication.models import Release


def latest(scenario: Scenario) -> Release | None:
    return Release.objects.filter(scenario=scenario).order_by("-version").first()


def to_publish(person: Person, at: datetime) -> list[Scenario]:
    """The validated scenarios of an inspector whose last version was never made public, the oldest first."""
    scenarios = validated(person, at)
    released = states_of(scenarios)
    return [s for s in scenarios if s.pk not in released or released[s.pk].version < s.version]


def state(scenario: Scenario) -> str:
    release = latest(scenario)
    return release.state if release else "absent"


def states_of(scenarios: list[Scenario]) -> dict[int, Release]:
    """The latest release of each scenario, by the scenario's number."""
    rows = Release.objects.filter(scenario__in=[s.pk for s in scenarios]).order_by("version")
    return {row.scenario_id: row for row in rows}
