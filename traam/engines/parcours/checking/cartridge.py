"""A Common Cartridge read as a stranger would: references resolve, files are told, quizzes can be marked."""

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from lxml import etree

from traam.engines.parcours.checking.archive import Archive, opened
from traam.engines.parcours.checking.people import addresses

_CP = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
_LOM = "{http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest}"
_QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
_MANIFEST = "imsmanifest.xml"
_ROOTS = {
    "imswl_xmlv1p1": "{http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1}webLink",
    "imsdt_xmlv1p1": "{http://www.imsglobal.org/xsd/imsccv1p1/imsdt_v1p1}topic",
    "imsqti_xmlv1p2/imscc_xmlv1p1/assessment": f"{_QTI}questestinterop",
}
_PROFILES = {"multiple_choice", "multiple_response", "true_false", "fib"}
_MINUTES = re.compile(r"(\d+)\u00a0min")
_SHOWN = re.compile(rb"""(?:src|href)\s*=\s*"([^"#]+)\"""", re.IGNORECASE)


def check_cartridge(data: bytes) -> list[str]:
    """What does not hold in a Common Cartridge written by this platform; empty when everything does. Never raises."""
    archive = opened(data)
    if archive.problems:
        return archive.problems
    if _MANIFEST not in archive.trees:
        return [f"{_MANIFEST} : manque"]
    if next(iter(archive.members)) != _MANIFEST:
        return [f"{_MANIFEST} : n'est pas le premier fichier de l'archive"]
    rules = (_head, _items, _resources, _pages, _quizzes, _minutes, _people)
    return list(dict.fromkeys(problem for rule in rules for problem in rule(archive)))


def _head(archive: Archive) -> Iterator[str]:
    root = archive.trees[_MANIFEST]
    if root.tag != f"{_CP}manifest":
        yield f"{_MANIFEST} : n'est pas un manifeste Common Cartridge 1.1"
    if (root.findtext(f".//{_CP}schemaversion") or "") != "1.1.0":
        yield f"{_MANIFEST} : la version n'est pas 1.1.0"
    seen: set[str] = set()
    for element in root.iter("*"):
        identifier = element.get("identifier", "")
        if identifier and identifier in seen:
            yield f"{_MANIFEST} : l'identifiant {identifier} est pris deux fois"
        seen.add(identifier)


def _items(archive: Archive) -> Iterator[str]:
    """Each item is a folder or shows a resource; each resource is shown once."""
    root = archive.trees[_MANIFEST]
    known = {resource.get("identifier", "") for resource in root.iter(f"{_CP}resource")}
    shown = [item.get("identifierref", "") for item in root.iter(f"{_CP}item") if item.get("identifierref")]
    yield from (f"{_MANIFEST} : {name} n'est aucune ressource" for name in shown if name not in known)
    yield from (f"{_MANIFEST} : la ressource {name} n'est montrée nulle part" for name in sorted(known - set(shown)))
    if len(set(shown)) != len(shown):
        yield f"{_MANIFEST} : une ressource est montrée deux fois"
    for item in root.iterfind(f".//{_CP}organization/{_CP}item//{_CP}item"):
        if not item.findtext(f"{_CP}title"):
            yield f"{_MANIFEST} : {item.get('identifier')} n'a pas de titre"
        if not item.get("identifierref") and item.find(f"{_CP}item") is None:
            yield f"{_MANIFEST} : {item.get('identifier')} est vide"


def _resources(archive: Archive) -> Iterator[str]:
    told = {_MANIFEST}
    for resource in archive.trees[_MANIFEST].iter(f"{_CP}resource"):
        paths = [file.get("href", "") for file in resource.iter(f"{_CP}file")]
        told.update(paths)
        name = resource.get("identifier", "")
        yield from (f"{_MANIFEST}, {name} : {what}" for what in _resource(resource, paths, archive))
    yield from (f"{path} : rien ne l'annonce" for path in archive.members if path not in told)


