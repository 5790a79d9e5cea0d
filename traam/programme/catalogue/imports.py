"""The history of the programme since 2006: themes (.csv), scenarios and results (.jsonl), imported again without
doubling. A line of results is told from one of scenarios by its columns (`reference/history_results.toml`)."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.db import transaction

from traam import reference
from traam.programme.catalogue import past_results
from traam.programme.catalogue.models import Notice, PastResult, PublicTheme
from traam.programme.catalogue.notices import note_changes, one_at_a_time
from traam.programme.catalogue.old_names import academies_named, discipline_codes, fold, level_codes
from traam.programme.catalogue.reports import Line, Prepared, Report, differing

THEME_COLUMNS = ("annee", "discipline", "titre", "academies")
SCENARIO_KEYS = ("id", "title", "academy", "discipline", "level", "year", "summary", "url")


Row = tuple[str, str, dict[str, object]]  # where it is in the file, its key, its fields


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("il n'est pas en UTF-8, enregistrez-le avec ce codage.") from None


def _theme_rows(data: bytes, report: Report) -> Iterator[tuple[str, Mapping[str, str]]]:
    rows = csv.DictReader(io.StringIO(_decoded(data)))
    missing = [name for name in THEME_COLUMNS if name not in (rows.fieldnames or [])]
    if missing:
        report.problems.append(f"Ligne 1 : il manque la colonne « {missing[0]} ».")
        return
    for row in rows:
        if None in row:
            report.problems.append(
                f"Ligne {rows.line_num} : il y a plus de valeurs que de colonnes ; mettez entre guillemets "
                "le texte qui contient une virgule."
            )
            continue
        yield f"Ligne {rows.line_num}", {key: (value or "").strip() for key, value in row.items()}


def _json_rows(data: bytes, report: Report) -> Iterator[tuple[str, Mapping[str, object]]]:
    for number, line in enumerate(_decoded(data).split("\n"), 1):
        if not line.strip():
            continue
        where = f"Ligne {number}"
        try:
            row = json.loads(line)
            json.dumps(row, ensure_ascii=False).encode()  # halves of characters may be escaped, never kept
        except (ValueError, RecursionError):
            report.problems.append(f"{where} : ce n'est pas du JSON valable.")
            continue
        yield where, row if isinstance(row, dict) else {}


def _missing(where: str, row: Mapping[str, object]) -> str:
    """What a line of scenario lacks, in a sentence; "" when it is whole."""
    missing = [key for key in SCENARIO_KEYS if not isinstance(row.get(key), str)]
    if missing:
        return f"{where} : il manque « {missing[0]} », un texte."
    empty = [key for key in ("id", "title") if not str(row[key]).strip()]
    return f"{where} : « {empty[0]} » est vide ; remplissez-le." if empty else ""


def _read_json(data: bytes, report: Report) -> tuple[type[Notice] | type[PastResult], list[Row]]:
    """A file of scenarios, or of results when one of its lines has the columns of results."""
    rows = list(_json_rows(data, report))
    if any(past_results.told_by(row) for _, row in rows):
        return PastResult, [(w, *past_results.fields_of(w, row, report.problems)) for w, row in rows]
    found = []
    for where, row in rows:
        if problem := _missing(where, row):
            report.problems.append(problem)
        else:
            found.append((where, *_scenario_fields(where, row, report.problems)))
    return Notice, found


def _theme_fields(where: str, row: Mapping[str, str], problems: list[str]) -> tuple[str, dict[str, object]]:
    years, uncertain = row["annee"], []
    if years.startswith("("):
        years, uncertain = "avant 2021", ["years"]
    title = row["titre"]
    if row.get("titre_status", "lu") != "lu":
        uncertain.append("title")
        title = title.strip("()")
        title = title[:1].upper() + title[1:]
    if not title:
        problems.append(f"{where} : il manque le titre du thème.")
    probable = academies_named(row.get("academies_probables", ""), where, problems)
    codes = academies_named(row["academies"], where, problems)
    if row.get("liste_complete", "oui") != "oui" or probable:
        uncertain.append("academies")
    return f"history:{years}:{fold(row['discipline'])}:{fold(title)}"[:200], {
        "years": years,
        "title": title,
        "disciplines": discipline_codes(row["discipline"]),
        "discipline_text": row["discipline"],
        "academies": codes + [code for code in probable if code not in codes],
        "academies_note": row.get("academies_note", ""),
        "source_url": row.get("source", ""),
        "uncertain": uncertain,
    }


def _scenario_fields(where: str, row: Mapping[str, object], problems: list[str]) -> tuple[str, dict[str, object]]:
    text = {key: str(row[key]).strip() for key in SCENARIO_KEYS}
    given = row.get("discipline_codes") or []
    codes = [str(code) for code in given] if isinstance(given, list) else [str(given)]
    for code in codes:
        if code not in reference.disciplines():
            problems.append(f"{where} : la discipline « {code} » n'est pas dans la liste.")
    if not text["url"].startswith(("http://", "https://")):
        problems.append(f"{where} : « {text['url']} » n'est pas une adresse ; elle commence par https://.")
    return f"history:{text['id']}"[:200], {
        "title": text["title"],
        "summary": text["summary"],
        "years": text["year"],
        "academies": academies_named(text["academy"], where, problems),
        "disciplines": codes or discipline_codes(text["discipline"]),
        "levels": level_codes(text["level"]),
        "level_text": text["level"],
        "source_url": text["url"],
        "uncertain": ["years"] if row.get("year_status", "lu") != "lu" else [],
    }


def _too_long(where: str, table: "Table", fields: Mapping[str, object]) -> Iterator[str]:
    """What the table has no room for: one database would cut it, the other refuse it. Neither may decide."""
    for name, value in fields.items():
        most = getattr(table._meta.get_field(name), "max_length", None)
        if most and isinstance(value, str) and len(value) > most:
            lengths = f"{len(value)} caractères, {most} au plus"
            yield f"{where} : « {value[:30]}… » est trop long ({lengths}) ; raccourcissez."
        if isinstance(value, str) and "\x00" in value:
            yield f"{where} : le texte contient un caractère nul ; retirez-le."


Table = type[PublicTheme] | type[Notice] | type[PastResult]
Record = TypeVar("Record", PublicTheme, Notice, PastResult)
WHAT: Mapping[Table, str] = {PublicTheme: "themes", Notice: "scenarios", PastResult: "results"}


def _read(suffix: str, data: bytes, report: Report) -> tuple[Table, list[Row]]:
    if suffix == ".csv":
        return PublicTheme, [(w, *_theme_fields(w, row, report.problems)) for w, row in _theme_rows(data, report)]
    return _read_json(data, report)


def history(path: Path, *, at: datetime, dry_run: bool = False) -> Report:
    """Import a file of themes (.csv), of scenarios or results (.jsonl): all of it, or nothing when a line is wrong."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        return Report("scenarios", problems=[f"{path.name} ne se lit pas : {problem}"])
    return take_in(data, filename=path.name, at=at, dry_run=dry_run)


