"""What a module becomes: seen as an attendee, exported to a learning platform, its documents as PDF, its files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from traam.design import pdf
from traam.design.pages import Request, reads
from traam.design.prose import Picture, Pictures, markdown, pictures
from traam.engines.parcours import NotExportable
from traam.engines.parcours.model import SCHEME
from traam.engines.workflow import Missing, Verdict
from traam.gateways import storage
from traam.programme.people.models import Person
from traam.programme.productions import courses, module_policies
from traam.programme.productions.models import Module, ModuleActivity
from traam.programme.productions.queries import modules as queries
from traam.spaces.workshop import filing
from traam.spaces.workshop.answering import tried
from traam.spaces.workshop.views.modules import Part, outline, trail


@dataclass(frozen=True)
class Shown:
    """A module, and which of its parts is shown (from 1)."""

    module: Module
    parts: list[Part]
    place: int


def _find_page(pk: int, place: int = 1) -> Shown:
    module = queries.module(pk)
    parts = outline(module)
    if place != 1 and not 1 <= place <= len(parts):
        raise Missing("Ce module n'a pas tant de parties.")
    return Shown(module, parts, place)


def _may_see(person: Person, found: "Shown | Written", at: datetime) -> Verdict:
    return module_policies.may_see(person, found.module, at)


@reads(find=_find_page, may=_may_see, why="module")
def preview(request: Request, page: Shown) -> HttpResponse:
    """One part of the module as an attendee has it; the quiz answers, and keeps nothing."""
    module, shown = page.module, page.parts[page.place - 1] if page.parts else None
    context = {
        "module": module,
        "trail": trail(module),
        "parts": page.parts,
        "place": page.place,
        "shown": shown,
        "minutes": queries.minutes(module),
        "quizzes": {
            activity.pk: tried(activity.pk, activity.questions, request.GET)
            for activity in (shown.activities if shown else [])
            if activity.kind == ModuleActivity.Kind.QUIZ
        },
        "signature": courses.signature(module),
        "images": images_of(module),
    }
    return render(request, "workshop/modules/preview.html", context)


def images_of(module: Module) -> Pictures:
    """Where the pages of a module find their images."""
    held = [
        {"id": one.pk, "file": one.file, "alternative": "", "decorative": False}
        for one in queries.activities(module)
        if one.kind == ModuleActivity.Kind.PAGE
    ]
    return pictures(held, lambda piece: reverse("workshop:activity_file", args=[module.pk, piece["id"]]))


# A host that is nobody's: what sanitises the text lets no other scheme through.
NOWHERE = "https://parcours.invalid/"


def _html(text: str, place: courses.Place) -> str:
    """The text as it leaves, its images at the addresses that the engine knows."""

    def find(source: str) -> Picture | None:
        found = place(source)
        return Picture(found.replace(SCHEME, NOWHERE, 1)) if found else None

    return str(markdown(text, images=find)).replace(NOWHERE, SCHEME)


@reads(find=queries.module, may=module_policies.may_see)
def export_mbz(request: Request, module: Module) -> HttpResponse:
    return _export(request, module, courses.mbz, "mbz", "application/vnd.moodle.backup")


@reads(find=queries.module, may=module_policies.may_see)
def export_cartridge(request: Request, module: Module) -> HttpResponse:
    return _export(request, module, courses.cartridge, "imscc", "application/zip")


def _export(
    request: Request, module: Module, write: Callable[[Module, courses.Render], bytes], extension: str, media: str
) -> HttpResponse:
    """The file, or the page that says what must be mended before (409)."""
    try:
        data = write(module, _html)
    except NotExportable as refusal:
        faults = [str(fault) for fault in refusal.faults]
        return _not_yet(request, module, faults)
    except storage.Lost:
        return _not_yet(request, module, ["Le fichier d'une activité n'est plus sur le site : déposez-le de nouveau."])
    response = HttpResponse(data, content_type=media)
    name = f"{file_name(module)}.{extension}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _not_yet(request: Request, module: Module, faults: list[str]) -> HttpResponse:
    context = {"module": module, "trail": trail(module), "faults": faults}
    return render(request, "workshop/modules/not_yet.html", context, status=409)


def file_name(module: Module, kind: str = "") -> str:
    """ "carnet-du-stagiaire-debattre-en-classe"."""
    return slugify(f"{kind} {module.title}")[:80].strip("-") or f"module-{module.pk}"


DOCUMENTS = {slugify(title): (name, title) for name, title, _ in courses.DOCUMENTS}


@dataclass(frozen=True)
class Written:
    """A document of a module: the field it is in, its title."""

    module: Module
    name: str
    title: str


def _find_document(pk: int, document: str) -> Written:
    if document not in DOCUMENTS:
        raise Missing("Ce module n'a pas de document de ce nom.")
    found = Written(queries.module(pk), *DOCUMENTS[document])
    if not getattr(found.module, found.name).strip():
        raise Missing(f"{found.title} : ce document n'est pas encore écrit.")
    return found


@reads(find=_find_document, may=_may_see)
def document(request: Request, written: Written) -> HttpResponse:
    """The note de cadrage, the carnet or the guide to print; the guide holds the answers of the quizzes."""
    module = written.module
    context = {
        "module": module,
        "title": written.title,
        "text": getattr(module, written.name),
        "parts": outline(module),
        "minutes": queries.minutes(module),
        "answers": written.name == "guide",
        "signature": courses.signature(module),
    }
    name = f"{file_name(module, written.title)}.pdf"
    return pdf.pdf(request, "workshop/modules/document_pdf.html", context, filename=name, dated=module.changed_at)


def _may_have(person: Person, activity: ModuleActivity, at: datetime) -> Verdict:
    return module_policies.may_see(person, activity.section.module, at)


@reads(find=queries.activity, may=_may_have)
def activity_file(request: Request, activity: ModuleActivity) -> FileResponse:
    if not activity.file:
        raise Missing("Cette activité n'a pas de fichier.")
    title, whom, image = activity.title, "un auteur du module", activity.kind == ModuleActivity.Kind.PAGE
    return filing.private_file(activity.file, activity.filename, title=title, whom=whom, shown=image)
