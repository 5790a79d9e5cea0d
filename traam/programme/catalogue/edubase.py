"""Édubase sheets into the catalogue: all of a file or nothing, and the same file again changes nothing.

A sheet is found again by its number, else by the address of its resource, with its title when several are there. A
notice that another door brought in (a scenario released here, the history) keeps what it says: its sheet brings only a
number, and that to the history.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from traam import reference
from traam.engines.sheets import fold
from traam.programme.catalogue.models import Notice, PublicTheme
from traam.programme.catalogue.notices import note_changes, one_at_a_time
from traam.programme.catalogue.records import KEYWORDS, address
from traam.programme.catalogue.reports import Line, Prepared, Report, differing
from traam.programme.catalogue.sheets_read import Sheet, Words, read, too_long
from traam.programme.productions.rules import SECTION_TITLES

KEY = "edubase:"


BATCH = 500


def take_in(data: bytes, *, filename: str, words: Words, at: datetime, dry_run: bool = False) -> Report:
    """Import a file of sheets (.csv, .xlsx, .ods), or say what it would do."""
    return prepare(data, filename=filename, words=words).carry_out(at=at, dry_run=dry_run)


def prepare(data: bytes, *, filename: str, words: Words) -> Prepared:
    """Read and judge a file of sheets, without the catalogue."""
    report = Report("notices")
    found, report.problems, report.notes, columns = read(data, filename, words)
    report.unknown, report.missing = columns.unknown, columns.missing
    report.problems += [sentence for sheet in found for sentence in too_long(sheet)]
    report.problems += [] if report.problems else _twice(found)
    return Prepared(report, partial(_write, found, report))


def _twice(found: Iterable[Sheet]) -> Iterable[str]:
    first: dict[object, int] = {}
    for sheet in found:
        for what, key in (("ce numéro de fiche", sheet.number), ("cette ressource", _where(sheet))):
            if key and first.setdefault(key, sheet.line) != sheet.line:
                yield f"Ligne {sheet.line} : {what} est déjà à la ligne {first[key]} ; gardez une seule ligne."


def _where(sheet: Sheet) -> tuple[str, str]:
    return str(sheet.fields["source_url"]), fold(str(sheet.fields["title"]))


class _Known:
    """The notices, as the sheets of a file find them again."""

    def __init__(self, found: Iterable[Sheet]) -> None:
        rows = list(Notice.objects.defer("pieces", "tests"))
        self.by_number = {row.edubase_number: row for row in rows if row.edubase_number}
        self.by_key = {row.source_key: row for row in rows}
        self.by_page = {address(row): row for row in rows}
        self.by_address: dict[str, list[Notice]] = defaultdict(list)
        for row in rows:
            self.by_address[row.source_url].append(row)
        self.asked = Counter(str(sheet.fields["source_url"]) for sheet in found)

    def find(self, sheet: Sheet) -> Notice | None:
        address, title = _where(sheet)
        by_number = self.by_number.get(sheet.number or 0) or self.by_key.get(_key(sheet)) or self.by_page.get(address)
        there = self.by_address[address]
        if by_number or (len(there) == self.asked[address] == 1):
            return by_number or there[0]
        return next((row for row in there if fold(row.title) == title), None)


def _key(sheet: Sheet) -> str:
    named = str(sheet.number or hashlib.sha256("\n".join(_where(sheet)).encode()).hexdigest()[:20])
    return KEY + named


def _write(found: list[Sheet], report: Report, at: datetime, dry_run: bool) -> None:
    """Say what each sheet does and, unless it is a rehearsal, write it."""
    if dry_run:  # no lock: others write meanwhile
        _compare(found, report, at)
        return
    with transaction.atomic():
        one_at_a_time()
        new, changed = _compare(found, report, at)
        Notice.objects.bulk_create(new, batch_size=BATCH)
        for notice in changed:
            notice.save()
        if written := [*new, *changed]:
            note_changes(written)


def _compare(found: list[Sheet], report: Report, at: datetime) -> tuple[list[Notice], list[Notice]]:
    """The notices to add and those to change, filled; the report says which, line by line."""
    known = _Known(found)
    themes = {fold(theme.title): theme for theme in PublicTheme.objects.order_by("-pk")}
    new, changed = [], []
    for sheet in found:
        notice, fields = known.find(sheet), _fields(sheet, themes)
        line, fields = _line(sheet, notice, fields)
        report.lines.append(line)
        report.kept += bool(notice and not notice.source_key.startswith(KEY))
        report.unchanged += line.kind == "unchanged"
        if line.kind == "added":
            new.append(_filled(Notice(source_key=_key(sheet)), fields, at))
        elif notice and line.differs:
            changed.append(_filled(notice, fields, at))
    report.added, report.changed = len(new), len(changed)
    return new, changed


def _line(sheet: Sheet, notice: Notice | None, fields: dict[str, Any]) -> tuple[Line, dict[str, Any]]:
    """What a sheet does, and the fields it brings."""
    where, title = f"Ligne {sheet.line}", str(sheet.fields["title"])
    if notice is None:
        return Line(where, "added", title), fields
    ours = notice.source_key.startswith(KEY)
    fields = fields if ours else _number_alone(notice, fields)
    differs = differing(notice, fields)
    kind = "changed" if differs else "unchanged" if ours else "kept"
    return Line(where, kind, title, notice.pk, differs), fields


def _filled(notice: Notice, fields: Mapping[str, Any], at: datetime) -> Notice:
    for name, value in fields.items():
        setattr(notice, name, value)
    notice.datestamp = at.replace(microsecond=0)
    return notice


def _number_alone(notice: Notice, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Of a notice of the history, the number of its sheet; that of a scenario is noted where it was released."""
    if not notice.archived or notice.edubase_number or notice.state == Notice.State.WITHDRAWN:
        return {}
    return {name: fields[name] for name in ("edubase_number", "edubase_address") if fields[name]}


def _fields(sheet: Sheet, themes: Mapping[str, PublicTheme]) -> dict[str, Any]:
    """Those of the notice. The first keyword is our theme when it has its title; the others are kept to be read."""
    theme = themes.get(fold(sheet.keywords[0])) if sheet.keywords else None
    keywords = sheet.keywords[1:] if theme else sheet.keywords
    fields = {name: value for name, value in sheet.fields.items() if name != "programme"}
    programme = str(sheet.fields.get("programme", ""))
    sections = [[SECTION_TITLES["objectives"], programme]] if programme else []
    sections += [[KEYWORDS, "\n".join(f"- {one}" for one in keywords)]] if keywords else []
    number = sheet.number
    return fields | {
        "sections": sections,
        "theme_id": theme.pk if theme else None,
        "edubase_number": number,
        "edubase_address": f"{reference.edubase_form().site}/fiche/{number}" if number else "",
    }
