"""The parts of an Office Open XML package (ECMA-376 part 2): what is not touched is copied byte for byte."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

Element = etree._Element

TYPES = "[Content_Types].xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
_FORMAT = "application/vnd.openxmlformats-officedocument"
_DAY = (1980, 1, 1, 0, 0, 0)


def parse(document: bytes, *, recover: bool = False) -> Element:
    """The root of a document; ``recover`` forgives what old Excel wrote in its drawings."""
    options = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=recover)
    return etree.fromstring(document, options)


def default_namespace(name: str) -> Any:
    """The namespaces of a document in which ``name`` needs no prefix (the stubs know no such prefix)."""
    return {None: name}


class Parts:
    """A package: documents are parsed when asked for, and written again only then."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        self.trees: dict[str, Element] = {}
        self.raw: dict[str, bytes] = {}

    def read(self, name: str) -> bytes:
        return self.raw[name] if name in self.raw else self.archive.read(name)

    def tree(self, name: str, *, recover: bool = False) -> Element:
        if name not in self.trees:
            self.trees[name] = parse(self.read(name), recover=recover)
        return self.trees[name]

    def add(self, name: str, root: Element, content_type: str) -> None:
        """A new document, or a new content for one; ``content_type`` without what all of them begin with."""
        self.trees[name] = root
        self.names.add(name)
        self._declare("Override", "PartName", f"/{name}", f"{_FORMAT}.{content_type}")

    def declare_extension(self, extension: str, content_type: str) -> None:
        self._declare("Default", "Extension", extension, f"{_FORMAT}.{content_type}")

    def _declare(self, kind: str, attribute: str, value: str, content_type: str) -> None:
        types = self.tree(TYPES)
        tag = f"{{{_CONTENT}}}{kind}"
        if all(one.get(attribute, "").lower() != value.lower() for one in types.iter(tag)):
            types.append(etree.Element(tag, {attribute: value, "ContentType": content_type}))

    def free(self, pattern: str) -> str:
        """A name that no part has yet, from a pattern with a ``{}``."""
        taken = {name.lower() for name in self.names}
        return next(name for n in range(1, 10_000) if (name := pattern.format(n)).lower() not in taken)

    def relations(self, part: str) -> "Relations":
        return Relations(self, part)

    def saved(self) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            old = self.archive.infolist()
            for info in old:
                made.writestr(info, self._content(info.filename))
            for name in sorted(self.names - {info.filename for info in old}):
                made.writestr(zipfile.ZipInfo(name, _DAY), self._content(name), zipfile.ZIP_DEFLATED)
        return stream.getvalue()

    def _content(self, name: str) -> bytes:
        if name in self.trees:
            return etree.tostring(self.trees[name], xml_declaration=True, encoding="UTF-8", standalone=True)
        return self.read(name)


class Relations:
    """The links from a part to others. ``kind`` is the last word of a type: ``worksheet``, ``comments``…"""

    def __init__(self, parts: Parts, part: str) -> None:
        self.parts = parts
        self.folder, base = posixpath.split(part)
        self.name = posixpath.join(self.folder, "_rels", f"{base}.rels")
        if self.name not in parts.names:
            parts.trees[self.name] = etree.Element(
                f"{{{_RELATIONS}}}Relationships", nsmap=default_namespace(_RELATIONS)
            )
            parts.names.add(self.name)
        self.root = parts.tree(self.name)

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Identifier, kind and path of each."""
        for one in self.root.iter(f"{{{_RELATIONS}}}Relationship"):
            kind = one.get("Type", "").rpartition("/")[2]
            yield one.get("Id", ""), kind, self._path(one.get("Target", ""))

    def _path(self, target: str) -> str:
        if target.startswith("/"):
            return target.lstrip("/")
        return posixpath.normpath(posixpath.join(self.folder, target))

    def find(self, kind: str) -> str | None:
        """The path of the first part of a kind that the package has."""
        return next((path for _, one, path in self if one == kind and path in self.parts.names), None)

    def add(self, base: str, kind: str, path: str) -> str:
        """Link to a part; gives the identifier. ``base`` is what the types of the package begin with."""
        taken = {identifier for identifier, _, _ in self}
        identifier = next(name for n in range(1, 100_000) if (name := f"rId{n}") not in taken)
        target = posixpath.relpath(path, self.folder) if self.folder else path
        values = {"Id": identifier, "Type": f"{base}/{kind}", "Target": target}
        self.root.append(etree.Element(f"{{{_RELATIONS}}}Relationship", values))
        return identifier


_SELECTED = re.compile(rb'(<(?:\w+:)?sheetView\b[^>]*?)\s+tabSelected="(?:1|true)"')


def unselected(sheet: bytes) -> bytes:
    """A sheet that is no longer the one shown: with two of them, what is typed would go to both."""
    return _SELECTED.sub(rb"\1", sheet)
