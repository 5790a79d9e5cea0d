"""What a file is, from its bytes; and which names and media types announce a document."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

from traam.engines.pageaudit.documents.package import Package, local

_OPEN = "application/vnd.oasis.opendocument."
_OFFICE = "application/vnd.openxmlformats-officedocument."

EXTENSIONS: Mapping[str, str] = {
    "pdf": "PDF",
    **dict.fromkeys(("docx", "docm", "dotx", "dotm"), "document Word"),
    **dict.fromkeys(("pptx", "pptm", "ppsx", "potx"), "présentation PowerPoint"),
    **dict.fromkeys(("xlsx", "xlsm", "xltx"), "classeur Excel"),
    **dict.fromkeys(("odt", "ott"), "texte OpenDocument"),
    **dict.fromkeys(("odp", "otp"), "présentation OpenDocument"),
    **dict.fromkeys(("ods", "ots"), "classeur OpenDocument"),
    "odg": "dessin OpenDocument",
    **dict.fromkeys(("doc", "dot", "ppt", "pps", "xls", "pub"), "document d'un ancien format d'Office"),
    "rtf": "texte RTF",
    "epub": "livre EPUB",
    **dict.fromkeys(("zip", "7z", "rar"), "archive"),
    **dict.fromkeys(("jpg", "jpeg", "jpe"), "image JPEG"),
    "png": "image PNG",
    "webp": "image WebP",
    **dict.fromkeys(("heic", "tif", "tiff"), "photographie"),
}
"""What each extension says a file is."""

_MEDIA = re.compile(
    r"application/(?:pdf|x-pdf|msword|vnd\.ms-(?:word|excel|powerpoint)[\w.+-]*|rtf|epub\+zip|zip|x-zip-compressed"
    r"|x-7z-compressed|vnd\.rar|x-rar-compressed|vnd\.oasis\.opendocument\.[\w.+-]+"
    r"|vnd\.openxmlformats-officedocument\.[\w.+-]+)|text/rtf|image/(?:jpe?g|png|webp|tiff|heic)",
    re.IGNORECASE,
)


def is_document(name_or_media_type: str) -> bool:
    """Whether a file name, an address or a media type ("application/pdf; charset=…") announces a document."""
    said = name_or_media_type.strip()
    return _MEDIA.fullmatch(said.partition(";")[0].strip()) is not None or extension(said) in EXTENSIONS


def extension(name: str) -> str:
    """ "pdf" of "…/Fiche.PDF?telecharger=1", "" without one."""
    try:
        path = urlsplit(name).path or name
    except ValueError:
        path = name
    last = unquote(path).rpartition("/")[2]
    return last.rpartition(".")[2].lower() if "." in last else ""


# What bytes are, as one of the words below.

PDF, WORD, SLIDES, SHEET = "pdf", "docx", "pptx", "xlsx"
OPEN_TEXT, OPEN_SLIDES, OPEN_SHEET, OPEN_OTHER = "odt", "odp", "ods", "od?"
PICTURE, OLD_OFFICE, LOCKED_OFFICE = "picture", "old", "locked"
ARCHIVE, EPUB, RTF, HEIC, WEB_PAGE, EMPTY, UNKNOWN = "zip", "epub", "rtf", "heic", "html", "empty", "unknown"

FAMILIES: Mapping[str, frozenset[str]] = {
    PDF: frozenset({"pdf"}),
    WORD: frozenset({"docx", "docm", "dotx", "dotm"}),
    SLIDES: frozenset({"pptx", "pptm", "ppsx", "potx"}),
    SHEET: frozenset({"xlsx", "xlsm", "xltx"}),
    OPEN_TEXT: frozenset({"odt", "ott"}),
    OPEN_SLIDES: frozenset({"odp", "otp"}),
    OPEN_SHEET: frozenset({"ods", "ots"}),
    OPEN_OTHER: frozenset({"odg", "odf", "odb"}),
    OLD_OFFICE: frozenset({"doc", "dot", "ppt", "pps", "xls", "pub"}),
    ARCHIVE: frozenset({"zip", "7z", "rar", "h5p", "ggb", "elp", "elpx", "sb3"}),
    EPUB: frozenset({"epub"}),
    RTF: frozenset({"rtf", "doc"}),
    HEIC: frozenset({"heic"}),
    PICTURE: frozenset({"jpg", "jpeg", "jpe", "png", "webp", "tif", "tiff"}),
}
SAID: Mapping[str, str] = {
    PDF: "un PDF",
    WORD: "un document Word",
    SLIDES: "une présentation PowerPoint",
    SHEET: "un classeur Excel",
    OPEN_TEXT: "un texte OpenDocument",
    OPEN_SLIDES: "une présentation OpenDocument",
    OPEN_SHEET: "un classeur OpenDocument",
    OPEN_OTHER: "un autre document OpenDocument",
    OLD_OFFICE: "un document d'un ancien format d'Office",
    ARCHIVE: "une archive",
    EPUB: "un livre EPUB",
    RTF: "un texte RTF",
    HEIC: "une photographie HEIC",
    PICTURE: "une image",
}


def recognised(content: bytes) -> str:
    """What these bytes are. Raises `Unreadable` for an archive that cannot be opened."""
    if not content.strip(b"\0 \r\n\t"):
        return EMPTY
    if b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return _of_package(Package(content))
    return next((kind for kind, starts in _STARTS.items() if starts(content)), UNKNOWN)


_STARTS: Mapping[str, Callable[[bytes], bool]] = {
    PICTURE: lambda data: (
        data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*"))
        or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")
    ),
    LOCKED_OFFICE: lambda data: data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data,
    OLD_OFFICE: lambda data: data.startswith(b"\xd0\xcf\x11\xe0"),
    RTF: lambda data: data.startswith(b"{\\rtf"),
    HEIC: lambda data: data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"avif"},
    ARCHIVE: lambda data: data.startswith((b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")),
    WEB_PAGE: lambda data: (
        re.search(rb"<(?:!doctype\s+html|html|head|body)[\s>]", data[:4096], re.IGNORECASE) is not None
    ),
}


def _of_package(package: Package) -> str:
    names = set(package.names)
    if "mimetype" in names:
        said = package.part("mimetype", 1000).decode("ascii", "replace").strip()
        if said == "application/epub+zip":
            return EPUB
        if said.startswith(_OPEN):
            kind = said.removeprefix(_OPEN)
            known = {"text": OPEN_TEXT, "presentation": OPEN_SLIDES, "spreadsheet": OPEN_SHEET}
            return known.get(kind.removesuffix("-template"), OPEN_OTHER)
    if "[Content_Types].xml" in names:
        return _of_types(package)
    return ARCHIVE


def _of_types(package: Package) -> str:
    """What an Office archive says its main part is."""
    root = package.xml("[Content_Types].xml")
    said = " ".join(one.get("ContentType", "") for one in root if local(one) == "Override")
    for mark, kind in (("word", WORD), ("presentation", SLIDES), ("ppt", SLIDES), ("sheet", SHEET), ("excel", SHEET)):
        if re.search(
            rf"\b(?:vnd\.[\w.-]*{mark}[\w.-]*)(?:\.main\+xml|\.macroEnabled\.main\+xml|12\+xml)", said, re.IGNORECASE
        ):
            return kind
    return ARCHIVE
