"""`questions.xml`: the question bank of Moodle 4, where a quiz points at entries that have versions."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from traam.engines.parcours.model import Answer, Question, QuestionKind
from traam.engines.parcours.moodle.markup import Xml, authored, columns, document, tag
from traam.engines.parcours.moodle.plan import COURSE, COURSE_CONTEXT, TITLE, Placed, Plan
from traam.engines.parcours.texts import one_line, paragraph, words

TOP, CATEGORY = 301, 302
_TYPES = {
    QuestionKind.CHOICE: "multichoice",
    QuestionKind.CHOICES: "multichoice",
    QuestionKind.TRUE_FALSE: "truefalse",
    QuestionKind.SHORT: "shortanswer",
}


@dataclass
class Bank:
    """Gathers questions as quizzes are written."""

    entries: list[tuple[int, Question]] = field(default_factory=list)

    def put(self, question: Question) -> int:
        """Take a question in; its number, which is also that of its entry and of its only version."""
        number = len(self.entries) + 1
        self.entries.append((number, question))
        return number


def instances(placed: Placed, numbers: list[int]) -> Xml:
    """The slots of a quiz, one question on each page."""
    slots = []
    for slot, number in enumerate(numbers, 1):
        reference = columns(
            usingcontextid=placed.context,
            component="mod_quiz",
            questionarea="slot",
            questionbankentryid=number,
            version=None,
        )
        row = columns(quizid=placed.instance, slot=slot, page=slot, requireprevious=0, maxmark="1.0000000")
        slots.append(tag("question_instance", row, tag("question_reference", reference, id=number), id=number))
    return tag("question_instances", *slots)


def questions_xml(bank: Bank, plan: Plan) -> bytes:
    """`questions.xml`: one category for the module, under the `top` that Moodle 4 wants."""
    answers = count(1)
    entries = [_entry(number, question, answers, plan) for number, question in bank.entries]
    top = _category(TOP, "top", "top", 0, 0, [], plan)
    own = _category(CATEGORY, one_line(plan.course.title, TITLE), "module", TOP, 999, entries, plan)
    return document(tag("question_categories", top, own))


def _category(number: int, name: str, what: str, parent: int, order: int, entries: list[Xml], plan: Plan) -> Xml:
    row = columns(
        name=name,
        contextid=COURSE_CONTEXT,
        contextlevel=50,
        contextinstanceid=COURSE,
        info="",
        infoformat=1 if parent else 0,
        stamp=_stamp(plan, what),
        parent=parent,
        sortorder=order,
        idnumber=None,
    )
    return tag("question_category", row, tag("question_bank_entries", *entries), id=number)


def _entry(number: int, question: Question, answers: Iterator[int], plan: Plan) -> Xml:
    text = words(question.text_html)
    row = columns(
        parent=0,
        name=one_line(f"Q{number} {text}", 100),
        questiontext=authored(question.text_html),
        questiontextformat=1,
        generalfeedback=authored(question.feedback_html),
        generalfeedbackformat=1,
        defaultmark="1.0000000",
        penalty="0.3333333",
        qtype=_TYPES[question.kind],
        length=1,
        stamp=_stamp(plan, number, question),
        timecreated=plan.now,
        timemodified=plan.now,
        createdby=None,
        modifiedby=None,
    )
    asked = tag("question", row, _options(number, question, answers), tag("question_hints"), tag("tags"), id=number)
    version = tag("question_versions", columns(version=1, status="ready"), tag("questions", asked), id=number)
    return tag(
        "question_bank_entry",
        columns(questioncategoryid=CATEGORY, idnumber=None, ownerid=None),
        tag("question_version", version),
        id=number,
    )


def _stamp(plan: Plan, *content: object) -> str:
    """Moodle takes two questions of one stamp for the same: the stamp is drawn from what they say and where."""
    seen = repr((plan.course.shortname, *content)).encode("utf-8", "backslashreplace")
    return "traam+" + hashlib.sha256(seen).hexdigest()[:32]


def _options(number: int, question: Question, ids: Iterator[int]) -> Xml:
    match question.kind:
        case QuestionKind.TRUE_FALSE:
            return _true_false(number, question, ids)
        case QuestionKind.SHORT:
            return _short(number, question, ids)
        case _:
            return _multiple(number, question, ids)


def _multiple(number: int, question: Question, ids: Iterator[int]) -> Xml:
    answers = [
        _answer(next(ids), authored(paragraph(answer.text)), 1, share, answer)
        for answer, share in zip(question.answers, shares(question), strict=True)
    ]
    said = {
        name: value
        for outcome in ("correct", "partiallycorrect", "incorrect")
        for name, value in ((f"{outcome}feedback", ""), (f"{outcome}feedbackformat", 1))
    }
    row = columns(
        layout=0,
        single=question.kind is QuestionKind.CHOICE,
        shuffleanswers=1,
        **said,
        answernumbering="abc",
        shownumcorrect=0,
        showstandardinstruction=1,
    )
    return tag("plugin_qtype_multichoice_question", tag("answers", *answers), tag("multichoice", row, id=number))


def shares(question: Question) -> list[float]:
    """The part of the mark that each answer is worth. With several right, ticking everything is worth nothing."""
    right = sum(answer.right for answer in question.answers)
    wrong = len(question.answers) - right
    lost = -1 / wrong if question.kind is QuestionKind.CHOICES and wrong else 0.0
    return [1 / right if answer.right else lost for answer in question.answers]


def _true_false(number: int, question: Question, ids: Iterator[int]) -> Xml:
    """Moodle wants the true one first, and says both in the language of whoever answers."""
    in_order = sorted(question.answers, key=lambda answer: answer.text.strip().casefold() != "vrai")
    numbered = [(next(ids), answer) for answer in in_order]
    answers = [_answer(rank, answer.text.strip(), 0, float(answer.right), answer) for rank, answer in numbered]
    row = columns(trueanswer=numbered[0][0], falseanswer=numbered[1][0], showstandardinstruction=0)
    return tag("plugin_qtype_truefalse_question", tag("answers", *answers), tag("truefalse", row, id=number))


def _short(number: int, question: Question, ids: Iterator[int]) -> Xml:
    """A star stands for anything in Moodle's short answers: one that was typed is escaped."""
    answers = [
        _answer(next(ids), " ".join(answer.text.split()).replace("*", r"\*"), 0, float(answer.right), answer)
        for answer in question.answers
    ]
    row = columns(usecase=0)
    return tag("plugin_qtype_shortanswer_question", tag("answers", *answers), tag("shortanswer", row, id=number))


def _answer(number: int, text: str, text_format: int, share: float, answer: Answer) -> Xml:
    row = columns(
        answertext=text,
        answerformat=text_format,
        fraction=f"{share:.7f}",
        feedback=authored(paragraph(answer.feedback)),
        feedbackformat=1,
    )
    return tag("answer", row, id=number)