def _resource(resource: etree._Element, paths: list[str], archive: Archive) -> Iterator[str]:
    kind, href = resource.get("type", ""), resource.get("href")
    yield from (f"{path} manque" for path in paths if path not in archive.members)
    if len(set(paths)) != len(paths):
        yield "un fichier est annoncé deux fois"
    if kind == "webcontent":
        if href not in paths:
            yield "ce qui s'ouvre n'est pas un de ses fichiers"
    elif kind not in _ROOTS:
        yield f"type {kind} inconnu"
    elif href is not None or len(paths) != 1:
        yield "il faut un fichier, et un seul, sans href"
    elif paths[0] in archive.members and _root(paths[0], archive) != _ROOTS[kind]:
        yield f"{paths[0]} n'est pas un document de ce type"


def _root(path: str, archive: Archive) -> str:
    return str(archive.trees[path].tag) if path in archive.trees else ""


def _pages(archive: Archive) -> Iterator[str]:
    """What a page shows from beside it is there."""
    for path, content in archive.members.items():
        if path.endswith("/page.html"):
            for address in _SHOWN.findall(content):
                place = address.decode("utf-8", "replace")
                if ":" not in place and normpath(join(dirname(path), place)) not in archive.members:
                    yield f"{path} : montre « {place} », qui n'est pas joint"


def _quizzes(archive: Archive) -> Iterator[str]:
    for path, tree in archive.trees.items():
        if tree.tag == f"{_QTI}questestinterop":
            items = list(tree.iter(f"{_QTI}item"))
            if not items:
                yield f"{path} : aucune question"
            if len({item.get("ident") for item in items}) != len(items):
                yield f"{path} : deux questions du même identifiant"
            for item in items:
                yield from (f"{path}, {item.get('ident')} : {what}" for what in _item(item))


def _item(item: etree._Element) -> Iterator[str]:
    profile = item.findtext(f".//{_QTI}fieldentry") or ""
    if profile.removeprefix("cc.").removesuffix(".v0p1") not in _PROFILES:
        yield f"profil « {profile} » inconnu"
    responses = {row.get("ident") for name in ("response_lid", "response_str") for row in item.iter(f"{_QTI}{name}")}
    labels = {row.get("ident") for row in item.iter(f"{_QTI}response_label")}
    for row in item.iter(f"{_QTI}varequal"):
        if row.get("respident") not in responses:
            yield f"une condition vise la réponse {row.get('respident')}, qui n'existe pas"
        if labels and row.text not in labels:
            yield f"une condition vise le choix {row.text}, qui n'existe pas"
    if not [row for row in item.iter(f"{_QTI}setvar") if row.text == "100"]:
        yield "aucune réponse ne donne la note"
    shown = {row.get("linkrefid") for row in item.iter(f"{_QTI}displayfeedback")}
    written = {row.get("ident") for row in item.iter(f"{_QTI}itemfeedback")}
    if shown != written:
        yield "les commentaires montrés ne sont pas ceux qui sont écrits"


def _minutes(archive: Archive) -> Iterator[str]:
    """The titles of the folders add up to the duration of the description, within 10 %."""
    root = archive.trees[_MANIFEST]
    described = _MINUTES.findall(root.findtext(f".//{_LOM}description/{_LOM}string") or "")
    titles = (item.findtext(f"{_CP}title") or "" for item in root.iterfind(f".//{_CP}organization/{_CP}item/{_CP}item"))
    total = sum(int(found[-1]) for title in titles if (found := _MINUTES.findall(title)))
    if not described:
        yield f"{_MANIFEST} : la durée n'est pas annoncée"
    elif abs(total - int(described[-1])) * 10 > int(described[-1]):
        yield f"{_MANIFEST} : {described[-1]} min annoncées, {total} dans les parties"


def _people(archive: Archive) -> Iterator[str]:
    for path, content in archive.members.items():
        if path in archive.trees or path.endswith("/page.html"):
            for address in addresses(content.decode("utf-8", "replace")):
                yield f"{path} : contient l'adresse {address}"
