"""The archive of a cartridge: the manifest first, as its specification wants."""

from traam.engines.parcours.cartridge.manifest import carried, manifest
from traam.engines.parcours.cartridge.parts import contents
from traam.engines.parcours.judging import NotExportable, judge
from traam.engines.parcours.model import Course
from traam.engines.parcours.packing import pack

_MANIFEST = "imsmanifest.xml"


def cartridge(course: Course) -> bytes:
    """The module as a Common Cartridge 1.1, the same bytes each time; `NotExportable` when `judge` finds something."""
    if faults := judge(course):
        raise NotExportable(faults)
    folders = contents(course)
    documents = {_MANIFEST: manifest(course, folders)}
    for resource in carried(folders):
        documents |= resource.files
    return pack(documents, first=(_MANIFEST,))
