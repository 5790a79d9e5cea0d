"""One dossier before one reader: her opinion, her note, her conflict of interest.

The row of the database stops at the door: a template receives the sheet that this reader may know, nothing else.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design import kept, typed
from traam.design.forms import apply_invalid, attempt, posted, show
from traam.design.pages import Request, is_seen_by_another, writes
from traam.design.typography import number_fr
from traam.engines.workflow import Invalid
from traam.programme.calls import queries as calls
from traam.programme.calls.models import Application
from traam.programme.people import queries as people
from traam.programme.selection import opinions, policies, reading, rules
from traam.programme.selection.reading import Sheet, Viewer
from traam.spaces.review.forms import ConflictForm, NoteForm, OpinionForm

HOME = ("Évaluation", "review:home")


@kept.keeping
@writes(find=reading.dossier, may=policies.may_read, why="opinion")
def dossier(request: Request, application: Application) -> HttpResponse:
    seen = reading.viewer(application.theme, request.user, request.at)
    sheet = reading.sheet_of(seen, application)
    verdict = reading.may_judge(seen, sheet)
    initial = {**sheet.mine.marks, "comment": sheet.mine.comment} if sheet.mine else None
    form = OpinionForm(posted(request), initial=initial, selection=seen.selection)
    if request.method == "POST":
        verdict.require()
        if form.is_valid() and _give(request, application, form, seen):
            return redirect("review:dossier", application.pk)
    place = opinions.typing_place(application.pk)
    again = typed.again(request, people.typing(request.user, place)) if verdict else None
    if again:
        again.fill(form)
    return show(
        request,
        "review/dossier.html",
        form,
        **_context(request, seen, sheet),
        verdict=verdict,
        place=place,
        again=again,
        telltales=rules.names_itself(application) if seen.national and seen.selection.blind else [],
        declares=seen.judging and (bool(sheet.conflict) or sheet.declared is not None),
    )


def _give(request: Request, application: Application, form: OpinionForm, seen: Viewer) -> bool:
    try:
        opinion = opinions.give_opinion(
            application, form.marks, form.cleaned_data["comment"], actor=request.user, at=request.at
        )
    except Invalid as invalid:
        apply_invalid(form, invalid)
        return False
    kept.forget(request)
    score = f"{number_fr(opinion.score / 100, 2)} sur {seen.selection.highest.value}"
    word = reading.word(seen.selection, opinion.score)
    messages.success(
        request, f"Avis enregistré : {score} ({word}). Vous pouvez le changer jusqu'à l'annonce des résultats."
    )
    return True


def _context(request: Request, seen: Viewer, sheet: Sheet) -> dict[str, Any]:
    axes = [(n, seen.theme.axes[n - 1]) for n in sheet.axes if 0 < n <= len(seen.theme.axes)]
    return {
        "theme": seen.theme,
        "seen": seen,
        "sheet": sheet,
        "around": reading.around(seen, sheet),
        "axes": axes,
        "note": NoteForm(initial={"text": _own_note(request, sheet.number)}),
    }


def _own_note(request: Request, pk: int) -> str:
    """What the reader wrote down for herself: nobody else reads it, not even who sees the site as she does."""
    return "" if is_seen_by_another(request) else reading.note(request.user, pk)


@writes(find=calls.application, may=policies.may_read, why="opinion")
def note(request: Request, application: Application) -> HttpResponse:
    """Keep the reader's own note: nobody else reads it."""
    address = reverse("review:dossier", args=[application.pk])
    form = NoteForm(posted(request), initial={"text": _own_note(request, application.pk)})
    if request.method != "POST":
        return redirect(f"{address}#ma-note")
    if attempt(request, form, lambda given: opinions.keep_note(application, **given)):
        messages.success(request, "Note enregistrée. Vous seul la lisez.")
        return redirect(f"{address}#ma-note")
    return show(
        request,
        "design/form.html",
        form,
        title="Ma note",
        introduction="Votre note est trop longue : raccourcissez-la.",
        submit_label="Enregistrer ma note",
        cancel=address,
        trail=[(HOME[0], reverse(HOME[1])), ("Le dossier", address)],
    )


@writes(find=calls.application, may=policies.may_declare_conflict, why="opinion")
def conflict(request: Request, application: Application) -> HttpResponse:
    """Declare that one cannot judge a dossier."""
    seen = reading.viewer(application.theme, request.user, request.at)
    sheet = reading.sheet(seen, application.pk)
    form = ConflictForm(posted(request), initial={"reason": sheet.declared or ""})
    address = reverse("review:dossier", args=[sheet.number])
    if attempt(request, form, lambda given: opinions.declare_conflict(application, **given)):
        messages.success(request, "Conflit d'intérêts déclaré : un autre lecteur jugera ce dossier.")
        return redirect("review:theme", seen.theme.pk)
    aside = " L'avis que vous avez donné sera gardé, mais il ne comptera plus." if sheet.mine else ""
    return show(
        request,
        "design/form.html",
        form,
        title="Déclarer un conflit d'intérêts",
        introduction=f"{sheet.name} : vous ne jugerez pas ce dossier, et n'en lirez pas les avis.{aside} "
        "Vous pourrez revenir sur cette déclaration jusqu'à l'annonce des résultats.",
        submit_label="Déclarer le conflit",
        cancel=address,
        trail=[(HOME[0], reverse(HOME[1])), (sheet.name, address)],
    )


@writes(find=calls.application, may=policies.may_declare_conflict, why="opinion")
def no_conflict(request: Request, application: Application) -> HttpResponse:
    """Take back what one declared."""
    if request.method == "POST":
        opinions.undeclare_conflict(application, actor=request.user, at=request.at)
        messages.success(request, "Déclaration retirée : vous pouvez de nouveau juger ce dossier.")
    return redirect("review:dossier", application.pk)
