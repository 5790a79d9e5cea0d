"""Texts made fit to leave: what XML cannot hold, durations in words, names of files, addresses inside HTML."""

import re
from collections.abc import Callable, Iterable
from html import escape, unescape
from urllib.parse import unquote

from traam.reference import licences

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"""\b(src|href)\s*=\s*(?:"parcours:([^"]*)"|'parcours:([^']*)')""", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_BLANKS = re.compile(r"\s+")
_NOT_IN_A_NAME = re.compile(r"[^\w.() -]+")
NBSP = "\u00a0"

# By extension, and written here: the table of the machine differs from one to the next, and so would the bytes.
MEDIA_TYPES = {
    "avif": "image/avif",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "gif": "image/gif",
    "h5p": "application/zip.h5p",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "mp3": "audio/mp3",
    "mp4": "video/mp4",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "webm": "video/webm",
    "webp": "image/webp",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def clean(text: str) -> str:
    """The text without what XML 1.0 cannot hold; ends of line become `\\n`, as any reader of XML would make them."""
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str, limit: int) -> str:
    """A title that fits its column: one line, at most `limit` characters, the last an ellipsis when it was cut."""
    line = _BLANKS.sub(" ", clean(text)).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def paragraph(text: str) -> str:
    """A plain text as HTML: empty when it says nothing."""
    text = clean(text).strip()
    return f"<p>{escape(text, quote=False).replace(chr(10), '<br>')}</p>" if text else ""


def words(html: str) -> str:
    """The text of an HTML fragment, on one line."""
    return _BLANKS.sub(" ", unescape(_TAG.sub(" ", clean(html)))).strip()


def typeset(sentence: str) -> str:
    """A French sentence with spaces that do not break where they must not."""
    for loose, tight in (("« ", f"«{NBSP}"), (" »", f"{NBSP}»")):
        sentence = sentence.replace(loose, tight)
    sentence = re.sub(r" (?=[:;?!%](?:\s|[).]|$))", NBSP, sentence)
    return re.sub(r"(?<=\d) (?=(?:min|Mo)\b)", NBSP, sentence)


def licence(code: str) -> tuple[str, str]:
    """The name of a licence and its address; the code itself, without an address, when nobody knows it."""
    known = licences().get(code)
    return (known.label, known.url) if known else (code, "")


def licence_line(code: str) -> str:
    """The paragraph that tells a licence; empty for none."""
    name, address = licence(code)
    told = escape(clean(name), quote=False)
    if address:
        told = f'<a href="{escape(address)}">{told}</a>'
    return f"<p>Licence{NBSP}: {told}.</p>" if told else ""


def duration(minutes: int) -> str:
    """« 45 min », « 1 h 15 (75 min) »: minutes are always told, so that a machine may read them back."""
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    hours, rest = divmod(minutes, 60)
    clock = f"{hours}{NBSP}h{NBSP}{rest:02}" if rest else f"{hours}{NBSP}h"
    return f"{clock} ({minutes}{NBSP}min)"


def duration_line(label: str, minutes: int) -> str:
    """The paragraph that tells a duration; empty for none."""
    return f'<p class="traam-duree">{label}{NBSP}: {duration(minutes)}</p>' if minutes else ""


def media_type(name: str, told: str = "") -> str:
    """The media type told, or the one of the extension."""
    return told or MEDIA_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def file_names(names: Iterable[str]) -> dict[str, str]:
    """For each name, one that every system accepts and that no other has: letters, digits, `. - _ ( )` and spaces."""
    given: dict[str, str] = {}
    for name in names:
        stem, dot, extension = one_line(_NOT_IN_A_NAME.sub("-", clean(name)), 120).strip(". ").rpartition(".")
        stem, extension = (stem, dot + extension) if dot else (extension, "")
        candidate, rank = f"{stem or 'fichier'}{extension}", 1
        while candidate.lower() in {taken.lower() for taken in given.values()}:
            rank += 1
            candidate = f"{stem or 'fichier'}-{rank}{extension}"
        given[name] = candidate
    return given


def references(html: str) -> list[str]:
    """The names of the carried files that an HTML fragment shows."""
    return [_name(match) for match in _REFERENCE.finditer(html)]


def readdress(html: str, place: Callable[[str], str]) -> str:
    """The fragment with each address of a carried file replaced by `place(name)`."""
    return _REFERENCE.sub(lambda match: f'{match[1]}="{escape(place(_name(match)))}"', html)


def _name(match: re.Match[str]) -> str:
    quoted = match[2] if match[2] is not None else match[3]
    return unquote(unescape(quoted), errors="surrogatepass")
