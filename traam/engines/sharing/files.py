"""What a file is, read from its bytes: the name that came with it proves nothing."""

import re
import struct
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from io import BytesIO

from traam.engines.sharing import archives, images
from traam.engines.sharing.kinds import ACCEPTED, IMAGES, KINDS, MOST_BYTES, BadFile, Kind

_MP4 = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"M4VP"})
_PDF_TAIL = 2048
_EMPTY = "Ce fichier est vide : vérifiez-le sur votre poste, puis déposez-le de nouveau."
_BROKEN = "Ce fichier est abîmé ou incomplet : ouvrez-le, enregistrez-le de nouveau, puis déposez-le."
_TWO_FACED = (
    "Ce fichier en cache un autre (une archive, un programme ou une page web) : ouvrez-le, enregistrez-le de nouveau, "
    "puis déposez ce nouveau fichier."
)
_PDF_ACTIVE = (
    "Ce PDF contient un script, une commande ou un fichier joint : imprimez-le « vers un fichier PDF », puis déposez "
    "ce nouveau fichier."
)
_PROGRAM = "Ce fichier est un programme : aucun n'est gardé ici. Donnez plutôt l'adresse où on le trouve."
_OLD_OFFICE = (
    "Ce fichier est d'un ancien format d'Office (doc, xls, ppt), qui peut cacher des macros, ou protégé par un mot de "
    "passe : ouvrez-le, enregistrez-le en .odt ou .docx (.ods ou .xlsx, .odp ou .pptx), puis déposez-le."
)
_SVG = "Une image SVG peut contenir des scripts : exportez-la en PNG, puis déposez-la."
_WEB_PAGE = "Une page web peut contenir des scripts : enregistrez-la en PDF, ou donnez son adresse."
_RTF = "Le format RTF peut cacher des objets : enregistrez ce texte en .odt ou .docx, puis déposez-le."
_PHOTO = "Cette photo est d'un format que tous les navigateurs ne lisent pas : enregistrez-la en JPEG ou en PNG."
_MOVIE = "Cette vidéo est d'un format que tous les navigateurs ne lisent pas : enregistrez-la en MP4."

_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"!<arch>")
_PAGE = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|svg|object|embed|\?php|%@)[\s>]", re.IGNORECASE
)
_PDF_HARM = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")


@dataclass(frozen=True)
class Judged:
    """A file that may be kept: its kind and its bytes, without what an image hid (`stripped` says there was some)."""

    kind: Kind
    data: bytes
    stripped: bool = False


def kind_of(data: bytes, accepted: Collection[str] = ACCEPTED) -> Kind:
    """What these bytes are. Raises `BadFile`: empty, too heavy, of no kind in `accepted`, or with something harmful."""
    return judge(data, accepted).kind


def judge(data: bytes, accepted: Collection[str] = ACCEPTED) -> Judged:
    """The file as it may be kept. Raises `BadFile`."""
    if not data:
        raise BadFile(_EMPTY)
    heaviest = max(KINDS[extension].most for extension in accepted)
    check_weight(len(data), heaviest)
    kind = KINDS[_recognised(data, accepted)]
    if kind.extension not in accepted:
        raise BadFile(
            f"Ce fichier est du type « {kind.label} », qui ne convient pas ici. Types acceptés : {_wanted(accepted)}."
        )
    check_weight(len(data), kind.most)
    if kind.extension in IMAGES:
        image, after = images.bare(data, kind.extension)
        _alone(data, after)
        return Judged(kind, image, image != data)
    if kind.extension in _CHECKS:
        _CHECKS[kind.extension](data)
    return Judged(kind, data)


def check_weight(size: int, most: int = MOST_BYTES) -> None:
    """Raise `BadFile` when a file of this size cannot be kept."""
    if size > most:
        heavy = f"{size / 1e9:.1f} Go" if size >= 1e9 else f"{size / 1e6:.1f} Mo"
        raise BadFile(
            f"Ce fichier pèse {heavy.replace('.', ',')} : {most // 1_000_000} Mo au plus. Partagez plutôt un lien."
        )


def _wanted(accepted: Collection[str]) -> str:
    labels = [f"{kind.label} ({extension})" for extension, kind in KINDS.items() if extension in accepted]
    return ", ".join(labels)


def _recognised(data: bytes, accepted: Collection[str]) -> str:
    for extension, is_it in _SIGNATURES.items():
        if is_it(data):
            return extension
    if data.startswith(b"PK\x03\x04"):
        return archives.judged(data)
    for starts, sentence in _REFUSED:
        if starts(data):
            raise BadFile(sentence)
    raise BadFile(f"Ce fichier n'est pas d'un type accepté. Sont acceptés : {_wanted(accepted)}.")