def take_in(data: bytes, *, filename: str, at: datetime, dry_run: bool = False) -> Report:
    """The same, of what a file holds: its name says whether it is one of themes."""
    return prepare(data, filename=filename).carry_out(at=at, dry_run=dry_run)


def prepare(data: bytes, *, filename: str) -> Prepared:
    """Read and judge a file of the history, without the catalogue."""
    report, suffix = Report("scenarios"), Path(filename).suffix.lower()
    table: Table = Notice
    rows: list[Row] = []
    if suffix not in {".csv", ".jsonl"}:
        report.problems.append(f"{filename} : donnez un fichier .csv (thèmes) ou .jsonl (scénarios ou bilans).")
    else:
        try:
            table, rows = _read(suffix, data, report)
        except (ValueError, csv.Error) as problem:
            report.problems.append(f"{filename} ne se lit pas : {problem}")
    report.what = WHAT[table]
    _judge(table, rows, report)
    if not rows and not report.problems:
        report.problems.append(f"{filename} ne contient aucune ligne.")
    return Prepared(report, partial(_write, table, rows, report))  # type: ignore[type-var]  # one of the three


def _judge(table: "Table", rows: list[Row], report: Report) -> None:
    seen: set[str] = set()
    for where, key, fields in rows:
        if key in seen:
            report.problems.append(f"{where} : « {_title(fields)} » figure déjà plus haut ; gardez une seule ligne.")
        report.problems += _too_long(where, table, fields)
        seen.add(key)


def _title(fields: Mapping[str, object]) -> str:
    return str(fields.get("title") or fields["source_url"])


def _write(table: type[Record], rows: list[Row], report: Report, at: datetime, dry_run: bool) -> None:
    """Say what each row changes and, unless it is a rehearsal, write it."""
    if dry_run:  # no lock: others write meanwhile
        _compare(table, rows, report, at)
        return
    with transaction.atomic():
        one_at_a_time()
        new: list[Record]
        changed: list[Record]
        new, changed = _compare(table, rows, report, at)
        table.objects.bulk_create(new)
        for row in changed:
            row.save()
        if notices := [row for row in (*new, *changed) if isinstance(row, Notice)]:
            note_changes(notices)


def _compare(table: type[Record], rows: list[Row], report: Report, at: datetime) -> tuple[list[Record], list[Record]]:
    """The rows to add and those to change, filled; the report says which, line by line."""
    known = {row.source_key: row for row in table.objects.filter(source_key__startswith="history:")}
    stamp = {"datestamp": at.replace(microsecond=0)} if table is Notice else {"changed_at": at}
    new: list[Record] = []
    changed: list[Record] = []
    for where, key, fields in rows:
        row = known.get(key)
        differs = differing(row, fields) if row else ()
        kind = "added" if row is None else "changed" if differs else "unchanged"
        report.lines.append(Line(where, kind, _title(fields), row.pk if row else None, differs))
        if row is None:
            new.append(table(source_key=key, **stamp, **fields))
        elif differs:
            changed.append(row)
            for name, value in {**fields, **stamp}.items():
                setattr(row, name, value)
    report.added, report.changed = len(new), len(changed)
    report.unchanged = len(rows) - len(new) - len(changed)
    return new, changed
