"""A training module for teachers, whatever platform it leaves for.

HTML fields are HTML fragments ALREADY SANITISED by the caller; every other text is plain. In a fragment, a file carried
by its page is addressed by `address_of(name)`, as in `<img src="parcours:schema.png" alt="…">`: each format then says
where it really is.
"""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

SCHEME = "parcours:"


def address_of(name: str) -> str:
    """The address, in the HTML of an activity or a document, of the file of that name carried with it."""
    return SCHEME + quote(name, safe="", errors="surrogatepass")


class Kind(StrEnum):
    """What a trainee does. The codes are those of the workshop, and `label` for a text shown between activities."""

    PAGE = "page"
    LABEL = "label"
    LINK = "link"
    VIDEO = "video"
    QUIZ = "quiz"
    H5P = "h5p"
    FILE = "file"
    TASK = "task"
    FORUM = "forum"


class Completion(StrEnum):
    """What makes an activity done for a trainee. `usual` is what its kind usually asks."""

    USUAL = "usual"
    NONE = "none"
    MANUAL = "manual"
    VIEW = "view"
    PASS = "pass"  # noqa: S105 - a mark, not a password
    POST = "post"
    SUBMIT = "submit"


USUAL = {
    Kind.PAGE: Completion.VIEW,
    Kind.LABEL: Completion.NONE,
    Kind.LINK: Completion.VIEW,
    Kind.VIDEO: Completion.VIEW,
    Kind.QUIZ: Completion.PASS,
    Kind.H5P: Completion.VIEW,
    Kind.FILE: Completion.VIEW,
    Kind.TASK: Completion.SUBMIT,
    Kind.FORUM: Completion.POST,
}


class QuestionKind(StrEnum):
    """`choice` has one right answer, `choices` several; `true_false` has « Vrai » and « Faux »; `short` is typed."""

    CHOICE = "choice"
    CHOICES = "choices"
    TRUE_FALSE = "true_false"
    SHORT = "short"


@dataclass(frozen=True)
class File:
    """Bytes with a name. `licence`: a code of `traam.reference`, else the module's; `media_type`: else by the name."""

    name: str
    data: bytes
    media_type: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Answer:
    """One answer: plain text, whether it is right, and what is said (plain) to whoever gives it."""

    text: str
    right: bool = False
    feedback: str = ""


@dataclass(frozen=True)
class Question:
    """A question; `feedback_html` is said whatever the answer. A `true_false` is answered « Vrai » or « Faux »."""

    kind: QuestionKind
    text_html: str
    answers: tuple[Answer, ...]
    feedback_html: str = ""


@dataclass(frozen=True)
class Activity:
    """One thing to do.

    `html` is what is read (of a page), or the instructions (of anything else). `address` belongs to links and videos,
    with `transcript_html` of a video; `questions` to a quiz; `file` to an H5P, a document, or joined to a task.
    `images` are the files that `html` and the transcript show. `requires` is the title of an earlier activity to be
    done first.
    """

    kind: Kind
    title: str
    html: str = ""
    minutes: int = 0
    address: str = ""
    transcript_html: str = ""
    questions: tuple[Question, ...] = ()
    file: File | None = None
    images: tuple[File, ...] = ()
    completion: Completion = Completion.USUAL
    requires: str = ""

    @property
    def done(self) -> Completion:
        """What makes it done, `usual` resolved."""
        return USUAL[self.kind] if self.completion is Completion.USUAL else self.completion


@dataclass(frozen=True)
class Section:
    """A part of the module, in its place."""

    title: str
    summary_html: str = ""
    activities: tuple[Activity, ...] = ()

    @property
    def minutes(self) -> int:
        """The minutes of its activities."""
        return sum(activity.minutes for activity in self.activities)


@dataclass(frozen=True)
class Document:
    """The note de cadrage, the carnet du stagiaire or the guide du formateur: a page (`html`), a file, or both.

    What is `for_trainers` leaves hidden from trainees.
    """

    title: str
    html: str = ""
    file: File | None = None
    images: tuple[File, ...] = ()
    for_trainers: bool = False


@dataclass(frozen=True)
class Course:
    """A module. `shortname` is of letters, digits, `.`, `-` and `_`; `authors` are as they sign, never an address.

    `minutes` is the duration announced; `licence` a code of `traam.reference` (CC-BY-SA…).
    """

    shortname: str
    title: str
    summary_html: str
    minutes: int
    sections: tuple[Section, ...]
    language: str = "fr"
    tags: tuple[str, ...] = ()
    licence: str = "CC-BY-SA"
    authors: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()

    @property
    def activities(self) -> tuple[Activity, ...]:
        """Every activity, in order."""
        return tuple(activity for section in self.sections for activity in section.activities)

    @property
    def total(self) -> int:
        """The minutes of every activity."""
        return sum(section.minutes for section in self.sections)
