"""Documents that are archives (OpenDocument, Office, H5P): which one it is, and nothing in it that could do harm.

Every entry is read to its end, by small pieces: what an archive declares proves nothing. At most `MOST_UNPACKED` bytes
are unpacked, one piece of them in memory at a time.
"""

import io
import json
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

from traam.engines.sharing.kinds import KINDS, BadFile

MOST_ENTRIES = 5_000  # an honest document has some hundreds
MOST_UNPACKED = 200_000_000
MOST_TIMES = 150  # of its weight, once it is large: text shrinks ten times, a trap a thousand
LARGE = 20_000_000
LONGEST_PATH = 250
_PIECE = 1 << 16
_DECLARED = 200_000  # bytes read of the entries that say what an archive is

_BROKEN = "Ce fichier est abîmé ou incomplet : ouvrez-le, enregistrez-le de nouveau, puis déposez-le."
_STRANGE = "Ce fichier est construit de façon inhabituelle : ouvrez-le, enregistrez-le de nouveau, puis déposez-le."
_BOMB = "Ce fichier se déplierait en un contenu démesuré : il n'est pas gardé. Enregistrez-le de nouveau, plus léger."
_LOCKED = "Ce fichier est protégé par un mot de passe : enregistrez-le sans mot de passe, puis déposez-le."
_MACROS = "Ce document contient des macros : enregistrez-le sans macros, puis déposez-le de nouveau."
_OBJECT = (
    "Ce document contient un objet incorporé (ActiveX ou OLE, comme une ancienne équation) qui peut cacher un "
    "programme : remplacez cet objet par une image ou par du texte, ou donnez le document en PDF."
)
_PROGRAM = "Ce document contient un programme : ôtez-le, puis déposez le document de nouveau."
_NESTED = "Ce document contient une archive : ôtez-la, ou déposez ce qu'elle contient fichier par fichier."
_REMOTE = (
    "Ce document va chercher un modèle ou un objet sur un autre site quand on l'ouvre : rompez ce lien (dans Word, "
    "« Options », « Compléments », « Modèles »), ou donnez le document en PDF."
)
_ZIP = (
    "Ce fichier est une archive, ou un document d'un type qui n'est pas accepté : déposez les fichiers un par un, "
    "en PDF, en odt, en docx…"
)
_BAD_H5P = "Cette activité H5P n'est pas complète : exportez-la de nouveau depuis l'éditeur H5P, puis déposez-la."

_OFFICE = {f"{KINDS[extension].media}.main+xml": extension for extension in ("docx", "xlsx", "pptx")}
_ODF = {KINDS[extension].media: extension for extension in ("odt", "ods", "odp")}
_MACRO_NAMES = re.compile(r"^(?:Basic|Scripts)/|(?:^|/)(?:vba\w+\.(?:bin|xml)|macrosheets/)", re.IGNORECASE)
_ACTIVE_NAMES = re.compile(r"(?:^|/)activeX/", re.IGNORECASE)
_PROGRAM_NAMES = re.compile(
    r"\.(?:exe|dll|com|scr|bat|cmd|ps1|vbs?|vbe|js|jse|wsf|hta|jar|lnk|msi|sh|php\d?|phtml|html?)$", re.IGNORECASE
)
_REMOTE_LINK = re.compile(
    rb"<Relationship\b(?=[^<>]*relationships/(?:attachedTemplate|oleObject|frame|subDocument)\")"
    rb"(?=[^<>]*Target\s*=\s*\"(?:https?|ftp|file://[^/]|\\\\))[^<>]*>",
    re.IGNORECASE,
)
# What an activity is made of; its libraries also bring scripts and styles.
_H5P_CONTENT = frozenset(
    re.findall(
        r"\w+",
        "json png jpg jpeg gif bmp tif tiff svg webp eot ttf woff woff2 otf webm mp4 ogg ogv oga mp3 m4a wav txt md "
        "textile pdf odt ods odp docx xlsx pptx csv vtt webvtt gltf glb",
    )
)
_H5P_LIBRARY = _H5P_CONTENT | {"js", "css", "map"}


@dataclass
class Budget:
    """What may still be unpacked, of an archive and of those within it."""

    left: int = MOST_UNPACKED
    depth: int = 0


def judged(data: bytes, budget: Budget | None = None) -> str:
    """The extension of the document that this archive is. Raises `BadFile`."""
    try:
        _counted(data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _placed(data, entries, archive.start_dir)
            _named(entries)
            _weighed(entries, len(data))
            kind = _declared(archive, entries)
            _read_whole(archive, entries, kind, budget or Budget())
    except BadFile:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        struct.error,
    ):
        raise BadFile(_BROKEN) from None
    return kind


def _counted(data: bytes) -> None:
    """The end of the archive is the end of the file, and announces few enough entries to be read."""
    at = data.rfind(b"PK\x05\x06", -22 - 0xFFFF)
    if at < 0:
        raise BadFile(_BROKEN)
    _, _, here, total, directory, _, comment = struct.unpack_from("<HHHHIIH", data, at + 4)
    if here != total or at + 22 + comment != len(data) or comment:
        raise BadFile(_STRANGE)
    if total > MOST_ENTRIES or directory > MOST_ENTRIES * 2 * LONGEST_PATH:
        raise BadFile(_BOMB)


