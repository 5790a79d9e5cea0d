"""What a file of Édubase sheets says, in our words: each cell judged, and what it means told by a mapping file.

The mapping (`reference/edubase_import.toml`) names the titles of the columns and the words that are not ours.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from traam import reference
from traam.engines import sheets
from traam.engines.sheets import Column, Layout, fold
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.old_names import level_codes
from traam.programme.catalogue.records import official_name

MAPPING = reference.HERE / "edubase_import.toml"
MARK = "TraAM"
MOST_ROWS = 20_000
MOST_ASKED, LONGEST_TITLE = 40, 200  # columns that a page asks about, characters of their titles
_CRCN = re.compile(r"(\d\.\d)\b")
_LASTING = re.compile(r"(?:(\d{1,2}) ?h(?:eures?)? ?(\d{1,2})?(?: ?min(?:utes?)?)?|(\d{1,4}) ?min(?:utes?)?)")
_YEARS = re.compile(r"(?:avant )?20\d\d(?:-20\d\d)?")


class BadMapping(ValueError):
    """The mapping file cannot be used: a sentence that says why."""


@dataclass(frozen=True)
class Words:
    """A mapping file, read. The keys of `disciplines`, `levels` and `licences` are folded."""

    layout: Layout
    separators: str
    disciplines: Mapping[str, str]
    levels: Mapping[str, str]
    licences: Mapping[str, str]
    academies: Mapping[str, str]

    def values(self, cell: str) -> list[str]:
        return [part.strip() for part in re.split(f"[{re.escape(self.separators)}]", cell) if part.strip()]


@dataclass
class Sheet:
    """One row: what becomes the fields of a notice, and how to find it again."""

    line: int
    number: int | None
    addresses: list[str]
    fields: dict[str, Any] = field(default_factory=dict)
    keywords: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Fault:
    """What is wrong in a cell."""

    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        return f"Ligne {self.line}, colonne « {self.column} » : {self.sentence}"


@dataclass(frozen=True)
class Columns:
    """What a table and its mapping do not know of one another: the titles that nobody named, each with some of its
    values and the source that it may be ("" when none looks like it); the sources that the table lacks, with the title
    they would have."""

    unknown: tuple[tuple[str, tuple[str, ...], str], ...]
    missing: tuple[tuple[str, str], ...]


# --- The mapping


def words(path: Path = MAPPING) -> Words:
    """Raises `BadMapping`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as problem:
        raise BadMapping(f"La correspondance {path.name} ne se lit pas : {problem}.") from None
    return words_of(text, path.name)


def words_of(text: str, name: str) -> Words:
    """What the text of a mapping file says, `name` being that of the file. Raises `BadMapping`."""
    try:
        told = tomllib.loads(text)
    except ValueError as problem:
        raise BadMapping(f"La correspondance {name} ne se lit pas : {problem}.") from None
    if wrong := _misshapen(told):
        raise BadMapping(f"La correspondance {name} : « {wrong} » n'a pas la forme de celle d'Édubase ; suivez-la.")
    known = {"disciplines": reference.disciplines(), "levels": reference.levels(), "licences": reference.licences()}
    for table, codes in known.items():
        for word, code in told.get(table, {}).items():
            if code not in codes:
                raise BadMapping(f"La correspondance {name}, [{table}] « {word} » : le code {code} n'existe pas.")
    ours = reference.edubase_form().fields
    disciplines = {fold(one.label): code for code, one in reference.disciplines().items()}
    disciplines |= {fold(one.edubase_label): code for code, one in reference.disciplines().items() if one.edubase_label}
    return Words(
        layout=_layout(name, told, {one.source: one.label for one in ours}),
        separators="".join(told.get("separators", [";"])),
        disciplines=disciplines | _folded(told, "disciplines"),
        levels={fold(one.label): code for code, one in reference.levels().items()} | _folded(told, "levels"),
        licences={fold(one.label): code for code, one in reference.licences().items()} | _folded(told, "licences"),
        academies={fold(name): code for code, one in reference.academies().items() for name in _names(one)},
    )


