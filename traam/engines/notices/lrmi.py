"""LRMI, as schema.org has it: what search engines read in the page of a notice, or of a synthesis.

Terms: https://schema.org/LearningResource (some of its properties are still "pending" there, and read all the same).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from traam.engines.notices import terms
from traam.engines.notices.notice import Notice

Told = dict[str, Any]


def lrmi(notice: Notice, *, modified: datetime | None = None, image: str = "") -> Told:
    """The resource, as JSON-LD; nothing is said of what is not known."""
    told = {
        "@context": "https://schema.org",
        "@type": ["LearningResource", "CreativeWork"],
        "@id": notice.url,
        "url": notice.url,
        "identifier": {"@type": "PropertyValue", "propertyID": "OAI", "value": notice.identifier},
        "name": notice.title,
        "description": notice.summary,
        "inLanguage": notice.language,
        "learningResourceType": notice.kind,
        "isAccessibleForFree": True,
        "audience": {"@type": "EducationalAudience", "educationalRole": "teacher"},
        **_people(notice),
        **_school(notice),
        "keywords": list(dict.fromkeys((*notice.keywords, *notice.tools))),
        "license": notice.licence_url,
        "datePublished": notice.date.isoformat() if notice.date else None,
        "dateModified": modified.isoformat() if modified else None,
        "temporalCoverage": None if notice.date else notice.period,
        "timeRequired": f"PT{notice.duration_minutes}M" if notice.duration_minutes else None,
        "version": notice.version,
        "image": image,
        "sameAs": [address for address in (notice.edubase_url, notice.source_url) if _web(address)],
        "citation": [address for address in notice.relations if _web(address)],
        "isPartOf": _theme(notice),
        "isBasedOn": notice.based_on,
    }
    return _known(told)


def report(
    notice: Notice, *, themes: Iterable[tuple[str, str]], modified: datetime | None = None, image: str = ""
) -> Told:
    """A text about what was done on some themes (title, address), which is no lesson: https://schema.org/Report."""
    works = [{"@type": "CreativeWork", "name": title, "url": address} for title, address in themes]
    told = {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": notice.url,
        "url": notice.url,
        "identifier": notice.identifier,
        "name": notice.title,
        "description": notice.summary,
        "inLanguage": notice.language,
        "genre": notice.kind,
        "isAccessibleForFree": True,
        **_people(notice),
        "about": [*works, *_named(notice.disciplines, notice.discipline_codes, terms.discipline)],
        "license": notice.licence_url,
        "datePublished": notice.date.isoformat() if notice.date else None,
        "dateModified": modified.isoformat() if modified else None,
        "temporalCoverage": notice.period,
        "version": notice.version,
        "image": image,
        "citation": [address for address in notice.relations if _web(address)],
    }
    return _known(told)


def _known(told: Told) -> Told:
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def script(told: Mapping[str, Any]) -> str:
    """As the text of a script element: no value, whatever was typed, can close it or open a comment."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _web(address: str | None) -> bool:
    return bool(address) and str(address).startswith(("https://", "http://"))


def _people(notice: Notice) -> Told:
    """`authors` are as they wish to be named, persons or teams: only a text can say it without being wrong."""
    publisher = {"@type": "Organization", "name": notice.publisher} if notice.publisher else None
    return {"creditText": ", ".join(notice.creators), "publisher": publisher, "author": publisher}


def _school(notice: Notice) -> Told:
    return {
        "about": _named(notice.disciplines, notice.discipline_codes, terms.discipline),
        "educationalLevel": _named(notice.levels, notice.level_codes, terms.level),
        "teaches": _named(
            [f"{code} {label}" for code, label in notice.competences], notice.competence_codes, terms.competence
        ),
    }


def _named(labels: Iterable[str], codes: tuple[str, ...], find: Any) -> list[Told]:
    """Each label as a term, with its URI in ScoLOMFR when its code has one."""
    found = []
    for place, label in enumerate(labels):
        path = find(codes[place]) if place < len(codes) else ()
        uri = {"url": path[-1].uri} if path else {}
        found.append({"@type": "DefinedTerm", "name": label, **uri})
    return found


def _theme(notice: Notice) -> Told | None:
    if not notice.theme:
        return None
    url = {"url": notice.theme_url} if notice.theme_url else {}
    return {"@type": "CreativeWork", "name": notice.theme, **url}
