"""Who reads what in a theme: how far each reader is, and those asked beside those who lead it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from traam.design import lists
from traam.design.forms import apply_invalid, posted, show
from traam.design.pages import Request, writes
from traam.design.typography import plural
from traam.engines.workflow import Invalid, Missing
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.people.models import Person
from traam.programme.people.policies import is_national
from traam.programme.selection import opinions, policies, queries, readers
from traam.programme.selection.sharing import Sharing
from traam.spaces.review.forms import AssignForm, SpreadForm


def _verb(request: Request) -> str:
    verb = request.POST.get("verb", "")
    if verb not in {"assign", "unassign"}:
        raise Missing("Cette action n'existe pas : revenez à la page des lecteurs et choisissez un bouton.")
    return verb


@writes(find=campaigns.theme, may=policies.may_follow_readers, why="opinion")
def follow(request: Request, theme: Theme) -> HttpResponse:
    """Progress by reader, conflicts; ask a reader to judge one dossier, or no longer."""
    possible = readers.candidates(theme, request.at)
    form = AssignForm(posted(request), people=possible)
    if request.method == "POST":
        verb = _verb(request)
        policies.may_assign(request.user, theme, request.at).require()
        try:
            if verb == "unassign":
                return _unassign(request, theme)
            if form.is_valid():
                chosen = [person for person in possible if str(person.pk) in form.cleaned_data["readers"]]
                rows = queries.forwarded_among(theme, form.cleaned_data["dossiers"])
                new = opinions.assign(rows, chosen, actor=request.user, at=request.at)
                messages.success(request, f"{plural(len(new), 'lecture demandée', 'lectures demandées')}.")
                return redirect("review:readers", theme.pk)
        except Invalid as invalid:
            apply_invalid(form, invalid)
    return show(request, "review/readers.html", form, **_context(request, theme), candidates=possible)


def _unassign(request: Request, theme: Theme) -> HttpResponse:
    found = readers.assignment(theme, request.POST.get("assignment", ""))
    opinions.unassign(found.application, found.reader, actor=request.user, at=request.at)
    messages.success(request, f"{found.reader.name} n'a plus à lire le dossier n° {found.application_id}.")
    return redirect("review:readers", theme.pk)


def _context(request: Request, theme: Theme) -> dict[str, Any]:
    national = bool(is_national(request.user, request.at))
    return {
        "theme": theme,
        "national": national,
        "following": readers.following(theme, request.at),
        "least": theme.campaign.edition.selection.readers_min,
        "assignments": lists.page_of(readers.assignments(theme), request),
        "declared": readers.declared(theme) if national else [],
        "may_assign": policies.may_assign(request.user, theme, request.at),
    }


@writes(find=campaigns.theme, may=policies.may_assign, why="opinion")
def spread(request: Request, theme: Theme) -> HttpResponse:
    """Share the dossiers out between readers: seen first, written once agreed to."""
    possible = readers.candidates(theme, request.at)
    form = SpreadForm(posted(request), people=possible)
    shared: Sharing | None = None
    chosen: list[Person] = []
    if request.method == "POST" and form.is_valid():
        chosen = [person for person in possible if str(person.pk) in form.cleaned_data["readers"]]
        each = form.cleaned_data["each"]
        shared = readers.sharing(theme, chosen, each, request.at)
        stamp = request.POST.get("stamp", "")
        try:
            if stamp:
                opinions.spread(theme, chosen, each, stamp=stamp, actor=request.user, at=request.at)
                messages.success(request, f"{plural(len(shared.pairs), 'lecture demandée', 'lectures demandées')}.")
                return redirect("review:readers", theme.pk)
            if shared.lacking:
                raise Invalid(opinions.lacking_sentence(shared, each))
        except Invalid as invalid:
            apply_invalid(form, invalid)
    loads = [(person.name, shared.loads[person.pk]) for person in chosen] if shared else []
    return show(request, "review/spread.html", form, theme=theme, shared=shared, loads=loads, chosen=chosen)
