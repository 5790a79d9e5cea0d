"""The file before anything reads it: is it a workbook, is it honest about its size, what do its sheets hold?

Nothing here trusts it: sizes are bounded before unpacking, documents that declare a DTD are refused, and
the cells are walked without being stored, to find what a reader of values would hide (merged cells, errors,
formulas never computed) or die of (a value in the last cell of the grid).
"""

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property

from traam.engines.sheets import ods, ods_writing, xlsx
from traam.engines.sheets.grid import Damaged, Facts

MAX_BYTES = 10 * 2**20
MAX_UNPACKED = 64 * 2**20
MAX_RATIO = 500  # rows that look alike reach 300 in an .ods; a bomb is over 1000
MAX_MEMBERS = 1_000
_SMALL = 2**20  # under this size a member may compress as well as it likes

_BLANK = b"\0\r\n\t "
_OTHERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"\x89PNG", b"{\\rtf", b"\xff\xd8\xff", b"GIF8")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

_SAVE_AS = "ouvrez-le dans un tableur (LibreOffice, Excel) et enregistrez-le en .xlsx ou .ods"
_DAMAGED = (
    "le fichier est abîmé et ne peut pas être lu : ouvrez-le dans un tableur (LibreOffice, Excel), "
    "enregistrez-le de nouveau, puis déposez-le"
)
_TOO_LARGE = (
    "le fichier est trop volumineux une fois déplié : recopiez vos lignes dans un modèle neuf, "
    "sans image ni mise en forme, puis déposez-le"
)


