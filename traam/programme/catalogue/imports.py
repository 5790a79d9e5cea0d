"""The history of the programme since 2006: themes (.csv) and scenarios (.jsonl), imported again without doubling."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from django.db import transaction

from traam import reference
from traam.programme.catalogue.actions import note_changes
from traam.programme.catalogue.models import Notice, PublicTheme

THEME_COLUMNS = ("annee", "discipline", "titre", "academies")
SCENARIO_KEYS = ("id", "title", "academy", "discipline", "level", "year", "summary", "url")

# The names of the groups of work, as pages of the time wrote them, where they are not the label of the vocabulary.
DISCIPLINE_NAMES = {
    "svt": "SVT",
    "ses": "SES",
    "emi": "EMI",
    "eps": "EPS",
    "sti": "STI",
    "biotechnologies - stms": "BIO",
    "economie et gestion": "ECOGEST",
    "histoire-geographie": "HG",
    "langues vivantes": "LV",
    "lettres": "LET",
    "education musicale": "EMUS",
    "physique-chimie": "PC",
    "mathematiques": "MATH",
}
LEVEL_WORDS = (
    (r"\b6e\b", "018"),
    (r"\b5e\b", "020"),
    (r"\b4e\b", "021"),
    (r"\b3e\b", "023"),
    (r"\b2de pro\b", "027"),
    (r"\b2de\b(?! pro)", "136"),
    (r"\b1re\b", "146"),
    (r"\bterminale\b", "201"),
    (r"\bcoll[eè]ge\b", "016"),
    (r"\blyc[ée]e professionnel\b", "165"),
    (r"\blyc[ée]e\b(?! professionnel)", "142"),
    (r"\bprofessionnel\b", "165"),
    (r"\bcycles? 3\b", "620"),
    (r"\b(?:cycles? (?:3 et )?4)\b", "621"),
    (r"\bformation\b", "163"),
)
NO_ACADEMY = {"", "(non précisée)", "(plusieurs)"}


@dataclass
class Report:
    """What a file did, or would do. `problems` are sentences that say where; nothing was written if there is one."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.lower().split())


def _academies(text: str, where: str, problems: list[str]) -> list[str]:
    """Codes of the academies named, separated by ";"."""
    by_name = {_fold(academy.name): code for code, academy in reference.academies().items()}
    codes = []
    for name in (part.strip() for part in text.split(";")):
        if name in NO_ACADEMY:
            continue
        code = by_name.get(_fold(name))
        if code is None:
            problems.append(f"{where} : l'académie « {name} » n'est pas connue ; écrivez son nom officiel.")
        else:
            codes.append(code)
    return codes


def discipline_codes(text: str) -> list[str]:
    """The codes behind "EMI (HG-EMC, documentation)" or "Anglais;Espagnol"; none when nothing is recognised."""
    labels = {_fold(d.label): code for code, d in reference.disciplines().items()}
    known = {**labels, **DISCIPLINE_NAMES}
    found = (known.get(_fold(re.sub(r"\(.*?\)", "", part))) for part in text.split(";"))
    return [code for code in found if code]


def level_codes(text: str) -> list[str]:
    """The levels a free text names, for facets; the text itself is kept and shown."""
    folded = text.lower()
    return sorted({code for pattern, code in LEVEL_WORDS if re.search(pattern, folded)})


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


def _scenario_rows(path: Path, report: Report) -> Iterator[tuple[str, Mapping[str, object]]]:
    for number, line in enumerate(_decoded(path).split("\n"), 1):
        if not line.strip():
            continue
        where = f"Ligne {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            report.problems.append(f"{where} : ce n'est pas du JSON valable.")
            continue
        missing = [k for k in SCENARIO_KEYS if not isinstance(row, dict) or not isinstance(row.get(k), str)]
        if missing:
            report.problems.append(f"{where} : il manque « {missing[0]} », un texte.")
            continue
        empty = [key for key in ("id", "title") if not row[key].strip()]
        if empty:
            report.problems.append(f"{where} : « {empty[0]} » est vide ; remplissez-le.")
            continue
        yield where, row


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
    probable = _academies(row.get("academies_probables", ""), where, problems)
    codes = _academies(row["academies"], where, problems)
    if row.get("liste_complete", "oui") != "oui" or probable:
        uncertain.append("academies")
    return f"history:{years}:{_fold(row['discipline'])}:{_fold(title)}"[:200], {
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
        "academies": _academies(text["academy"], where, problems),
        "disciplines": codes or discipline_codes(text["discipline"]),
        "levels": level_codes(text["level"]),
        "level_text": text["level"],
        "source_url": text["url"],
        "uncertain": ["years"] if row.get("year_status", "lu") != "lu" else [],
    }


def _too_long(where: str, table: type[Notice] | type[PublicTheme], fields: Mapping[str, object]) -> Iterator[str]:
    """What the table has no room for: one database would cut it, the other refuse it. Neither may decide."""
    for name, value in fields.items():
        most = getattr(table._meta.get_field(name), "max_length", None)
        if most and isinstance(value, str) and len(value) > most:
            lengths = f"{len(value)} caractères, {most} au plus"
            yield f"{where} : « {value[:30]}… » est trop long ({lengths}) ; raccourcissez."
        if isinstance(value, str) and "\x00" in value:
            yield f"{where} : le texte contient un caractère nul ; retirez-le."


def _split(
    known: Mapping[str, Notice | PublicTheme], wanted: dict[str, dict[str, object]]
) -> tuple[list[str], list[str]]:
    """The keys to add, and those whose fields differ."""
    new = [key for key in wanted if key not in known]
    changed = [
        key
        for key, fields in wanted.items()
        if key in known and any(getattr(known[key], name) != value for name, value in fields.items())
    ]
    return new, changed


@transaction.atomic
def history(path: Path, *, at: datetime, dry_run: bool = False) -> Report:
    """Import a file of themes (.csv) or scenarios (.jsonl): all of it, or nothing when a line is wrong."""
    report = Report()
    wanted: dict[str, dict[str, object]] = {}
    of_themes = path.suffix.lower() == ".csv"
    if path.suffix.lower() not in {".csv", ".jsonl"}:
        report.problems.append(f"{path.name} : donnez un fichier .csv (thèmes) ou .jsonl (scénarios).")
        return report
    try:
        if of_themes:
            rows = [(w, *_theme_fields(w, row, report.problems)) for w, row in _theme_rows(path, report)]
        else:
            rows = [(w, *_scenario_fields(w, row, report.problems)) for w, row in _scenario_rows(path, report)]
    except (OSError, ValueError, csv.Error) as problem:
        report.problems.append(f"{path.name} ne se lit pas : {problem}")
        return report
    for where, key, fields in rows:
        if key in wanted:
            report.problems.append(f"{where} : « {fields['title']} » figure déjà plus haut ; gardez une seule ligne.")
        report.problems += _too_long(where, PublicTheme if of_themes else Notice, fields)
        wanted[key] = fields
    if report.problems:
        return report
    if of_themes:
        _write(PublicTheme, wanted, {"changed_at": at}, report, dry_run)
    else:
        keys = _write(Notice, wanted, {"datestamp": at.replace(microsecond=0)}, report, dry_run)
        if keys:
            note_changes(Notice.objects.filter(source_key__in=keys))
    return report


Record = TypeVar("Record", PublicTheme, Notice)


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
