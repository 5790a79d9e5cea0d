"""One file: its front matter, then a body whose « Transcription » and « Crédits » have a place of their own."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# What a field may be called in files. `videoDLHref` is the name that `videoDownloadHref` had until 2023.
FIELDS = {
    "area": "area",
    "title": "title",
    "description": "description",
    "videoEmbedSrc": "video",
    "videoDownloadHref": "download",
    "videoDLHref": "download",
    "captionFilePath": "captions",
    "pdfFilePath": "document",
    "fileType": "file_type",
    "priority": "place",
}
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)[ \t]*:(?:[ \t]+(.*)|)")
_DOMAIN = re.compile(r"domaine\s*([1-5])", re.IGNORECASE)
_WEBINAR = re.compile(r"webinaires?", re.IGNORECASE)
_LICENCE = re.compile(r"[-*]?\s*\**licence\**\s*:\s*\**\s*(.+?)\s*", re.IGNORECASE)
_LINK = re.compile(r"\[([^\]]+)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/"}


@dataclass(frozen=True)
class Sheet:
    """What a file says. `areas` are the domains of the CRCN-Édu ("1" to "5"); `captions` and `document` are addresses
    or paths, as written; `transcript`, `text` and `credits` are Markdown."""

    title: str
    description: str = ""
    areas: tuple[str, ...] = ()
    webinar: bool = False
    video: str = ""
    download: str = ""
    captions: str = ""
    document: str = ""
    place: int = 0
    transcript: str = ""
    text: str = ""
    credits: str = ""
    licence: str = ""
    licence_address: str = ""


def read(source: str) -> tuple[Sheet | None, list[str]]:
    """The page in a text, or what is wrong with it: sentences that say the line. Never both."""
    lines = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].rstrip() != "---":
        return None, ["ligne 1 : le fichier ne commence pas par ---, qui ouvre ses champs."]
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        return None, ["ligne 1 : rien ne ferme les champs ; écrivez --- sur une ligne, après le dernier."]
    faults: list[str] = []
    given = _fields(lines[1:end], faults)
    areas, webinar = _areas(*given.get("area", ("", 1)), faults)
    place = _place(*given.get("place", ("", 1)), faults)
    if not given.get("title", ("", 1))[0]:
        faults.append(f"ligne {given.get('title', ('', 1))[1]} : il manque le titre (title).")
    if faults:
        return None, faults
    texts = {
        name: given[name][0] for name in ("title", "description", "video", "download", "document") if name in given
    }
    sections = _sections("\n".join(lines[end + 1 :]))
    credits, licence, licence_address = _licence(sections["credits"])
    return Sheet(
        **texts,
        captions=given.get("captions", ("", 1))[0],
        areas=areas,
        webinar=webinar,
        place=place,
        transcript=sections["transcript"],
        text=sections["text"],
        credits=credits,
        licence=licence,
        licence_address=licence_address,
    ), []


def _fields(lines: list[str], faults: list[str]) -> dict[str, tuple[str, int]]:
    """The fields by our name, each with its line; the first line is the second of the file."""
    found: dict[str, tuple[str, int]] = {}
    for number, name, raw in _entries(lines, faults):
        ours = FIELDS.get(name)
        if ours is None:
            faults.append(
                f"ligne {number} : « {name} » n'est pas un champ connu ; les champs sont {', '.join(FIELDS)}."
            )
            continue
        value = _value(raw)
        if value is None:
            faults.append(f"ligne {number} : les guillemets de « {name} » ne se ferment pas.")
        elif ours in found and found[ours][0] != value:
            faults.append(f"ligne {number} : « {name} » dit autre chose que la ligne {found[ours][1]} ; gardez l'une.")
        else:
            found[ours] = (value, number)
    return found


def _entries(lines: list[str], faults: list[str]) -> Iterator[tuple[int, str, list[str]]]:
    """Each field with its line, and the lines of its value."""
    held: tuple[int, str, list[str]] | None = None
    for number, line in enumerate(lines, 2):
        if not line.strip() or line.startswith("#"):
            continue
        if held and (line[0] in " \t" or line.startswith("- ")):
            held[2].append(line.strip())
            continue
        read_line = _FIELD.fullmatch(line.rstrip())
        if read_line is None:
            faults.append(f"ligne {number} : « {line.strip()[:40]} » n'est pas un champ ; écrivez nom: valeur.")
            continue
        if held:
            yield held
        held = (number, read_line[1], [read_line[2] or ""])
    if held:
        yield held


def _value(raw: list[str]) -> str | None:
    """A value, bare or between quotes, on one line or several; a list is joined by commas. None: a quote is missing."""
    first, *more = raw
    if first in {">", ">-", "|", "|-"}:
        return ("\n" if first[0] == "|" else " ").join(more).strip()
    if not first and more and all(line.startswith("- ") for line in more):
        values = [_value([line[2:].strip()]) for line in more]
        return None if None in values else ", ".join(str(value) for value in values)
    text = " ".join([first, *more]).strip()
    if text[:1] not in {'"', "'"}:
        return re.split(r"\s#", text)[0].strip()
    if len(text) < 2 or text[-1] != text[0]:
        return None
    if text[0] == "'":
        return text[1:-1].replace("''", "'")
    return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[0]), text[1:-1])


def _areas(text: str, line: int, faults: list[str]) -> tuple[tuple[str, ...], bool]:
    """ "Domaine 1, Webinaires": the domains, and whether it is a webinar. None given is no fault."""
    domains, webinar = set(), False
    for part in filter(None, (part.strip() for part in re.split(r"[,;]", text.strip("[]")))):
        known = _DOMAIN.match(part)
        if known:
            domains.add(known[1])
        elif _WEBINAR.fullmatch(part):
            webinar = True
        else:
            faults.append(f"ligne {line} : « {part} » n'est pas un domaine ; écrivez Domaine 1 à 5, ou Webinaires.")
    return tuple(sorted(domains)), webinar


def _place(text: str, line: int, faults: list[str]) -> int:
    if text and not re.fullmatch(r"\d{1,4}", text):
        faults.append(f"ligne {line} : « {text} » n'est pas un rang ; écrivez un nombre (priority).")
        return 0
    return int(text or 0)


def _plain(title: str) -> str:
    letters = unicodedata.normalize("NFKD", title)
    return "".join(c for c in letters if not unicodedata.combining(c)).strip(" #*:").casefold()


def _sections(body: str) -> dict[str, str]:
    """The body as `text`, `transcript` and `credits`: a heading of the second level leads from one to another."""
    parts: dict[str, list[str]] = {"text": [], "transcript": [], "credits": []}
    own = {"transcription": "transcript", "credits": "credits", "credit": "credits"}
    current, fenced = "text", False
    for line in body.split("\n"):
        fenced ^= bool(_FENCE.match(line))
        heading = not fenced and re.match(r" {0,3}##[ \t]+\S", line)
        if heading:
            current = own.get(_plain(line), "text")
            if current != "text":
                continue
        parts[current].append(line)
    return {name: "\n".join(_bulleted(lines)).strip() for name, lines in parts.items()}


def _bulleted(lines: list[str]) -> Iterator[str]:
    """Lines that begin with a dash of typography are a list: Markdown would run them on in one paragraph."""
    inside = False
    for line in lines:
        dashed = re.fullmatch(r"[–—•]\s+(\S.*)", line)
        if bool(dashed) != inside:
            yield ""
        inside = bool(dashed)
        yield f"- {dashed[1]}" if dashed else line


def _licence(credits: str) -> tuple[str, str, str]:
    """The credits without the line of the licence, its name and its address."""
    kept, name, address = [], "", ""
    for line in credits.split("\n"):
        said = _LICENCE.fullmatch(line.strip())
        if said is None or name:
            kept.append(line)
            continue
        link = _LINK.search(said[1])
        name, address = (link[1].strip(), link[2]) if link else (said[1].strip(), "")
    return "\n".join(kept).strip(), name, address
