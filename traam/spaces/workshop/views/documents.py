"""The documents of a group: files and addresses, with their rights."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam import reference
from traam.design import lists
from traam.design.forms import apply_invalid, attempt, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.sharing import kind_of_name
from traam.engines.workflow import Invalid
from traam.programme.groups import actions, policies, queries
from traam.programme.groups.models import Document, Group
from traam.programme.groups.queries.front import SHOWN, Front
from traam.programme.groups.rules import rights
from traam.programme.people.models import Person
from traam.spaces.workshop import filing
from traam.spaces.workshop.sharing_forms import DocumentForm, RightsForm
from traam.spaces.workshop.views.progress import trail
from traam.spaces.workshop.views.watch import host

PUPILS = (
    "Ce document montre ou nomme des élèves : seul le groupe et ceux qui le suivent le voient. Retirez-le ou "
    "remplacez-le avant toute publication."
)


def summary(front: Front, person: Person, at: datetime) -> Mapping[str, Any]:
    """How many documents, and how many of them lack something, for the front page of the group."""
    rows = front.documents
    return {
        "documents": rows[:SHOWN],
        "total": len(rows),
        "lacking": sum(bool(rights.missing(one)) for one in rows),
        "may_share": policies.may_share(person, front.group, at),
    }


@reads(find=queries.group, may=policies.may_read_shared, why="rights")
def documents(request: Request, group: Group) -> HttpResponse:
    everything = list(queries.documents(group))
    filters = lists.read_filters(request, lists.check("manque", "Droits à compléter"))
    shown = [one for one in everything if rights.missing(one)] if filters["manque"] else everything
    page = lists.page_of(shown, request)
    context = {
        "group": group,
        "filters": filters,
        "total": len(everything),
        "lacking": sum(bool(rights.missing(one)) for one in everything),
        "page": page,
        "sees_group": bool(policies.may_see(request.user, group, request.at)),
        "missing": rights.missing,
        "changeable": {one.pk for one in page if _changeable(request, one, group)},
        "withdrawn": list(queries.documents(group, withdrawn=True)[:50]),
        "licences": reference.licences(),
        "kind_of_name": kind_of_name,
        "host": host,
        "may_share": policies.may_share(request.user, group, request.at),
    }
    return render(request, "workshop/documents.html", context)


def _changeable(request: Request, document: Document, group: Group) -> bool:
    document.group = group
    return bool(policies.may_change_document(request.user, document, request.at))


@writes(find=queries.group, may=policies.may_share, why="rights")
def share_document(request: Request, group: Group) -> HttpResponse:
    form = DocumentForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.share_document(group, **_given(form), actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, f"« {made.title} » est dans les documents du groupe.")
            filing.say_what_was_taken_away(request, form.cleaned_data["file"], made.filename, made.size)
            if made.personal_data == Document.PersonalData.PUPILS:
                messages.warning(request, PUPILS)
            return redirect("workshop:documents", group.pk)
    words = {
        "title": "Partager un document",
        "introduction": "Le groupe et ceux qui le suivent le lisent ; rien n'est publié. Ce que vous ne savez pas "
        "encore des droits se complète plus tard.",
        "submit_label": "Partager le document",
        "antivirus": filing.antivirus_note(),
    }
    return _form(request, group, form, words)


def _given(form: DocumentForm) -> dict[str, Any]:
    """What the action takes: of the file, its name and its bytes."""
    values = dict(form.cleaned_data)
    sent = values.pop("file")
    return values if sent is None else values | {"file": (sent.name or "", sent.read())}


def _form(request: Request, group: Group, form: RightsForm, words: Mapping[str, str]) -> HttpResponse:
    address = reverse("workshop:documents", args=[group.pk])
    steps = [*trail(group), ("Documents", address)]
    return show(request, "workshop/document_form.html", form, cancel=address, trail=steps, **words)


def _find(pk: int, document: int) -> Document:
    return queries.document(pk, document)


@writes(find=_find, may=policies.may_change_document, why="rights")
def complete_rights(request: Request, document: Document) -> HttpResponse:
    initial = {name: getattr(document, name) for name in ("licence", "terms_read_on", "personal_data")}
    form = RightsForm(posted(request), initial=initial)
    if done := attempt(request, form, lambda given: actions.complete_rights(document, **given)):
        made = done.made
        messages.success(request, f"Droits de « {made.title} » enregistrés.")
        if made.personal_data == Document.PersonalData.PUPILS:
            messages.warning(request, PUPILS)
        return redirect("workshop:documents", document.group_id)
    words = {
        "antivirus": "",
        "title": "Droits du document",
        "introduction": f"« {document.title} »",
        "submit_label": "Enregistrer",
    }
    return _form(request, document.group, form, words)


@writes(find=_find, may=policies.may_change_document, why="rights")
def withdraw_document(request: Request, document: Document) -> HttpResponse:
    address = reverse("workshop:documents", args=[document.group_id])
    if request.method == "POST":
        actions.withdraw_document(document, actor=request.user, at=request.at)
        messages.success(request, f"« {document.title} » est retiré.")
        return redirect(address)
    what = "Le fichier sera effacé du site sous un jour" if document.file else "Le lien ne sera plus montré"
    return show(
        request,
        "workshop/confirm.html",
        title="Retirer le document",
        introduction=f"« {document.title} » : {what}, sans retour. Une ligne dit qu'il a été partagé, et par qui.",
        submit_label="Retirer le document",
        cancel=address,
        trail=[*trail(document.group), ("Documents", address)],
    )


@reads(find=_find, may=policies.may_download)
def download(request: Request, document: Document) -> FileResponse:
    """The file itself, to keep: never shown in the site's own pages."""
    whom = document.shared_by.name
    return filing.private_file(document.file, document.filename, title=document.title, whom=whom)
