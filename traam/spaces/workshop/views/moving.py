"""What the authors of a production may do with it now, and the page that does it: the same for every kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from traam.design.forms import PageForm, apply_invalid
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid, Missing, Verdict
from traam.programme.campaigns.models import Theme
from traam.programme.people.models import Person
from traam.programme.productions import actions, kinds, policies, queries
from traam.programme.productions.models import Production, theme_of
from traam.spaces.workshop import duties
from traam.spaces.workshop.forms import CommentForm

# The verbs of the authors; those of who reads are on the pages of the review.
VERBS = ("propose", "submit", "take_back", "reopen")
DONE = {
    "propose": "{} proposé : le professeur référent est prévenu, c'est lui qui le soumet.",
    "submit": "{} soumis : qui doit le lire est prévenu.",
    "take_back": "{} repris : vous pouvez le modifier.",
    "reopen": "La rédaction est rouverte. La version publiée, s'il y en a une, reste en ligne.",
}
BADGES = {
    "draft": "",
    "proposed": "info",
    "submitted": "info",
    "endorsed": "info",
    "returned": "warning",
    "validated": "success",
}


def state_of(production: Production) -> tuple[str, str]:
    """Its state in words, and the look of its badge."""
    return kinds.of(production).machine.states[production.state], BADGES[production.state]


def moves(production: Production, person: Person, at: datetime) -> dict[str, dict[str, str]]:
    """By verb, the authors' moves from this state: label, and why not ("" when it may be made)."""
    held = policies.standing(person, production, at)
    shown: dict[str, dict[str, str]] = {}
    if not held & {"referent", "member", "inspector"}:
        return shown
    for verb in VERBS:
        move = kinds.of(production).machine.move(verb)
        if production.state not in move.sources or (verb == "propose" and "referent" in held):
            continue  # the référent submits it herself
        reason = policies.may_move(verb, person, production, at).reason or _lacks(verb, production)
        shown[verb] = {"label": move.label, "reason": reason}
    return shown


def _lacks(verb: str, production: Production) -> str:
    """What must be done before a reader is asked, "" when nothing."""
    if verb in {"propose", "submit"} and queries.unanswered(production):
        return "Répondez d'abord à chaque remarque, ci-dessous."
    if verb == "submit" and (lacking := kinds.of(production).breaches(production)):
        return f"Complétez d'abord {duties.articles(lacking)}, ci-dessous."
    return ""


def judges(production: Production, person: Person, at: datetime) -> bool:
    """Whether she decides something of it, on the pages of the review."""
    return any(move.verb not in VERBS for move in policies.moves(person, production, at))


@dataclass(frozen=True)
class Step:
    """A move of a production; `theme` leads to the campaign."""

    production: Any
    verb: str
    theme: Theme


def _may_step(person: Person, step: Step, at: datetime) -> Verdict:
    return policies.may_move(step.verb, person, step.production, at)


def page(name: str, show: Callable[[Request, Any, PageForm], HttpResponse]) -> Callable[..., HttpResponseBase]:
    """The page that moves the productions of one kind; `show` draws that of one of them, with what was refused."""
    kind = kinds.KINDS[name]

    def find(pk: int, verb: str) -> Step:
        if verb not in VERBS:
            raise Missing("Cette action n'existe pas sur les pages de l'atelier.")
        found = kind.find(pk)
        return Step(found, verb, theme_of(found))

    @writes(find=find, may=_may_step, why="review")
    def move(request: Request, step: Step) -> HttpResponseBase:
        if request.method == "POST":
            form = CommentForm(request.POST)
            if not form.is_valid():
                return show(request, step.production, form)
            try:
                actions.move(step.production, step.verb, **form.cleaned_data, actor=request.user, at=request.at)
            except Invalid as invalid:
                apply_invalid(form, invalid)
                return show(request, step.production, form)
            messages.success(request, DONE[step.verb].format(kind.title))
        return redirect(f"workshop:{name}", step.production.pk)

    move.__name__ = f"move_{name}"
    return move