def with_titles(text: str, answers: Mapping[str, str]) -> str:
    """A mapping file that also reads these titles of columns, each for a source."""
    told = tomllib.loads(text)
    columns = told.setdefault("columns", {})
    for title, source in answers.items():
        columns[source] = [*columns.get(source, []), title]
    plain = [f"{name} = {_toml(value)}" for name, value in told.items() if not isinstance(value, dict)]
    tables = [
        "\n".join(["", f"[{name}]", *(f"{_toml(key)} = {_toml(value)}" for key, value in table.items())])
        for name, table in told.items()
        if isinstance(table, dict)
    ]
    return "\n".join([*plain, *tables, ""])


def _toml(value: object) -> str:
    """A text or a list of texts: JSON writes them as TOML does, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _misshapen(told: Mapping[str, Any]) -> str:
    """The first entry that has not the form of our own mapping, "" when all have."""

    def texts(value: object) -> bool:
        return isinstance(value, list) and all(isinstance(one, str) and one for one in value)

    def words(value: object, good: Callable[[object], bool]) -> bool:
        return isinstance(value, dict) and all(map(good, value.values()))

    forms: dict[str, Callable[[object], bool]] = {
        "separators": lambda value: texts(value) and value != [],
        "required": texts,
        "columns": lambda value: words(value, texts),
        **dict.fromkeys(
            ("disciplines", "levels", "licences"), lambda value: words(value, lambda one: isinstance(one, str))
        ),
    }
    return next((name for name, value in told.items() if name not in forms or not forms[name](value)), "")


def _folded(told: Mapping[str, Any], table: str) -> dict[str, str]:
    return {fold(word): code for word, code in told.get(table, {}).items()}


def _names(academy: reference.Academy) -> Iterable[str]:
    return academy.name, official_name(academy), f"Académie {academy.of_name}", academy.slug


def _layout(file: str, told: Mapping[str, Any], ours: Mapping[str, str]) -> Layout:
    titles, required = told.get("columns", {}), told.get("required", [])
    unknown = [name for name in (*titles, *required) if name not in _READ and name not in _LEFT]
    if unknown:
        raise BadMapping(f"La correspondance {file} : « {unknown[0]} » ne veut rien dire ici.")
    columns = []
    for source in (*_READ, *_LEFT):
        names = list(dict.fromkeys(filter(None, [ours.get(source), *titles.get(source, ())])))
        if names:
            most = {"title": 300, "creators": 300}.get(source)
            wanted = source in required
            columns.append(
                Column(source, names[0], aliases=_others(names), max_length=most, required=wanted, present=wanted)
            )
    try:
        return Layout("fiches Édubase", "Fiches Édubase", tuple(columns))
    except ValueError as problem:
        raise BadMapping(f"La correspondance {file} : {problem}.") from None


def _others(names: list[str]) -> tuple[str, ...]:
    """The other titles, once each as a reader compares them."""
    return tuple({fold(name): name for name in names[1:] if fold(name) != fold(names[0])}.values())


# --- The cells


def read(data: bytes, filename: str, words: Words) -> tuple[list[Sheet], list[str], list[str], Columns]:
    """The rows; sentences for what is wrong; what is worth knowing (columns left aside); those columns."""
    reading = sheets.read(data, words.layout, filename=filename, max_rows=MOST_ROWS)
    asked = {column.key for column in words.layout.columns if column.required}
    if aside := {one.folded: "" for one in reading.unknown if one.suggestion not in asked}:
        # A title that looks like one of ours is not it: the mapping says which are.
        reading = replace(
            sheets.read(data, words.layout, filename=filename, max_rows=MOST_ROWS, mapping=aside),
            unknown=reading.unknown,
        )
    titles = {column.key: column.title for column in words.layout.columns}
    wrong = [_located(str(problem), reading.rows, titles) for problem in reading.problems]
    found, faults = [], []
    for row in reading.rows:
        cells = {key: str(value) for key, value in row.values.items()}
        sheet = Sheet(row.number, None, [])
        for source, judge in _READ.items():
            try:
                judge(cells.get(source, ""), sheet, words)
            except ValueError as fault:
                faults.append(Fault(row.number, titles.get(source, source), str(fault)))
        found.append(sheet)
    if not found and not wrong:
        wrong.append("Le fichier ne contient aucune fiche : il faut une ligne par fiche, sous les titres des colonnes.")
    notes = [
        f"la colonne « {one.title} » n'est pas dans la correspondance : elle est laissée." for one in reading.unknown
    ]
    return found, wrong + [str(fault) for fault in faults], notes, _columns(reading, titles)


def _columns(reading: sheets.Reading, titles: Mapping[str, str]) -> Columns:
    unknown = [(one.title, one.samples, one.suggestion) for one in reading.unknown if len(one.title) <= LONGEST_TITLE]
    return Columns(tuple(unknown[:MOST_ASKED]), tuple((key, titles[key]) for key in reading.missing))


def _located(problem: str, rows: Iterable[sheets.Row], titles: Mapping[str, str]) -> str:
    """« Fiches Édubase!C12 : … » said with the line and the title of the column."""
    place, _, sentence = problem.partition(" : ")
    cell = place.rpartition("!")[2]
    for row in rows:
        for key, ref in row.cells.items():
            if ref == cell:
                return str(Fault(row.number, titles[key], sentence))
    return problem


def _number(cell: str, sheet: Sheet, _: Words) -> None:
    digits = cell.strip()
    if not digits:
        return
    if not digits.isascii() or not digits.isdigit() or not 0 < int(digits) < 2**31:
        raise ValueError(f"« {cell} » n'est pas un numéro de fiche ; écrivez un nombre, par exemple 24254.")
    sheet.number = int(digits)


def _text(name: str, *, one_line: bool = False) -> Callable[[str, Sheet, Words], None]:
    def keep(cell: str, sheet: Sheet, _: Words) -> None:
        sheet.fields[name] = " ".join(cell.split()) if one_line else cell

    return keep


def _address(cell: str, sheet: Sheet, _: Words) -> None:
    sheet.addresses = cell.replace(";", " ").split()
    for address in sheet.addresses:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"« {address[:60]} » n'est pas une adresse ; elle commence par https://.")
    sheet.fields["source_url"] = cell


def _disciplines(cell: str, sheet: Sheet, words: Words) -> None:
    sheet.fields["disciplines"] = _codes(
        cell, words, words.disciplines, reference.disciplines(), "une discipline connue"
    )


def _codes(cell: str, words: Words, known: Mapping[str, str], labels: Mapping[str, Any], what: str) -> list[str]:
    """The codes of the values; two values may be one name (« Histoire ; Géographie »)."""
    codes, parts = [], words.values(cell)
    while parts:
        for taken in range(len(parts), 0, -1):
            code = known.get(fold(" ".join(parts[:taken])))
            if code:
                codes.append(code)
                parts = parts[taken:]
                break
        else:
            near = get_close_matches(fold(parts[0]), known, n=1, cutoff=0.7)
            hint = f"est-ce « {labels[known[near[0]]].label} » ?" if near else "corrigez-le."
            raise ValueError(f"« {parts[0][:60]} » n'est pas {what} ; {hint}")
    return list(dict.fromkeys(codes))


def _levels(cell: str, sheet: Sheet, words: Words) -> None:
    try:
        sheet.fields |= {
            "levels": _codes(cell, words, words.levels, reference.levels(), "un niveau connu"),
            "level_text": "",
        }
    except ValueError:
        # « 3e et 2de », « tous niveaux »: a text that people read, and the levels it names for the facets.
        if not (named := level_codes(cell)) and fold(cell) != "tous niveaux":
            raise
        sheet.fields |= {"levels": named, "level_text": cell[:200]}


def _competences(cell: str, sheet: Sheet, words: Words) -> None:
    codes = []
    for value in words.values(cell):
        found = _CRCN.match(value)
        if not found or found[1] not in reference.competences():
            raise ValueError(f"« {value[:60]} » n'est pas une compétence du CRCN ; écrivez son code, par exemple 1.1.")
        codes.append(found[1])
    sheet.fields["competences"] = list(dict.fromkeys(codes))


def _keywords(cell: str, sheet: Sheet, words: Words) -> None:
    sheet.keywords = [one for one in dict.fromkeys(words.values(cell)) if fold(one) != fold(MARK)]


def _tools(cell: str, sheet: Sheet, words: Words) -> None:
    sheet.fields["tools"] = words.values(cell)


def _duration(cell: str, sheet: Sheet, _: Words) -> None:
    sheet.fields["duration_minutes"] = None
    if not cell:
        return
    found = _LASTING.fullmatch(cell.lower().strip())
    if not found:
        raise ValueError(f"« {cell[:40]} » n'est pas une durée ; écrivez par exemple « 55 min » ou « 2 h 20 ».")
    minutes = int(found[3]) if found[3] else 60 * int(found[1]) + int(found[2] or 0)
    sheet.fields["duration_minutes"] = minutes or None


def _academies(cell: str, sheet: Sheet, words: Words) -> None:
    codes = []
    for name in words.values(cell.replace(",", words.separators[0])):
        code = words.academies.get(fold(name))
        if not code:
            raise ValueError(f"« {name[:60]} » n'est pas une académie ; écrivez son nom officiel.")
        codes.append(code)
    sheet.fields["academies"] = list(dict.fromkeys(codes))


def _date(cell: str, sheet: Sheet, _: Words) -> None:
    """A day; or the years of the work, when nobody noted the day."""
    day, text = None, " ".join(cell.split())
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    if text and not day and not _YEARS.fullmatch(text):
        raise ValueError(f"« {text[:40]} » n'est pas une date ; écrivez-la jj/mm/aaaa, ou l'année scolaire 2024-2025.")
    years = _school_year(day) if day else text
    sheet.fields |= {"published_on": day, "years": years, "uncertain": ["years"] if day else []}


def _school_year(day: date) -> str:
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first}-{first + 1}"


def _licence(cell: str, sheet: Sheet, words: Words) -> None:
    sheet.fields["licence"] = ""
    if cell:
        sheet.fields["licence"] = _codes(cell, words, words.licences, reference.licences(), "une licence connue")[0]


_READ: Mapping[str, Callable[[str, Sheet, Words], None]] = {
    "number": _number,
    "title": _text("title", one_line=True),
    "summary": _text("summary"),
    "address": _address,
    "disciplines": _disciplines,
    "levels": _levels,
    "programme": _text("programme"),
    "keywords": _keywords,
    "competences": _competences,
    "tools": _tools,
    "duration": _duration,
    "creators": _text("authors", one_line=True),
    "publisher": _academies,
    "date": _date,
    "licence": _licence,
}
"""What reads the cells of each source."""
_LEFT = ("sheet_address", "kind")
"""What a file may say that follows from the rest: the address from the number, the kind from what we keep."""


def too_long(sheet: Sheet) -> Iterator[str]:
    """What the table has no room for."""
    for name, value in sheet.fields.items():
        if name != "programme" and isinstance(value, str):
            most = getattr(Notice._meta.get_field(name), "max_length", None)
            if most and len(value) > most:
                yield f"Ligne {sheet.line} : « {value[:30]}… » est trop long ({len(value)} caractères, {most} au plus)."
