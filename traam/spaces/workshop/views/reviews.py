"""What readers said of a production, and the answers of its authors, point by point; the same for every kind."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import apply_invalid, posted, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid
from traam.programme.people.models import Person
from traam.programme.productions import actions, kinds, policies, queries
from traam.programme.productions.models import Production, Remark
from traam.programme.productions.queries import Said
from traam.spaces.workshop.review_forms import AnswerForm

WHOLE = "L'ensemble"


@dataclass(frozen=True)
class Point:
    """A remark, the title of the part it is about, and the form to answer it when one may."""

    remark: Remark
    title: str
    form: AnswerForm | None


@dataclass(frozen=True)
class Points:
    """The remarks on a production: without an answer, answered, closed. `workshop/parts/production_remarks.html`
    shows them, under the name `points`."""

    waiting: list[Point]
    answered: list[Point]
    closed: list[Point]


def points(production: Production, person: Person, at: datetime) -> Points:
    said = queries.remarks(production)
    titles = _titles(production) if said else {}
    answers = bool(policies.is_author(person, production, at))
    found = [
        Point(
            remark,
            titles.get(remark.section, WHOLE),
            AnswerForm(remark=remark) if answers and remark.closed_at is None else None,
        )
        for remark in said
    ]
    opened = [point for point in found if point.remark.closed_at is None]
    return Points(
        waiting=[point for point in opened if not point.remark.answer],
        answered=[point for point in opened if point.remark.answer],
        closed=[point for point in found if point.remark.closed_at is not None],
    )


def _titles(production: Production) -> dict[str, str]:
    return {part.key: part.title for part in kinds.read(production)}


@writes(find=queries.said, may=policies.may_answer, why="review")
def answer_remark(request: Request, said: Said) -> HttpResponse:
    """Answer one remark: from the page of the production, or from the address of the remark alone."""
    address = f"{kinds.of(said.production).workshop}/{said.production.pk}"
    form = AnswerForm(posted(request), remark=said.remark)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(said.remark, form.cleaned_data["answer"], actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Réponse enregistrée : qui a fait la remarque en est prévenu.")
            return redirect(f"{address}#remarques")
    return show(
        request,
        "design/form.html",
        form,
        title="Répondre à une remarque",
        introduction=f"{said.remark.by.name}, sur « {_titles(said.production).get(said.remark.section, WHOLE)} » : "
        f"{said.remark.text}",
        submit_label="Répondre",
        cancel=f"{address}#remarques",
        trail=[("Atelier", reverse("workshop:home")), (str(said.production), address)],
    )
