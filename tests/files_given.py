"""Files that people give: honest ones, and those that must be refused with the words their refusal says."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from PIL import Image

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
WORD = f"{OOXML}wordprocessingml.document.main+xml"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def packed(entries: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return into.getvalue()


def office(main: str = WORD, more: Mapping[str, bytes] | None = None, extra_types: str = "") -> bytes:
    types = f'<Types><Override PartName="/a" ContentType="{main}"/>{extra_types}</Types>'.encode()
    return packed({"[Content_Types].xml": types, "word/document.xml": b"<w:document/>", **(more or {})})


def odf(kind: str = "text", more: Mapping[str, bytes] | None = None) -> bytes:
    return packed({"mimetype": f"{ODF}{kind}".encode(), "content.xml": b"<office:body/>", **(more or {})})


def h5p(more: Mapping[str, bytes] | None = None, said: object = None) -> bytes:
    head = said or {"title": "Frise", "mainLibrary": "H5P.Timeline", "language": "fr"}
    entries = {"h5p.json": json.dumps(head).encode(), "content/content.json": b"{}", "H5P.Timeline-1.1/t.js": b"x=1"}
    return packed({**entries, **(more or {})})


def picture(form: str, size: tuple[int, int] = (8, 6), **more: object) -> bytes:
    into = io.BytesIO()
    drawn = Image.radial_gradient("L").resize(size).convert("RGB")
    drawn.save(into, form, **more)
    return into.getvalue()


def of_a_phone(form: str = "JPEG", orientation: int = 6) -> bytes:
    """A photo that says which way is up, with what it was taken, by whom and where."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = orientation, "Marque-du-telephone", "Prenom-Nom"
    exif.get_ifd(0x8825).update({1: "N", 2: (45.0, 46.0, 1.5), 3: "E", 4: (4.0, 50.0, 2.5)})
    return picture(form, exif=exif.tobytes())


def box(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(data), name) + data


MP4 = box(b"ftyp", b"isom\0\0\2\0isomiso2") + box(b"moov", b"\0" * 16) + box(b"mdat", b"\0" * 64)
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) + b"\xff\xfb\x90\x64" + bytes(100)
VTT = b"WEBVTT\n\n00:01.000 --> 00:04.000\nBonjour\n"

HONEST: dict[str, bytes] = {
    "pdf": PDF,
    "odt": odf("text"),
    "ods": odf("spreadsheet"),
    "odp": odf("presentation"),
    "docx": office(),
    "xlsx": office(f"{OOXML}spreadsheetml.sheet.main+xml"),
    "pptx": office(f"{OOXML}presentationml.presentation.main+xml"),
    "png": picture("PNG"),
    "jpg": picture("JPEG"),
    "gif": picture("GIF"),
    "webp": picture("WEBP"),
    "mp3": MP3,
    "mp4": MP4,
    "h5p": h5p(),
    "vtt": VTT,
}


def _bomb() -> bytes:
    return office(more={"word/media/a.bmp": bytes(60_000_000)})


def _lying_bomb() -> bytes:
    """The entry says it is 100 bytes long, and is sixty million."""
    data = bytearray(_bomb())
    name = b"word/media/a.bmp"
    for start, place in ((data.find(name) - 30, 22), (data.rfind(name) - 46, 24)):
        struct.pack_into("<I", data, start + place, 100)
    return bytes(data)


def _overlapping() -> bytes:
    """Two entries of one content, as the bombs that weigh nothing do."""
    data = office(more={"word/b1.xml": b"<b/>" * 50, "word/b2.xml": b"<b/>" * 50})
    first, second = data.find(b"word/b1.xml") - 30, data.rfind(b"word/b2.xml") - 46
    changed = bytearray(data)
    struct.pack_into("<I", changed, second + 42, first)
    return bytes(changed)


def _encrypted() -> bytes:
    data = bytearray(office())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def _twice() -> bytes:
    into = io.BytesIO(office())
    with zipfile.ZipFile(into, "a") as archive:
        archive.writestr("WORD/Document.xml", b"<w:other/>")
    return into.getvalue()


