"""A notice in the two formats by which bibliographies are kept: BibTeX, and RIS.

RIS (Research Information Systems): a tag, two spaces, a
dash, a space, a value; lines end with a carriage return and a line feed.
"""

import re
from collections.abc import Iterator

from traam.engines.notices.notice import Notice

PROGRAMME = "Travaux académiques mutualisés (TraAM)"
_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    sign: f"\\{sign}" for sign in "{}$&#%_"
}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def bibtex(notice: Notice) -> str:
    """One entry, in UTF-8 (BibLaTeX and every recent BibTeX). A team is one author, whatever its name holds."""
    fields = [
        ("author", f"{{{_tex(_authors(notice))}}}"),
        ("title", f"{{{_tex(notice.title)}}}"),
        ("year", _year(notice)),
        ("date", notice.date.isoformat() if notice.date else ""),
        ("organization", f"{{{_tex(notice.publisher)}}}" if notice.publisher else ""),
        ("howpublished", _tex(PROGRAMME)),
        ("version", str(notice.version or "")),
        ("url", _address(notice.url)),
        ("keywords", _tex(", ".join(_keywords(notice)))),
        ("abstract", _tex(notice.summary)),
        ("langid", "french"),
        ("note", _tex(f"Licence : {notice.licence_label}") if notice.licence_label else ""),
    ]
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value]
    return "\n".join([f"@misc{{traam-{_number(notice)},", *lines, "}", ""])


def ris(notice: Notice) -> str:
    lines = [("TY", "ELEC"), *((tag, value) for tag, value in _ris(notice) if value), ("ER", "")]
    return "".join(f"{tag}  - {_flat(value)}\r\n" for tag, value in lines)


def _ris(notice: Notice) -> Iterator[tuple[str, str]]:
    yield "AU", _authors(notice).replace(",", " ")  # a comma would make a surname of what comes before it
    yield "TI", notice.title
    yield "T2", PROGRAMME
    yield "PB", notice.publisher
    yield "PY", _year(notice)
    yield "DA", notice.date.strftime("%Y/%m/%d/") if notice.date else ""
    yield "ET", str(notice.version or "")
    yield "UR", _address(notice.url)
    yield "AB", notice.summary
    for word in _keywords(notice):
        yield "KW", word
    yield "LA", notice.language
    yield "N1", f"Licence : {notice.licence_label}" if notice.licence_label else ""


def _authors(notice: Notice) -> str:
    return ", ".join(notice.creators) or notice.publisher or PROGRAMME


def _year(notice: Notice) -> str:
    """That of the publication; of the history, the last one of the work."""
    return str(notice.date.year) if notice.date else max(_YEAR.findall(notice.period), default="")


def _keywords(notice: Notice) -> list[str]:
    return list(dict.fromkeys([*notice.disciplines, *notice.levels, *notice.keywords]))


def _number(notice: Notice) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", notice.identifier.rpartition(":")[2])


def _flat(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(sign, sign) for sign in _flat(text))


def _address(address: str) -> str:
    return re.sub(r"[\s{}\\]", "", address)