def _placed(data: bytes, entries: list[zipfile.ZipInfo], directory: int) -> None:
    """One entry after the other from the first byte to the directory: none shares its bytes, nothing lies between."""
    if len(entries) > MOST_ENTRIES:
        raise BadFile(_BOMB)
    at = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        # What may lie between: the descriptor of the entry before (16 bytes, 24 when its sizes are long ones).
        if not 0 <= entry.header_offset - at <= 24:
            raise BadFile(_STRANGE)
        name, extra = struct.unpack_from("<HH", data, entry.header_offset + 26)
        at = entry.header_offset + 30 + name + extra + entry.compress_size
    if not entries or not 0 <= directory - at <= 24:
        raise BadFile(_STRANGE)


def _named(entries: list[zipfile.ZipInfo]) -> None:
    seen = set()
    for entry in entries:
        name = entry.orig_filename
        parts = name.rstrip("/").split("/")
        unsafe = "\\" in name or ":" in parts[0] or any(part in {"", ".", ".."} for part in parts)
        if unsafe or len(name) > LONGEST_PATH or any(ord(c) < 32 or ord(c) == 127 for c in name):
            raise BadFile(_STRANGE)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise BadFile(_STRANGE)
        key = unicodedata.normalize("NFC", name).casefold()
        if key in seen:
            raise BadFile(_STRANGE)
        seen.add(key)
        if entry.flag_bits & 0x1:
            raise BadFile(_LOCKED)
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise BadFile(_STRANGE)


def _weighed(entries: list[zipfile.ZipInfo], weight: int) -> None:
    declared = sum(entry.file_size for entry in entries)
    if declared > MOST_UNPACKED or (declared > LARGE and declared > MOST_TIMES * weight):
        raise BadFile(_BOMB)


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as entry:
        return entry.read(_DECLARED)


def _declared(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> str:
    """What the archive says it is; it says it once."""
    names = {entry.filename for entry in entries}
    marks = names & {"mimetype", "[Content_Types].xml", "h5p.json"}
    if len(marks) != 1:
        raise BadFile(_STRANGE if marks else _ZIP)
    if "h5p.json" in marks:
        _check_h5p(archive, entries)
        return "h5p"
    if "mimetype" in marks:
        found = _ODF.get(_head(archive, "mimetype").decode("ascii", "replace").strip())
        if b"manifest:encryption-data" in (
            _head(archive, "META-INF/manifest.xml") if found and _manifest(names) else b""
        ):
            raise BadFile(_LOCKED)
    else:
        types = _head(archive, "[Content_Types].xml").decode("utf-8", "replace")
        if "macroEnabled" in types or "vbaProject" in types:
            raise BadFile(_MACROS)
        found = next((extension for media, extension in _OFFICE.items() if f'"{media}"' in types), None)
    if found is None:
        raise BadFile(_ZIP)
    return found


def _manifest(names: set[str]) -> bool:
    return "META-INF/manifest.xml" in names


def _check_h5p(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """`h5p.json` names a title and a library, `content/content.json` is there, and every name is of a known kind."""
    names = {entry.filename for entry in entries}
    try:
        said = json.loads(_head(archive, "h5p.json"))
    except (ValueError, RecursionError):
        raise BadFile(_BAD_H5P) from None
    if not isinstance(said, dict) or not said.get("mainLibrary") or "content/content.json" not in names:
        raise BadFile(_BAD_H5P)
    for name in names:
        last = name.rpartition("/")[2]
        known = _H5P_CONTENT if name.startswith("content/") else _H5P_LIBRARY
        if (
            last
            and last.rpartition(".")[2].lower() not in known
            and last.upper() not in {"LICENSE", "README", "COPYING"}
        ):
            raise BadFile(
                f"Cette activité H5P contient « {last[:80]} », d'un type qui n'y est pas permis : ôtez-le, exportez "
                "l'activité de nouveau, puis déposez-la."
            )


def _read_whole(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], kind: str, budget: Budget) -> None:
    for entry in entries:
        if kind != "h5p":
            _office_name(entry.filename)
        whole = _unpacked(archive, entry, budget)
        if whole.startswith(b"\xd0\xcf\x11\xe0"):
            raise BadFile(_OBJECT)
        if whole.startswith((b"MZ", b"\x7fELF", b"#!")) and not entry.filename.endswith((".js", ".md")):
            raise BadFile(_PROGRAM)
        if entry.filename.endswith(".rels") and _REMOTE_LINK.search(whole):
            raise BadFile(_REMOTE)
        if whole.startswith(b"PK\x03\x04"):
            _nested(whole, entry, budget)


def _office_name(name: str) -> None:
    if _MACRO_NAMES.search(name):
        raise BadFile(_MACROS)
    if _ACTIVE_NAMES.search(name):
        raise BadFile(_OBJECT)
    if _PROGRAM_NAMES.search(name):
        raise BadFile(_PROGRAM)


def _nested(whole: bytes, entry: zipfile.ZipInfo, budget: Budget) -> None:
    """The workbook behind a drawn figure is a document of its own; nothing deeper."""
    if budget.depth or entry.file_size > len(whole):
        raise BadFile(_NESTED)
    budget.depth += 1
    try:
        judged(whole, budget)
    except BadFile as bad:
        raise (BadFile(_NESTED) if str(bad) == _ZIP else bad) from None
    finally:
        budget.depth -= 1


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> bytes:
    """The entry read to its end, its sum checked. Kept of it: the whole of an archive or of links, else its head."""
    kept, first = bytearray(), True
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            budget.left -= len(piece)
            if budget.left < 0:
                raise BadFile(_BOMB)
            wanted = first or entry.filename.endswith(".rels") or kept.startswith(b"PK\x03\x04")
            if wanted and len(kept) < 2 * LARGE:
                kept += piece
            first = False
    return bytes(kept)
