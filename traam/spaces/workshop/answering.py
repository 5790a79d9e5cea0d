"""Answering a quiz in the preview of a module: nothing is kept, each answer has its feedback."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Given(Protocol):
    """What the address holds (a QueryDict)."""

    def getlist(self, key: str) -> list[Any]: ...


@dataclass(frozen=True)
class Tried:
    """A question as it was answered. `given`: the answers chosen (their places from 0), or `typed` for a short one.

    `right` is None as long as nothing was answered; `said` is the feedback of what was given.
    """

    question: Mapping[str, Any]
    name: str
    given: tuple[int, ...] = ()
    typed: str = ""
    right: bool | None = None
    said: tuple[str, ...] = ()


def tried(activity: int, questions: Sequence[Mapping[str, Any]], sent: Given) -> list[Tried]:
    """The questions of an activity (by its number), with what the address says was answered."""
    return [_one(question, f"q{activity}-{number}", sent) for number, question in enumerate(questions, 1)]


def _one(question: Mapping[str, Any], name: str, sent: Given) -> Tried:
    answers = question["answers"]
    if question["kind"] == "short":
        typed = str((sent.getlist(name) or [""])[0]).strip()[:200]
        if not typed:
            return Tried(question, name)
        met = [answer for answer in answers if _same(answer["text"], typed)]
        return Tried(question, name, typed=typed, right=bool(met), said=_said(met))
    given = tuple(place for place in range(len(answers)) if str(place) in sent.getlist(name))
    if not given:
        return Tried(question, name)
    right = {place for place, answer in enumerate(answers) if answer["right"]}
    return Tried(question, name, given, right=set(given) == right, said=_said([answers[place] for place in given]))


def _same(one: str, other: str) -> bool:
    """As Moodle compares: neither capitals nor blanks around."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _said(answers: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(answer["feedback"] for answer in answers if answer["feedback"])
