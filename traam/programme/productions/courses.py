"""A training module as a course that leaves for a learning platform, and what is missing in it before it may."""

from collections.abc import Callable
from functools import cache
from html import escape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from traam.engines import parcours
from traam.engines.parcours import (
    Activity,
    Answer,
    Course,
    Document,
    Fault,
    File,
    Kind,
    Question,
    QuestionKind,
    Section,
)
from traam.gateways import storage
from traam.programme.productions.models import Module, ModuleActivity, ModuleSection

DOCUMENTS = (
    ("framing", "Note de cadrage", True),
    ("notebook", "Carnet du stagiaire", False),
    ("guide", "Guide du formateur", True),
)
"""Field of the module, title, whether it is for trainers only."""

Place = Callable[[str], str]
"""Where an image is, by the address that the text gives it ("fichier:12"); "" when it is not of this text."""
Render = Callable[[str, Place], str]
Fetch = Callable[[ModuleActivity], bytes]
DEFAULT_LICENCE = "CC-BY-SA"


def no_image(source: str) -> str:
    return ""


def plain(text: str, place: Place = no_image) -> str:
    """Markdown as the poorest HTML: enough to judge what it says."""
    return f"<p>{escape(text)}</p>" if text.strip() else ""


@cache
def _h5p() -> bytes:
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        archive.writestr("h5p.json", "{}")
    return held.getvalue()


def stand_in(activity: ModuleActivity) -> bytes:
    """Bytes in place of the activity's file, judged when it was taken in: to judge the module reads no file."""
    return _h5p()


def stored(activity: ModuleActivity) -> bytes:
    """The bytes of the activity's file; raises `storage.Lost`."""
    with storage.reading(activity.file) as file:
        return file.read()


def course(module: Module, *, render: Render = plain, fetch: Fetch = stand_in) -> Course:
    """The module as the engine knows it (read whole: `queries.modules.module`).

    `render` makes sanitised HTML of Markdown, `fetch` gives the bytes of a file.
    """
    return Course(
        shortname=f"traam-{module.theme.campaign.first_year}-module-{module.pk}",
        title=module.title,
        summary_html=_summary(module, render),
        minutes=module.minutes,
        sections=tuple(_section(section, render, fetch) for section in module.sections.all()),
        tags=tuple(module.keywords),
        licence=module.licence or DEFAULT_LICENCE,
        authors=(signature(module),),
        documents=tuple(
            Document(title, render(text, no_image), for_trainers=hidden)
            for name, title, hidden in DOCUMENTS
            if (text := getattr(module, name)).strip()
        ),
    )


def signature(module: Module) -> str:
    """Who signs: the authors as they asked to be named, else the group, else the national group."""
    if module.authors.strip():
        return module.authors.strip()
    return f"Groupe TraAM {module.group.of_academy}" if module.group else "Groupe national TraAM"


def _summary(module: Module, render: Render) -> str:
    parts = [render(module.summary, no_image)] if module.summary.strip() else []
    if module.objectives.strip():
        parts.append(f"<p><strong>Objectifs</strong></p>{render(module.objectives, no_image)}")
    if module.audience.strip():
        parts.append(f"<p><strong>Public\u00a0:</strong> {escape(module.audience)}</p>")
    return "".join(parts)


def _section(section: ModuleSection, render: Render, fetch: Fetch) -> Section:
    activities = tuple(_activity(activity, render, fetch) for activity in section.activities.all())
    return Section(section.title, render(section.summary, no_image) if section.summary.strip() else "", activities)


def _activity(activity: ModuleActivity, render: Render, fetch: Fetch) -> Activity:
    held = File(activity.filename, fetch(activity), licence=activity.licence) if activity.file else None
    image = held if activity.kind == "page" else None

    def place(source: str) -> str:
        return parcours.address_of(image.name) if image and source == f"fichier:{activity.pk}" else ""

    return Activity(
        kind=Kind(activity.kind),
        title=activity.title,
        html=render(activity.body, place) if activity.body.strip() else "",
        minutes=activity.minutes,
        address=activity.address,
        transcript_html=render(activity.transcript, no_image) if activity.transcript.strip() else "",
        questions=tuple(_question(kept, render) for kept in activity.questions),
        file=None if image else held,
        images=(image,) if image else (),
    )


def _question(kept: dict[str, Any], render: Render) -> Question:
    feedback = str(kept.get("feedback", ""))
    return Question(
        QuestionKind(str(kept["kind"])),
        render(str(kept["text"]), no_image),
        tuple(Answer(str(a["text"]), bool(a["right"]), str(a["feedback"])) for a in kept["answers"]),
        render(feedback, no_image) if feedback.strip() else "",
    )


def faults(module: Module) -> list[Fault]:
    """What forbids the module to leave, in the order of the module: where, and what to do."""
    return parcours.judge(course(module))


def losses(module: Module) -> list[str]:
    """What the Common Cartridge cannot carry of this module, for whoever chooses a format."""
    return [str(loss) for loss in parcours.losses(course(module))]


def mbz(module: Module, render: Render) -> bytes:
    """The module as a Moodle 4.1 restores it; dated by its last change, so the same module gives the same bytes.

    Raises `parcours.NotExportable`, or `storage.Lost`.
    """
    return parcours.mbz(course(module, render=render, fetch=stored), now=int(module.changed_at.timestamp()))


def cartridge(module: Module, render: Render) -> bytes:
    """The module as a Common Cartridge 1.1; raises as `mbz` does."""
    return parcours.cartridge(course(module, render=render, fetch=stored))
