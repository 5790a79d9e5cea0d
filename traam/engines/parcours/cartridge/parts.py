"""What a cartridge holds: resources with their files, and the items that show them in order.

Folders and files are named in ASCII without spaces: importers compare paths as bytes.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from traam.engines.parcours.cartridge import quizzes
from traam.engines.parcours.cartridge.tree import add, root, written
from traam.engines.parcours.model import Activity, Course, Document, File, Kind, Section
from traam.engines.parcours.texts import (
    NBSP,
    clean,
    duration,
    duration_line,
    file_names,
    licence_line,
    one_line,
    paragraph,
    readdress,
    words,
)

WEB_CONTENT = "webcontent"
WEB_LINK = "imswl_xmlv1p1"
TOPIC = "imsdt_xmlv1p1"
ASSESSMENT = "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"
_LINK_NAMESPACE = "http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"
_TOPIC_NAMESPACE = "http://www.imsglobal.org/xsd/imsccv1p1/imsdt_v1p1"
_NOT_ASCII_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Resource:
    """One thing with its files, by path; the first is the one that is opened."""

    key: str
    kind: str
    files: dict[str, bytes]
    for_trainers: bool = False

    @property
    def href(self) -> str:
        """The path of what is opened."""
        return next(iter(self.files))


@dataclass(frozen=True)
class Item:
    """A line of the table of contents: a folder of others, or a resource."""

    title: str
    resource: Resource | None = None
    items: list["Item"] = field(default_factory=list)


def contents(course: Course) -> list[Item]:
    """The folders of the cartridge: a welcome, the sections, and what is for trainers."""
    keys = _keys()
    folders = [Item("Accueil", items=[_welcome(course, keys), *_documents(course, keys, for_trainers=False)])]
    folders += [_section(section, course, keys) for section in course.sections]
    if trainers := list(_documents(course, keys, for_trainers=True)):
        folders.append(Item("Pour les formateurs", items=trainers))
    return folders


def _keys() -> Iterator[str]:
    rank = 0
    while True:
        rank += 1
        yield f"a{rank:03}"


def _welcome(course: Course, keys: Iterator[str]) -> Item:
    lines = [course.summary_html, paragraph(f"Durée totale{NBSP}: {duration(course.minutes)}.")]
    if course.authors:
        lines.append(paragraph(f"Auteurs{NBSP}: {', '.join(course.authors)}."))
    lines.append(licence_line(course.licence))
    return _page("Présentation du module", "".join(lines), (), course, next(keys))


def _section(section: Section, course: Course, keys: Iterator[str]) -> Item:
    title = one_line(section.title, 200)
    folder = Item(f"{title} ({duration(section.minutes)})" if section.minutes else title)
    if words(section.summary_html):
        folder.items.append(_page(f"Présentation{NBSP}: {title}", section.summary_html, (), course, next(keys)))
    for activity in section.activities:
        folder.items.extend(_activity(activity, course, keys))
    return folder


def _documents(course: Course, keys: Iterator[str], *, for_trainers: bool) -> Iterator[Item]:
    for document in course.documents:
        if document.for_trainers == for_trainers:
            yield from _document(document, course, keys)


def _document(document: Document, course: Course, keys: Iterator[str]) -> Iterator[Item]:
    hidden = document.for_trainers
    if document.html or not document.file:
        yield _page(document.title, document.html, document.images, course, next(keys), hidden)
    if document.file:
        title = f"{document.title} (fichier)" if document.html else document.title
        yield _file(title, document.file, next(keys), hidden)


def _activity(activity: Activity, course: Course, keys: Iterator[str]) -> Iterator[Item]:
    """An activity is one item; what goes with a link, a document or a quiz comes before it, as a page."""
    key = next(keys)
    told = activity.html + duration_line("Durée indicative", activity.minutes)
    match activity.kind:
        case Kind.FORUM:
            if activity.images:
                yield _page(f"{activity.title} (consigne)", told, activity.images, course, next(keys))
                told = paragraph("Lisez d'abord la consigne, juste avant.")
            yield Item(one_line(activity.title, 200), _topic(activity, told, key))
        case Kind.LINK | Kind.FILE | Kind.H5P | Kind.QUIZ:
            if words(told) or activity.images:
                yield _page(f"{activity.title} (consigne)", told, activity.images, course, next(keys))
            yield _opened(activity, course, key)
        case Kind.VIDEO:
            link = f'<p><a href="{escape(clean(activity.address))}">Regarder la vidéo</a></p>'
            html = f"{told}{link}<h2>Transcription</h2>{activity.transcript_html}"
            yield _page(activity.title, html, activity.images, course, key)
        case _:
            yield _page(activity.title, told, activity.images, course, key)
            if activity.file:
                yield _file(f"{activity.title} (fichier)", activity.file, next(keys))


def _opened(activity: Activity, course: Course, key: str) -> Item:
    title = one_line(activity.title, 200)
    if activity.kind is Kind.LINK:
        return Item(title, _link(activity, key))
    if activity.kind is Kind.QUIZ:
        assessment = quizzes.assessment(activity, key, course.language)
        return Item(title, Resource(f"r_{key}", ASSESSMENT, {f"{key}/quiz.xml": assessment}))
    return _file(title, activity.file or File("fichier", b""), key)


def _page(
    title: str, html: str, images: tuple[File, ...], course: Course, key: str, for_trainers: bool = False
) -> Item:
    title = one_line(title, 200)
    names = {image.name: f"image-{rank}{_extension(image.name)}" for rank, image in enumerate(images, 1)}
    shown = readdress(clean(html), lambda name: names.get(name, name))
    page = (
        f'<!DOCTYPE html>\n<html lang="{escape(clean(course.language))}">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head>\n<body>\n{shown}\n</body>\n</html>\n"
    )
    files = {f"{key}/page.html": page.encode()} | {f"{key}/{names[image.name]}": image.data for image in images}
    return Item(title, Resource(f"r_{key}", WEB_CONTENT, files, for_trainers))


def _file(title: str, file: File, key: str, for_trainers: bool = False) -> Item:
    resource = Resource(f"r_{key}", WEB_CONTENT, {f"{key}/{_ascii(file.name)}": file.data}, for_trainers)
    return Item(one_line(title, 200), resource)


def _link(activity: Activity, key: str) -> Resource:
    link = root(_LINK_NAMESPACE, "webLink")
    add(link, "title", one_line(activity.title, 200))
    add(link, "url", href=activity.address, target="_blank")
    return Resource(f"r_{key}", WEB_LINK, {f"{key}/link.xml": written(link)})


def _topic(activity: Activity, html: str, key: str) -> Resource:
    topic = root(_TOPIC_NAMESPACE, "topic")
    add(topic, "title", one_line(activity.title, 200))
    add(topic, "text", html, texttype="text/html")
    return Resource(f"r_{key}", TOPIC, {f"{key}/topic.xml": written(topic)})


def _ascii(name: str) -> str:
    safe = next(iter(file_names([name]).values()))
    letters = unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode()
    stem, dot, extension = _NOT_ASCII_NAME.sub("-", letters).strip("-.").rpartition(".")
    return f"{stem.strip('-') or 'fichier'}{dot}{extension}" if dot else extension or "fichier"


def _extension(name: str) -> str:
    return "." + _ascii(name).rpartition(".")[2].lower() if "." in _ascii(name) else ""
