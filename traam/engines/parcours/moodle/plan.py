"""Who is who in the backup: every identifier is given here, from the places of things and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from traam.engines.parcours.model import Activity, Completion, Course, Document, Kind, Section
from traam.engines.parcours.texts import NBSP, duration, duration_line, licence_line, one_line, paragraph

COURSE = 2
SYSTEM_CONTEXT = 1
COURSE_CONTEXT = 1_000
GRADE_CATEGORY = 10
COURSE_GRADE = 11
TITLE = 255  # the width of a name in Moodle's tables

# A video leaves as a page: a Moodle "url" sends straight to the address, and nobody would ever see the transcript.
MODULES = {
    Kind.PAGE: "page",
    Kind.LABEL: "label",
    Kind.LINK: "url",
    Kind.VIDEO: "page",
    Kind.QUIZ: "quiz",
    Kind.H5P: "h5pactivity",
    Kind.FILE: "resource",
    Kind.TASK: "assign",
    Kind.FORUM: "forum",
}
_GRADED = (Kind.QUIZ, Kind.TASK, Kind.H5P)

LICENCES = {
    "CC-BY": "cc-4.0",
    "CC-BY-SA": "cc-sa-4.0",
    "CC-BY-NC": "cc-nc-4.0",
    "CC-BY-NC-SA": "cc-nc-sa-4.0",
    "CC-BY-ND": "cc-nd-4.0",
    "CC0": "public",
}  # those that every Moodle knows; the Licence Ouverte is not among them


@dataclass(frozen=True)
class Placed:
    """An activity with its identifiers; `grade` is its grade item, `waits_for` a course module."""

    activity: Activity
    module: int
    instance: int
    context: int
    grade: int | None
    waits_for: int | None

    @property
    def name(self) -> str:
        """Moodle's name of its kind."""
        return MODULES[self.activity.kind]

    @property
    def folder(self) -> str:
        """Where its documents are in the archive."""
        return f"activities/{self.name}_{self.module}"

    @property
    def title(self) -> str:
        """Its title, as wide as Moodle takes."""
        return one_line(self.activity.title, TITLE)


@dataclass(frozen=True)
class Part:
    """A section with its identifiers."""

    section: int
    number: int
    title: str
    summary: str
    visible: bool
    placed: tuple[Placed, ...]

    @property
    def folder(self) -> str:
        """Where its documents are in the archive."""
        return f"sections/section_{self.section}"


@dataclass(frozen=True)
class Plan:
    """A course to write, its parts in order, and the second (Unix time) that everything is dated."""

    course: Course
    parts: tuple[Part, ...]
    now: int

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Every activity, in order."""
        return tuple(placed for part in self.parts for placed in part.placed)


def arrange(course: Course, now: int) -> Plan:
    """The course with its identifiers: a welcome (section 0), its sections, and, hidden, what is for trainers."""
    numbers = count(1)
    modules: dict[str, int] = {}
    parts = [_part(0, _welcome(course), True, numbers, modules, of_module=False)]
    for number, section in enumerate(course.sections, 1):
        parts.append(_part(number, section, True, numbers, modules, of_module=True))
    if any(document.for_trainers for document in course.documents):
        last = Section("Pour les formateurs", "", tuple(_documents(course, for_trainers=True)))
        parts.append(_part(len(parts), last, False, numbers, modules, of_module=False))
    return Plan(course, tuple(parts), now)


def _part(
    number: int, section: Section, visible: bool, numbers: Iterator[int], modules: dict[str, int], *, of_module: bool
) -> Part:
    placed = []
    for activity in section.activities:
        rank = next(numbers)
        waits_for = modules.get(_key(activity.requires)) if activity.requires else None
        placed.append(
            Placed(
                activity=activity,
                module=100 + rank,
                instance=rank,
                context=COURSE_CONTEXT + rank,
                grade=COURSE_GRADE + rank if activity.kind in _GRADED else None,
                waits_for=waits_for,
            )
        )
        if of_module:
            modules.setdefault(_key(activity.title), 100 + rank)
    summary = section.summary_html + duration_line("Durée", section.minutes)
    return Part(200 + number, number, one_line(section.title, TITLE), summary, visible, tuple(placed))


def _key(title: str) -> str:
    return one_line(title, 1000).casefold()


def _welcome(course: Course) -> Section:
    lines = [paragraph(f"Durée totale{NBSP}: {duration(course.minutes)}.")]
    if course.authors:
        lines.append(paragraph(f"Auteurs{NBSP}: {', '.join(course.authors)}."))
    lines.append(licence_line(course.licence))
    return Section("Accueil", "".join(lines), tuple(_documents(course, for_trainers=False)))


def _documents(course: Course, *, for_trainers: bool) -> Iterator[Activity]:
    """A document is a page, or a file; both when it is written and joined."""
    for document in course.documents:
        if document.for_trainers == for_trainers:
            yield from _document(document)


def _document(document: Document) -> Iterator[Activity]:
    page = Activity(Kind.PAGE, document.title, document.html, images=document.images, completion=Completion.NONE)
    if document.file is None:
        yield page
    elif document.html:
        yield page
        title = f"{document.title} (fichier)"
        yield Activity(Kind.FILE, title, file=document.file, completion=Completion.NONE)
    else:
        yield replace(page, kind=Kind.FILE, file=document.file)
