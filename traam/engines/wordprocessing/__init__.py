"""Word processor files: what a teacher typed read as blocks of text, and blocks written as .docx and .odt."""

from collections.abc import Callable, Mapping

from traam.engines.wordprocessing.blocks import Block, Kind, Paper, from_markdown, to_markdown
from traam.engines.wordprocessing.parts import Text, Unreadable
from traam.engines.wordprocessing.reading import read
from traam.engines.wordprocessing.writing_docx import write_docx
from traam.engines.wordprocessing.writing_odt import write_odt

FORMATS: Mapping[str, tuple[Callable[[Paper], bytes], str]] = {
    "docx": (write_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "odt": (write_odt, "application/vnd.oasis.opendocument.text"),
}
"""The files a paper becomes, by extension: what writes it, and its media type."""

__all__ = [
    "FORMATS",
    "Block",
    "Kind",
    "Paper",
    "Text",
    "Unreadable",
    "from_markdown",
    "read",
    "to_markdown",
    "write_docx",
    "write_odt",
]
