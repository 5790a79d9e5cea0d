"""The editor of a scenario. What was typed is never lost: not to a colleague's save, not to a session that ended, not
to a server that stopped."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from traam.design import kept, typed
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, writes
from traam.engines.sharing import IMAGES, kind_of_name
from traam.engines.workflow import Invalid
from traam.programme.people import queries as people_queries
from traam.programme.productions import changes, policies, queries, rules
from traam.programme.productions.actions import Stale, save
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import drawing
from traam.programme.productions.queries.pieces import pieces_of
from traam.spaces.workshop import phases
from traam.spaces.workshop.scenario_forms import ScenarioForm
from traam.spaces.workshop.views import conflicts
from traam.spaces.workshop.views.pieces import pictures_of
from traam.spaces.workshop.views.writing import forget
from traam.spaces.workshop.vocabulary import LICENCE_HINTS


@kept.keeping
@writes(find=queries.scenario, may=policies.is_author, why="scenario")
def edit_scenario(request: Request, scenario: Scenario) -> HttpResponse:
    verdict = policies.may_edit(request.user, scenario, request.at)
    if request.method != "POST":
        verdict.require()
        again = typed.again(request, people_queries.typing(request.user, place_of(scenario)))
        form = as_typed(scenario, again.data) if again else ScenarioForm(scenario)
        return editor(request, scenario, form, again=again)
    if "preview" in request.POST:
        return _preview(request, scenario)
    if "phase" in request.POST:
        return _with_phases(request, scenario, request.POST["phase"])
    sent = conflicts.settled(scenario, request.POST)
    if "resume" in request.POST and verdict:
        return editor(request, scenario, as_typed(scenario, sent))
    form = ScenarioForm(scenario, sent)
    if not form.is_valid():
        return editor(request, scenario, form)
    if not verdict:
        return conflicts.too_late(request, scenario, form, verdict.reason)
    return _save(request, scenario, form)


def place_of(scenario: Scenario) -> str:
    """The name of the editor's form, where what is being typed is kept."""
    return f"scenario:{scenario.pk}"


def as_typed(scenario: Scenario, data: QueryDict) -> ScenarioForm:
    """The form as it was typed: shown again, not judged."""
    form = ScenarioForm(scenario)
    typed.Again(data).fill(form)
    return form


def _save(request: Request, scenario: Scenario, form: ScenarioForm) -> HttpResponse:
    revision = form.cleaned_data["revision"]
    try:
        saved = save(scenario, form.content(), revision=revision, actor=request.user, at=request.at)
    except Stale as stale:
        return conflicts.choose(request, stale, form.content())
    except Invalid as invalid:
        apply_invalid(form, invalid)
        return editor(request, scenario, form)
    forget(request, place_of(scenario))
    messages.success(request, f"Scénario enregistré.{_colleagues(saved, revision)}")
    if "stay" in request.POST:
        return redirect("workshop:edit_scenario", scenario.pk)
    return redirect("workshop:scenario", scenario.pk)


def _colleagues(saved: Scenario, revision: int) -> str:
    """What colleagues saved while the page was open, and that was joined to it."""
    since = drawing.replaced_since(saved, revision)
    if len(since) < 2:
        return ""
    theirs = changes.changed(since[0].content, since[-1].content)
    return f" Vos collègues avaient modifié entre-temps : {', '.join(c.title for c in theirs)}. Leurs mots sont gardés."


def editor(request: Request, scenario: Scenario, form: ScenarioForm, **more: Any) -> HttpResponse:
    """The page of the editor. `more`: `again`, a text found again; `previewed`; `focus` and `said` after a button."""
    rows = form["phases"].value() or []
    blocking = {finding.fact for finding in rules.findings(scenario) if finding.blocking}
    form.mark_asked(blocking)
    context = {
        "scenario": scenario,
        "group": scenario.group,
        "theme": scenario.group.application.theme,
        "place": place_of(scenario),
        "section_keys": [(key, asked) for key, _, asked, _ in rules.SECTIONS],
        "sections": _read(form, rows),
        "rows": rows,
        "total": phases.total(rows),
        "blocking": blocking,
        "licence_hints": LICENCE_HINTS,
        **_images(scenario),
        "again": None,
        "previewed": False,
        "focus": "",
        "said": "",
        "unplaced": _unplaced(request, more.get("again")),
        **more,
    }
    return show(request, "workshop/editor.html", form, **context)


def _images(scenario: Scenario) -> dict[str, Any]:
    """Where the preview finds the images, and those that the bar of the text areas offers."""
    pieces = pieces_of(scenario)
    known = [(piece, kind_of_name(piece["filename"])) for piece in pieces]
    offered = [
        {"number": piece["id"], "title": piece["title"], "alternative": piece["alternative"]}
        for piece, kind in known
        if kind and kind.extension in IMAGES
    ]
    return {"images": pictures_of(scenario.pk, pieces), "offered_images": offered}


def _unplaced(request: Request, again: typed.Again | None) -> str:
    """What of a document found no place: it travels with what is typed until it is saved."""
    return str((again.data if again else request.POST).get("unplaced", ""))


def _read(form: ScenarioForm, rows: list[phases.Row]) -> list[tuple[str, str]]:
    texts = {key: str(form[key].value() or "") for key in rules.SECTION_TITLES}
    return rules.read(texts, phases.as_read(rows))


def _preview(request: Request, scenario: Scenario) -> HttpResponse:
    """What the text will look like; nothing is kept. htmx asks for the panel only."""
    form = as_typed(scenario, request.POST)
    if "HX-Request" not in request.headers:
        return editor(request, scenario, form, previewed=True)
    context = {"sections": _read(form, form["phases"].value() or []), "base": 4, **_images(scenario)}
    return render(request, "workshop/_sections.html", context)


def _with_phases(request: Request, scenario: Scenario, verb: str) -> HttpResponse:
    """The same page with a step more, less, or moved; nothing is kept yet."""
    form = as_typed(scenario, request.POST)
    rows = form.initial.get("phases") or []
    if verb == "total":
        form.initial["duration_minutes"] = phases.total(rows)
        said = f"Durée totale : {phases.total(rows)} minutes."
        return editor(request, scenario, form, focus="id_duration_minutes", said=said)
    form.initial["phases"], focus, said = phases.changed(rows, verb)
    return editor(request, scenario, form, focus=focus, said=said)
