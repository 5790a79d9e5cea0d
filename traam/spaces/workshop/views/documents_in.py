"""A document that a teacher already has, laid in the editor to be checked: nothing is saved before she says so."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import show
from traam.design.pages import Request, writes
from traam.engines.sharing import BadFile, kind_of
from traam.engines.wordprocessing import Unreadable, read
from traam.programme.people import actions as people_actions
from traam.programme.people import queries as people_queries
from traam.programme.productions import changes, documents, policies, queries
from traam.programme.productions.models import Scenario
from traam.programme.productions.rules import SECTION_TITLES
from traam.spaces.workshop.scenario_forms import DocumentForm, initial
from traam.spaces.workshop.views.conflicts import sent
from traam.spaces.workshop.views.editor import place_of

ACCEPTED = ("docx", "odt")


@writes(find=queries.scenario, may=policies.may_edit, why="scenario")
def import_document(request: Request, scenario: Scenario) -> HttpResponse:
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["file"].read()
            kind_of(data, ACCEPTED)
            placed = documents.place(read(data))
        except (BadFile, Unreadable) as refusal:
            form.add_error("file", str(refusal))
        else:
            _lay(request, scenario, placed)
            return redirect("workshop:edit_scenario", scenario.pk)
    address = reverse("workshop:edit_scenario", args=[scenario.pk])
    return show(
        request,
        "workshop/import_document.html",
        form,
        scenario=scenario,
        group=scenario.group,
        cancel=address,
        titles=list(SECTION_TITLES.values()),
    )


def _lay(request: Request, scenario: Scenario, placed: documents.Placed) -> None:
    """Put the passages in what is being typed: the editor shows it, saves it on demand, and finds it again."""
    place = place_of(scenario)
    waiting = people_queries.typing(request.user, place)
    fields: dict[str, list[str]] = dict(waiting.fields) if waiting else {}
    if not fields:
        for name, value in sent(initial(scenario)):
            fields.setdefault(name, []).append(value)
    for key, text in placed.sections.items():
        if key != "title":
            written = (fields.get(key) or [""])[0]
            fields[key] = ["\n\n".join(filter(None, [written, text])) if text not in written else written]
    fields["unplaced"] = [_left(placed, scenario)]
    people_actions.keep_typing(place, fields, actor=request.user, at=request.at)
    named = [changes.TITLES[key] for key in changes.TITLES if key in placed.sections and key != "title"]
    where = f"parties remplies : {', '.join(named)}" if named else "aucune partie n'a été reconnue à ses titres"
    messages.success(request, f"Document lu, {where}. Rien n'est encore enregistré : relisez, puis enregistrez.")


def _left(placed: documents.Placed, scenario: Scenario) -> str:
    """What could not be placed, to copy; the title too when the scenario has another."""
    title = placed.sections.get("title", "")
    told = [f"Titre du document : {title}"] if title and title != scenario.title else []
    return "\n\n".join(filter(None, [*told, *placed.told, placed.unplaced]))
