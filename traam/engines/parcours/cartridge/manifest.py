"""`imsmanifest.xml`: who the module is, its table of contents, its resources."""

from collections.abc import Iterator
from itertools import count

from lxml import etree

from traam.engines.parcours.cartridge.parts import WEB_CONTENT, Item, Resource
from traam.engines.parcours.cartridge.tree import Element, add, root, written
from traam.engines.parcours.model import Course
from traam.engines.parcours.texts import NBSP, duration, licence, one_line, words

_NAMESPACE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_LOM = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
_LOM_OF_RESOURCE = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/resource"


def manifest(course: Course, folders: list[Item]) -> bytes:
    """The document."""
    document = root(_NAMESPACE, "manifest", identifier=f"m_{course.shortname}")
    metadata = add(document, "metadata")
    add(metadata, "schema", "IMS Common Cartridge")
    add(metadata, "schemaversion", "1.1.0")
    _lom(metadata, course)
    organization = add(add(document, "organizations"), "organization", identifier="o_1", structure="rooted-hierarchy")
    ranks = count(1)
    _items(add(organization, "item", identifier="i_root"), folders, ranks)
    resources = add(document, "resources")
    for resource in carried(folders):
        _resource(resources, resource)
    return written(document)


def carried(items: list[Item]) -> Iterator[Resource]:
    """Every resource, in order."""
    for item in items:
        if item.resource:
            yield item.resource
        yield from carried(item.items)


def _items(parent: Element, items: list[Item], ranks: "count[int]") -> None:
    for item in items:
        reference = {"identifierref": item.resource.key} if item.resource else {}
        element = add(parent, "item", identifier=f"i_{next(ranks)}", **reference)
        add(element, "title", item.title)
        _items(element, item.items, ranks)


def _resource(parent: Element, resource: Resource) -> None:
    href = {"href": resource.href} if resource.kind == WEB_CONTENT else {}
    element = add(parent, "resource", identifier=resource.key, type=resource.kind, **href)
    if resource.for_trainers:
        lom = etree.SubElement(add(element, "metadata"), f"{{{_LOM_OF_RESOURCE}}}lom", nsmap={"lom": _LOM_OF_RESOURCE})
        role = add(add(lom, "educational"), "intendedEndUserRole")
        add(role, "source", "IMSGLC_CC_Rolesv1p1")
        add(role, "value", "Instructor")
    for path in resource.files:
        add(element, "file", href=path)


def _lom(metadata: Element, course: Course) -> None:
    lom = etree.SubElement(metadata, f"{{{_LOM}}}lom", nsmap={"lomimscc": _LOM})
    general = add(lom, "general")
    _said(general, "title", one_line(course.title, 1000), course)
    add(general, "language", course.language)
    about = f"{words(course.summary_html)} Durée totale{NBSP}: {duration(course.minutes)}."
    _said(general, "description", about.strip(), course)
    for keyword in sorted({one_line(tag, 1000) for tag in course.tags} - {""}):
        _said(general, "keyword", keyword, course)
    if course.licence:
        rights = add(lom, "rights")
        add(add(rights, "copyrightAndOtherRestrictions"), "value", "yes")
        of = f" ({', '.join(course.authors)})" if course.authors else ""
        _said(rights, "description", f"{licence(course.licence)[0]}{of}", course)


def _said(parent: Element, name: str, text: str, course: Course) -> None:
    add(add(parent, name), "string", text, language=course.language)
