"""The questions of a quiz, one at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.people.models import Person
from traam.programme.productions.actions.modules import StaleModule, changeable, touch
from traam.programme.productions.models import Module, ModuleActivity
from traam.programme.productions.queries import modules as queries

KINDS = {
    "choice": "Choix unique",
    "choices": "Choix multiples",
    "true_false": "Vrai ou faux",
    "short": "Réponse courte",
}
MOST_QUESTIONS = 50
MOST_ANSWERS = 10
LONGEST = {"text": 2_000, "feedback": 2_000}
LONGEST_ANSWER = 500


@dataclass(frozen=True)
class Answer:
    """`right` says whether it is right (every answer of a short question is); `feedback` is shown to who gives it."""

    text: str
    right: bool = False
    feedback: str = ""


@dataclass(frozen=True)
class Question:
    """`kind` is one of `KINDS`; `feedback` is shown to everyone once answered. Texts are Markdown but the answers."""

    kind: str
    text: str
    answers: Sequence[Answer] = ()
    feedback: str = ""


def stored(question: Question) -> dict[str, Any]:
    """The question as it is kept (see `ModuleActivity`)."""
    answers = [
        {"text": a.text.strip(), "right": a.right or question.kind == "short", "feedback": a.feedback.strip()}
        for a in question.answers
    ]
    text, feedback = question.text.strip("\n "), question.feedback.strip("\n ")
    return {"kind": question.kind, "text": text, "answers": answers, "feedback": feedback}


def read(kept: dict[str, Any]) -> Question:
    return Question(kept["kind"], kept["text"], [Answer(**answer) for answer in kept["answers"]], kept["feedback"])


@transaction.atomic
def add_question(activity: ModuleActivity, question: Question, *, actor: Person, at: datetime) -> ModuleActivity:
    module, activity = _quiz(activity, actor, at)
    if len(activity.questions) >= MOST_QUESTIONS:
        raise Invalid({"": [f"Le questionnaire a déjà {MOST_QUESTIONS} questions : faites-en un second."]})
    _check(question)
    return _keep(module, activity, [*activity.questions, stored(question)], "add_question", actor, at)


@transaction.atomic
def change_question(
    activity: ModuleActivity, number: int, question: Question, *, seen: str, actor: Person, at: datetime
) -> ModuleActivity:
    """Keep a question (`number` from 1), even moved since; `StaleModule` when somebody changed or removed it."""
    module, activity = _quiz(activity, actor, at)
    place = _place(activity, number, seen)
    _check(question)
    questions = [*activity.questions]
    questions[place] = stored(question)
    return _keep(module, activity, questions, "change_question", actor, at)


@transaction.atomic
def move_question(
    activity: ModuleActivity, number: int, by: int, *, seen: str, actor: Person, at: datetime
) -> ModuleActivity:
    module, activity = _quiz(activity, actor, at)
    place = _place(activity, number, seen)
    questions = [*activity.questions]
    moved = questions.pop(place)
    questions.insert(min(max(place + by, 0), len(questions)), moved)
    return _keep(module, activity, questions, "move_question", actor, at)


@transaction.atomic
def remove_question(activity: ModuleActivity, number: int, *, seen: str, actor: Person, at: datetime) -> ModuleActivity:
    module, activity = _quiz(activity, actor, at)
    place = _place(activity, number, seen)
    questions = [kept for n, kept in enumerate(activity.questions) if n != place]
    return _keep(module, activity, questions, "remove_question", actor, at)


def _quiz(activity: ModuleActivity, actor: Person, at: datetime) -> tuple[Module, ModuleActivity]:
    module = changeable(activity.section.module, actor, at)
    activity = queries.activity_of(module, activity.pk)
    if activity.kind != ModuleActivity.Kind.QUIZ:
        raise Invalid({"": ["Cette activité n'est pas un questionnaire."]})
    return module, activity


def _keep(
    module: Module, activity: ModuleActivity, questions: list[dict[str, Any]], verb: str, actor: Person, at: datetime
) -> ModuleActivity:
    activity.questions = questions
    activity.save(update_fields=["questions"])
    touch(module, verb, actor, at, activity=activity.pk, questions=len(questions))
    return activity


def _place(activity: ModuleActivity, number: int, seen: str) -> int:
    """Where the question that was seen is now: at its place, or wherever a colleague moved it."""
    digests = [queries.question_seen(question) for question in activity.questions]
    if 1 <= number <= len(digests) and digests[number - 1] == seen:
        return number - 1
    if seen not in digests:
        raise StaleModule(activity)
    return digests.index(seen)


def _check(question: Question) -> None:
    """Raise `Invalid`; the errors of an answer are under "answer-0", "answer-1"…"""
    errors: dict[str, list[str]] = {}
    if question.kind not in KINDS:
        raise Invalid({"": ["Choisissez une forme de question de la liste."]})
    if not question.text.strip():
        errors["text"] = ["Écrivez la question."]
    for name, longest in LONGEST.items():
        length = len(getattr(question, name))
        if length > longest:
            errors[name] = [f"Ce texte compte {length} caractères : {longest} au plus."]
    errors |= _answer_errors(question)
    if wrong := "" if errors else _rightness(question):
        errors[""] = [wrong]
    if errors:
        raise Invalid(errors)


def _answer_errors(question: Question) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if len(question.answers) > MOST_ANSWERS:
        return {"": [f"Il y a {len(question.answers)} réponses : {MOST_ANSWERS} au plus."]}
    before: set[str] = set()
    for place, answer in enumerate(question.answers):
        text = answer.text.strip()
        if not text:
            errors[f"answer-{place}"] = [f"La réponse {place + 1} est vide : écrivez-la, ou retirez-la."]
        elif text.casefold() in before:
            errors[f"answer-{place}"] = [
                f"La réponse {place + 1} est déjà donnée plus haut : changez-la, ou retirez-la."
            ]
        elif max(len(text), len(answer.feedback)) > LONGEST_ANSWER:
            errors[f"answer-{place}"] = [
                f"La réponse {place + 1} dépasse {LONGEST_ANSWER} caractères : raccourcissez-la."
            ]
        before.add(text.casefold())
    return errors


def _rightness(question: Question) -> str:
    """What is wrong with the answers taken together; "" when nothing is."""
    right = sum(answer.right for answer in question.answers)
    if question.kind == "short":
        return "" if question.answers else "Donnez au moins une réponse acceptée."
    if question.kind == "true_false":
        named = [answer.text.strip() for answer in question.answers] == ["Vrai", "Faux"]
        return "" if named and right == 1 else "Dites si l'affirmation est vraie ou fausse."
    if len(question.answers) < 2:
        return "Donnez au moins deux réponses, dont une bonne."
    if question.kind == "choice" and right != 1:
        return f"Cochez une bonne réponse, et une seule : {right} le sont."
    return "" if right else "Cochez au moins une bonne réponse."
