"""The plan of a module: its sections and their activities, added, written, moved, taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design import kept
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, writes
from traam.design.typography import plural
from traam.engines.workflow import Invalid, Missing, Verdict
from traam.programme.people.models import Person
from traam.programme.productions import module_policies
from traam.programme.productions.actions import outline as actions
from traam.programme.productions.actions.modules import StaleModule
from traam.programme.productions.models import Module, ModuleActivity, ModuleSection
from traam.programme.productions.queries import modules as queries
from traam.spaces.workshop import filing
from traam.spaces.workshop.module_forms import ActivityForm, SectionForm, activity_initial, section_initial
from traam.spaces.workshop.views.modules import trail
from traam.spaces.workshop.views.writing import forget, found, two_texts

Kind = ModuleActivity.Kind
KINDS = (
    (Kind.PAGE, "Un texte à lire : une notion, un exemple, une consigne longue."),
    (Kind.VIDEO, "Une vidéo en ligne, de préférence sur PeerTube, avec sa transcription."),
    (Kind.LINK, "Une page du web à consulter."),
    (Kind.QUIZ, "Des questions dont les réponses sont corrigées, avec un retour pour chacune."),
    (Kind.H5P, "Un contenu interactif déjà fait, déposé en .h5p."),
    (Kind.FILE, "Un fichier à télécharger : fiche, diaporama, tableau."),
    (Kind.TASK, "Un travail que le stagiaire rend."),
    (Kind.FORUM, "Une question dont les stagiaires parlent entre eux."),
)


def _may_write(person: Person, section: ModuleSection, at: datetime) -> Verdict:
    return module_policies.is_author(person, section.module, at)


def _may_change(person: Person, section: ModuleSection, at: datetime) -> Verdict:
    return module_policies.may_edit(person, section.module, at)


def _may_write_activity(person: Person, activity: ModuleActivity, at: datetime) -> Verdict:
    return module_policies.is_author(person, activity.section.module, at)


def _may_change_activity(person: Person, activity: ModuleActivity, at: datetime) -> Verdict:
    return module_policies.may_edit(person, activity.section.module, at)


def to_plan(module: Module, anchor: str = "plan") -> HttpResponse:
    return redirect(f"{reverse('workshop:module', args=[module.pk])}#{anchor}")


# --- Sections


@kept.keeping
@writes(find=queries.module, may=module_policies.may_edit, why="module")
def add_section(request: Request, module: Module) -> HttpResponse:
    form, where = SectionForm(request.POST or None), f"module:{module.pk}:section"
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("title", "summary")}
        try:
            made = actions.add_section(module, **values, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            forget(request, where)
            messages.success(request, f"Partie « {made.title} » ajoutée. Donnez-lui ses activités.")
            return to_plan(module, f"partie-{made.pk}")
    return _page(request, module, form, "Ajouter une partie", where)


@kept.keeping
@writes(find=queries.section, may=_may_write, why="module")
def edit_section(request: Request, section: ModuleSection) -> HttpResponse:
    module, where = section.module, f"module:{section.module_id}:section:{section.pk}"
    verdict = module_policies.may_edit(request.user, module, request.at)
    if request.method != "POST":
        verdict.require()
    form = SectionForm(request.POST or None, initial=section_initial(section))
    if request.method == "POST" and "resume" not in request.POST and form.is_valid():
        if not verdict:
            return _two_sections(request, section, form, verdict.reason)
        try:
            actions.change_section(section, **form.cleaned_data, actor=request.user, at=request.at)
        except StaleModule:
            return _two_sections(request, queries.section(module.pk, section.pk), form)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            forget(request, where)
            messages.success(request, "Partie enregistrée.")
            return to_plan(module, f"partie-{section.pk}")
    return _page(request, module, form, f"Modifier « {section.title} »", where)


def _two_sections(request: Request, stored: ModuleSection, form: SectionForm, reason: str = "") -> HttpResponse:
    address = reverse("workshop:edit_section", args=[stored.module_id, stored.pk])
    theirs, mark = section_initial(stored), ("seen", queries.seen(stored))
    return two_texts(request, form, theirs, form.cleaned_data, mark, address, trail(stored.module), reason)


def _page(request: Request, module: Module, form: Any, title: str, where: str, **more: Any) -> HttpResponse:
    """A page that is one form kept as it is typed."""
    return show(
        request,
        "workshop/modules/part.html",
        form,
        module=module,
        title=title,
        trail=trail(module),
        again=found(request, where, form),
        place=where,
        antivirus=filing.antivirus_note() if form.is_multipart() else "",
        **{"introduction": "", "submit_label": "Enregistrer", **more},
    )


@writes(find=queries.section, may=_may_change, why="module")
def remove_section(request: Request, section: ModuleSection) -> HttpResponse:
    module, held = section.module, len(section.activities.all())
    if request.method == "POST":
        actions.remove_section(section, actor=request.user, at=request.at)
        messages.success(request, f"Partie « {section.title} » retirée.")
        return to_plan(module)
    what = f"Cette partie et {plural(held, 'activité')} ne seront plus dans le module, sans retour."
    introduction = what if held else "Cette partie est vide."
    return _confirm(request, module, f"Retirer « {section.title} » ?", introduction, "Retirer la partie")


def _confirm(request: Request, module: Module, title: str, introduction: str, label: str) -> HttpResponse:
    return show(
        request,
        "workshop/confirm.html",
        title=title,
        introduction=introduction,
        submit_label=label,
        cancel=f"{reverse('workshop:module', args=[module.pk])}#plan",
        trail=trail(module),
    )


@writes(find=queries.module, may=module_policies.may_edit, why="module")
def arrange_module(request: Request, module: Module) -> HttpResponse:
    """One button of the plan: a section or an activity, one place up or down."""
    for verb, by in (("up", -1), ("down", 1)):
        if number := request.POST.get(f"section_{verb}", ""):
            section = queries.section_of(module, _number(number))
            actions.move_section(section, by, actor=request.user, at=request.at)
            return to_plan(module, f"partie-{section.pk}")
        if number := request.POST.get(f"activity_{verb}", ""):
            activity = queries.activity_of(module, _number(number))
            actions.move_activity(activity, by, actor=request.user, at=request.at)
            return to_plan(module, f"activite-{activity.pk}")
    return to_plan(module)


def _number(typed: str) -> int:
    if not typed.isdecimal() or len(typed) > 18:
        raise Missing("Cette partie n'est pas, ou n'est plus, dans le module.")
    return int(typed)


# --- Activities


@writes(find=queries.section, may=_may_change, why="module")
def choose_activity(request: Request, section: ModuleSection) -> HttpResponse:
    """What kinds of activities there are; each leads to its form."""
    return show(
        request,
        "workshop/modules/kinds.html",
        module=section.module,
        section=section,
        trail=trail(section.module),
        kinds=[(kind.value, kind.label, text) for kind, text in KINDS],
    )


@dataclass(frozen=True)
class Place:
    """Where an activity of a kind is to be added."""

    section: ModuleSection
    kind: str


def _find_new(pk: int, section: int, kind: str) -> Place:
    if kind not in Kind.values:
        raise Missing("Cette activité n'existe pas : choisissez dans la liste.")
    return Place(queries.section(pk, section), kind)


def _may_add(person: Person, new: Place, at: datetime) -> Verdict:
    return _may_change(person, new.section, at)


@kept.keeping
@writes(find=_find_new, may=_may_add, why="module")
def add_activity(request: Request, new: Place) -> HttpResponse:
    section, kind = new.section, new.kind
    form = ActivityForm(kind, *((request.POST, request.FILES) if request.method == "POST" else ()))
    where = f"module:{section.module_id}:{section.pk}:{kind}"
    if request.method == "POST" and form.is_valid():
        by = {"actor": request.user, "at": request.at}
        try:
            made = actions.add_activity(section, kind, form.content(), upload=_upload(form), **by)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            forget(request, where)
            messages.success(request, f"Activité « {made.title} » ajoutée.")
            filing.say_what_was_taken_away(request, form.cleaned_data.get("file"), made.filename, made.size)
            if kind == Kind.QUIZ:
                return redirect("workshop:quiz", section.module_id, made.pk)
            return to_plan(section.module, f"activite-{made.pk}")
    label = str(Kind(kind).label)
    title = f"Ajouter : {label[:1].lower()}{label[1:]}"
    introduction = f"Dans la partie « {section.title} »."
    verb = "Enregistrer, puis écrire les questions" if kind == Kind.QUIZ else "Ajouter l'activité"
    return _page(request, section.module, form, title, where, introduction=introduction, submit_label=verb)


@kept.keeping
@writes(find=queries.activity, may=_may_write_activity, why="module")
def edit_activity(request: Request, activity: ModuleActivity) -> HttpResponse:
    module = activity.section.module
    where = f"module:{module.pk}:activity:{activity.pk}"
    verdict = module_policies.may_edit(request.user, module, request.at)
    if request.method != "POST":
        verdict.require()
    given: Sequence[Any] = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ActivityForm(activity.kind, *given, activity=activity, sections=list(module.sections.all()))
    if request.method == "POST" and "resume" not in request.POST and form.is_valid():
        if not verdict:
            return _two_activities(request, activity, form, verdict.reason)
        try:
            _change(request, activity, form)
        except StaleModule:
            return _two_activities(request, queries.activity(module.pk, activity.pk), form)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            forget(request, where)
            messages.success(request, "Activité enregistrée.")
            return to_plan(module, f"activite-{activity.pk}")
    introduction = f"{activity.get_kind_display()}, dans la partie « {activity.section.title} »."
    return _page(request, module, form, f"Modifier « {activity.title} »", where, introduction=introduction)


def _change(request: Request, activity: ModuleActivity, form: ActivityForm) -> None:
    actor, at = request.user, request.at
    seen = form.cleaned_data["seen"]
    changed = actions.change_activity(activity, form.content(), upload=_upload(form), seen=seen, actor=actor, at=at)
    to = form.cleaned_data.get("section", "")
    if to and int(to) != changed.section_id:
        section = queries.section(changed.section.module_id, int(to))
        actions.move_activity(changed, to=section, actor=actor, at=at)


def _two_activities(request: Request, stored: ModuleActivity, form: ActivityForm, reason: str = "") -> HttpResponse:
    module = stored.section.module
    address = reverse("workshop:edit_activity", args=[module.pk, stored.pk])
    theirs, mark = activity_initial(stored), ("seen", queries.seen(stored))
    return two_texts(request, form, theirs, form.cleaned_data, mark, address, trail(module), reason)


def _upload(form: ActivityForm) -> tuple[str, bytes] | None:
    """The name and the bytes of what was sent."""
    sent = form.cleaned_data.get("file")
    return (sent.name or "", sent.read()) if sent else None


@writes(find=queries.activity, may=_may_change_activity, why="module")
def remove_activity(request: Request, activity: ModuleActivity) -> HttpResponse:
    module = activity.section.module
    if request.method == "POST":
        actions.remove_activity(activity, actor=request.user, at=request.at)
        messages.success(request, f"Activité « {activity.title} » retirée.")
        return to_plan(module, f"partie-{activity.section_id}")
    introduction = "Cette activité ne sera plus dans le module, sans retour."
    return _confirm(request, module, f"Retirer « {activity.title} » ?", introduction, "Retirer l'activité")
