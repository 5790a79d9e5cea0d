"""The academy's spreadsheet: the same rules as the form, every error at its cell, all or nothing."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from traam import reference
from traam.engines import sheets
from traam.engines.workflow import Invalid
from traam.programme.calls import policies, queries, rules
from traam.programme.calls.actions import write_application
from traam.programme.calls.models import Application, Upload
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.journal.actions import record
from traam.programme.people.models import Person

MOST_ROWS = 20_000  # an academy sends a few dozen; a whole country's, ten times over, still reads
LARGEST_FILE = 10 * 1024 * 1024
KEPT_DAYS = 7
KINDS = {"new": "nouvelles", "changed": "modifiées", "unchanged": "inchangées", "kept": "déjà remontées"}


@dataclass(frozen=True)
class Change:
    """What a row would do: `kind` is new, changed, unchanged, or kept (already forwarded, left as it is).

    `lacks` is what the application would still miss to go up, `cells` where each answer was read.
    """

    kind: str
    row: int
    values: rules.Values
    application: Application | None
    differences: tuple[rules.Difference, ...] = ()
    lacks: tuple[rules.Lack, ...] = ()
    cells: Mapping[str, str] | None = None

    @property
    def title(self) -> str:
        return " ; ".join(self.values["titles"]) or "(sans intitulé)"

    @property
    def writes(self) -> bool:
        return self.kind in {"new", "changed"}


@dataclass(frozen=True)
class Preview:
    """What a file would write. Nothing can be written while `problems` is not empty.

    `absent` are the drafts of the academy that the file does not name: they stay as they are.
    """

    changes: tuple[Change, ...]
    problems: tuple[sheets.Problem, ...]
    warnings: tuple[sheets.Problem, ...]
    absent: tuple[Application, ...] = ()

    def count(self, kind: str) -> int:
        return sum(change.kind == kind for change in self.changes)

    def of_kind(self, kind: str) -> list[Change]:
        return [change for change in self.changes if change.kind == kind]

    @property
    def writes(self) -> bool:
        return not self.problems and any(change.writes for change in self.changes)

    @property
    def stamp(self) -> str:
        """Changes when what the file would do changes: somebody saved since the preview was read."""
        told = [
            (c.kind, c.row, *((c.application.pk, c.application.revision) if c.application else ()))
            for c in self.changes
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def template(campaign: Campaign, academy: str) -> bytes:
    """The workbook of the call for an academy, holding the applications it has already entered."""
    entered = [a for a in queries.of_academy(campaign, academy) if a.state != "withdrawn"]
    due = campaign.on("applications_due")
    name = reference.academies()[academy].name
    return sheets.write(
        rules.layout_to_fill(campaign, queries.open_themes(campaign)),
        [rules.as_cells(application) for application in entered],
        title=f"{campaign.title} - académie de {name}",
        notice=[
            "Une ligne par équipe et par thème. Les listes déroulantes viennent de l'appel.",
            "Dans une cellule, Alt + Entrée passe à la ligne (Ctrl + Entrée dans LibreOffice).",
            "Une colonne marquée d'une étoile peut rester vide pour l'instant ; la remontée, elle, demande tout.",
            *([f"À déposer sur la plateforme au plus tard le {due:%d/%m/%Y}."] if due else []),
            "Déposez ce fichier, en .xlsx ou en .ods : chaque erreur sera montrée avec sa cellule, "
            "et rien ne sera écrit avant votre accord.",
        ],
    )


Identity = tuple[int, str, tuple[str, ...]]


def _identity(values: rules.Values) -> Identity:
    """What makes a row the same application as before: theme and référent; while there is none, theme and titles."""
    theme, email = values["theme"], values["referent_email"].lower()
    return theme.pk if theme else 0, email, () if email else tuple(values["titles"])


class _Entered:
    """The applications of the academy that are not withdrawn, as the rows of a file find them."""

    def __init__(self, applications: Iterable[Application]) -> None:
        self.known = {_identity(rules.stored(a)): a for a in applications if a.state != "withdrawn"}

    def find(self, values: rules.Values) -> Application | None:
        """The application of a row. One that had no référent yet is found again when the file brings it."""
        without = values.copy()
        without["referent_email"] = ""
        return self.known.get(_identity(values)) or self.known.get(_identity(without))


def read(campaign: Campaign, academy: str, data: bytes, *, filename: str = "") -> Preview:
    """Say what a file would do, without writing anything."""
    themes = queries.published_themes(campaign)
    reading = sheets.read(data, rules.layout(campaign, themes), filename=filename, max_rows=MOST_ROWS)
    body = _Body(campaign, themes, reading, _Entered(queries.of_academy(campaign, academy)))
    for row in reading.rows:
        body.add(row)
    if not reading.rows and not reading.problems:
        body.problems.append(sheets.Problem(reading.sheet, "aucune ligne n'est remplie : écrivez une ligne par équipe"))
    return body.preview()


class _Body:
    """The rows of a file, one after the other, against what the academy has already entered."""

    def __init__(self, campaign: Campaign, themes: list[Theme], reading: sheets.Reading, entered: _Entered) -> None:
        self.campaign, self.themes, self.reading, self.entered = campaign, themes, reading, entered
        self.problems = list(reading.problems)
        self.refused = {problem.ref for problem in reading.problems}
        self.changes: list[Change] = []
        self.first_row: dict[object, int] = {}

    def add(self, row: sheets.Row) -> None:
        values, faults = rules.settle(self.campaign, self.themes, row.values)
        change = _change(row, values, self.entered.find(values), self.campaign)
        at = _Locator(self.reading.sheet, row)
        if change.writes:
            found = [sheets.Problem(at(field), sentence) for field, several in faults.items() for sentence in several]
            self.problems += [problem for problem in found if problem.ref not in self.refused]
        if values["theme"] is not None:  # otherwise its cell is already among the problems
            self.changes.append(change)
            self._look_for_twin(change, at)

    def _look_for_twin(self, change: Change, at: "_Locator") -> None:
        key = change.application.pk if change.application else _identity(change.values)
        if key in self.first_row and at("referent_email") not in self.refused:
            self.problems.append(_twice(at, change.values, self.first_row[key]))
        self.first_row.setdefault(key, change.row)

    def preview(self) -> Preview:
        named = {change.application.pk for change in self.changes if change.application}
        absent = [a for a in self.entered.known.values() if a.state == "draft" and a.pk not in named]
        problems = sorted(self.problems, key=_place)
        return Preview(tuple(self.changes), tuple(problems), self.reading.warnings, tuple(absent))


@dataclass(frozen=True)
class _Locator:
    """Where an answer of a row stands in the workbook."""

    sheet: str
    row: sheets.Row

    def __call__(self, field: str) -> str:
        return f"{self.sheet}!{self.row.cells.get(field, f'A{self.row.number}')}"


def _twice(at: _Locator, values: rules.Values, first: int) -> sheets.Problem:
    if values["referent_email"]:
        said = f"ce professeur référent figure déjà à la ligne {first} pour le même thème"
        return sheets.Problem(at("referent_email"), f"{said} : supprimez l'une des deux lignes")
    said = f"la ligne {first} a le même thème et le même intitulé, sans professeur référent non plus"
    return sheets.Problem(at("titles"), f"{said} : complétez l'une, ou supprimez-la")


def _place(problem: sheets.Problem) -> tuple[int, int, str]:
    """The order of reading: the whole file, then line by line."""
    found = re.search(r"!([A-Z]+)(\d+)$", problem.ref)
    return (int(found[2]), len(found[1]), found[1]) if found else (0, 0, "")


def _change(row: sheets.Row, values: rules.Values, application: Application | None, campaign: Campaign) -> Change:
    lacks = rules.lacks(values, campaign)
    change = Change("new", row.number, values, application, lacks=lacks, cells=row.cells)
    if application is None:
        return change
    differences = rules.differences(rules.as_cells(application), rules.cells(values))
    if not differences:
        return replace(change, kind="unchanged")
    return replace(change, kind="changed" if application.state == "draft" else "kept", differences=differences)


@transaction.atomic
def receive(campaign: Campaign, academy: str, data: bytes, *, filename: str, actor: Person, at: datetime) -> Upload:
    """Keep a file until its sender has seen what it would do. It replaces the one she sent before."""
    policies.may_enter(actor, academy, campaign, at).require()
    if len(data) > LARGEST_FILE:
        raise Invalid({"file": ["Le fichier dépasse 10 Mo : déposez le tableur seul, sans image."]})
    Upload.objects.filter(sent_at__lt=at - timedelta(days=KEPT_DAYS)).delete()
    Upload.objects.filter(campaign=campaign, academy=academy, sent_by=actor).delete()
    return Upload.objects.create(
        campaign=campaign, academy=academy, filename=filename[-200:], data=data, sent_by=actor, sent_at=at
    )


def preview(upload: Upload) -> Preview:
    """What a file that was kept would do."""
    return read(upload.campaign, upload.academy, bytes(upload.data), filename=upload.filename)


@transaction.atomic
def accept(upload: Upload, *, stamp: str = "", actor: Person, at: datetime) -> Preview:
    """Write a file that was kept: all its rows or none. `stamp` is that of the preview that was read."""
    Upload.objects.select_for_update().filter(pk=upload.pk).first()
    done = apply(
        upload.campaign,
        upload.academy,
        bytes(upload.data),
        filename=upload.filename,
        stamp=stamp,
        actor=actor,
        at=at,
    )
    if not done.problems:
        upload.delete()
    return done


@transaction.atomic
def apply(
    campaign: Campaign,
    academy: str,
    data: bytes,
    *,
    filename: str = "",
    stamp: str = "",
    actor: Person,
    at: datetime,
) -> Preview:
    """Write a file: all its rows or none. Sending it again changes nothing."""
    policies.may_enter(actor, academy, campaign, at).require()
    queries.lock(campaign, academy)
    preview = read(campaign, academy, data, filename=filename)
    if preview.problems:
        return preview
    if stamp and stamp != preview.stamp:
        raise Invalid(
            "Une candidature a été modifiée depuis que vous avez lu cet aperçu. Rien n'a été écrit : "
            "relisez ce qui serait écrit maintenant, puis confirmez."
        )
    for change in preview.changes:
        if change.writes:
            write_application(academy, change.values, change.application, actor, at)
    counted = {kind: preview.count(kind) for kind in KINDS}
    record("import_applications", campaign, actor=actor, at=at, data={"academy": academy, **counted})
    return preview
