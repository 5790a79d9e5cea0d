"""Quizzes as QTI 1.2.1, in the profile of Common Cartridge: four kinds of questions, one variable, marks out of 100.

What each answer says is told by its own condition, the general comment by one that always holds, first. Moodle makes
the general comment of a question out of every condition that lets the next be read: all others stop there, but those
of questions with several right answers, which cannot.
"""

from traam.engines.parcours.cartridge.tree import Element, add, root, written
from traam.engines.parcours.model import Activity, Answer, Question, QuestionKind
from traam.engines.parcours.texts import one_line, paragraph, words

_NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_PROFILES = {
    QuestionKind.CHOICE: "cc.multiple_choice.v0p1",
    QuestionKind.CHOICES: "cc.multiple_response.v0p1",
    QuestionKind.TRUE_FALSE: "cc.true_false.v0p1",
    QuestionKind.SHORT: "cc.fib.v0p1",
}


def assessment(activity: Activity, key: str, language: str) -> bytes:
    """The quiz of an activity."""
    document = root(_NAMESPACE, "questestinterop")
    quiz = add(document, "assessment", ident=f"q_{key}", title=one_line(activity.title, 200), lang=language)
    _metadata(
        quiz,
        cc_profile="cc.exam.v0p1",
        qmd_assessmenttype="Examination",
        qmd_scoretype="Percentage",
        cc_maxattempts="unlimited",
    )
    section = add(quiz, "section", ident="root_section")
    for rank, question in enumerate(activity.questions, 1):
        _item(section, question, f"{key}_q{rank}")
    return written(document)


def _metadata(parent: Element, **fields: str) -> None:
    metadata = add(parent, "qtimetadata")
    for label, entry in fields.items():
        field = add(metadata, "qtimetadatafield")
        add(field, "fieldlabel", label)
        add(field, "fieldentry", entry)


def _item(section: Element, question: Question, ident: str) -> None:
    item = add(section, "item", ident=ident, title=one_line(words(question.text_html), 80))
    _metadata(add(item, "itemmetadata"), cc_profile=_PROFILES[question.kind])
    labels = _labels(question)
    _presentation(item, question, labels)
    processing = add(item, "resprocessing")
    add(add(processing, "outcomes"), "decvar", varname="SCORE", vartype="Decimal", minvalue="0", maxvalue="100")
    said: dict[str, str] = {}
    if question.feedback_html:
        said["general_fb"] = question.feedback_html
        add(_condition(processing, "Yes", "general_fb"), "other")
    _ANSWERED[question.kind](processing, question, labels, said)
    for name, html in said.items():
        feedback = add(item, "itemfeedback", ident=name)
        _text(add(feedback, "flow_mat"), html)


def _labels(question: Question) -> list[str]:
    """The identifier of each answer; importers look for `true` and `false` by name."""
    if question.kind is QuestionKind.TRUE_FALSE:
        return ["true" if answer.text.strip().casefold() == "vrai" else "false" for answer in question.answers]
    return [f"answer{rank}" for rank in range(1, len(question.answers) + 1)]


def _presentation(item: Element, question: Question, labels: list[str]) -> None:
    presentation = add(item, "presentation")
    _text(presentation, question.text_html)
    if question.kind is QuestionKind.SHORT:
        add(add(presentation, "response_str", ident="response1", rcardinality="Single"), "render_fib", prompt="Box")
        return
    cardinality = "Multiple" if question.kind is QuestionKind.CHOICES else "Single"
    choices = add(add(presentation, "response_lid", ident="response1", rcardinality=cardinality), "render_choice")
    for label, answer in zip(labels, question.answers, strict=True):
        _text(add(choices, "response_label", ident=label), paragraph(answer.text))


def _text(parent: Element, html: str) -> None:
    add(add(parent, "material"), "mattext", html, texttype="text/html", charset="utf-8")


def _condition(processing: Element, proceed: str, shown: str = "", score: bool = False) -> Element:
    """A condition to fill, which scores, or shows a comment, or both."""
    condition = add(processing, "respcondition", **{"continue": proceed})
    variables = add(condition, "conditionvar")
    if score:
        add(condition, "setvar", "100", varname="SCORE", action="Set")
    if shown:
        add(condition, "displayfeedback", feedbacktype="Response", linkrefid=shown)
    return variables


def _one(processing: Element, question: Question, labels: list[str], said: dict[str, str]) -> None:
    """One right answer: each answer tells its comment, and its mark, and that is all."""
    for label, answer in zip(labels, question.answers, strict=True):
        shown = _comment(f"{label}_fb", answer, said)
        if answer.right or shown:
            add(_condition(processing, "No", shown, answer.right), "varequal", label, respident="response1")


def _several(processing: Element, question: Question, labels: list[str], said: dict[str, str]) -> None:
    """Several right answers: every comment, then the mark for all of the right ones and none of the others."""
    for label, answer in zip(labels, question.answers, strict=True):
        if shown := _comment(f"{label}_fb", answer, said):
            add(_condition(processing, "Yes", shown), "varequal", label, respident="response1")
    both = add(_condition(processing, "No", score=True), "and")
    for label, answer in zip(labels, question.answers, strict=True):
        place = both if answer.right else add(both, "not")
        add(place, "varequal", label, respident="response1", case="Yes")


def _typed(processing: Element, question: Question, labels: list[str], said: dict[str, str]) -> None:
    """A typed answer: any of the right ones, whose comments are told together; then the wrong ones foreseen."""
    right = [answer for answer in question.answers if answer.right]
    comments = list(dict.fromkeys(answer.feedback for answer in right if answer.feedback.strip()))
    shown = ""
    if comments:
        shown = "correct_fb"
        said[shown] = "".join(paragraph(comment) for comment in comments)
    variables = _condition(processing, "No", shown, score=True)
    for answer in right:
        add(variables, "varequal", " ".join(answer.text.split()), respident="response1", case="No")
    for label, answer in zip(labels, question.answers, strict=True):
        if not answer.right and (shown := _comment(f"{label}_fb", answer, said)):
            text = " ".join(answer.text.split())
            add(_condition(processing, "No", shown), "varequal", text, respident="response1", case="No")


def _comment(name: str, answer: Answer, said: dict[str, str]) -> str:
    if not paragraph(answer.feedback):
        return ""
    said[name] = paragraph(answer.feedback)
    return name


_ANSWERED = {
    QuestionKind.CHOICE: _one,
    QuestionKind.TRUE_FALSE: _one,
    QuestionKind.CHOICES: _several,
    QuestionKind.SHORT: _typed,
}
