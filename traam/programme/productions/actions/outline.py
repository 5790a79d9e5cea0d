"""The sections and the activities of a training module: their places have no gap, whoever moves them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from traam import reference
from traam.engines.sharing import ACCEPTED, IMAGES, BadAddress, normal
from traam.engines.sharing.pictures import images_named
from traam.engines.workflow import Invalid
from traam.programme.people.models import Person
from traam.programme.productions import module_policies as policies
from traam.programme.productions.actions import filing
from traam.programme.productions.actions.filing import Taken
from traam.programme.productions.actions.modules import StaleModule, changeable, touch
from traam.programme.productions.models import Module, ModuleActivity, ModuleSection
from traam.programme.productions.queries import modules as queries

MOST_SECTIONS = 20
MOST_ACTIVITIES = 100
MOST_ACTIVITY_MINUTES = 300
LONGEST = {"title": 200, "summary": 3_000, "body": 40_000, "transcript": 40_000}
# What a kind of activity takes besides its title, its text and its minutes.
ADDRESSED = frozenset({"link", "video"})
FILED = {"h5p": frozenset({"h5p"}), "file": frozenset(ACCEPTED), "page": IMAGES}
MADE_OF_A_FILE = frozenset({"h5p", "file"})
LONGEST_ALTERNATIVE = 300
LICENSED = frozenset({"video", "h5p", "file"})


@dataclass(frozen=True)
class ActivityContent:
    """What is typed of an activity; `body` and `transcript` are Markdown.

    `alternative` says what the image that comes with a page shows: it is written in the body, with the image.
    """

    title: str
    body: str = ""
    address: str = ""
    transcript: str = ""
    minutes: int = 0
    licence: str = ""
    alternative: str = ""


Upload = tuple[str, bytes]
Part = TypeVar("Part", ModuleSection, ModuleActivity)


def _renumber(parts: Sequence[Part]) -> None:
    """Write the places of these parts, from 1, in one statement."""
    moved: list[Part] = []
    for place, part in enumerate(parts, start=1):
        if part.position != place:
            part.position = place
            moved.append(part)
    if moved:
        type(moved[0])._default_manager.bulk_update(moved, ["position"])


def _shifted(parts: list[Part], part: Part, by: int) -> list[Part]:
    """The same parts, this one moved `by` places up (negative) or down, not beyond the ends."""
    place = parts.index(part)
    others = [each for each in parts if each != part]
    others.insert(min(max(place + by, 0), len(others)), part)
    return others


# --- Sections


@transaction.atomic
def add_section(module: Module, *, title: str, summary: str = "", actor: Person, at: datetime) -> ModuleSection:
    module = changeable(module, actor, at)
    sections = list(module.sections.all())
    _refuse(
        _texts({"title": title, "summary": summary}, "Donnez un titre à la partie : c'est lui que voit le stagiaire.")
    )
    if len(sections) >= MOST_SECTIONS:
        raise Invalid({"": [f"Le module a déjà {MOST_SECTIONS} parties : réunissez-en, ou faites un second module."]})
    made = ModuleSection(module=module, position=len(sections) + 1, title=title.strip(), summary=summary.strip("\n "))
    made.save()
    touch(module, "add_section", actor, at, section=made.pk, title=made.title)
    return made


@transaction.atomic
def change_section(
    section: ModuleSection, *, title: str, summary: str = "", seen: str, actor: Person, at: datetime
) -> ModuleSection:
    """Keep the words of a section. `seen` is `queries.seen` of what the page was opened on: `StaleModule` otherwise."""
    module = changeable(section.module, actor, at)
    section = queries.section_of(module, section.pk)
    if queries.seen(section) != seen:
        raise StaleModule(section)
    _refuse(
        _texts({"title": title, "summary": summary}, "Donnez un titre à la partie : c'est lui que voit le stagiaire.")
    )
    section.title, section.summary = title.strip(), summary.strip("\n ")
    section.save(update_fields=["title", "summary"])
    touch(module, "change_section", actor, at, section=section.pk, title=section.title)
    return section


@transaction.atomic
def move_section(section: ModuleSection, by: int, *, actor: Person, at: datetime) -> ModuleSection:
    """Move a section `by` places: -1 is one place earlier."""
    module = changeable(section.module, actor, at)
    section = queries.section_of(module, section.pk)
    _renumber(_shifted(list(module.sections.all()), section, by))
    touch(module, "move_section", actor, at, section=section.pk, position=section.position)
    return section


@transaction.atomic
def remove_section(section: ModuleSection, *, actor: Person, at: datetime) -> None:
    """Take a section away with its activities. The versions already submitted keep them."""
    module = changeable(section.module, actor, at)
    section = queries.section_of(module, section.pk)
    title, number, held = section.title, section.pk, section.activities.count()
    ModuleActivity.objects.filter(section=section).delete()
    others = [each for each in module.sections.all() if each.pk != number]
    ModuleSection.objects.filter(pk=number).delete()
    _renumber(others)
    touch(module, "remove_section", actor, at, section=number, title=title, activities=held)


# --- Activities


def add_activity(
    section: ModuleSection,
    kind: str,
    content: ActivityContent,
    *,
    upload: Upload | None = None,
    actor: Person,
    at: datetime,
) -> ModuleActivity:
    """Add an activity at the end of a section; an H5P activity and a document come with their file."""
    if kind not in ModuleActivity.Kind.values:
        raise Invalid({"": ["Choisissez une activité de la liste."]})
    module = queries.module(section.module_id)
    policies.may_edit(actor, module, at).require()
    taken = _taken(module, ModuleActivity(kind=kind), content, upload)
    return _add_activity(section, kind, content, taken, actor=actor, at=at)


@transaction.atomic
def _add_activity(
    section: ModuleSection, kind: str, content: ActivityContent, taken: Taken | None, *, actor: Person, at: datetime
) -> ModuleActivity:
    module = changeable(section.module, actor, at)
    section = queries.section_of(module, section.pk)
    if len(queries.activities(module)) >= MOST_ACTIVITIES:
        raise Invalid(
            {"": [f"Le module a déjà {MOST_ACTIVITIES} activités : réunissez-en, ou faites un second module."]}
        )
    made = ModuleActivity(section=section, position=len(section.activities.all()) + 1, kind=kind)
    _write(made, content, taken)
    touch(module, "add_activity", actor, at, activity=made.pk, kind=kind, title=made.title)
    return made


def change_activity(
    activity: ModuleActivity,
    content: ActivityContent,
    *,
    upload: Upload | None = None,
    seen: str,
    actor: Person,
    at: datetime,
) -> ModuleActivity:
    """Keep the words of an activity, and its new file if there is one. `seen`: as for a section."""
    module = queries.module(activity.section.module_id)
    policies.may_edit(actor, module, at).require()
    taken = _taken(module, queries.activity_of(module, activity.pk), content, upload)
    return _change_activity(activity, content, taken, seen, actor=actor, at=at)


@transaction.atomic
def _change_activity(
    activity: ModuleActivity, content: ActivityContent, taken: Taken | None, seen: str, *, actor: Person, at: datetime
) -> ModuleActivity:
    module = changeable(activity.section.module, actor, at)
    activity = queries.activity_of(module, activity.pk)
    if queries.seen(activity) != seen:
        raise StaleModule(activity)
    _write(activity, content, taken)
    touch(module, "change_activity", actor, at, activity=activity.pk, title=activity.title)
    return activity


@transaction.atomic
def move_activity(
    activity: ModuleActivity, by: int = 0, *, to: ModuleSection | None = None, actor: Person, at: datetime
) -> ModuleActivity:
    """Move an activity `by` places in its section, or at the end of another section of the module."""
    module = changeable(activity.section.module, actor, at)
    activity = queries.activity_of(module, activity.pk)
    here = list(activity.section.activities.all())
    if to is None or to.pk == activity.section_id:
        _renumber(_shifted(here, activity, by))
    else:
        there = queries.section_of(module, to.pk)
        activity.section, activity.position = there, len(there.activities.all()) + 1
        activity.save(update_fields=["section", "position"])
        _renumber([each for each in here if each != activity])
    touch(
        module,
        "move_activity",
        actor,
        at,
        activity=activity.pk,
        section=activity.section_id,
        position=activity.position,
    )
    return activity


@transaction.atomic
def remove_activity(activity: ModuleActivity, *, actor: Person, at: datetime) -> None:
    """Take an activity away. Its file stays as long as a submitted version has it."""
    module = changeable(activity.section.module, actor, at)
    activity = queries.activity_of(module, activity.pk)
    number, title = activity.pk, activity.title
    others = [each for each in activity.section.activities.all() if each.pk != number]
    ModuleActivity.objects.filter(pk=number).delete()
    _renumber(others)
    touch(module, "remove_activity", actor, at, activity=number, title=title)


def _taken(module: Module, activity: ModuleActivity, content: ActivityContent, upload: Upload | None) -> Taken | None:
    """The file, judged, screened and on the disk before any row is locked; a file without a row is swept away.

    Raises `Invalid` for anything wrong in what was typed: no file is kept for it.
    """
    _refuse(_activity_errors(activity, content, upload is not None))
    if upload is None:
        return None
    filing.judged(upload[1], accepted=FILED[activity.kind])
    filing.check_room(module.group or module.theme, len(upload[1]) - activity.size)
    return filing.taken(upload, accepted=FILED[activity.kind])


def _write(activity: ModuleActivity, content: ActivityContent, taken: Taken | None) -> None:
    _refuse(_activity_errors(activity, content, taken is not None))
    for name, value in asdict(content).items():
        if name != "alternative":
            setattr(activity, name, value.strip("\n ") if isinstance(value, str) else value)
    activity.address = normal(content.address) if activity.kind in ADDRESSED else ""
    if taken is not None:
        activity.file, activity.filename = taken.file, taken.filename
        activity.size, activity.screened = taken.size, taken.screened
    activity.save()
    if activity.kind == "page" and activity.file:
        _place_image(activity, content.alternative, taken is not None)


def _place_image(activity: ModuleActivity, alternative: str, new: bool) -> None:
    """The image of a page is where its text names it: a new one comes at the end, one that is named no more goes."""
    if activity.pk in {image.number for image in images_named(activity.body)}:
        return
    if new:
        said = " ".join(alternative.translate(str.maketrans("[]", "()")).split())
        activity.body = f"{activity.body}\n\n![{said}](fichier:{activity.pk})".strip()
    else:
        activity.file, activity.filename, activity.size, activity.screened = "", "", 0, ""
    activity.save(update_fields=["body", "file", "filename", "size", "screened"])


def _activity_errors(activity: ModuleActivity, content: ActivityContent, filed: bool) -> dict[str, list[str]]:
    words = {"title": content.title, "body": content.body, "transcript": content.transcript}
    errors = _texts(words, "Donnez un titre à l'activité : c'est lui que voit le stagiaire.")
    if not 0 <= content.minutes <= MOST_ACTIVITY_MINUTES:
        errors["minutes"] = [f"Donnez la durée en minutes, de 0 à {MOST_ACTIVITY_MINUTES}."]
    if activity.kind in ADDRESSED and (wrong := _address_error(activity.kind, content.address.strip())):
        errors["address"] = [wrong]
    if activity.kind in MADE_OF_A_FILE and not filed and not activity.file:
        errors["file"] = ["Choisissez le fichier de l'activité."]
    if activity.kind not in FILED and filed:
        errors["file"] = ["Cette activité ne porte pas de fichier : ajoutez un document à côté."]
    named = {image.number for image in images_named(content.body)}
    if activity.kind == "page" and filed and activity.pk not in named and not content.alternative.strip():
        errors["alternative"] = ["Dites ce que montre l'image, pour qui ne la voit pas."]
    elif len(content.alternative) > LONGEST_ALTERNATIVE:
        errors["alternative"] = [
            f"Ce texte compte {len(content.alternative)} caractères : {LONGEST_ALTERNATIVE} au plus."
        ]
    if content.licence and content.licence not in {activity.licence, *reference.licences()}:
        errors["licence"] = ["Choisissez la licence dans la liste."]
    return errors


def _address_error(kind: str, address: str) -> str:
    """What is wrong with the address of a link or of a video; "" when nothing is."""
    if not address:
        return "Collez l'adresse : elle commence par https://."
    if kind == "video" and address.lower().startswith("http://"):
        return "L'adresse d'une vidéo commence par https://, sinon Magistère ne la montre pas."
    try:
        normal(address)
    except BadAddress as bad:
        return str(bad)
    return ""


def _texts(words: dict[str, str], untitled: str) -> dict[str, list[str]]:
    errors = {
        name: [f"Ce texte compte {len(text)} caractères : {LONGEST[name]} au plus."]
        for name, text in words.items()
        if len(text) > LONGEST[name]
    }
    return errors if words["title"].strip() else errors | {"title": [untitled]}


def _refuse(errors: dict[str, list[str]]) -> None:
    if errors:
        raise Invalid(errors)
