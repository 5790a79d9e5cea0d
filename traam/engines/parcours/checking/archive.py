"""An archive opened without trusting it: bounded, its paths honest, its documents XML without a DTD."""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from lxml import etree

MAX_UNPACKED = 2**30
MAX_MEMBERS = 20_000
_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


@dataclass
class Archive:
    """What could be read: the bytes of each member, the tree of each XML document, and what is wrong already."""

    members: dict[str, bytes] = field(default_factory=dict)
    trees: dict[str, etree._Element] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def tree(self, path: str) -> etree._Element:
        """The document of that path, or an empty one: that it is missing is told elsewhere, once."""
        return self.trees[path] if path in self.trees else etree.Element("absent")


def opened(data: bytes) -> Archive:
    """The archive, as much of it as can be read."""
    archive = Archive()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            archive.problems += _shape(source)
            if not archive.problems:
                _read(source, archive)
    except _DAMAGED:
        archive.problems.append("ce n'est pas une archive zip lisible")
    for path, content in archive.members.items():
        if path.endswith(".xml"):
            _parse(path, content, archive)
    return archive


def _shape(source: zipfile.ZipFile) -> Iterator[str]:
    entries = source.infolist()
    if len(entries) > MAX_MEMBERS:
        yield f"l'archive a plus de {MAX_MEMBERS} fichiers"
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        yield "l'archive est trop volumineuse une fois dépliée"
    for name, count in Counter(entry.filename for entry in entries).items():
        if count > 1:
            yield f"{name} : présent {count} fois"
        if not _is_honest(name):
            yield f"{name} : chemin refusé"


def _is_honest(name: str) -> bool:
    path = PurePosixPath(name)
    return not (path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or name.endswith("/"))


def _read(source: zipfile.ZipFile, archive: Archive) -> None:
    for entry in source.infolist():
        try:
            archive.members[entry.filename] = source.read(entry)
        except _DAMAGED:
            archive.problems.append(f"{entry.filename} : abîmé dans l'archive")


def _parse(path: str, content: bytes, archive: Archive) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        archive.problems.append(f"{path} : XML mal formé ({error.msg})")
        return
    if b"<!DOCTYPE" in content:
        archive.problems.append(f"{path} : déclare une DTD")
        return
    archive.trees[path] = tree