def _is_mp3(data: bytes) -> bool:
    """A tag then a frame, or a frame of an MPEG audio layer III at once."""
    at = 0
    if data.startswith(b"ID3"):
        if len(data) < 10:
            return False
        at = 10 + sum((data[6 + place] & 0x7F) << 7 * (3 - place) for place in range(4))
        at += len(data[at : at + 4096]) - len(data[at : at + 4096].lstrip(b"\0"))
    frame = data[at : at + 3]
    return len(frame) == 3 and frame[0] == 0xFF and frame[1] & 0xE6 == 0xE2 and frame[2] < 0xF0


def _is_vtt(data: bytes) -> bool:
    return re.match(rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|$)", data) is not None


_SIGNATURES: dict[str, Callable[[bytes], bool]] = {
    "pdf": lambda data: data.startswith(b"%PDF-"),
    "png": lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"),
    "jpg": lambda data: data.startswith(b"\xff\xd8\xff"),
    "gif": lambda data: data.startswith((b"GIF87a", b"GIF89a")),
    "webp": lambda data: data.startswith(b"RIFF") and data[8:12] == b"WEBP",
    "mp4": lambda data: data[4:8] == b"ftyp" and data[8:12] in _MP4,
    "mp3": _is_mp3,
    "vtt": _is_vtt,
}
_REFUSED: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (lambda data: data.startswith(_PROGRAMS), _PROGRAM),
    (lambda data: data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _OLD_OFFICE),
    (lambda data: data.startswith(b"{\\rtf"), _RTF),
    (lambda data: data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"avif"}, _PHOTO),
    (lambda data: data.startswith((b"II*\0", b"MM\0*", b"BM")), _PHOTO),
    (lambda data: data[4:8] in {b"ftyp", b"moov", b"mdat"} or data.startswith((b"\x1aE\xdf\xa3", b"RIFF")), _MOVIE),
    (lambda data: re.search(rb"<(?:\w+:)?svg[\s>]", data[:4096], re.IGNORECASE) is not None, _SVG),
    (lambda data: _PAGE.search(data[:4096]) is not None, _WEB_PAGE),
    (lambda data: b"%PDF-" in data[:1024] or zipfile.is_zipfile(BytesIO(data)), _TWO_FACED),
)


def _alone(data: bytes, after: bytes) -> None:
    """Nothing else in these bytes: no page at their head, no archive, no document, no program after their end."""
    hidden = _PAGE.search(data[:2048]) or _PAGE.search(after) or b"%PDF-" in after or after.startswith(_PROGRAMS)
    if hidden or zipfile.is_zipfile(BytesIO(data)):
        raise BadFile(_TWO_FACED)


def _check_pdf(data: bytes) -> None:
    _alone(data, b"")
    tail = data[-_PDF_TAIL:]
    if b"%%EOF" not in tail or b"startxref" not in tail:
        raise BadFile(_BROKEN)
    if _PAGE.search(tail[tail.rindex(b"%%EOF") :]):
        raise BadFile(_TWO_FACED)
    if _PDF_HARM.search(data):
        raise BadFile(_PDF_ACTIVE)


def _check_mp4(data: bytes) -> None:
    """Boxes that fill the file exactly, one of which describes what is played."""
    _alone(data, b"")
    at, names = 0, set()
    while at < len(data):
        try:
            size, name = struct.unpack_from(">I4s", data, at)
            if size == 1:
                (size,) = struct.unpack_from(">Q", data, at + 8)
        except struct.error:
            raise BadFile(_BROKEN) from None
        names.add(name)
        size = size or len(data) - at
        if size < 8:
            raise BadFile(_BROKEN)
        at += size
    if at != len(data) or b"moov" not in names:
        raise BadFile(_BROKEN)


def _check_vtt(data: bytes) -> None:
    """Text, with a line of times at least."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("Ces sous-titres ne sont pas en UTF-8 : enregistrez-les de nouveau en UTF-8.") from None
    if "\0" in text or _PAGE.search(data):
        raise BadFile(_TWO_FACED)
    if not re.search(r"(?:\d{1,4}:)?\d\d:\d\d\.\d{3}[ \t]{1,9}-->[ \t]{1,9}(?:\d{1,4}:)?\d\d:\d\d\.\d{3}", text):
        raise BadFile(
            "Ces sous-titres WebVTT n'ont aucune ligne de temps (00:01.000 --> 00:04.000) : vérifiez le fichier."
        )


_CHECKS: dict[str, Callable[[bytes], None]] = {
    "pdf": _check_pdf,
    "mp4": _check_mp4,
    "mp3": lambda data: _alone(data, b""),
    "vtt": _check_vtt,
}
