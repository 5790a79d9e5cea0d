"""Word processor files: what a teacher typed read as blocks of text, and blocks written as .docx and .odt."""

from traam.engines.wordprocessing.blocks import Block, Kind, Paper, from_markdown, to_markdown
from traam.engines.wordprocessing.parts import Text, Unreadable
from traam.engines.wordprocessing.reading import read
from traam.engines.wordprocessing.writing_docx import write_docx
from traam.engines.wordprocessing.writing_odt import write_odt

__all__ = [
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
