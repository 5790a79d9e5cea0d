"""What pages of the past say of the results of a year: how much was made and tested, what was difficult."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256

from traam import reference
from traam.programme.catalogue.browsing import LONGEST, school_years
from traam.programme.catalogue.models import PastResult, PublicTheme
from traam.programme.catalogue.old_names import academies_named, discipline_codes, fold

MAPPING = reference.HERE / "history_results.toml"
TEXTS = ("scope", "years", "discipline", "address")


@cache
def _mapping() -> tuple[Mapping[str, str], Mapping[str, list[str]]]:
    told = tomllib.loads(MAPPING.read_text(encoding="utf-8"))
    return told["columns"], told["words"]


def told_by(row: Mapping[str, object]) -> bool:
    """Whether a line is one of results, by its columns."""
    columns, _ = _mapping()
    return columns["scope"] in row and columns["productions"] in row


def fields_of(where: str, row: Mapping[str, object], problems: list[str]) -> tuple[str, dict[str, object]]:
    """The key and the fields of a line; what is wrong is added to `problems`, with where."""
    columns, _ = _mapping()
    text = {name: _text(where, row, column, problems) for name, column in columns.items() if not _counts(name)}
    for name in TEXTS:
        if not text[name]:
            problems.append(f"{where} : « {columns[name]} » est vide ou manque ; remplissez-le.")
    if text["address"] and not text["address"].startswith(("http://", "https://")):
        problems.append(f"{where} : « {text['address']} » n'est pas une adresse ; elle commence par https://.")
    if text["years"] and not re.fullmatch(r"\d{4}-\d{4}", text["years"]):
        problems.append(f"{where} : « {text['years']} » n'est pas une année ; écrivez par exemple 2018-2019.")
    uncertain: list[str] = []
    academies, note = _who(where, text, problems, uncertain)
    fields: dict[str, object] = {
        "national": _national(where, text["scope"], problems),
        "years": text["years"],
        "academies": academies,
        "academies_note": note,
        "disciplines": discipline_codes(text["discipline"]),
        "discipline_text": "" if text["discipline"] in _mapping()[1]["every_discipline"] else text["discipline"],
        **{name: _seen(name, text[name], uncertain) for name in ("productions", "tests", "difficulties")},
        **{name: _count(where, row, columns[name], problems) for name in columns if _counts(name)},
        "source_url": text["address"],
        "uncertain": uncertain,
    }
    parts = (fold(text["scope"]), fold(text["academy"]), fold(text["discipline"]), text["address"])
    key = sha256("\n".join(parts).encode()).hexdigest()[:24]
    return f"history:result:{text['years']}:{key}"[:200], fields


def _counts(name: str) -> bool:
    return name.endswith("_count")


def _text(where: str, row: Mapping[str, object], column: str, problems: list[str]) -> str:
    value = row.get(column, "")
    if not isinstance(value, str):
        problems.append(f"{where} : « {column} » doit être un texte.")
        return ""
    return value.strip()


def _count(where: str, row: Mapping[str, object], column: str, problems: list[str]) -> int | None:
    value = row.get(column)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31):
        return value
    problems.append(f"{where} : « {column} » doit être un nombre entier, ou null quand il n'est pas connu.")
    return None


def _national(where: str, scope: str, problems: list[str]) -> bool:
    words = _mapping()[1]
    if scope and scope not in [*words["national"], *words["academic"]]:
        problems.append(f"{where} : « {scope} » n'est ni national ni académique.")
    return scope in words["national"]


def _seen(name: str, text: str, uncertain: list[str]) -> str:
    """A fact nobody could read is empty, one that was half read stays: both are uncertain."""
    words = _mapping()[1]
    hidden = text in words["not_seen"]
    if hidden or any(word in text for word in words["partly_seen"]):
        uncertain.append(name)
    return "" if hidden else text


def _who(where: str, text: Mapping[str, str], problems: list[str], uncertain: list[str]) -> tuple[list[str], str]:
    """The academies that took part, under the names they had; else what is said of them, kept as a note."""
    if text["academy"]:
        return academies_named(text["academy"], where, problems), text["who"]
    unknown: list[str] = []
    codes = academies_named(text["who"].replace(",", ";"), where, unknown)
    if unknown or not codes:
        uncertain.append("academies")
        return [], text["who"]
    return codes, ""


def of_year(year: str) -> list[PastResult]:
    """The results of a school year ("2012-2013"), those told of several years too; the national ones first."""
    rows = PastResult.objects.filter(years__lt=f"{int(year[:4]) + 1}", years__gte=f"{int(year[:4]) - LONGEST}-")
    return _ordered(row for row in rows if year in school_years(row.years))


def _ordered(rows: Iterable[PastResult]) -> list[PastResult]:
    return sorted(rows, key=lambda row: (not row.national, row.discipline_text, row.pk))


def of_theme(theme: PublicTheme) -> list[PastResult]:
    """The results of the same years in a discipline of the theme, from one of its academies or from the nation.

    A page of results seldom names its theme: the join is deduced, and the page says so. None for a theme of a call.
    """
    if theme.call_id is not None:
        return []
    mine, places = set(theme.disciplines), set(theme.academies)
    return [
        row
        for row in _ordered(PastResult.objects.filter(years=theme.years))
        if mine & set(row.disciplines) and (row.national or places & set(row.academies))
    ]
