"""The kinds of files that are kept, and the names they keep."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PureWindowsPath

MOST_BYTES = 10_000_000
MOST_OF_H5P = 30_000_000  # an activity with its sounds and its images
LONGEST_NAME = 100


class BadFile(ValueError):
    """A file that is not kept; the sentence says why and what to do."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that is kept. `extension` has no dot; `media` is its type on the web; `most` its bytes."""

    extension: str
    label: str
    media: str
    most: int = MOST_BYTES


_ODF = "application/vnd.oasis.opendocument."
_OOXML = "application/vnd.openxmlformats-officedocument."
KINDS = {
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
        Kind("gif", "image GIF", "image/gif"),
        Kind("webp", "image WebP", "image/webp"),
        Kind("mp3", "son MP3", "audio/mpeg"),
        Kind("mp4", "vidéo MP4", "video/mp4"),
        Kind("h5p", "activité H5P", "application/zip", MOST_OF_H5P),
        Kind("vtt", "sous-titres WebVTT", "text/vtt", 1_000_000),
    )
}
IMAGES = frozenset({"png", "jpg", "gif", "webp"})
# What is kept where nothing narrower is asked: an activity or subtitles have their own places.
ACCEPTED = {extension: kind for extension, kind in KINDS.items() if extension not in {"h5p", "vtt"}}
_ALIASES = ("jpeg", "jpe", "doc", "xls", "ppt", "m4v")


def kind_of_name(name: str) -> Kind | None:
    """The kind of a name that `safe_name` made; None for another."""
    return KINDS.get(name.rpartition(".")[2])


def safe_name(name: str, kind: Kind) -> str:
    """The name a file keeps: no folder, no strange character, the extension of what it is."""
    last = PureWindowsPath(unicodedata.normalize("NFC", name)).name  # a browser may send either slash
    bare = "".join(c if c.isalnum() or c in " ._-'()" else "-" for c in last if c.isprintable())
    stem = re.sub(rf"\.(?:{'|'.join([*KINDS, *_ALIASES])})$", "", bare, flags=re.IGNORECASE)
    stem = " ".join(stem.split()).strip(".- ")[:LONGEST_NAME].rstrip(".- ") or "document"
    return f"{stem}.{kind.extension}"
