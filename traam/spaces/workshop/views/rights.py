"""The rights sheet of a scenario: what it uses and by what right, then the signature of the référent."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from traam.design import kept
from traam.design.forms import PageForm, apply_invalid, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid
from traam.programme.people.models import Person
from traam.programme.productions import queries
from traam.programme.productions.models import Scenario
from traam.programme.publication import actions, licences, services, sheet_policies, sheet_queries, sheet_rules
from traam.programme.publication.actions import StaleResource, StaleSheet
from traam.programme.publication.models import Resource, RightsSheet
from traam.programme.publication.sheet_rules.signing import seal_of
from traam.spaces.workshop.rights_forms import (
    KIND_HINTS,
    ResourceForm,
    SheetForm,
    of_service,
    resource_initial,
    sheet_initial,
)
from traam.spaces.workshop.views.writing import forget, found, two_texts

BADGES = {
    "absent": "new",
    "lacking": "warning",
    "early": "info",
    "unsigned": "new",
    "refused": "error",
    "unchecked": "info",
    "ready": "success",
}


def summary(scenario: Scenario, person: Person, at: datetime) -> dict[str, Any]:
    """What the part of the page of a scenario shows: where it is, and the next thing to do."""
    sheet = sheet_queries.sheet(scenario)
    waivers = sheet_queries.waivers_at_stake(scenario, sheet)
    found = sheet_rules.progress(sheet, sheet_rules.obstacles_of(scenario, sheet, waivers, at))
    return {
        "sheet": sheet,
        "progress": found,
        "kind": BADGES[found.code],
        "may_write": sheet_policies.may_write(person, scenario, at),
        "may_declare": bool(found.code == "unsigned" and sheet_policies.may_declare(person, scenario, at)),
        "may_answer": bool(found.code in {"unchecked", "refused"} and sheet_policies.may_answer(person, scenario, at)),
    }


def trail(scenario: Scenario, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        ("Atelier", reverse("workshop:home")),
        (f"Groupe {scenario.group.of_academy}", reverse("workshop:group", args=[scenario.group_id])),
        (scenario.title, reverse("workshop:scenario", args=[scenario.pk])),
        *more,
    ]


def _sheet_trail(scenario: Scenario) -> list[tuple[str, str]]:
    return trail(scenario, ("Fiche de droits", reverse("workshop:rights", args=[scenario.pk])))


@reads(find=queries.scenario, may=sheet_policies.may_see, why="rights")
def rights(request: Request, scenario: Scenario) -> HttpResponse:
    """The whole sheet: what can be drawn first, what lacks beside each thing."""
    context = summary(scenario, request.user, request.at)
    sheet = context["sheet"]
    today = localtime(request.at).date()
    lacks = sheet_rules.lacks(sheet, today) if sheet else []
    lines = sheet_rules.checklist(sheet, sheet_queries.waivers(scenario), today) if sheet else []
    context |= {
        "scenario": scenario,
        "trail": trail(scenario),
        "proposals": sheet_rules.proposals(scenario, sheet),
        "resources": list(sheet.resources.all()) if sheet else [],
        "lacks_of": _by_resource(lacks),
        "lacks_of_sheet": [lack.sentence for lack in lacks if lack.resource is None and lack.field],
        "licence_labels": {code: terms.label for code, terms in licences.known().items()},
        "lines": [line for line in lines if line.control is not None],
        "alerts": [fact.sentence for line in lines for fact in line.alerts if not fact.lacks],
        "edition": reverse("public:edition", args=[scenario.group.application.theme.campaign.edition_id]),
    }
    return render(request, "workshop/rights/sheet.html", context)


def _by_resource(lacks: list[sheet_rules.Lack]) -> dict[int, list[str]]:
    """What lacks in each resource, without its name: the page shows it just above."""
    table: dict[int, list[str]] = {}
    for lack in lacks:
        if lack.resource is not None:
            said = lack.sentence.removeprefix(f"« {lack.resource.name} » : ")
            table.setdefault(lack.resource.pk, []).append(said)
    return table


@kept.keeping
@writes(find=queries.scenario, may=sheet_policies.may_write, why="rights")
def edit_rights(request: Request, scenario: Scenario) -> HttpResponse:
    sheet = sheet_queries.sheet(scenario)
    form = SheetForm(sheet, posted(request))
    if request.method == "POST" and "resume" not in request.POST and form.is_valid():
        revision = form.cleaned_data["revision"]
        try:
            actions.save_sheet(scenario, form.values(), revision=revision, actor=request.user, at=request.at)
        except StaleSheet as stale:
            return _both_sheets(request, stale.stored, form)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            forget(request, f"rights:{scenario.pk}")
            messages.success(request, "Fiche enregistrée.")
            return redirect("workshop:rights", scenario.pk)
    return show(
        request,
        "workshop/rights/edit.html",
        form,
        scenario=scenario,
        trail=_sheet_trail(scenario),
        again=found(request, f"rights:{scenario.pk}", form),
        place=f"rights:{scenario.pk}",
    )


def _both_sheets(request: Request, stored: RightsSheet, form: SheetForm) -> HttpResponse:
    mine = {name: form.cleaned_data[name] for name in form.fields}
    mark = ("revision", str(stored.revision))
    address = reverse("workshop:edit_rights", args=[stored.scenario_id])
    return two_texts(request, form, sheet_initial(stored), mine, mark, address, _sheet_trail(stored.scenario))


@writes(find=queries.scenario, may=sheet_policies.may_write, why="rights")
def draw_rights(request: Request, scenario: Scenario) -> HttpResponse:
    """Put on the sheet what the scenario already cites."""
    if request.method == "POST":
        keys = request.POST.getlist("key")
        try:
            made = actions.draw_resources(scenario, keys, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            said = "Rien à reprendre : cochez une ligne au moins."
            if made:
                said = f"Ajouté à la fiche : {', '.join(f'« {one.name} »' for one in made[:5])}"
                said += f" et {len(made) - 5} autres." if len(made) > 5 else "."
            (messages.success if made else messages.warning)(request, said)
    return redirect("workshop:rights", scenario.pk)


@kept.keeping
@writes(find=queries.scenario, may=sheet_policies.may_write, why="rights")
def add_resource(request: Request, scenario: Scenario) -> HttpResponse:
    known = _known_service(request.GET.get("service", ""))
    form = ResourceForm(posted(request), initial=of_service(known) if known else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_resource(scenario, form.values(), actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            forget(request, f"resource:new:{scenario.pk}")
            messages.success(request, f"« {made.name} » est sur la fiche.")
            return _back(scenario.pk, made.pk)
    return _form(request, scenario, form, f"resource:new:{scenario.pk}", "Ajouter une ressource", known)


def _known_service(name: str) -> services.Service | None:
    return next((service for service in services.SERVICES if service.name == name), None)


@kept.keeping
@writes(find=sheet_queries.resource, may=sheet_policies.may_write_resource, why="rights")
def change_resource(request: Request, resource: Resource) -> HttpResponse:
    scenario = resource.sheet.scenario
    form = ResourceForm(posted(request), initial=resource_initial(resource, seal_of(resource)))
    if request.method == "POST" and "resume" not in request.POST and form.is_valid():
        opened = form.cleaned_data["opened"]
        try:
            actions.change_resource(resource, form.values(), seal=opened, actor=request.user, at=request.at)
        except StaleResource as stale:
            return _both_resources(request, stale.stored, form)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            forget(request, f"resource:{resource.pk}")
            messages.success(request, f"« {form.cleaned_data['name']} » est enregistrée.")
            return _back(scenario.pk, resource.pk)
    known = services.of_address(resource.address) or services.of_text(resource.name)
    return _form(request, scenario, form, f"resource:{resource.pk}", "Modifier la ressource", known)


def _both_resources(request: Request, stored: Resource, form: ResourceForm) -> HttpResponse:
    scenario, seal = stored.sheet.scenario, seal_of(stored)
    mine = {name: form.cleaned_data[name] for name in form.fields}
    address = reverse("workshop:change_resource", args=[scenario.pk, stored.pk])
    theirs = resource_initial(stored, seal)
    return two_texts(request, form, theirs, mine, ("opened", seal), address, _sheet_trail(scenario))


def _form(
    request: Request, scenario: Scenario, form: PageForm, place: str, title: str, known: services.Service | None
) -> HttpResponse:
    return show(
        request,
        "workshop/rights/resource.html",
        form,
        title=title,
        scenario=scenario,
        trail=_sheet_trail(scenario),
        cancel=reverse("workshop:rights", args=[scenario.pk]),
        again=found(request, place, form),
        place=place,
        known=known,
        services=[service.name for service in services.SERVICES] if "new" in place else [],
        kind_hints=KIND_HINTS,
    )


def _back(scenario: int, resource: int) -> HttpResponse:
    return redirect(f"{reverse('workshop:rights', args=[scenario])}#ressource-{resource}")


@writes(find=sheet_queries.resource, may=sheet_policies.may_write_resource, why="rights")
def move_resource(request: Request, resource: Resource) -> HttpResponse:
    scenario = resource.sheet.scenario_id
    if request.method == "POST":
        actions.move_resource(resource, up="up" in request.POST, actor=request.user, at=request.at)
        messages.success(request, f"« {resource.name} » a changé de place.")
    return _back(scenario, resource.pk)


@writes(find=sheet_queries.resource, may=sheet_policies.may_write_resource, why="rights")
def remove_resource(request: Request, resource: Resource) -> HttpResponse:
    scenario, name = resource.sheet.scenario, resource.name
    if request.method == "POST":
        actions.remove_resource(resource, actor=request.user, at=request.at)
        messages.success(request, f"« {name} » n'est plus sur la fiche.")
        return redirect("workshop:rights", scenario.pk)
    return show(
        request,
        "workshop/confirm.html",
        title="Retirer la ressource de la fiche",
        introduction=f"« {name} » ne sera plus sur la fiche de droits. Si le scénario la cite encore, elle sera "
        "proposée de nouveau.",
        submit_label="Retirer de la fiche",
        cancel=reverse("workshop:rights", args=[scenario.pk]),
        trail=_sheet_trail(scenario),
    )


@writes(find=queries.scenario, may=sheet_policies.may_declare, why="rights")
def declare_rights(request: Request, scenario: Scenario) -> HttpResponse:
    """What is signed, whole, then the button that signs it."""
    if request.method == "POST":
        try:
            shown = request.POST.get("shown", "") or "-"
            actions.declare(scenario, shown=shown, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, f"La fiche n'est pas signée. {invalid}")
            return redirect("workshop:rights", scenario.pk)
        messages.success(request, "Fiche signée. L'inspecteur est prévenu : il répond au contrôle.")
        return redirect("workshop:rights", scenario.pk)
    sheet = sheet_queries.sheet(scenario)
    assert sheet is not None  # noqa: S101 - the policy has just seen it
    return render(
        request,
        "workshop/rights/declare.html",
        {
            "scenario": scenario,
            "sheet": sheet,
            "resources": list(sheet.resources.all()),
            "lacks": sheet_rules.lacks(sheet, localtime(request.at).date()),
            "digest": sheet_rules.signed_digest(sheet),
            "version": queries.last_version(scenario),
            "licence_labels": {code: terms.label for code, terms in licences.known().items()},
            "trail": _sheet_trail(scenario),
        },
    )
