"""A Moodle backup as it is found: who says what, before anything is compared."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from traam.engines.parcours.checking.archive import Archive

NULL = "$@NULL@$"


def told(element: etree._Element, path: str) -> str:
    """The text at a path, empty when there is none."""
    return element.findtext(path) or ""


def number(text: str) -> int | None:
    """A whole number, or None."""
    return int(text) if text.isascii() and text.removeprefix("-").isdigit() else None


def decimal(text: str) -> float:
    """A number, zero when it is not one."""
    try:
        return float(text)
    except ValueError:
        return 0.0


@dataclass(frozen=True)
class Module:
    """An activity as the manifest lists it, with its three documents."""

    folder: str
    module: str
    section: str
    kind: str
    root: etree._Element
    settings: etree._Element
    inforef: etree._Element
    grades: etree._Element

    @property
    def context(self) -> str:
        """The identifier of its context."""
        return self.root.get("contextid", "")

    @property
    def instance(self) -> str:
        """The identifier of its row in its own table."""
        return self.root.get("id", "")

    @property
    def followed(self) -> bool:
        """Is its completion tracked?"""
        return told(self.settings, "completion") in ("1", "2")


@dataclass(frozen=True)
class Backup:
    """Documents by role; lists in the order of the manifest."""

    archive: Archive

    @property
    def information(self) -> etree._Element:
        """The manifest."""
        found = self.archive.tree("moodle_backup.xml").find("information")
        return etree.Element("absent") if found is None else found

    @property
    def course(self) -> etree._Element:
        """The course itself."""
        return self.archive.tree("course/course.xml")

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """Every activity."""
        return tuple(self._module(entry) for entry in self.information.iterfind("contents/activities/activity"))

    @cached_property
    def sections(self) -> tuple[tuple[str, etree._Element], ...]:
        """Each section: its identifier in the manifest, and its document."""
        return tuple(
            (told(entry, "sectionid"), self.archive.tree(f"{told(entry, 'directory')}/section.xml"))
            for entry in self.information.iterfind("contents/sections/section")
        )

    @cached_property
    def files(self) -> tuple[etree._Element, ...]:
        """The rows of files.xml."""
        return tuple(self.archive.tree("files.xml").iterfind("file"))

    @cached_property
    def entries(self) -> tuple[etree._Element, ...]:
        """The entries of the question bank."""
        return tuple(self.archive.tree("questions.xml").iter("question_bank_entry"))

    def _module(self, entry: etree._Element) -> Module:
        folder, kind = told(entry, "directory"), told(entry, "modulename")
        tree = self.archive.tree
        return Module(
            folder=folder,
            module=told(entry, "moduleid"),
            section=told(entry, "sectionid"),
            kind=kind,
            root=tree(f"{folder}/{kind}.xml"),
            settings=tree(f"{folder}/module.xml"),
            inforef=tree(f"{folder}/inforef.xml"),
            grades=tree(f"{folder}/grades.xml"),
        )


def twice(values: Iterable[str]) -> list[str]:
    """Those that come more than once."""
    return sorted(value for value, count in Counter(values).items() if count > 1)
