"""Two authors changed the same part: both texts, and a way to keep one, the other, or both. Nothing is lost."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from traam.design.pages import Request
from traam.engines.differences import Part, compare
from traam.programme.productions import changes
from traam.programme.productions.actions import Content, Stale
from traam.programme.productions.actions.scenarios import flat, snapshot, whole
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import drawing
from traam.spaces.workshop.scenario_forms import ScenarioForm, typed

CHOICES = {"theirs": "Garder le texte enregistré", "mine": "Garder mon texte", "both": "Garder les deux"}
ALONE = frozenset({"title", "authors", "licence", "duration_minutes", "terms_read", "personal_data_checked"})
"""What can hold only one of two answers."""


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: both texts, and the ways out, the first being the one offered."""

    name: str
    title: str
    theirs: str
    mine: str
    parts: list[Part]
    choices: list[tuple[str, str]]


def choose(request: Request, stale: Stale, mine: Content) -> HttpResponse:
    """Both texts of each field that both changed (409). What only one changed is already joined."""
    theirs, ours = flat(snapshot(stale.stored)), flat(asdict(mine))
    joined = whole({**flat(asdict(stale.merged)), **{name: ours[name] for name in stale.conflicts}})
    context = {
        "scenario": stale.stored,
        "group": stale.stored.group,
        "conflicts": [_conflict(name, theirs[name], ours[name]) for name in changes.TITLES if name in stale.conflicts],
        "sent": list(sent({**typed(joined), "revision": stale.stored.revision})),
        "reason": "",
    }
    return render(request, "workshop/side_by_side.html", context, status=409)


def too_late(request: Request, stored: Scenario, form: ScenarioForm, reason: str) -> HttpResponse:
    """The scenario may no longer be edited: what was typed can be copied (409)."""
    theirs, mine = flat(snapshot(stored)), flat(asdict(form.content()))
    named = [
        name
        for name in changes.TITLES
        if name in mine and changes.text(name, theirs[name]) != changes.text(name, mine[name])
    ]
    conflicts = [_conflict(name, theirs[name], mine[name]) for name in named]
    context = {"scenario": stored, "group": stored.group, "conflicts": conflicts, "sent": [], "reason": reason}
    return render(request, "workshop/side_by_side.html", context, status=409)


def _conflict(name: str, theirs: Any, mine: Any) -> Conflict:
    words = changes.text(name, theirs), changes.text(name, mine)
    order = ("mine", "theirs") if name in ALONE else ("both", "mine", "theirs")
    return Conflict(name, changes.TITLES[name], *words, compare(*words), [(key, CHOICES[key]) for key in order])


def sent(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Values as a browser sends them, to travel with the choices."""
    for name, value in values.items():
        if name == "phases":
            yield "phases-count", str(len(value))
            yield from ((f"phases-{n}-{key}", text) for n, row in enumerate(value) for key, text in row.items())
        elif isinstance(value, list | tuple):
            yield from ((name, str(each)) for each in value)
        elif isinstance(value, bool):
            yield from [(name, "on")] * value
        elif value is not None:
            yield name, str(value)


def settled(scenario: Scenario, data: QueryDict) -> QueryDict:
    """What is sent, once each choice of the page of conflicts is followed."""
    chosen = {name: str(data[f"keep-{name}"]) for name in changes.TITLES if f"keep-{name}" in data}
    form = ScenarioForm(scenario, data)
    if not chosen or not form.is_valid():
        return data
    theirs = _held(scenario, form.cleaned_data["revision"])
    if theirs is None:
        return data
    mine = flat(asdict(form.content()))
    for name, choice in chosen.items():
        mine[name] = {"theirs": theirs[name], "both": _both(theirs[name], mine[name])}.get(choice, mine[name])
    told = QueryDict(mutable=True)
    for name, value in sent({**typed(whole(mine)), "revision": form.cleaned_data["revision"]}):
        told.appendlist(name, value)
    return told


def _held(scenario: Scenario, revision: int) -> dict[str, Any] | None:
    """What the scenario held at a revision."""
    if revision == scenario.revision:
        return flat(snapshot(scenario))
    replaced = drawing.draft(scenario, revision)
    return flat(replaced.content) if replaced else None


def _both(theirs: Any, mine: Any) -> Any:
    """One after the other; what is in both is there once."""
    if isinstance(theirs, list):
        return [*theirs, *(each for each in mine if each not in theirs)]
    return "\n\n".join(text for text in (theirs, mine) if text)
