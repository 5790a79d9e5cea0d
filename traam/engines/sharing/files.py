"""What a file is, read from its bytes: the name that came with it proves nothing."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PureWindowsPath

MOST_BYTES = 10_000_000
LONGEST_NAME = 100
MOST_ENTRIES = 5_000  # of an archive: an honest document has some hundreds
_DECLARED = 200_000  # bytes read of the entry that says what an archive is


class BadFile(ValueError):
    """A file that is not kept; the sentence says why and what to do."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that is kept. `extension` has no dot; `media` is its type on the web."""

    extension: str
    label: str
    media: str


_ODF = "application/vnd.oasis.opendocument."
_OOXML = "application/vnd.openxmlformats-officedocument."
ACCEPTED = {
    kind.extension: kind
    for kind in (
        Kind("pdf", "PDF", "application/pdf"),
        Kind("odt", "texte OpenDocument", f"{_ODF}text"),
        Kind("ods", "tableur OpenDocument", f"{_ODF}spreadsheet"),
        Kind("odp", "présentation OpenDocument", f"{_ODF}presentation"),
        Kind("docx", "texte Word", f"{_OOXML}wordprocessingml.document"),
        Kind("xlsx", "tableur Excel", f"{_OOXML}spreadsheetml.sheet"),
        Kind("pptx", "présentation PowerPoint", f"{_OOXML}presentationml.presentation"),
        Kind("png", "image PNG", "image/png"),
        Kind("jpg", "image JPEG", "image/jpeg"),
        Kind("mp3", "son MP3", "audio/mpeg"),
        Kind("mp4", "vidéo MP4", "video/mp4"),
    )
}
_OFFICE = {ACCEPTED[extension].media + ".main+xml": extension for extension in ("docx", "xlsx", "pptx")}
_ODF_KINDS = {ACCEPTED[extension].media: extension for extension in ("odt", "ods", "odp")}
_MP4 = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"M4VP"})
_UNKNOWN = (
    "Ce fichier n'est pas d'un type accepté. Donnez un PDF, un document LibreOffice (odt, ods, odp) ou Office "
    "(docx, xlsx, pptx), une image (png, jpg), un son mp3 ou une vidéo mp4."
)
_MACROS = "Ce document contient des macros : enregistrez-le sans macros, puis déposez-le de nouveau."


def kind_of(data: bytes) -> Kind:
    """What these bytes are. Raises `BadFile`: empty, too heavy, of no kind that is kept, or with macros."""
    if not data:
        raise BadFile("Ce fichier est vide.")
    if len(data) > MOST_BYTES:
        megabytes = f"{len(data) / 1_000_000:.1f}".replace(".", ",")
        raise BadFile(
            f"Ce fichier pèse {megabytes} Mo : {MOST_BYTES // 1_000_000} Mo au plus. Partagez plutôt un lien."
        )
    for extension, is_it in _SIGNATURES.items():
        if is_it(data):
            return ACCEPTED[extension]
    if data.startswith(b"PK\x03\x04"):
        return ACCEPTED[_packed(data)]
    raise BadFile(_UNKNOWN)


def _is_mp3(data: bytes) -> bool:
    # A tag, or the first frame of an MPEG audio layer III.
    return data.startswith(b"ID3") or (len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2 and data[2] < 0xF0)


_SIGNATURES: dict[str, Callable[[bytes], bool]] = {
    "pdf": lambda data: data.startswith(b"%PDF-"),
    "png": lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"),
    "jpg": lambda data: data.startswith(b"\xff\xd8\xff"),
    "mp4": lambda data: data[4:8] == b"ftyp" and data[8:12] in _MP4,
    "mp3": _is_mp3,
}


def _packed(data: bytes) -> str:
    """The extension of a document that is an archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if len(names) > MOST_ENTRIES:
                raise BadFile(_UNKNOWN)
            extension = _declared(archive, names)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as problem:
        if isinstance(problem, BadFile):
            raise
        raise BadFile("Ce fichier est abîmé : ouvrez-le, enregistrez-le de nouveau, puis déposez-le.") from None
    if any(name.startswith(("Basic/", "Scripts/")) or name.endswith("vbaProject.bin") for name in names):
        raise BadFile(_MACROS)
    return extension


def _declared(archive: zipfile.ZipFile, names: list[str]) -> str:
    if "mimetype" in names:
        with archive.open("mimetype") as entry:
            found = _ODF_KINDS.get(entry.read(_DECLARED).decode("ascii", "replace").strip())
    elif "[Content_Types].xml" in names:
        with archive.open("[Content_Types].xml") as entry:
            types = entry.read(_DECLARED).decode("utf-8", "replace")
        if "macroEnabled" in types:
            raise BadFile(_MACROS)
        found = next((extension for media, extension in _OFFICE.items() if f'"{media}"' in types), None)
    else:
        found = None
    if found is None:
        raise BadFile(_UNKNOWN)
    return found


def kind_of_name(name: str) -> Kind | None:
    """The kind of a name that `safe_name` made; None for another."""
    return ACCEPTED.get(name.rpartition(".")[2])


def safe_name(name: str, kind: Kind) -> str:
    """The name a file keeps: no folder, no strange character, the extension of what it is."""
    last = PureWindowsPath(unicodedata.normalize("NFC", name)).name  # a browser may send either slash
    bare = "".join(c if c.isalnum() or c in " ._-'()" else "-" for c in last if c.isprintable())
    stem = re.sub(rf"\.(?:{'|'.join([*ACCEPTED, 'jpeg', 'doc', 'xls', 'ppt'])})$", "", bare, flags=re.IGNORECASE)
    stem = " ".join(stem.split()).strip(".- ")[:LONGEST_NAME].rstrip(".- ") or "document"
    return f"{stem}.{kind.extension}"
