"""The files and addresses that go with a scenario: added, corrected, put in order, withdrawn, given back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam import reference
from traam.design.forms import attempt, show
from traam.design.pages import Request, reads, writes
from traam.design.prose import Pictures, pictures
from traam.engines.sharing import IMAGES, kind_of_name
from traam.programme.people.models import Person
from traam.programme.productions import piece_policies, policies, queries
from traam.programme.productions import piece_rules as rules
from traam.programme.productions.actions.pieces import add_piece as add
from traam.programme.productions.actions.pieces import change_piece as change
from traam.programme.productions.actions.pieces import move_piece as move
from traam.programme.productions.actions.pieces import withdraw_piece as withdraw
from traam.programme.productions.models import Piece, Scenario
from traam.programme.productions.queries import pieces as reads_of
from traam.programme.productions.queries.pieces import StoredFile
from traam.spaces.workshop import filing
from traam.spaces.workshop.piece_forms import PieceForm
from traam.spaces.workshop.views.watch import host


def summary(scenario: Scenario, person: Person, at: datetime) -> dict[str, Any]:
    """What the part of the page of a scenario shows."""
    rows = reads_of.pieces(scenario)
    return {
        "rows": rows,
        "missing": {one.pk: rules.missing(one) for one in rows},
        "images": {one.pk for one in rows if is_image(one)},
        "kinds": {one.pk: known.label for one in rows if (known := kind_of_name(one.filename))},
        "hosts": {one.pk: host(one.address) for one in rows if one.address},
        "withdrawn": reads_of.withdrawn(scenario),
        "licences": reference.licences(),
        "editable": policies.may_edit(person, scenario, at),
    }


def is_image(piece: Piece) -> bool:
    kind = kind_of_name(piece.filename)
    return kind is not None and kind.extension in IMAGES


def pictures_of(scenario_pk: int, pieces: list[dict[str, Any]]) -> Pictures:
    """Where the text of a scenario, or of one of its versions, finds its images."""
    return pictures(pieces, lambda one: reverse("workshop:scenario_file", args=[scenario_pk, one["file"]]))


@writes(find=queries.scenario, may=policies.may_edit, why="rights")
def add_piece(request: Request, scenario: Scenario) -> HttpResponse:
    form = PieceForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if done := attempt(request, form, lambda _: add(scenario, **form.given(), actor=request.user, at=request.at)):
        made = done.made
        messages.success(request, f"« {made.title} » est parmi les pièces du scénario.")
        filing.say_what_was_taken_away(request, form.cleaned_data["file"], made.filename, made.size)
        return _back(scenario.pk)
    words = {
        "title": "Ajouter une pièce",
        "introduction": "Un fichier ou une adresse qui va avec le scénario. Tout est publié avec lui : ne déposez rien "
        "qui nomme ou montre un élève. Ce que vous ne savez pas encore des droits se complète plus tard.",
        "submit_label": "Ajouter la pièce",
    }
    return _form(request, scenario, form, words)


def _back(pk: int) -> HttpResponse:
    return redirect(f"{reverse('workshop:scenario', args=[pk])}#pieces")


def _trail(scenario: Scenario) -> list[tuple[str, str]]:
    return [
        ("Atelier", reverse("workshop:home")),
        (f"Groupe {scenario.group.of_academy}", reverse("workshop:group", args=[scenario.group_id])),
        (scenario.title, reverse("workshop:scenario", args=[scenario.pk])),
    ]


def _form(request: Request, scenario: Scenario, form: PieceForm, words: Mapping[str, str]) -> HttpResponse:
    cancel = f"{reverse('workshop:scenario', args=[scenario.pk])}#pieces"
    context = {"cancel": cancel, "trail": _trail(scenario), "antivirus": filing.antivirus_note(), **words}
    return show(request, "workshop/piece_form.html", form, **context)


@writes(find=reads_of.piece, may=piece_policies.may_change, why="rights")
def change_piece(request: Request, piece: Piece) -> HttpResponse:
    names = ("title", "address", "alternative", "decorative", "licence", "holder", "terms_read_on")
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PieceForm(
        *given, initial={name: getattr(piece, name) for name in names}, drop="address" if piece.file else "file"
    )
    if piece.file:
        form.fields["file"].label, form.fields["file"].mark = "Remplacer le fichier", "facultatif"  # type: ignore[attr-defined]
    if done := attempt(request, form, lambda _: change(piece, **form.given(), actor=request.user, at=request.at)):
        made = done.made
        messages.success(request, f"« {made.title} » est enregistrée.")
        filing.say_what_was_taken_away(request, form.cleaned_data.get("file"), made.filename, made.size)
        return _back(piece.scenario_id)
    words = {"title": "Modifier la pièce", "introduction": f"« {piece.title} »", "submit_label": "Enregistrer"}
    return _form(request, piece.scenario, form, words)


@writes(find=reads_of.piece, may=piece_policies.may_change, why="rights")
def move_piece(request: Request, piece: Piece) -> HttpResponse:
    if request.method == "POST":
        move(piece, up="up" in request.POST, actor=request.user, at=request.at)
        messages.success(request, f"« {piece.title} » a changé de place.")
    return _back(piece.scenario_id)


@writes(find=reads_of.piece, may=piece_policies.may_change, why="rights")
def withdraw_piece(request: Request, piece: Piece) -> HttpResponse:
    if request.method == "POST":
        withdraw(piece, actor=request.user, at=request.at)
        messages.success(request, f"« {piece.title} » est retirée.")
        return _back(piece.scenario_id)
    what = (
        "Son fichier sera effacé du site sous un jour, sauf si une version déjà soumise le contient"
        if piece.file
        else "Son adresse ne sera plus montrée"
    )
    return show(
        request,
        "workshop/confirm.html",
        title="Retirer la pièce",
        introduction=f"« {piece.title} » : {what}. Une ligne dit qu'elle a été ajoutée, et par qui.",
        submit_label="Retirer la pièce",
        cancel=f"{reverse('workshop:scenario', args=[piece.scenario_id])}#pieces",
        trail=_trail(piece.scenario),
    )


def _find_file(pk: int, name: str) -> StoredFile:
    return reads_of.stored_file(pk, name)


@reads(find=_find_file, may=piece_policies.may_read_file)
def scenario_file(request: Request, file: StoredFile) -> FileResponse:
    """A file of a scenario or of one of its versions; an image or a PDF opens in the browser."""
    whom = f"le groupe {file.scenario.group.of_academy}"
    return filing.private_file(file.file, file.filename, title=file.title, whom=whom, shown=True)
