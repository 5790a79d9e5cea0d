from traam.programme.productions.models import Scenario
from traam.programme.publication.models import Release


def latest(scenario: Scenario) -> Release | None:
    return Release.objects.filter(scenario=scenario).order_by("-version").first()


def state(scenario: Scenario) -> str:
    release = latest(scenario)
    return release.state if release else "absent"


def states_of(scenarios: list[Scenario]) -> dict[int, Release]:
    """The latest release of each scenario, by the scenario's number."""
    rows = Release.objects.filter(scenario__in=[s.pk for s in scenarios]).order_by("version")
    return {row.scenario_id: row for row in rows}
