"""The history of the programme since 2006: themes (.csv), scenarios and results (.jsonl), imported again without
doubling. A line of results is told from one of scenarios by its columns (`reference/history_results.toml`)."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from django.db import transaction

from traam import reference
from traam.programme.catalogue import past_results
from traam.programme.catalogue.actions import note_changes
from traam.programme.catalogue.models import Notice, PastResult, PublicTheme
from traam.programme.catalogue.old_names import academies_named, discipline_codes, fold, level_codes

THEME_COLUMNS = ("annee", "discipline", "titre", "academies")
SCENARIO_KEYS = ("id", "title", "academy", "discipline", "level", "year", "summary", "url")


Row = tuple[str, str, dict[str, object]]  # where it is in the file, its key, its fields


@dataclass
class Report:
    """What a file did, or would do. `problems` are sentences that say where; nothing was written if there is one."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} n'est pas en UTF-8 : enregistrez-le avec ce codage.") from None


def _theme_rows(path: Path, report: Report) -> Iterator[tuple[str, Mapping[str, str]]]:
    rows = csv.DictReader(io.StringIO(_decoded(path)))
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


def _json_rows(path: Path, report: Report) -> Iterator[tuple[str, Mapping[str, object]]]:
    for number, line in enumerate(_decoded(path).split("\n"), 1):
        if not line.strip():
            continue
        where = f"Ligne {number}"
        try:
            row = json.loads(line)
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


def _read_json(path: Path, report: Report) -> tuple[type[Notice] | type[PastResult], list[Row]]:
    """A file of scenarios, or of results when one of its lines has the columns of results."""
    rows = list(_json_rows(path, report))
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


def _too_long(
    where: str, table: type[PublicTheme] | type[Notice] | type[PastResult], fields: Mapping[str, object]
) -> Iterator[str]:
    """What the table has no room for: one database would cut it, the other refuse it. Neither may decide."""
    for name, value in fields.items():
        most = getattr(table._meta.get_field(name), "max_length", None)
        if most and isinstance(value, str) and len(value) > most:
            lengths = f"{len(value)} caractères, {most} au plus"
            yield f"{where} : « {value[:30]}… » est trop long ({lengths}) ; raccourcissez."
        if isinstance(value, str) and "\x00" in value:
            yield f"{where} : le texte contient un caractère nul ; retirez-le."


def _split(
    known: Mapping[str, Notice | PublicTheme | PastResult], wanted: dict[str, dict[str, object]]
) -> tuple[list[str], list[str]]:
    """The keys to add, and those whose fields differ."""
    new = [key for key in wanted if key not in known]
    changed = [
        key
        for key, fields in wanted.items()
        if key in known and any(getattr(known[key], name) != value for name, value in fields.items())
    ]
    return new, changed


def _read(path: Path, report: Report) -> tuple[type[PublicTheme] | type[Notice] | type[PastResult], list[Row]]:
    if path.suffix.lower() == ".csv":
        return PublicTheme, [(w, *_theme_fields(w, row, report.problems)) for w, row in _theme_rows(path, report)]
    return _read_json(path, report)


@transaction.atomic
def history(path: Path, *, at: datetime, dry_run: bool = False) -> Report:
    """Import a file of themes (.csv), of scenarios or results (.jsonl): all of it, or nothing when a line is wrong."""
    report = Report()
    wanted: dict[str, dict[str, object]] = {}
    if path.suffix.lower() not in {".csv", ".jsonl"}:
        report.problems.append(f"{path.name} : donnez un fichier .csv (thèmes) ou .jsonl (scénarios ou bilans).")
        return report
    try:
        table, rows = _read(path, report)
    except (OSError, ValueError, csv.Error) as problem:
        report.problems.append(f"{path.name} ne se lit pas : {problem}")
        return report
    for where, key, fields in rows:
        if key in wanted:
            told = fields.get("title") or fields["source_url"]
            report.problems.append(f"{where} : « {told} » figure déjà plus haut ; gardez une seule ligne.")
        report.problems += _too_long(where, table, fields)
        wanted[key] = fields
    if report.problems:
        return report
    if table is Notice:
        keys = _write(Notice, wanted, {"datestamp": at.replace(microsecond=0)}, report, dry_run)
        if keys:
            note_changes(Notice.objects.filter(source_key__in=keys))
    elif table is PastResult:
        _write(PastResult, wanted, {"changed_at": at}, report, dry_run)
    else:
        _write(PublicTheme, wanted, {"changed_at": at}, report, dry_run)
    return report


Record = TypeVar("Record", PublicTheme, Notice, PastResult)


def _write(
    model: type[Record],
    wanted: dict[str, dict[str, object]],
    stamp: Mapping[str, datetime],
    report: Report,
    dry_run: bool,
) -> list[str]:
    """Count what the rows change and, unless it is a rehearsal, write it; the keys that were written."""
    known = {row.source_key: row for row in model.objects.filter(source_key__startswith="history:")}
    new: list[str]
    changed: list[str]
    new, changed = _split(known, wanted)
    report.added, report.changed = len(new), len(changed)
    report.unchanged = len(wanted) - len(new) - len(changed)
    if dry_run:
        return []
    model.objects.bulk_create(model(source_key=key, **stamp, **wanted[key]) for key in new)
    for key in changed:
        for name, value in {**wanted[key], **stamp}.items():
            setattr(known[key], name, value)
        known[key].save()
    return [*new, *changed]
