"""What the two readers share: the parts of an archive, what was read, and why nothing was."""

import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from traam.engines.wordprocessing.blocks import Block

MOST_BYTES = 40_000_000  # of the text part, unpacked: a thesis weighs a tenth of that
MOST_BLOCKS = 10_000


class Unreadable(ValueError):
    """Not a text that can be read; the sentence says why and what to do."""


@dataclass(frozen=True)
class Text:
    """What a file says. `left` are sentences on what was seen and not taken."""

    blocks: tuple[Block, ...]
    left: tuple[str, ...] = ()


class Parts:
    """The parts of an archive, never unpacked further than `MOST_BYTES`."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def get(self, name: str) -> bytes:
        """A part, b"" when there is none."""
        try:
            with self.archive.open(name) as entry:
                data = entry.read(MOST_BYTES + 1)
        except KeyError:
            return b""
        if len(data) > MOST_BYTES:
            raise Unreadable("Ce document est trop gros pour être repris : retirez-en les images, ou coupez-le.")
        return data


def parsed(data: bytes) -> Any:
    """An XML part, without entities nor network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        raise Unreadable(
            "Ce document est abîmé : ouvrez-le dans votre traitement de texte, enregistrez-le, puis redonnez-le."
        ) from problem
