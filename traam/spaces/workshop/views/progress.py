"""Where a group stands: short notes by its référent, read by all who follow it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam.design import kept, lists
from traam.design.forms import attempt, posted, show
from traam.design.pages import Request, reads, writes
from traam.programme.groups import actions, policies, queries
from traam.programme.groups.models import Group, ProgressNote
from traam.programme.groups.queries.front import Front
from traam.programme.people.models import Person
from traam.spaces.workshop.sharing_forms import NoteForm
from traam.spaces.workshop.views.writing import forget, found

MOODS = {"on_time": "success", "fragile": "warning", "late": "error"}


def summary(front: Front, person: Person, at: datetime) -> Mapping[str, Any]:
    """The latest note, for the front page of the group."""
    return {
        "note": front.note,
        "moods": MOODS,
        "may_write": policies.may_write_note(person, front.group, at),
    }


@reads(find=queries.group, may=policies.may_read_shared, why="group")
def progress(request: Request, group: Group) -> HttpResponse:
    page = lists.page_of(queries.notes(group), request)
    latest = [note for note in page if policies.may_change_note(request.user, _of(note, group), request.at)]
    context = {
        "group": group,
        "page": page,
        "moods": MOODS,
        "changes": {note.pk for note in latest},
        "sees_group": bool(policies.may_see(request.user, group, request.at)),
        "may_write": policies.may_write_note(request.user, group, request.at),
        "follows": policies.may_follow_theme(request.user, group.application.theme, request.at),
    }
    return render(request, "workshop/progress.html", context)


def _of(note: ProgressNote, group: Group) -> ProgressNote:
    note.group = group
    return note


@kept.keeping
@writes(find=queries.group, may=policies.may_write_note, why="group")
def write_note(request: Request, group: Group) -> HttpResponse:
    place = f"group:{group.pk}:note"
    form = NoteForm(posted(request))
    if attempt(request, form, lambda given: actions.write_note(group, **given)):
        return _written(request, group, place, "Note enregistrée : qui suit le groupe la lit dès maintenant.")
    introduction = (
        "Vous l'écrivez une fois ; la lisent l'inspecteur, le DAN, les membres du groupe, le groupe national et le "
        "bureau. Elle se corrige pendant un jour."
    )
    return _form(request, group, form, place, title="Dire où en est le groupe", introduction=introduction)


def _written(request: Request, group: Group, place: str, sentence: str) -> HttpResponse:
    forget(request, place)
    messages.success(request, sentence)
    return redirect("workshop:progress", group.pk)


def _form(request: Request, group: Group, form: NoteForm, place: str, **words: str) -> HttpResponse:
    again = found(request, place, form)
    address = reverse("workshop:progress", args=[group.pk])
    return show(
        request,
        "workshop/sharing_form.html",
        form,
        again=again,
        place=place,
        cancel=address,
        trail=[*trail(group), ("Avancement", address)],
        **words,
    )


def trail(group: Group) -> list[tuple[str, str]]:
    """The way from the workshop to a page under a group."""
    return [
        ("Atelier", reverse("workshop:home")),
        (f"Groupe {group.of_academy}", reverse("workshop:group", args=[group.pk])),
    ]


def _find_note(pk: int, note: int) -> ProgressNote:
    return queries.note(pk, note)


@kept.keeping
@writes(find=_find_note, may=policies.may_change_note, why="group")
def change_note(request: Request, note: ProgressNote) -> HttpResponse:
    place = f"note:{note.pk}"
    initial = {"mood": note.mood, "text": note.text, "need": note.need}
    form = NoteForm(posted(request), initial=initial)
    if attempt(request, form, lambda given: actions.change_note(note, **given)):
        return _written(request, note.group, place, "Note corrigée.")
    introduction = "Une note se corrige pendant un jour ; ensuite, une nouvelle dit ce qui a changé."
    return _form(request, note.group, form, place, title="Corriger la note", introduction=introduction)
