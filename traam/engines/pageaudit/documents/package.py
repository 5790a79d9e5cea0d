"""The parts of a document that is an archive, unpacked within bounds, and their XML, read without entities."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

from traam.engines.pageaudit.documents.report import Unreadable
from traam.engines.pageaudit.values import Answer

MOST_ENTRIES = 10_000
MOST_UNPACKED = 300_000_000  # of all the parts that are read
MOST_OF_XML = 40_000_000  # of one part: the text of a thesis weighs a tenth of that
MOST_TAGS = 2_000_000  # "<" in one part: memory goes to elements rather than to letters
MOST_OF_MEDIA = 30_000_000

BROKEN = "Ce document est abîmé ou incomplet : ouvrez-le dans son logiciel, enregistrez-le, puis remplacez-le."
_BOMB = (
    "Ce document se déplierait en un contenu démesuré : il n'est pas lu. Ouvrez-le, enregistrez-le à nouveau, puis "
    "remplacez-le."
)
_ENTITIES = (
    "Ce document contient des entités XML, qu'aucun logiciel de bureautique n'écrit et qui peuvent piéger un lecteur : "
    "il n'est pas lu. Ouvrez-le, enregistrez-le à nouveau, puis remplacez-le."
)
_TOO_LONG = "Ce document est trop long pour être examiné : coupez-le en parties."
_DECLARATIONS = [
    mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
]
_TOO_MUCH = frozenset({2, 114})  # libxml2: no memory left; deeper or longer than it holds safe
LOCKED = (
    "Ce document demande un mot de passe pour s'ouvrir : personne ne peut le lire, aide technique ou non. "
    "Enregistrez-le sans mot de passe."
)


class Package:
    """An archive. Raises `Unreadable` as soon as it is not an honest one."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, IndexError):
            raise Unreadable(BROKEN) from None
        entries = self._archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise Unreadable(_BOMB)
        self._entries = {entry.filename: entry for entry in entries}
        self._left = MOST_UNPACKED

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def part(self, name: str, most: int = MOST_OF_XML) -> bytes:
        """The bytes of a part, b"" when there is none."""
        entry = self._entries.get(name)
        if entry is None:
            return b""
        if entry.flag_bits & 0x1:
            raise Unreadable(LOCKED, code="doc.locked")
        try:
            with self._archive.open(entry) as stream:
                data = stream.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
            raise Unreadable(BROKEN) from None
        self._left -= len(data)
        if len(data) > most or self._left < 0:
            raise Unreadable(_BOMB)
        return data

    def xml(self, name: str) -> Any:
        """The root of a part; None when there is no such part."""
        data = self.part(name)
        return parsed(data) if data else None

    def media(self, folders: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
        """Pictures of these folders. One that is too heavy is left aside."""
        for name, entry in self._entries.items():
            if name.startswith(folders) and not entry.is_dir() and entry.file_size <= MOST_OF_MEDIA:
                yield posixpath.basename(name), self.part(name, MOST_OF_MEDIA)

    def relations(self, name: str) -> dict[str, "Relation"]:
        """The relations of an Office part, by their identifiers."""
        folder, _, base = name.rpartition("/")
        root = self.xml(f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels")
        found = {}
        for element in [] if root is None else root.iter("{*}Relationship"):
            target, external = element.get("Target", ""), element.get("TargetMode") == "External"
            found[element.get("Id", "")] = Relation(
                element.get("Type", "").rpartition("/")[2],
                target if external else resolved(folder, target),
                external,
            )
        return found


class Relation:
    """From a part to another, or to somewhere else."""

    def __init__(self, kind: str, target: str, external: bool) -> None:
        self.kind, self.target, self.external = kind, target, external


def resolved(folder: str, target: str) -> str:
    target = unquote(target)
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def parsed(data: bytes) -> Any:
    """An XML part: no entity, no network, no depth beyond what libxml2 holds safe."""
    if any(mark in data[:100_000] for mark in _DECLARATIONS):
        raise Unreadable(_ENTITIES)
    if data.count(b"<") > MOST_TAGS:
        raise Unreadable(_TOO_LONG, answer=Answer.UNTESTED)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        if getattr(problem, "code", 0) in _TOO_MUCH:
            raise Unreadable(_TOO_LONG, answer=Answer.UNTESTED) from None
        raise Unreadable(BROKEN) from None
    except ValueError:
        raise Unreadable(BROKEN) from None
    if root.getroottree().docinfo.internalDTD is not None:  # said in an encoding of more than one byte
        raise Unreadable(_ENTITIES)
    return root


def local(element: Any) -> str:
    """The name of an element without its namespace: Office writes the same ones in two."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """An attribute by its local name, "" without it."""
    found = element.get(name)
    if found is not None:
        return str(found)
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def child(element: Any, *names: str) -> Any:
    """The element at the end of a path of local names, None when a step is missing."""
    for name in names:
        element = None if element is None else element.find(f"{{*}}{name}")
    return element


def text_of(root: Any, name: str) -> str:
    """The text of the first element so named, "" without one."""
    found = None if root is None else root.find(f".//{{*}}{name}")
    return "" if found is None else " ".join("".join(found.itertext()).split())
