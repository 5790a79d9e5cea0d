"""Édubase sheets into the catalogue: all of a file or nothing, and the same file again changes nothing.

A sheet is found again by its number, else by the address of its resource, with its title when several are there. A
notice that another door brought in (a scenario released here, the history) keeps what it says: its sheet brings only a
number, and that to the history.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from traam import reference
from traam.engines.sheets import fold
from traam.programme.catalogue.models import Notice, PublicTheme
from traam.programme.catalogue.notices import note_changes
from traam.programme.catalogue.records import KEYWORDS, address
from traam.programme.catalogue.sheets_read import Sheet, Words, read, too_long
from traam.programme.productions.rules import SECTION_TITLES

KEY = "edubase:"


@dataclass
class Report:
    """What a file did, or would do; nothing was written when there is a problem. `kept` are the sheets of notices
    that are in the catalogue by another door. `notes` are worth knowing."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def take_in(data: bytes, *, filename: str, words: Words, at: datetime, dry_run: bool = False) -> Report:
    """Import a file of sheets (.csv, .xlsx, .ods), or say what it would do."""
    report = Report()
    found, report.problems, report.notes = read(data, filename, words)
    report.problems += [sentence for sheet in found for sentence in too_long(sheet)]
    report.problems += [] if report.problems else _twice(found)
    if report.problems:
        return report
    _write(found, _Known(found), report, at, dry_run=dry_run)
    return report


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


def _write(found: list[Sheet], known: _Known, report: Report, at: datetime, *, dry_run: bool) -> None:
    themes = {fold(theme.title): theme for theme in PublicTheme.objects.order_by("-pk")}
    stamp, written = at.replace(microsecond=0), []
    for sheet in found:
        notice = known.find(sheet)
        fields = _fields(sheet, themes)
        if notice and not notice.source_key.startswith(KEY):
            report.kept += 1
            fields = _number_alone(notice, fields)
        if notice and all(getattr(notice, name) == value for name, value in fields.items()):
            report.unchanged += notice.source_key.startswith(KEY)
            continue
        report.changed += notice is not None
        report.added += notice is None
        notice = notice or Notice(source_key=_key(sheet))
        for name, value in fields.items():
            setattr(notice, name, value)
        notice.datestamp = stamp
        written.append(notice)
    if dry_run:
        return
    for notice in written:
        notice.save()
    if written:
        note_changes(written)


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
