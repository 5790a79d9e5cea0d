"""A communication support: what it shows and says, what it lacks, its file and its captions, who decides what now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam import reference
from traam.design.forms import PageForm, apply_invalid, attempt, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.sharing import kind_of_name
from traam.engines.workflow import Invalid, Missing, Verdict
from traam.programme.groups import queries as group_queries
from traam.programme.groups.models import Group
from traam.programme.groups.queries.front import Front
from traam.programme.people.models import Person
from traam.programme.productions import policies, support_policies, support_rules
from traam.programme.productions import queries as productions
from traam.programme.productions.actions import supports as actions
from traam.programme.productions.models import Support
from traam.programme.productions.queries import supports as queries
from traam.programme.productions.queries.supports import SupportFile
from traam.programme.productions.states import SUPPORT, TURNS
from traam.spaces.workshop import duties, filing
from traam.spaces.workshop.forms import CommentForm
from traam.spaces.workshop.support_forms import KIND_HINTS, BeginSupportForm, FileForm
from traam.spaces.workshop.views import moving, reviews

PLACES = ("title", "summary", "address", "alternative", "transcript", "licence", "rights_checked")


def summary(front: Front, person: Person, at: datetime) -> Mapping[str, Any]:
    """The supports of the group, for its front page; nothing is read when the edition has none."""
    asked = bool(support_policies.asked(front.group))
    return {
        "asked": asked,
        "supports": queries.of_group(front.group) if asked else [],
        "may_begin": support_policies.may_begin(person, front.group, at),
        "states": SUPPORT.states,
        "kinds": moving.BADGES,
    }


def place(group: Group) -> list[tuple[str, str]]:
    """The way from the workshop to the group."""
    address = reverse("workshop:group", args=[group.pk])
    return [("Atelier", reverse("workshop:home")), (f"Groupe {group.of_academy}", address)]


def trail(support: Support) -> list[tuple[str, str]]:
    return [*place(support.group), (support.title, reverse("workshop:support", args=[support.pk]))]


@writes(find=group_queries.group, may=support_policies.may_begin, why="support")
def new_support(request: Request, group: Group) -> HttpResponse:
    form = BeginSupportForm(posted(request))
    if done := attempt(request, form, lambda given: actions.begin(group, **given)):
        messages.success(request, "Support commencé. Seul le groupe le voit : complétez-le à votre rythme.")
        return redirect("workshop:support", done.made.pk)
    return show(
        request,
        "workshop/supports/begin.html",
        form,
        trail=place(group),
        hints=KIND_HINTS,
        cancel=reverse("workshop:group", args=[group.pk]),
    )


@reads(find=queries.support, may=policies.may_see, why="support")
def support(request: Request, support: Support) -> HttpResponse:
    return _show(request, support, CommentForm())


def _show(request: Request, support: Support, form: PageForm) -> HttpResponse:
    """The page of a support; `form` carries the message of a move and what was just refused."""
    person, at = request.user, request.at
    editable = bool(policies.may_edit(person, support, at))
    turns = productions.turns(support)
    return show(
        request,
        "workshop/supports/support.html",
        form,
        support=support,
        group=support.group,
        trail=place(support.group),
        state=moving.state_of(support),
        editable=editable,
        moves=moving.moves(support, person, at),
        judges=moving.judges(support, person, at),
        lacking=_lacking(support),
        duties=_duties(support, editable, at),
        last_turn=turns[0] if turns else None,
        turns=turns,
        turn_labels=TURNS,
        points=reviews.points(support, person, at),
        licence=reference.licences().get(support.licence),
        **seen(support),
    )


def seen(support: Support) -> dict[str, Any]:
    """What the page shows of the file and of the address."""
    kind = kind_of_name(support.filename)
    return {
        "is_video": support.kind == Support.Kind.VIDEO,
        "is_image": support_rules.is_image(support),
        "takes_file": bool(support_rules.ACCEPTED[support.kind]),
        "file_kind": kind.label if kind else "fichier",
        "host": urlsplit(support.address).hostname or "",
    }


def _lacking(support: Support) -> list[tuple[str, str]]:
    """What the platform asks, each with the address of the page that mends it."""
    edit = reverse("workshop:edit_support", args=[support.pk])
    deposits = {"file": "fichier", "captions": "sous-titres"}
    return [
        (
            f"{found.message} {found.todo}",
            reverse("workshop:set_support_file", args=[support.pk, deposits[found.fact]])
            if found.fact in deposits
            else f"{edit}#id_{found.fact}",
        )
        for found in support_rules.to_mend(support)
    ]


def _duties(support: Support, editable: bool, at: datetime) -> list[dict[str, object]]:
    edit = reverse("workshop:edit_support", args=[support.pk])
    fixes = {fact: f"{edit}#id_{fact}" for fact in PLACES} if editable else {}
    campaign = support.group.application.theme.campaign
    return duties.lines(support_rules.findings(support), campaign, fixes, at.date())


move_support = moving.page("support", _show)


@dataclass(frozen=True)
class Deposit:
    """The file of a support ("fichier") or its captions ("sous-titres"); `group` leads to the campaign."""

    support: Support
    what: str
    group: Group

    @property
    def held(self) -> bool:
        return bool(self.support.captions if self.what == "sous-titres" else self.support.file)


def _find_deposit(pk: int, what: str) -> Deposit:
    found = queries.support(pk)
    has = support_rules.ACCEPTED[found.kind] if what == "fichier" else found.kind == Support.Kind.VIDEO
    if what not in {"fichier", "sous-titres"} or not has:
        raise Missing("Ce support n'a pas de tel fichier : sa page dit ce qu'il lui faut.")
    return Deposit(found, what, found.group)


def _may_deposit(person: Person, deposit: Deposit, at: datetime) -> Verdict:
    return policies.may_edit(person, deposit.support, at)


@writes(find=_find_deposit, may=_may_deposit, why="support")
def set_support_file(request: Request, deposit: Deposit) -> HttpResponse:
    """Give a support its file or its captions, or others in their place."""
    support, captions = deposit.support, deposit.what == "sous-titres"
    form = FileForm(support, deposit.what, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        give = actions.set_captions if captions else actions.set_file
        try:
            done = give(support, (sent.name or "", sent.read()), actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Sous-titres déposés." if captions else "Fichier déposé.")
            if not captions:
                filing.say_what_was_taken_away(request, sent, done.filename, done.size)
            return redirect("workshop:support", support.pk)
    words = ("Remplacer" if deposit.held else "Déposer") + (" les sous-titres" if captions else " le fichier")
    return show(
        request,
        "workshop/supports/file.html",
        form,
        title=words,
        support=support,
        trail=trail(support),
        antivirus=filing.antivirus_note(),
    )


@writes(find=_find_deposit, may=_may_deposit, why="support")
def remove_support_file(request: Request, deposit: Deposit) -> HttpResponse:
    support, captions = deposit.support, deposit.what == "sous-titres"
    if request.method == "POST":
        remove = actions.remove_captions if captions else actions.remove_file
        remove(support, actor=request.user, at=request.at)
        messages.success(request, "Sous-titres retirés." if captions else "Fichier retiré.")
        return redirect("workshop:support", support.pk)
    if not deposit.held:
        return redirect("workshop:support", support.pk)
    title = "Retirer les sous-titres" if captions else "Retirer le fichier"
    return show(
        request,
        "workshop/confirm.html",
        title=title,
        introduction="Il sera effacé du site sous un jour, sauf si une version déjà soumise le contient.",
        submit_label=title,
        cancel=reverse("workshop:support", args=[support.pk]),
        trail=trail(support),
    )


@reads(find=queries.stored_file, may=support_policies.may_read_file)
def support_file(request: Request, file: SupportFile) -> FileResponse:
    """A file of a support or of one of its versions; an image or a PDF opens in the browser."""
    whom = f"le groupe {file.group.of_academy}"
    return filing.private_file(file.file, file.filename, title=file.support.title, whom=whom, shown=True)
