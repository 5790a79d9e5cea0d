"""Images, walked piece by piece: whole or refused, and kept without what they say of who took them, where and with
what. Not a point of the picture changes: the pieces that draw it, its colours and its orientation are copied as they
are.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator

from traam.engines.sharing.kinds import BadFile

MOST_POINTS = 60_000_000  # decoded, four bytes each, in the memory of whoever reads the page
MOST_PIECES = 50_000  # segments or chunks: a large photo has some thousands
_BROKEN = "Cette image est abîmée ou incomplète : ouvrez-la, enregistrez-la de nouveau, puis déposez-la."
_ORIENTATION = 0x0112

Walk = Callable[[bytes], tuple[bytes, int]]


def bare(data: bytes, extension: str) -> tuple[bytes, bytes]:
    """The image without what it hides, and what came after its end. Raises `BadFile` when it is not whole."""
    try:
        image, end = _WALKS[extension](data)
    except (struct.error, IndexError):
        raise BadFile(_BROKEN) from None
    return image, data[end:]


def _measured(width: int, height: int) -> None:
    if not width or not height:
        raise BadFile(_BROKEN)
    if width * height > MOST_POINTS:
        raise BadFile(
            f"Cette image mesure {width} × {height} points, trop pour un écran : réduisez-la (4 000 points de large "
            "suffisent), puis déposez-la."
        )


# What an Exif block says of the orientation, and the shortest block that says it.


def _orientation(exif: bytes) -> int:
    """From 1 (upright) to 8, of a TIFF block; 1 when it says nothing one can read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for entry in range(min(count, 500)):
            tag, kind = struct.unpack_from(f"{order}HH", exif, start + 2 + 12 * entry)
            if (tag, kind) == (_ORIENTATION, 3):
                (value,) = struct.unpack_from(f"{order}H", exif, start + 10 + 12 * entry)
                return int(value) if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def _shortest_exif(orientation: int) -> bytes:
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)


# JPEG: segments, then coded data up to the next marker.

_MARKER = re.compile(rb"\xff{1,64}([\x01-\xcf\xd8-\xfe])")  # with the bytes that may fill before it
_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_EXIF = b"Exif\0\0"


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Marker, start (at its length), end of its content, end with the coded data that follows; 0xD9 is the last one."""
    at = 2
    for _ in range(MOST_PIECES):
        found = _MARKER.match(data, at)
        if not found:
            raise BadFile(_BROKEN)
        marker, start = found[1][0], found.end()
        if marker == 0xD9:
            yield marker, start, start, start
            return
        (length,) = struct.unpack_from(">H", data, start)
        at = stop = start + length
        if length < 2 or stop > len(data):
            raise BadFile(_BROKEN)
        if marker == 0xDA:
            coded = _NEXT_MARKER.search(data, stop)
            if not coded:
                raise BadFile(_BROKEN)
            at = coded.start()
        yield marker, start, stop, at
    raise BadFile(_BROKEN)


def _jpeg(data: bytes) -> tuple[bytes, int]:
    kept, turned, after, drawn = [b"\xff\xd8"], 1, 0, False
    for marker, start, stop, end in _jpeg_segments(data):
        body, after, drawn = data[start + 2 : stop], end, drawn or marker == 0xDA
        if marker == 0xE1 and body.startswith(_EXIF):
            turned = _orientation(body[len(_EXIF) :])
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", body, 1)
            _measured(width, height)
        if not _is_hidden(marker, body):
            kept.append(bytes([0xFF, marker]) + data[start:end])
    if not drawn:
        raise BadFile(_BROKEN)
    if turned != 1:
        exif = _EXIF + _shortest_exif(turned)
        # After JFIF, which comes first when it is there.
        kept.insert(2 if kept[1][1] == 0xE0 else 1, struct.pack(">BBH", 0xFF, 0xE1, len(exif) + 2) + exif)
    return b"".join(kept), after


def _is_hidden(marker: int, body: bytes) -> bool:
    """Comments and what applications say. JFIF, the colour profile and Adobe's transform are needed to draw."""
    if marker == 0xFE:
        return True
    needed = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
    return 0xE0 <= marker <= 0xEF and not (marker in needed and body.startswith(needed[marker]))


