"""The scenarios of a group, and what they come from: another level, the first year of the theme, the history."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from traam.design import lists
from traam.design.forms import attempt, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid, Verdict
from traam.programme.catalogue import adoption
from traam.programme.catalogue.models import Notice
from traam.programme.groups import queries as group_queries
from traam.programme.groups.models import Group
from traam.programme.groups.policies import may_see as may_see_group
from traam.programme.people.models import Person
from traam.programme.productions import drawing_policies, policies, queries, rules
from traam.programme.productions.actions import drawing as actions
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import drawing
from traam.programme.productions.queries.drawing import First
from traam.programme.productions.states import SCENARIO
from traam.spaces.workshop.scenario_forms import DeclineForm

PER_PAGE = 20


@reads(find=group_queries.group, may=may_see_group, why="scenario")
def scenarios(request: Request, group: Group) -> HttpResponse:
    """Every scenario of a group, page by page."""
    states = list(SCENARIO.states.items())
    filters = lists.read_filters(
        request,
        lists.search("q", "Rechercher dans les titres"),
        lists.select("etat", "État", states, "Tous les états"),
    )
    rows = drawing.in_group(group, filters["q"], filters["etat"])
    person, at = request.user, request.at
    context = {
        "group": group,
        "theme": group.application.theme,
        "filters": filters,
        "page": lists.page_of(rows, request, per_page=PER_PAGE),
        "state_of": SCENARIO.states,
        "writes": policies.may_write(person, group, at),
        "continues": drawing_policies.may_read_first_year(person, group, at),
        "takes_in": drawing_policies.may_take_in(person, group, at),
    }
    return render(request, "workshop/scenarios.html", context)


@writes(find=queries.scenario, may=drawing_policies.may_decline, why="scenario")
def decline(request: Request, scenario: Scenario) -> HttpResponse:
    """The same scenario for other levels."""
    form = DeclineForm(scenario, request.POST or None)
    if done := attempt(request, form, lambda given: actions.decline(scenario, **given)):
        messages.success(request, "Déclinaison commencée : le texte est copié, adaptez-le à ses niveaux.")
        return redirect("workshop:edit_scenario", done.made.pk)
    return show(request, "workshop/decline.html", form, scenario=scenario, group=scenario.group)


@reads(find=group_queries.group, may=drawing_policies.may_read_first_year, why="scenario")
def first_year(request: Request, group: Group) -> HttpResponse:
    """What the first year of the theme left: the validated scenarios of every academy."""
    page = lists.page_of(drawing.of_first_year(group), request, per_page=PER_PAGE)
    context = {"group": group, "theme": group.application.theme, "page": page, "state_of": SCENARIO.states}
    return render(request, "workshop/first_year.html", context)


def _may_read_first(person: Person, first: First, at: datetime) -> Verdict:
    return drawing_policies.may_read_first_year(person, first.group, at)


@writes(find=drawing.first_year, may=_may_read_first, why="scenario")
def carry_on(request: Request, first: First) -> HttpResponse:
    """Read a scenario of the first year as it was validated; begin the second year from it."""
    verdict = drawing_policies.may_carry_on(request.user, first.scenario, first.group, request.at)
    if request.method == "POST":
        made = actions.carry_on(first.scenario, first.group, actor=request.user, at=request.at)
        messages.success(request, "Scénario repris : le texte est copié dans l'atelier de votre groupe.")
        return redirect("workshop:edit_scenario", made.pk)
    version = drawing.validated_version(first.scenario)
    read = version.content if version else {}
    context = {
        "scenario": first.scenario,
        "group": first.group,
        "title": read.get("title", first.scenario.title),
        "summary": read.get("summary", first.scenario.summary),
        "sections": rules.read(read.get("sections", {}), read.get("phases", [])),
        "verdict": verdict,
        "version": version,
    }
    return render(request, "workshop/carry_on.html", context)


@dataclass(frozen=True)
class Taking:
    group: Group
    notice: Notice


def _taking(pk: int, number: int) -> Taking:
    return Taking(group_queries.group(pk), adoption.historical(number))


def _may_take(person: Person, taking: Taking, at: datetime) -> Verdict:
    return drawing_policies.may_take_in(person, taking.group, at)


@reads(find=group_queries.group, may=drawing_policies.may_take_in, why="scenario")
def history(request: Request, group: Group) -> HttpResponse:
    """The scenarios of before the platform, to take one into the workshop of the group."""
    filters = lists.read_filters(request, lists.search("q", "Rechercher dans les titres et les résumés"))
    page = lists.page_of(adoption.history(filters["q"]), request, per_page=PER_PAGE)
    context = {"group": group, "filters": filters, "page": page, "adopted": adoption.adopted(group)}
    return render(request, "workshop/history.html", context)


@writes(find=_taking, may=_may_take, why="scenario")
def adopt(request: Request, taking: Taking) -> HttpResponse:
    if request.method != "POST":
        return redirect("workshop:history", taking.group.pk)
    try:
        made = adoption.adopt(taking.notice, taking.group, actor=request.user, at=request.at)
    except Invalid as invalid:
        messages.error(request, str(invalid))
        return redirect("workshop:history", taking.group.pk)
    messages.success(request, "Scénario repris dans l'atelier du groupe : il peut y être corrigé.")
    return redirect("workshop:scenario", made.pk)
