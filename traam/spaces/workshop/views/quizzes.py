"""The questions of a quiz, one page each; answers are added and removed by buttons, without scripts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design import kept, typed
from traam.design.forms import show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid, Missing, Verdict
from traam.programme.people import queries as people_queries
from traam.programme.people.models import Person
from traam.programme.productions import module_policies
from traam.programme.productions.actions import quizzes as actions
from traam.programme.productions.actions.modules import StaleModule
from traam.programme.productions.actions.quizzes import KINDS, MOST_ANSWERS, Question
from traam.programme.productions.models import Module, ModuleActivity
from traam.programme.productions.queries import modules as queries
from traam.spaces.workshop.module_forms import QuestionForm, blank, counted, question_initial, rearranged
from traam.spaces.workshop.views.modules import trail
from traam.spaces.workshop.views.writing import forget

GONE = "Un collègue a modifié ou retiré cette question depuis l'ouverture de votre page. Votre texte est ci-dessous : "


@dataclass(frozen=True)
class Asked:
    """A question of a quiz: its `number` from 1, 0 when it is new."""

    module: Module
    activity: ModuleActivity
    kind: str
    number: int = 0

    @property
    def stored(self) -> Question:
        return actions.read(self.activity.questions[self.number - 1]) if self.number else blank(self.kind)

    @property
    def seen(self) -> str:
        return queries.question_seen(self.activity.questions[self.number - 1]) if self.number else ""

    @property
    def place(self) -> str:
        """Where what is typed is kept."""
        return f"module:{self.module.pk}:quiz:{self.activity.pk}:{self.seen or self.kind}"


def _quiz(pk: int, activity: int) -> ModuleActivity:
    found = queries.activity(pk, activity)
    if found.kind != ModuleActivity.Kind.QUIZ:
        raise Missing("Cette activité n'est pas un questionnaire.")
    return found


def _find_new(pk: int, activity: int, kind: str) -> Asked:
    if kind not in KINDS:
        raise Missing("Cette forme de question n'existe pas.")
    quiz = _quiz(pk, activity)
    return Asked(quiz.section.module, quiz, kind)


def _find(pk: int, activity: int, number: int) -> Asked:
    quiz = _quiz(pk, activity)
    if not 1 <= number <= len(quiz.questions):
        raise Missing("Cette question n'est plus dans le questionnaire.")
    return Asked(quiz.section.module, quiz, quiz.questions[number - 1]["kind"], number)


def _may_see(person: Person, activity: ModuleActivity, at: datetime) -> Verdict:
    return module_policies.may_see(person, activity.section.module, at)


def _may_ask(person: Person, asked: Asked, at: datetime) -> Verdict:
    return module_policies.may_edit(person, asked.module, at)


def _may_change(person: Person, activity: ModuleActivity, at: datetime) -> Verdict:
    return module_policies.may_edit(person, activity.section.module, at)


@reads(find=_quiz, may=_may_see, why="module")
def quiz(request: Request, activity: ModuleActivity) -> HttpResponse:
    module = activity.section.module
    return show(
        request,
        "workshop/modules/quiz.html",
        module=module,
        activity=activity,
        trail=trail(module),
        questions=[(kept_, queries.question_seen(kept_)) for kept_ in activity.questions],
        kinds=KINDS,
        editable=module_policies.may_edit(request.user, module, request.at),
    )


@kept.keeping
@writes(find=_find_new, may=_may_ask, why="module")
def add_question(request: Request, asked: Asked) -> HttpResponse:
    return _question(request, asked)


@kept.keeping
@writes(find=_find, may=_may_ask, why="module")
def edit_question(request: Request, asked: Asked) -> HttpResponse:
    return _question(request, asked)


def _question(request: Request, asked: Asked) -> HttpResponse:
    """Show the question, with an answer more or less when a button asked it, or keep it."""
    if request.method != "POST":
        return _open(request, asked)
    remove = request.POST.get("remove", "")
    if "add" in request.POST or remove.isdecimal():
        values = rearranged(request.POST, add="add" in request.POST, remove=int(remove[:4]) if remove else None)
        count = int(str(values["count"]))
        return _page(request, asked, QuestionForm(asked.kind, count, initial=values))
    form = QuestionForm(asked.kind, counted(request.POST), request.POST)
    if not form.is_valid():
        return _page(request, asked, form)
    try:
        _keep(request, asked, form)
    except StaleModule:
        form.add_error(None, f"{GONE}copiez-le, revenez au questionnaire, et ouvrez la question telle qu'elle est.")
        return _page(request, asked, form)
    except Invalid as invalid:
        _apply(form, invalid)
        return _page(request, asked, form)
    forget(request, asked.place)
    messages.success(request, "Question enregistrée.")
    address = reverse("workshop:quiz", args=[asked.module.pk, asked.activity.pk])
    return redirect(f"{address}#ajouter" if not asked.number else f"{address}#question-{asked.number}")


def _open(request: Request, asked: Asked) -> HttpResponse:
    stored = asked.stored
    again = typed.again(request, people_queries.typing(request.user, asked.place))
    count = counted(again.data) if again else len(stored.answers)
    form = QuestionForm(asked.kind, count, initial=question_initial(stored, asked.seen))
    if again:
        again.fill(form)
    return _page(request, asked, form, again)


def _keep(request: Request, asked: Asked, form: QuestionForm) -> None:
    question, by = form.question(), {"actor": request.user, "at": request.at}
    if asked.number:
        seen = form.cleaned_data["seen"]
        actions.change_question(asked.activity, asked.number, question, seen=seen, **by)
    else:
        actions.add_question(asked.activity, question, **by)


def _apply(form: QuestionForm, invalid: Invalid) -> None:
    """The errors of an answer stand under its text."""
    for name, sentences in invalid.errors.items():
        field = f"text_{name.removeprefix('answer-')}" if name.startswith("answer-") else name
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)


def _page(request: Request, asked: Asked, form: QuestionForm, again: typed.Again | None = None) -> HttpResponse:
    address = reverse("workshop:quiz", args=[asked.module.pk, asked.activity.pk])
    title = f"Question {asked.number}" if asked.number else f"Ajouter une question : {KINDS[asked.kind].lower()}"
    more: dict[str, Any] = {
        "module": asked.module,
        "activity": asked.activity,
        "kind": asked.kind,
        "title": title,
        "address": address,
        "trail": [*trail(asked.module), (asked.activity.title, address)],
        "again": again,
        "place": asked.place,
        "full": form.answers >= MOST_ANSWERS,
        "least": 1 if asked.kind == "short" else 2,
    }
    return show(request, "workshop/modules/question.html", form, **more)


@writes(find=_quiz, may=_may_change, why="module")
def arrange_quiz(request: Request, activity: ModuleActivity) -> HttpResponse:
    """One button of the list of questions: up, down, or taken away."""
    module = activity.section.module
    for verb in ("up", "down", "remove"):
        number, _, seen = request.POST.get(verb, "").partition(":")
        if number.isdecimal() and len(number) < 5:
            try:
                _arrange(request, activity, verb, int(number), seen)
            except StaleModule:
                messages.warning(
                    request, "Un collègue vient de changer cette question : voici le questionnaire à jour."
                )
    return redirect("workshop:quiz", module.pk, activity.pk)


def _arrange(request: Request, activity: ModuleActivity, verb: str, number: int, seen: str) -> None:
    by = {"seen": seen, "actor": request.user, "at": request.at}
    if verb == "remove":
        actions.remove_question(activity, number, **by)
        messages.success(request, f"Question {number} retirée.")
    else:
        actions.move_question(activity, number, -1 if verb == "up" else 1, **by)
