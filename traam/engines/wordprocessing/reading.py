"""A .docx or an .odt read as blocks. What has no place in a text (drawings, notes, fields) is told, never dropped."""

import io
import zipfile

from traam.engines.wordprocessing import reading_docx, reading_odt
from traam.engines.wordprocessing.parts import Parts, Text, Unreadable


def read(data: bytes) -> Text:
    """Read a .docx or an .odt, whichever it is. Raises `Unreadable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                return reading_docx.read(Parts(archive))
            if "content.xml" in names:
                return reading_odt.read(Parts(archive))
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as problem:
        raise Unreadable(
            "Ce document est abîmé ou protégé : ouvrez-le, enregistrez-le de nouveau, puis redonnez-le."
        ) from problem
    raise Unreadable("Ce fichier n'est pas un texte : donnez un document Word (.docx) ou LibreOffice (.odt).")
