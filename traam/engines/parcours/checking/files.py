"""Files: rows, contents and references tell of the same things, byte for byte."""

import hashlib
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

from lxml import etree

from traam.engines.parcours.checking.backup import NULL, Backup, number, told, twice

_SHOWN = re.compile(r"@@PLUGINFILE@@/([^\"'\s<>]+)")
_LICENCES = {"unknown", "allrightsreserved", "public"} | {f"cc-{kind}4.0" for kind in ("", "nd-", "nc-", "sa-")}
_LICENCES |= {"cc-nc-nd-4.0", "cc-nc-sa-4.0"}
_PLACE = ("contextid", "component", "filearea", "itemid", "filepath", "filename")
_AREAS = {
    "content": ("page", "resource"),
    "package": ("h5pactivity",),
    "introattachment": ("assign",),
    "intro": ("label", "url", "quiz", "h5pactivity", "resource", "assign", "forum"),
}


def files(backup: Backup) -> Iterator[str]:
    """`files.xml` against the contents: digests, sizes, places; no content that no row tells."""
    kinds = {module.context: module.kind for module in backup.modules}
    for row in backup.files:
        for what in _row(row, kinds):
            yield f"files.xml, fichier {row.get('id')} : {what}"
        yield from _content(row, backup)
    yield from (f"files.xml : fichier {value} deux fois" for value in twice(row.get("id", "") for row in backup.files))
    places = (" ".join(told(row, column) for column in _PLACE) for row in backup.files)
    yield from (f"files.xml : deux fichiers à la place {value}" for value in twice(places))
    known = {_path(row) for row in backup.files}
    for path in backup.archive.members:
        if path.startswith("files/") and path not in known:
            yield f"{path} : aucun fichier ne l'utilise"


def _path(row: etree._Element) -> str:
    digest = told(row, "contenthash")
    return f"files/{digest[:2]}/{digest}"


def _row(row: etree._Element, kinds: dict[str, str]) -> Iterator[str]:
    kind = kinds.get(told(row, "contextid"))
    if number(row.get("id", "")) is None:
        yield "l'identifiant n'est pas un nombre"
    if kind is None:
        yield "le contexte n'est celui d'aucune activité"
    elif told(row, "component") != f"mod_{kind}" or kind not in _AREAS.get(told(row, "filearea"), ()):
        yield "la zone n'est pas de ce type d'activité"
    if told(row, "itemid") != "0" or told(row, "filepath") != "/":
        yield "n'est pas à la racine de sa zone"
    if told(row, "userid") != NULL:
        yield "nomme un utilisateur"
    if told(row, "license") not in _LICENCES:
        yield "licence inconnue de Moodle"
    name = told(row, "filename")
    if not name or name.startswith(".") or any(sign in name for sign in "/\\:*?\"<>|'`&"):
        yield "nom de fichier refusé par Moodle"
    if "/" not in told(row, "mimetype"):
        yield "type de contenu absent"


def _content(row: etree._Element, backup: Backup) -> Iterator[str]:
    path, place = _path(row), f"files.xml, fichier {row.get('id')}"
    content = backup.archive.members.get(path)
    if content is None:
        yield f"{place} : son contenu ({path}) manque"
        return
    if hashlib.sha1(content, usedforsecurity=False).hexdigest() != told(row, "contenthash"):
        yield f"{place} : l'empreinte n'est pas celle du contenu"
    if str(len(content)) != told(row, "filesize"):
        yield f"{place} : la taille n'est pas celle du contenu"


def references(backup: Backup) -> Iterator[str]:
    """Each `inforef.xml` names the files, grade items and categories of its activity: all, and no other."""
    for module in backup.modules:
        rows = {row.get("id", "") for row in backup.files if told(row, "contextid") == module.context}
        yield from _same(module.folder, "fichiers", _ids(module.inforef, "fileref/file"), rows)
        items = {item.get("id", "") for item in module.grades.iterfind("grade_items/grade_item")}
        yield from _same(module.folder, "notes", _ids(module.inforef, "grade_itemref/grade_item"), items)
        wanted = _categories(backup) if module.kind == "quiz" else set()
        found = _ids(module.inforef, "question_categoryref/question_category")
        yield from _same(module.folder, "catégories de questions", found, wanted)
    course = _ids(backup.archive.tree("course/inforef.xml"), "question_categoryref/question_category")
    yield from _same("course", "catégories de questions", course, _categories(backup))


def _categories(backup: Backup) -> set[str]:
    return {row.get("id", "") for row in backup.archive.tree("questions.xml").iterfind("question_category")}


def _ids(tree: etree._Element, path: str) -> list[str]:
    return [told(row, "id") for row in tree.iterfind(path)]


def _same(place: str, what: str, found: list[str], wanted: set[str]) -> Iterator[str]:
    if sorted(found) != sorted(wanted):
        yield f"{place}/inforef.xml : {what} {', '.join(sorted(found)) or 'aucun'}, attendus {sorted(wanted)}"


def shown(backup: Backup) -> Iterator[str]:
    """What a text shows is in the area of that text; a document or a package has its file."""
    for module in backup.modules:
        areas: dict[str, set[str]] = {}
        for row in backup.files:
            if told(row, "contextid") == module.context:
                areas.setdefault(told(row, "filearea"), set()).add(told(row, "filename"))
        for column in ("intro", "content"):
            names = {unquote(unescape(name)) for name in _SHOWN.findall(told(module.root, f"{module.kind}/{column}"))}
            for name in sorted(names - areas.get(column, set())):
                yield f"{module.folder} : {column} montre « {name} », qui n'est pas joint"
        needed = {"resource": "content", "h5pactivity": "package"}.get(module.kind)
        if needed and len(areas.get(needed, ())) != 1:
            yield f"{module.folder} : il faut un fichier, et un seul, dans la zone {needed}"