def _link() -> bytes:
    into = io.BytesIO(office())
    with zipfile.ZipFile(into, "a") as archive:
        info = zipfile.ZipInfo("word/link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return into.getvalue()


def _too_many() -> bytes:
    return office(more={f"word/{n}.xml": b"" for n in range(5001)})


def _cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def _huge_picture() -> bytes:
    """Sixty thousand points on each side, in some hundreds of bytes."""
    data = bytearray(picture("PNG"))
    struct.pack_into(">II", data, 16, 60_000, 60_000)
    struct.pack_into(">I", data, 29, zlib.crc32(bytes(data[12:29])))
    return bytes(data)


REMOTE = (
    b'<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'attachedTemplate" Target="https://ailleurs.invalid/a.dotm" TargetMode="External"/></Relationships>'
)

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "est vide"),
    "too heavy": (lambda: b"%PDF-" + b"0" * 10_000_000, "10 Mo au plus"),
    "text": (lambda: b"Bonjour", "type accepté"),
    "UTF-16": (lambda: b"\xff\xfe<\x00h\x00", "type accepté"),  # begins almost as a frame of mp3
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "SVG"),
    "svg with a head": (lambda: b"<?xml version='1.0'?>\n<!-- x -->\n<svg:svg xmlns:svg='a'/>", "SVG"),
    "web page": (lambda: b"<!doctype html><script>alert(1)</script>", "page web"),
    "Windows program": (lambda: b"MZ\x90\x00" + bytes(200), "est un programme"),
    "Linux program": (lambda: b"\x7fELF" + bytes(200), "est un programme"),
    "shell script": (lambda: b"#!/bin/sh\nrm -rf /\n", "est un programme"),
    "old Word": (lambda: OLE, "enregistrez-le en .odt ou .docx"),
    "rtf": (lambda: b"{\\rtf1 x}", "RTF"),
    "heic": (lambda: box(b"ftyp", b"heic\0\0\0\0") + bytes(40), "JPEG ou en PNG"),
    "webm": (lambda: b"\x1a\x45\xdf\xa3" + bytes(40), "MP4"),
    "archive": (lambda: packed({"lisez-moi.txt": b"x"}), "archive"),
    "epub": (lambda: packed({"mimetype": b"application/epub+zip"}), "archive"),
    "cut archive": (lambda: _cut(office()), "abîmé"),
    "not an archive": (lambda: b"PK\x03\x04 then nothing", "abîmé"),
    "wrong sum": (lambda: office().replace(b"word/document.xml", b"word/documenu.xml", 1), "abîmé"),
    "bomb": (_bomb, "démesuré"),
    "lying bomb": (_lying_bomb, "abîmé"),
    "overlapping bomb": (_overlapping, "inhabituelle"),
    "too many entries": (_too_many, "démesuré"),
    "nested archive": (lambda: office(more={"word/media/a.zip": packed({"x": b"y"})}), "contient une archive"),
    "archives in archives": (
        lambda: office(more={"word/embeddings/a.docx": office(more={"word/embeddings/b.docx": office()})}),
        "contient une archive",
    ),
    "path out": (lambda: office(more={"../../etc/passwd": b"x"}), "inhabituelle"),
    "absolute path": (lambda: office(more={"/etc/passwd": b"x"}), "inhabituelle"),
    "Windows path": (lambda: office(more={"..\\a": b"x"}).replace(b"../a", b"..\\a"), "inhabituelle"),
    "same name twice": (_twice, "inhabituelle"),
    "symbolic link": (_link, "inhabituelle"),
    "encrypted": (_encrypted, "mot de passe"),
    "encrypted odt": (
        lambda: odf(more={"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
        "mot de passe",
    ),
    "macro of Word": (lambda: office(more={"word/vbaProject.bin": OLE}), "macros"),
    "declared macros": (lambda: office("application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
    "macro sheet": (
        lambda: office(f"{OOXML}spreadsheetml.sheet.main+xml", {"xl/macrosheets/sheet1.xml": b"<x/>"}),
        "macros",
    ),
    "macro of LibreOffice": (lambda: odf(more={"Basic/Standard/Module1.xml": b"<x/>"}), "macros"),
    "nested macro": (
        lambda: office(more={"word/embeddings/a.xlsx": office(more={"xl/vbaProject.bin": OLE})}),
        "macros",
    ),
    "OLE object": (lambda: office(more={"word/embeddings/oleObject1.bin": OLE}), "objet incorporé"),
    "ActiveX": (lambda: office(more={"word/activeX/activeX1.xml": b"<x/>"}), "objet incorporé"),
    "program inside": (lambda: office(more={"word/media/image1.png": b"MZ" + bytes(100)}), "contient un programme"),
    "script inside": (lambda: odf(more={"Pictures/a.js": b"x"}), "contient un programme"),
    "remote template": (lambda: office(more={"word/_rels/settings.xml.rels": REMOTE}), "autre site"),
    "two documents in one": (lambda: office(more={"mimetype": f"{ODF}text".encode()}), "inhabituelle"),
    "before an archive": (lambda: b"x" * 20 + office(), "en cache un autre"),
    "after an archive": (lambda: office() + b"<script>", "inhabituelle"),
    "PDF not at the beginning": (lambda: b"GIFAR" + PDF, "en cache un autre"),
    "cut PDF": (lambda: PDF[:-10], "abîmé"),
    "PDF and archive": (lambda: PDF + packed({"a.class": b"x"}), "en cache un autre"),
    "PDF with a script": (lambda: PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>"), "script"),
    "PDF that launches": (lambda: PDF.replace(b"/Catalog", b"/Catalog /AA << /S /Launch >>"), "script"),
    "PDF and web page": (lambda: PDF.replace(b"1 0 obj", b"<html><script>1</script> 1 0 obj"), "en cache un autre"),
    "image and archive": (lambda: picture("PNG") + packed({"a.jar": b"x"}), "en cache un autre"),
    "photo and page": (lambda: picture("JPEG") + b"<script>alert(1)</script>", "en cache un autre"),
    "photo with a page in it": (lambda: picture("JPEG", comment=b"<script>alert(1)</script>"), "en cache un autre"),
    "gif and program": (lambda: picture("GIF") + b"MZ" + bytes(50), "en cache un autre"),
    "cut PNG": (lambda: _cut(picture("PNG")), "abîmée"),
    "PNG with a wrong sum": (lambda: picture("PNG")[:-1] + b"\0", "abîmée"),
    "cut JPEG": (lambda: _cut(picture("JPEG", (64, 64))), "abîmée"),
    "cut GIF": (lambda: _cut(picture("GIF", (64, 64))), "abîmée"),
    "cut WebP": (lambda: _cut(picture("WEBP", (64, 64))), "abîmée"),
    "only the head of a PNG": (lambda: b"\x89PNG\r\n\x1a\n0000", "abîmée"),
    "huge image": (_huge_picture, "60000 × 60000 points"),
    "cut MP4": (lambda: MP4[:-10], "abîmé"),
    "MP4 and archive": (lambda: MP4 + packed({"a": b"b"}), "en cache un autre"),
}