# PNG: chunks with their sums.

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_NEEDED = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT pHYs bKGD hIST sPLT acTL fcTL fdAT".split()
)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Name, content and end of each chunk."""
    at = len(_PNG_HEAD)
    for _ in range(MOST_PIECES):
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        (told,) = struct.unpack_from(">I", data, end - 4)
        content = data[at + 8 : end - 4]
        if zlib.crc32(name + content) != told:
            raise BadFile(_BROKEN)
        yield name, content, end
        at = end
    raise BadFile(_BROKEN)


def _png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _png(data: bytes) -> tuple[bytes, int]:
    kept, drawn, at = [_PNG_HEAD], False, 0
    for name, content, end in _png_chunks(data):
        if len(kept) == 1:
            if name != b"IHDR":
                raise BadFile(_BROKEN)
            _measured(*struct.unpack_from(">II", content))
        drawn = drawn or name == b"IDAT"
        if name in _PNG_NEEDED:
            kept.append(_png_chunk(name, content))
        elif name == b"eXIf" and (turned := _orientation(content)) != 1:
            kept.append(_png_chunk(name, _shortest_exif(turned)))
        if name == b"IEND":
            at = end
            break
    if not drawn:
        raise BadFile(_BROKEN)
    return b"".join(kept), at


# GIF: blocks, each of sub-blocks of 255 bytes at most.

_GIF_NEEDED = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def _gif(data: bytes) -> tuple[bytes, int]:
    width, height, packed = struct.unpack_from("<HHB", data, 6)
    _measured(width, height)
    at = 13 + _colours(packed)
    kept, drawn = [data[:at]], False
    while at < len(data) and data[at] != 0x3B:  # some old programs forget the end
        start = at
        if data[at] == 0x2C:
            at = _past_blocks(data, at + 11 + _colours(data[at + 9]))
            needed = drawn = True
        elif data[at] == 0x21:
            label, name = data[at + 1], data[at + 3 : at + 14]
            at = _past_blocks(data, at + 2)
            needed = label == 0xF9 or (label == 0xFF and name in _GIF_NEEDED)
        else:
            raise BadFile(_BROKEN)
        if needed:
            kept.append(data[start:at])
    if not drawn:
        raise BadFile(_BROKEN)
    return b"".join([*kept, b";"]), at + 1


def _colours(packed: int) -> int:
    """The bytes of the table of colours that these bits announce."""
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def _past_blocks(data: bytes, at: int) -> int:
    while size := data[at]:
        at += size + 1
    return at + 1


# WebP: chunks of a RIFF file.

_WEBP_NEEDED = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def _webp(data: bytes) -> tuple[bytes, int]:
    (size,) = struct.unpack_from("<I", data, 4)
    end = 8 + size
    if end > len(data):
        raise BadFile(_BROKEN)
    kept: list[tuple[bytes, bytes]] = []
    at, turned = 12, 1
    while at < end:
        name, length = struct.unpack_from("<4sI", data, at)
        content = data[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)
        if len(content) != length or at > end:
            raise BadFile(_BROKEN)
        if name in _WEBP_NEEDED:
            kept.append((name, content))
        elif name == b"EXIF":
            turned = _orientation(content.removeprefix(_EXIF))
    if not {name for name, _ in kept} & {b"VP8 ", b"VP8L", b"ANMF"}:
        raise BadFile(_BROKEN)
    if kept[0][0] == b"VP8X":
        _webp_extended(kept, turned)
    else:
        _measured(*_webp_size(*kept[0]))
    body = b"".join(_riff(name, content) for name, content in kept)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body, end


def _webp_extended(kept: list[tuple[bytes, bytes]], turned: int) -> None:
    """Make the first chunk, which announces the others, say what is left."""
    head = kept[0][1]
    _measured(*(1 + int.from_bytes(head[at : at + 3], "little") for at in (4, 7)))
    flags = head[0] & ~_HAS_XMP & ~_HAS_EXIF
    if turned != 1:
        flags |= _HAS_EXIF
        kept.append((b"EXIF", _shortest_exif(turned)))
    kept[0] = (b"VP8X", bytes([flags]) + head[1:])


def _webp_size(name: bytes, content: bytes) -> tuple[int, int]:
    if name == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 6)
        return width & 0x3FFF, height & 0x3FFF
    (both,) = struct.unpack_from("<I", content, 1)
    return (both & 0x3FFF) + 1, (both >> 14 & 0x3FFF) + 1


def _riff(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) & 1)


_WALKS: dict[str, Walk] = {"jpg": _jpeg, "png": _png, "gif": _gif, "webp": _webp}