class BadFile(Exception):
    """The file cannot be read at all; ``sentence`` says in French what it is and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def damaged() -> BadFile:
    """The refusal of a file that breaks the format it claims."""
    return BadFile(_DAMAGED)


@dataclass(frozen=True)
class Package:
    """An unpacked workbook. ``parts`` are its XML documents by path."""

    kind: str
    parts: dict[str, bytes]

    @cached_property
    def sheets(self) -> dict[str, str]:
        """The names of the sheets of cells, in order, with the part or the table that holds each."""
        try:
            return xlsx.sheets(self.parts) if self.kind == "xlsx" else ods.sheets(self.parts["content.xml"])
        except Damaged:
            raise damaged() from None

    def plain(self, data: bytes) -> bytes:
        """The workbook for the reader of values, which drops the tabs and line breaks of an OpenDocument."""
        if self.kind == "xlsx":
            return data
        content = ods.with_plain_breaks(self.parts["content.xml"])
        return data if content == self.parts["content.xml"] else ods_writing.pack({"content.xml": content})

    @property
    def starts_in_1904(self) -> bool:
        """Whether bare numbers count days from 1904, as old Macintosh workbooks do."""
        return self.kind == "xlsx" and xlsx.starts_in_1904(self.parts)

    def facts(self, sheet: str) -> Facts:
        """What the cells of a sheet hold, without their values."""
        try:
            if self.kind == "xlsx":
                return xlsx.facts(self.parts[self.sheets[sheet]])
            return ods.facts(self.parts["content.xml"], sheet)
        except (Damaged, KeyError):
            raise damaged() from None


def is_delimited(data: bytes, filename: str = "") -> bool:
    """Whether ``data`` is a text that may hold rows, whatever its name: neither a package nor another format."""
    if not data.strip(_BLANK) or len(data) > MAX_BYTES or data.startswith(_OTHERS) or _is_page(data):
        return False
    return data.startswith(_UTF_16) or b"\0" not in data[:4096]


def _is_page(data: bytes) -> bool:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def unpack(data: bytes, filename: str = "") -> Package:
    """The workbook in ``data``, or `BadFile`. ``filename`` serves only to name the file in the sentences."""
    _check_signature(data, filename)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = _check_members(archive)
            kind = _kind(archive, names)
            return Package(kind, _documents(archive))
    except zipfile.BadZipFile:
        raise BadFile(
            "le fichier est incomplet : le transfert a sans doute été interrompu ; déposez-le de nouveau"
        ) from None
    except (zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, KeyError):
        raise damaged() from None


def _check_signature(data: bytes, filename: str) -> None:
    if not data.strip(_BLANK):
        raise BadFile("le fichier est vide : choisissez le classeur rempli, puis déposez-le de nouveau")
    if len(data) > MAX_BYTES:
        raise BadFile(f"le fichier pèse plus de {MAX_BYTES // 2**20} Mo : retirez-en les images et le superflu")
    if data.startswith(b"PK\x03\x04"):
        return
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise BadFile(_ole_sentence(data))
    raise BadFile(_other_sentence(data, filename))


def _ole_sentence(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "le fichier est protégé par un mot de passe : enregistrez-le sans mot de passe, puis déposez-le"
    if "WordDocument".encode("utf-16-le") in data:
        return f"c'est un texte au format .doc, pas un tableur : {_SAVE_AS}"
    return "c'est un ancien format .xls ; enregistrez-le en .xlsx ou .ods"


def _other_sentence(data: bytes, filename: str) -> str:
    extension = posixpath.splitext(filename.lower())[1]
    if data.lstrip()[:5] == b"%PDF-":
        said = f", malgré son nom en {extension}" if extension not in ("", ".pdf") else ""
        return f"c'est un document PDF{said} : déposez le classeur rempli, en .xlsx ou .ods"
    if _is_page(data):
        return f"c'est une page web, pas un classeur : {_SAVE_AS}"
    return "ce fichier n'est pas un classeur : déposez le modèle rempli, en .xlsx ou .ods"


def _check_members(archive: zipfile.ZipFile) -> set[str]:
    members = archive.infolist()
    names = {member.filename for member in members}
    if len(members) > MAX_MEMBERS or len(names) < len(members):
        raise damaged()
    if any(member.flag_bits & 0x1 for member in members):
        raise BadFile("le fichier est protégé par un mot de passe : enregistrez-le sans mot de passe")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise BadFile(_TOO_LARGE)
    for member in members:
        if member.file_size > _SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise BadFile(_TOO_LARGE)
    return names


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        raise BadFile("c'est un classeur binaire .xlsb ; enregistrez-le en .xlsx ou .ods")
    if "xl/workbook.xml" in names:
        return _check_excel(archive, names)
    if "content.xml" in names and "mimetype" in names:
        return _check_open_document(archive, names)
    if "word/document.xml" in names:
        raise BadFile("c'est un texte (.docx), pas un classeur : déposez le modèle rempli, en .xlsx ou .ods")
    raise BadFile("ce fichier n'est pas un classeur : déposez le modèle rempli, en .xlsx ou .ods")


_MACROS = "le classeur contient des macros : enregistrez-le sans macros, en .xlsx ou .ods, puis déposez-le"


def _check_excel(archive: zipfile.ZipFile, names: set[str]) -> str:
    types = _bounded(archive, "[Content_Types].xml") if "[Content_Types].xml" in names else b""
    if any(name.lower().endswith("vbaproject.bin") for name in names) or b"macroenabled" in types.lower():
        raise BadFile(_MACROS)
    if any(name.startswith("xl/macrosheets/") for name in names):
        raise BadFile(_MACROS)
    return "xlsx"


def _check_open_document(archive: zipfile.ZipFile, names: set[str]) -> str:
    if b"opendocument.spreadsheet" not in _bounded(archive, "mimetype"):
        raise BadFile("ce fichier n'est pas un classeur : déposez le modèle rempli, en .xlsx ou .ods")
    manifest = "META-INF/manifest.xml"
    if manifest in names and re.search(rb"encryption-data|EncryptedPackage", _bounded(archive, manifest)):
        raise BadFile("le fichier est protégé par un mot de passe : enregistrez-le sans mot de passe")
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise BadFile(_MACROS)
    return "ods"


def _documents(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Every XML part, its true size counted while it unpacks (the directory of the zip may lie)."""
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for member in archive.infolist():
        if member.filename.lower().endswith((".xml", ".rels")):
            part = _bounded(archive, member.filename, left)
            left -= len(part)
            _refuse_declarations(part)
            parts[member.filename] = part
    return parts


def _bounded(archive: zipfile.ZipFile, name: str, limit: int = _SMALL) -> bytes:
    with archive.open(name) as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise BadFile(_TOO_LARGE)
    return content


def _refuse_declarations(part: bytes) -> None:
    """No workbook needs a DTD: entities are only good for bombs and for reading the server's files."""
    plain = part.replace(b"\0", b"") if b"\0" in part else part  # UTF-16 cannot hide it
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise BadFile(f"le fichier contient des déclarations interdites (DOCTYPE) : {_SAVE_AS}")
