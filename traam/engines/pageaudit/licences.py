# ruff: noqa: E501 - patterns and sentences, each on its line
"""Licences under one name each, whether they come as an address, a code, an acronym or spelled out."""

import re

from traam.engines.pageaudit.report import folded

_CC_ADDRESS = re.compile(
    r"creativecommons\.org/(?:licen[sc]es/([a-z-]{2,8})(?:/(\d\.\d))?|publicdomain/(zero|mark))", re.I
)
_CC_BADGE = re.compile(
    r"(?:^|[/_-])(by(?:-(?:nc|sa|nd|nc-sa|nc-nd|nc-eu|nc-sa-eu))?)(?:/\d\.\d)?(?:/(?:88x31|80x15))?(?:[._-][\w.]*)?\.(?:png|svg|gif|jpe?g|webp)$|i\.creativecommons\.org/l/([a-z-]+)",
    re.I,
)
_OPEN_ADDRESS = re.compile(
    r"etalab[\w./-]*licen[cs]e|licen[cs]e[\w./-]*etalab|licence-ouverte|open-?licen[cs]e|spdx\.org/licenses/etalab",
    re.I,
)
_OTHERS = (
    (re.compile(r"gnu\.org/licenses/(?:old-licenses/)?(?:gpl|agpl|lgpl)", re.I), "GPL"),
    (re.compile(r"gnu\.org/(?:licenses/fdl|copyleft/fdl)", re.I), "GFDL"),
    (re.compile(r"opendatacommons\.org/licenses/odbl", re.I), "ODbL"),
    (re.compile(r"artlibre\.org", re.I), "Licence Art Libre"),
    (re.compile(r"opensource\.org/licen[cs]es?/mit|choosealicense\.com/licenses/mit", re.I), "MIT"),
)
_BY = r"(?:by|attribution|paternite)"
_SEP = r"[\s,/+·.()«»\"'-]{0,6}"
_NC = (
    r"(?:nc|(?:pas|non|sans)"
    + _SEP
    + r"(?:d'|d )?(?:utilisation"
    + _SEP
    + r")?commercial(?:e|es)?|noncommercial|pas d'usage commercial)"
)
_SA = (
    r"(?:sa|partage"
    + _SEP
    + r"(?:dans|a|dans les|selon)?"
    + _SEP
    + r"(?:les |des )?(?:memes? )?(?:conditions?|l'identique)(?: initiales?)?(?: a l'identique)?|partage a l'identique|share ?-?alike)"
)
_ND = (
    r"(?:nd|(?:pas|sans|aucune)"
    + _SEP
    + r"(?:de |d')?(?:modifications?|oeuvres? derivees?)|no ?-?deriv(?:ative)?s?(?: works)?)"
)
_CC_TEXT = re.compile(
    rf"(?:\bcc|creative ?commons?)(?: (?:licence|license|france|internationale?|international))?{_SEP}(?:licence{_SEP})?\b{_BY}\b"
    rf"(?:{_SEP}\b({_NC})(?![a-z]))?(?:{_SEP}\b(?:(?P<sa>{_SA})|(?P<nd>{_ND}))(?![a-z]))?(?:{_SEP}\b(?P<nc>{_NC})(?![a-z]))?"
    rf"(?:{_SEP}(?:internationa(?:l|le)|france)?{_SEP}v?(?P<version>\d\.\d))?"
)
_CC_ZERO = re.compile(r"\bcc[- ]?(?:0|zero)\b|creative commons zero|\bcc0\b")
_OPEN_TEXT = re.compile(r"licence ouverte|etalab[ -](?:2|1|licence|v)|open licence|licence etalab")
_DOMAIN_TEXT = re.compile(r"(?:ce|cette|cet|ces|la page|le contenu|l'ensemble)[^.]{0,80}domaine public")
_OTHER_TEXT = (
    (re.compile(r"\bgnu (?:gpl|general public licen[cs]e)|\bgpl ?v?[23]\b|licence gpl"), "GPL"),
    (re.compile(r"\bgfdl\b|gnu free documentation|licence de documentation libre gnu"), "GFDL"),
    (re.compile(r"\bodbl\b|open database licen[cs]e"), "ODbL"),
    (re.compile(r"licence art libre"), "Licence Art Libre"),
    (re.compile(r"\blicence mit\b|\bmit licen[cs]e\b"), "MIT"),
)


def code_of_address(address: str) -> str:
    """ "CC BY-SA", "CC0", "Licence Ouverte"…; "" when the address is not that of a licence."""
    found = _CC_ADDRESS.search(address)
    if found:
        if found.group(3):
            return "CC0" if found.group(3).lower() == "zero" else "domaine public"
        parts = found.group(1).lower().split("-")
        return _cc("nc" in parts, "sa" in parts, "nd" in parts) if "by" in parts else ""
    if _OPEN_ADDRESS.search(address):
        return "Licence Ouverte"
    return next((name for pattern, name in _OTHERS if pattern.search(address)), "")


def _cc(nc: bool, sa: bool, nd: bool) -> str:
    return "CC BY" + ("-NC" if nc else "") + ("-SA" if sa else "-ND" if nd else "")


def codes_of_text(text: str) -> list[str]:
    """The licences that a text names, folded or not, each once, in order."""
    words = folded(text)
    found: list[tuple[int, str]] = []
    for match in _CC_TEXT.finditer(words):
        found.append((match.start(), _cc(bool(match.group(1) or match["nc"]), bool(match["sa"]), bool(match["nd"]))))
    for pattern, name in (
        (_CC_ZERO, "CC0"),
        (_OPEN_TEXT, "Licence Ouverte"),
        (_DOMAIN_TEXT, "domaine public"),
        *_OTHER_TEXT,
    ):
        if match_ := pattern.search(words):
            found.append((match_.start(), name))
    return list(dict.fromkeys(name for _, name in sorted(found)))


def code_of_badge(source: str) -> str:
    """Of the file of a badge, such as ".../by-nc-sa/4.0/88x31.png"."""
    found = _CC_BADGE.search(source)
    if not found:
        return ""
    parts = (found.group(1) or found.group(2)).lower().split("-")
    return _cc("nc" in parts, "sa" in parts, "nd" in parts) if "by" in parts else ""


def code_of_name(name: str) -> str:
    """The code of a licence given by its name, its address, or a code such as "CC-BY-SA" or "LO-2.0"."""
    if re.match(r"^(?:LO|etalab)\b", name.strip(), re.I):
        return "Licence Ouverte"
    return code_of_address(name) or next(iter(codes_of_text(name)), "")
