"""Where the scenarios of a theme are tried: a line for each, a column for each academy."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from traam import reference
from traam.design import lists
from traam.design.pages import Request, reads
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.productions import trial_policies as policies
from traam.programme.productions.models import Scenario
from traam.programme.productions.policies import may_review
from traam.programme.productions.queries import trials as queries
from traam.programme.productions.queries.trials import Cell, Line
from traam.programme.productions.trial_policies import Viewer

PAGE_SIZE = 25
KINDS = {"asked": "new", "promised": "info", "kept": "success", "declined": "warning", "missing": ""}
DO = {"ask": "Demander", "promise": "Promettre", "keep": "Noter un test"}


@dataclass(frozen=True)
class Place:
    """A cell as the page draws it: what may be done there, "" when nothing, and where."""

    cell: Cell
    label: str
    kind: str
    do: str
    href: str


@reads(find=campaigns.theme, may=policies.may_follow_trials, why="class_test")
def theme_trials(request: Request, theme: Theme) -> HttpResponse:
    every = "Tous les scénarios"
    filters = lists.read_filters(request, lists.select("etat", "Où en sont les tests", queries.KINDS.items(), every))
    academies = queries.columns(theme)
    seen = policies.viewer(request.user, theme, request.at)
    page = lists.page_of(queries.tried([theme], filters["etat"]), request, per_page=PAGE_SIZE)
    counts = queries.by_academy(theme)
    context = {
        "theme": theme,
        "filters": filters,
        "page": page,
        "columns": [reference.academies()[code].name for code in academies],
        "lines": [(line, _places(line, seen)) for line in queries.lines(page.object_list, academies)],
        "by_academy": [counts.get(code, 0) for code in academies],
        "totals": queries.totals([theme])[theme.pk],
        "reviews": may_review(request.user, request.at),
    }
    return render(request, "workshop/theme_trials.html", context)


def _places(line: Line, seen: Viewer) -> list[Place]:
    return [_place(line.scenario, cell, seen) for cell in line.cells]


def _place(scenario: Scenario, cell: Cell, seen: Viewer) -> Place:
    step = policies.next_step(seen, scenario, cell)
    times = f" {cell.tests} fois" if cell.tests > 1 else ""
    label = f"{cell.label}{times}" if cell.state == "kept" else cell.label
    return Place(cell, label, KINDS[cell.state], DO[step[0]] if step else "", _address(scenario, *step) if step else "")


def _address(scenario: Scenario, verb: str, group: int) -> str:
    if verb == "promise":
        return reverse("workshop:promise_test", args=[scenario.pk, group])
    name = "workshop:ask_test" if verb == "ask" else "workshop:add_test"
    return f"{reverse(name, args=[scenario.pk])}?groupe={group}"
