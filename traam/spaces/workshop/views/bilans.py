"""The bilan académique of a group: what is counted, what the référent writes, the files drawn from both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify

from traam.design import kept, papers
from traam.design.forms import PageForm, apply_invalid, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid, Verdict
from traam.programme.groups import queries as group_queries
from traam.programme.groups.models import Group
from traam.programme.groups.queries.front import Front
from traam.programme.people.models import Person
from traam.programme.productions import bilan_policies, bilan_rules, policies, queries
from traam.programme.productions.actions import bilans as actions
from traam.programme.productions.bilan_papers import paper
from traam.programme.productions.bilan_tables import figures, tables
from traam.programme.productions.models import Bilan
from traam.programme.productions.queries import bilans
from traam.programme.productions.states import BILAN, TURNS
from traam.spaces.workshop import duties
from traam.spaces.workshop.bilan_forms import BilanForm, initial
from traam.spaces.workshop.forms import CommentForm
from traam.spaces.workshop.views import moving, reviews
from traam.spaces.workshop.views.writing import forget, found, two_texts

PLACES = {
    "summary": "id_presentation",
    "sections_missing": "id_presentation",
    "licence": "id_licence",
    "rights_checked": "id_nobody_named",
    "social_links": "id_work",
}


@dataclass(frozen=True)
class Told:
    """What a bilan says at one moment: as submitted, or as it stands while it is written."""

    facts: Mapping[str, Any]
    sections: Mapping[str, str]
    at: datetime
    version: int  # 0: not a version

    @property
    def written(self) -> list[tuple[str, str]]:
        return [(title, self.sections[key]) for key, title, _, _ in bilan_rules.SECTIONS if self.sections.get(key)]


def _told(bilan: Bilan) -> Told:
    """What its authors see: the text under way while they may write, what they sent afterwards."""
    version = queries.last_version(bilan) if bilan.state not in {"draft", "returned", "proposed"} else None
    if version is None:
        return Told(bilans.facts(group_queries.group(bilan.group_id)), bilan.sections, bilan.changed_at, 0)
    return Told(version.content["facts"], version.content["sections"], version.made_at, version.number)


def summary(front: Front, person: Person, at: datetime) -> Mapping[str, Any]:
    """The bilan of the group, for its front page."""
    asked = bool(bilan_policies.asked(front.group))
    bilan = bilans.state_of(front.group) if asked else None
    return {
        "asked": asked,
        "bilan": bilan,
        "state": BILAN.states[bilan] if bilan else "",
        "kind": moving.BADGES.get(bilan or "", ""),
    }


def trail(group: Group) -> list[tuple[str, str]]:
    return [
        ("Atelier", reverse("workshop:home")),
        (f"Groupe {group.of_academy}", reverse("workshop:group", args=[group.pk])),
    ]


@reads(find=group_queries.group, may=bilan_policies.may_see_bilan, why="bilan")
def group_bilan(request: Request, group: Group) -> HttpResponse:
    """The bilan of a group, or what is already counted for it."""
    bilan = bilans.of_group(group)
    if bilan is not None:
        return redirect("workshop:bilan", bilan.pk)
    counted = bilans.facts(group)
    context = {
        "group": group,
        "trail": trail(group),
        "figures": figures(counted),
        "tables": tables(counted),
        "may_begin": bilan_policies.may_write_bilan(request.user, group, request.at),
    }
    return render(request, "workshop/bilans/begin.html", context)


@writes(find=group_queries.group, may=bilan_policies.may_write_bilan, why="bilan")
def new_bilan(request: Request, group: Group) -> HttpResponse:
    if request.method != "POST":
        return redirect("workshop:group_bilan", group.pk)
    made = actions.begin(group, actor=request.user, at=request.at)
    messages.success(request, "Bilan commencé. Les chiffres sont déjà là : écrivez la réflexion.")
    return redirect("workshop:edit_bilan", made.pk)


@reads(find=bilans.bilan, may=policies.may_see, why="bilan")
def bilan(request: Request, bilan: Bilan) -> HttpResponse:
    return _show(request, bilan, CommentForm())


def _show(request: Request, bilan: Bilan, form: PageForm) -> HttpResponse:
    person, at, told = request.user, request.at, _told(bilan)
    editable = bool(policies.may_edit(person, bilan, at))
    turns = queries.turns(bilan)
    return show(
        request,
        "workshop/bilans/bilan.html",
        form,
        bilan=bilan,
        group=bilan.group,
        told=told,
        trail=trail(bilan.group),
        state=moving.state_of(bilan),
        figures=figures(told.facts),
        tables=tables(told.facts),
        duties=_duties(bilan, told, editable, at),
        missing=bilan_rules.missing(bilan) if editable else [],
        editable=editable,
        moves=moving.moves(bilan, person, at),
        judges=moving.judges(bilan, person, at),
        last_turn=turns[0] if turns else None,
        turns=turns,
        turn_labels=TURNS,
        points=reviews.points(bilan, person, at),
    )


def _duties(bilan: Bilan, told: Told, editable: bool, at: datetime) -> list[dict[str, object]]:
    edit = reverse("workshop:edit_bilan", args=[bilan.pk])
    fixes = {fact: f"{edit}#{anchor}" for fact, anchor in PLACES.items()} if editable else {}
    found = bilan_rules.findings(bilan, len(told.facts["tests"]))
    return duties.lines(found, bilan.group.application.theme.campaign, fixes, at.date())


@kept.keeping
@writes(find=bilans.bilan, may=policies.is_author, why="bilan")
def edit_bilan(request: Request, bilan: Bilan) -> HttpResponse:
    place = f"bilan:{bilan.pk}"
    verdict = policies.may_edit(request.user, bilan, request.at)
    form = BilanForm(posted(request), initial=initial(bilan))
    if request.method == "POST" and form.is_valid() and "resume" not in request.POST:
        if not verdict:
            return _both(request, bilan, form, verdict.reason)
        try:
            _save(request, bilan, form)
        except actions.StaleBilan as stale:
            return _both(request, stale.stored, form)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            forget(request, place)
            messages.success(request, "Bilan enregistré.")
            return redirect("workshop:bilan", bilan.pk)
    if request.method != "POST":
        verdict.require()
    again = found(request, place, form)
    told = Told(bilans.facts(group_queries.group(bilan.group_id)), bilan.sections, bilan.changed_at, 0)
    context = {
        "bilan": bilan,
        "trail": [*trail(bilan.group), ("Bilan académique", reverse("workshop:bilan", args=[bilan.pk]))],
        "keys": [key for key, _, _, _ in bilan_rules.SECTIONS],
        "again": again,
        "place": place,
        "figures": figures(told.facts),
        "tables": tables(told.facts),
    }
    return show(request, "workshop/bilans/edit.html", form, **context)


def _save(request: Request, bilan: Bilan, form: BilanForm) -> None:
    typed_in = form.cleaned_data
    actions.save_bilan(
        bilan,
        form.sections(),
        licence=typed_in["licence"],
        nobody_named=typed_in["nobody_named"],
        revision=typed_in["revision"],
        actor=request.user,
        at=request.at,
    )


def _both(request: Request, stored: Bilan, form: BilanForm, reason: str = "") -> HttpResponse:
    steps = [*trail(stored.group), ("Bilan académique", reverse("workshop:bilan", args=[stored.pk]))]
    address = reverse("workshop:edit_bilan", args=[stored.pk])
    mark = ("revision", str(stored.revision))
    return two_texts(request, form, initial(stored), form.cleaned_data, mark, address, steps, reason)


move_bilan = moving.page("bilan", _show)


@dataclass(frozen=True)
class Wanted:
    """A file of a bilan."""

    bilan: Bilan
    form: str
    group: Group


def _find_file(pk: int, form: str) -> Wanted:
    papers.check_extension(form)
    found = bilans.bilan(pk)
    return Wanted(found, form, found.group)


def _may_see_file(person: Person, wanted: Wanted, at: datetime) -> Verdict:
    return policies.may_see(person, wanted.bilan, at)


@reads(find=_find_file, may=_may_see_file, why="bilan")
def bilan_file(request: Request, wanted: Wanted) -> HttpResponse:
    """The bilan as a PDF, or as a text that one may go on writing."""
    told = _told(wanted.bilan)
    dated = told.at.date()
    return papers.give(
        request,
        wanted.form,
        "workshop/bilans/pdf.html",
        {"told": told, "facts": told.facts, "figures": figures(told.facts), "tables": tables(told.facts)},
        lambda: paper(told.facts, told.sections, dated=dated),
        name=f"bilan-{slugify(wanted.group.academy_name)}-{slugify(told.facts['years'])}",
        dated=dated,
    )
