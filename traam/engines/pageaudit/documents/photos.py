"""What a picture says of where, by whom and with what it was taken: Exif, XMP and IPTC of JPEG, PNG, WebP and TIFF.

Read leniently and within bounds: a picture that cannot be read says nothing.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from traam.engines.pageaudit.documents.package import parsed
from traam.engines.pageaudit.documents.report import Report, Unreadable, shortened

_MOST_PIECES = 20_000
_MOST_XMP = 1_000_000
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Photo:
    """`place` are rounded coordinates; `town` the name of a place; `author` somebody named; `device` a number."""

    place: str = ""
    town: str = ""
    author: str = ""
    device: str = ""
    whole: bool = True

    def __or__(self, other: "Photo") -> "Photo":
        return Photo(
            self.place or other.place,
            self.town or other.town,
            self.author or other.author,
            self.device or other.device,
            self.whole and other.whole,
        )


_TOWN = "L'image garde le nom d'un lieu, « {} » : effacez-le si c'est celui des élèves ou d'une personne."


def photo(data: bytes) -> Photo:
    """What these bytes give away; nothing when they are no picture that is known."""
    found = Photo()
    try:
        for kind, block in _blocks(data):
            found |= _READERS[kind](block)
    except (struct.error, IndexError, ValueError):
        found |= Photo(whole=False)
    return found


def judge_photo(report: Report, data: bytes) -> None:
    """A picture published by itself."""
    found = photo(data)
    if not found.whole:
        report.fault("doc.format", "Cette image est abîmée ou incomplète : enregistrez-la à nouveau.")
    if found.place:
        report.fault(
            "photo", f"La photographie dit où elle fut prise : {found.place}.", part="coordonnées gardées dans l'image"
        )
    elif found.town:
        report.review("photo", _TOWN.format(found.town), part=f"lieu : {found.town}")
    if found.author:
        report.review(
            "photo",
            f"L'image garde un nom, « {found.author} » : si c'est son auteur, citez-le à côté d'elle ; sinon, "
            "effacez-le.",
            part=f"auteur : {found.author}",
        )
    if found.device:
        report.review(
            "photo",
            "L'image garde le numéro de série de l'appareil, qui permet d'en rapprocher d'autres : effacez-le.",
            part="numéro de série",
        )


def judge_embedded(report: Report, data: bytes, label: str, where: str = "") -> None:
    """A picture within a document."""
    found = photo(data)
    if found.place:
        report.fault(
            "doc.gps",
            f"Une photographie du document dit où elle fut prise : {found.place}.",
            where=where,
            part=label,
        )
    elif found.town:
        report.review("doc.gps", _TOWN.format(found.town), where=where, part=f"{label}, lieu : {found.town}")
    if found.author:
        report.review(
            "doc.author",
            f"Une image du document garde un nom, « {found.author} » : si c'est son auteur, citez-le ; sinon, "
            "effacez-le.",
            where=where,
            part=f"{label}, auteur : {found.author}",
        )


# The blocks of each format.


def _blocks(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data.startswith(_JPEG):
        yield from _jpeg(data)
    elif data.startswith(_PNG):
        yield from _png(data)
    elif data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        yield from _webp(data)
    elif data.startswith((b"II*\0", b"MM\0*")):
        yield "exif", data


def _jpeg(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 2
    for _ in range(_MOST_PIECES):
        while data[at + 1] == 0xFF:  # filling
            at += 1
        marker = data[at + 1]
        if data[at] != 0xFF:
            raise ValueError("no marker here")
        if marker in {0xD9, 0xDA}:  # the drawing starts: what matters comes before
            if b"\xff\xd9" not in data[at:]:
                raise ValueError("cut before its end")
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        body = data[at + 4 : at + 2 + length]
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            yield "exif", body[6:]
        elif marker == 0xE1 and body.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
            yield "xmp", body[29:]
        elif marker == 0xED and body.startswith(b"Photoshop 3.0\0"):
            yield "iptc", body[14:]
        at += 2 + length


def _png(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = len(_PNG)
    for _ in range(_MOST_PIECES):
        length, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if name == b"IEND":
            return
        if name == b"eXIf":
            yield "exif", body
        elif name in {b"tEXt", b"iTXt", b"zTXt"}:
            yield name.decode(), body
        at += 12 + length


def _webp(data: bytes) -> Iterator[tuple[str, bytes]]:
    at, end = 12, 8 + struct.unpack_from("<I", data, 4)[0]
    if end > len(data) + 1:
        raise ValueError("cut before its end")
    for _ in range(_MOST_PIECES):
        if at >= end:
            return
        name, length = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + length]
        if name == b"EXIF":
            yield "exif", body.removeprefix(b"Exif\0\0")
        elif name == b"XMP ":
            yield "xmp", body
        at += 8 + length + (length & 1)


# What each block says.

_ARTIST, _COPYRIGHT, _XP_AUTHOR, _EXIF_IFD, _GPS_IFD = 0x013B, 0x8298, 0x9C9D, 0x8769, 0x8825
_OWNER, _SERIAL = 0xA430, 0xA431
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8, 13: 4}


def _exif(block: bytes) -> Photo:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None:
        return Photo()
    try:
        first = _directory(block, order, struct.unpack_from(f"{order}I", block, 4)[0])
        details = _directory(block, order, _number(order, first.get(_EXIF_IFD, b"")))
        place = _directory(block, order, _number(order, first.get(_GPS_IFD, b"")))
    except struct.error:
        return Photo()
    author = _text(first.get(_ARTIST, b"")) or first.get(_XP_AUTHOR, b"").decode("utf-16-le", "ignore")
    return Photo(
        _coordinates(order, place),
        "",
        shortened(author.strip("\0 ") or _text(details.get(_OWNER, b"")), 120),
        _text(details.get(_SERIAL, b"")),
    )


def _directory(block: bytes, order: str, start: int) -> dict[int, bytes]:
    """The values of a directory of tags, as raw bytes; none at 0."""
    if not start:
        return {}
    (count,) = struct.unpack_from(f"{order}H", block, start)
    found = {}
    for entry in range(min(count, 300)):
        at = start + 2 + 12 * entry
        tag, kind, number = struct.unpack_from(f"{order}HHI", block, at)
        size = _SIZES.get(kind, 1) * min(number, 10_000)
        if size > 4:
            (at,) = struct.unpack_from(f"{order}I", block, at + 8)
            found[tag] = block[at : at + size]
        else:
            found[tag] = block[at + 8 : at + 8 + size]
    return found


def _number(order: str, raw: bytes) -> int:
    return int(struct.unpack(f"{order}I", raw)[0]) if len(raw) == 4 else 0


def _text(raw: bytes) -> str:
    return shortened(raw.partition(b"\0")[0].decode("utf-8", "replace"), 120)


def _coordinates(order: str, place: dict[int, bytes]) -> str:
    north, east = (_degrees(order, place.get(tag, b"")) for tag in (2, 4))
    if north is None or east is None or (north == 0 and east == 0):
        return ""
    return _rounded(
        -north if place.get(1, b"").startswith(b"S") else north, -east if place.get(3, b"").startswith(b"W") else east
    )


def _rounded(north: float, east: float) -> str:
    """Some ten kilometres around: enough to be believed, too little to find a home."""
    said = f"{abs(north):.1f}° {'S' if north < 0 else 'N'}, {abs(east):.1f}° {'O' if east < 0 else 'E'}"
    return f"vers {said.replace(', ', ' ; ').replace('.', ',')} (arrondi ici ; le fichier le dit au mètre près)"


def _degrees(order: str, raw: bytes) -> float | None:
    if len(raw) != 24:
        return None
    parts = struct.unpack(f"{order}6I", raw)
    if not all(parts[1::2]):
        return None
    degrees, minutes, seconds = (top / bottom for top, bottom in zip(parts[::2], parts[1::2], strict=True))
    return float(degrees + minutes / 60 + seconds / 3600)


_XMP_PLACES = ("City", "Location", "Sublocation", "State")


def _xmp(block: bytes) -> Photo:
    try:
        root = parsed(block[:_MOST_XMP].strip(b"\0 \r\n"))
    except Unreadable:
        return Photo()
    said: dict[str, str] = {}
    for element in root.iter("{*}*"):
        name = element.tag.rpartition("}")[2]
        said.setdefault(name, " ".join("".join(element.itertext()).split()))
        for key, value in element.attrib.items():
            said.setdefault(str(key).rpartition("}")[2], str(value).strip())
    place = ""
    if said.get("GPSLatitude") and said.get("GPSLongitude"):
        place = _xmp_place(said["GPSLatitude"], said["GPSLongitude"])
    named = next((said[name] for name in _XMP_PLACES if said.get(name)), "")
    return Photo(place, shortened(named, 80), shortened(said.get("creator", ""), 120))


def _xmp_place(north: str, east: str) -> str:
    """Coordinates such as "45,45.5N"."""
    values = []
    for text in (north, east):
        found = re.fullmatch(
            r"(\d{1,3})[,.](\d{1,2}(?:\.\d{1,12})?)(?:,(\d{1,2}(?:\.\d{1,12})?))?([NSEWO])", text.strip()
        )
        if not found:
            return "coordonnées écrites dans l'image"
        size = int(found[1]) + float(found[2]) / 60 + float(found[3] or 0) / 3600
        values.append(-size if found[4] in "SWO" else size)
    return _rounded(values[0], values[1]) if any(values) else ""


def _iptc(block: bytes) -> Photo:
    """By-line (2:80) and city (2:90) of a Photoshop block."""
    said: dict[int, str] = {}
    for found in re.finditer(rb"\x1c\x02([\x50\x5a])([\x00-\x7f].)", block[:100_000], re.DOTALL):
        (length,) = struct.unpack(">H", found[2])
        said.setdefault(
            found[1][0], shortened(block[found.end() : found.end() + length].decode("utf-8", "replace"), 120)
        )
    return Photo(town=said.get(0x5A, ""), author=said.get(0x50, ""))


def _png_text(body: bytes) -> Photo:
    keyword, _, rest = body.partition(b"\0")
    if keyword == b"XML:com.adobe.xmp":
        compressed, rest = rest[:1] == b"\x01", rest[2:]
        text = rest.split(b"\0", 2)[-1]
        return _xmp(_inflated(text) if compressed else text)
    if keyword == b"Author":
        return Photo(author=_text(rest.rsplit(b"\0", 1)[-1]))
    return Photo()


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST_XMP)
    except zlib.error:
        return b""


_READERS: dict[str, Callable[[bytes], Photo]] = {
    "exif": _exif,
    "xmp": _xmp,
    "iptc": _iptc,
    "tEXt": _png_text,
    "iTXt": _png_text,
    "zTXt": lambda body: Photo(),
}
