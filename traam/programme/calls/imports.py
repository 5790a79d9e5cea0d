"""The academy's spreadsheet: the same rules as the form, every error at its cell, all or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
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

MOST_ROWS = 20_000
KINDS = {"new": "nouvelles", "changed": "modifiées", "unchanged": "inchangées", "kept": "déjà remontées"}


@dataclass(frozen=True)
class Change:
    """What a row would do: `kind` is new, changed, unchanged, or kept (already forwarded, left as it is)."""

    kind: str
    row: int
    values: rules.Values
    application: Application | None
    differences: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return " ; ".join(str(title) for title in self.values["titles"])  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Preview:
    """What a file would write. Nothing can be written while `problems` is not empty."""

    changes: tuple[Change, ...]
    problems: tuple[sheets.Problem, ...]
    warnings: tuple[sheets.Problem, ...]

    def count(self, kind: str) -> int:
        return sum(change.kind == kind for change in self.changes)


def template(campaign: Campaign, academy: str) -> bytes:
    """The workbook of the call for an academy, holding the applications it has already entered."""
    themes = queries.open_themes(campaign)
    entered = [a for a in queries.of_academy(campaign, academy) if a.state != "withdrawn"]
    due = campaign.on("applications_due")
    name = reference.academies()[academy].name
    return sheets.write(
        rules.layout(campaign, themes),
        [rules.as_cells(application) for application in entered],
        title=f"{campaign.title} - académie de {name}",
        notice=[
            "Une ligne par équipe et par thème. Les listes déroulantes viennent de l'appel.",
            "Vous pouvez laisser des colonnes vides et les compléter plus tard, mais la remontée demande tout.",
            *([f"À déposer sur la plateforme au plus tard le {due:%d/%m/%Y}."] if due else []),
            "Déposez ce fichier, en .xlsx ou en .ods : chaque erreur sera montrée avec sa cellule, "
            "et rien ne sera écrit avant votre accord.",
        ],
    )


def read(campaign: Campaign, academy: str, data: bytes, *, filename: str = "") -> Preview:
    """Say what a file would do, without writing anything."""
    themes = queries.open_themes(campaign)
    reading = sheets.read(data, rules.layout(campaign, themes), filename=filename, max_rows=MOST_ROWS)
    problems = list(reading.problems)
    entered = {
        (a.theme_id, a.referent_email.lower()): a
        for a in queries.of_academy(campaign, academy)
        if a.state != "withdrawn"
    }
    changes: list[Change] = []
    seen: dict[tuple[int, str], int] = {}
    for row in reading.rows:
        values, faults = rules.settle(campaign, themes, row.values)
        theme = values["theme"]
        if not isinstance(theme, Theme):
            continue  # its cell is already among the problems
        rules.merge(faults, rules.breaches_by_field(values, campaign, theme))
        problems += _located(row, faults, problems)
        key = (theme.pk, str(values["referent_email"]).lower())
        if key in seen:
            problems.append(_twice(row, seen[key]))
        seen[key] = row.number
        changes.append(_change(row.number, values, entered.get(key)))
    return Preview(tuple(changes), tuple(problems), reading.warnings)


def _located(row: sheets.Row, faults: Mapping[str, list[str]], known: list[sheets.Problem]) -> list[sheets.Problem]:
    """The faults of a row at their cells; a cell that is already at fault is not said twice."""
    already = {problem.ref for problem in known}
    located = []
    for field, sentences in faults.items():
        ref = row.cells.get(field, f"ligne {row.number}")
        ref = ref if "!" in ref else f"Candidatures!{ref}"
        located += [sheets.Problem(ref, sentence) for sentence in sentences if ref not in already]
    return located


def _twice(row: sheets.Row, first: int) -> sheets.Problem:
    return sheets.Problem(
        f"Candidatures!{row.cells.get('referent_email', row.number)}",
        f"Ce professeur référent figure déjà à la ligne {first} pour le même thème : supprimez l'une des deux lignes.",
    )


def _change(number: int, values: rules.Values, application: Application | None) -> Change:
    if application is None:
        return Change("new", number, values, None)
    before = rules.stored(application)
    titles = {column.key: column.title for column in rules.COLUMNS}
    differences = tuple(
        titles[name] for name in titles if name != "theme" and (before[name] or "") != (values[name] or "")
    )
    if not differences:
        return Change("unchanged", number, values, application)
    if application.state != "draft":
        return Change("kept", number, values, application, differences)
    return Change("changed", number, values, application, differences)


LARGEST_FILE = 10 * 1024 * 1024
KEPT_DAYS = 7


@transaction.atomic
def receive(campaign: Campaign, academy: str, data: bytes, *, filename: str, actor: Person, at: datetime) -> Upload:
    """Keep a file until its sender has seen what it would do. Forgotten files go after a week."""
    policies.may_enter(actor, academy, campaign, at).require()
    if len(data) > LARGEST_FILE:
        raise Invalid({"file": ["Le fichier dépasse 10 Mo : déposez le tableur seul, sans image."]})
    Upload.objects.filter(sent_at__lt=at - timedelta(days=KEPT_DAYS)).delete()
    return Upload.objects.create(
        campaign=campaign, academy=academy, filename=filename[:200], data=data, sent_by=actor, sent_at=at
    )


def preview(upload: Upload) -> Preview:
    """What a file that was kept would do."""
    return read(upload.campaign, upload.academy, bytes(upload.data), filename=upload.filename)


@transaction.atomic
def accept(upload: Upload, *, actor: Person, at: datetime) -> Preview:
    """Write a file that was kept, if it still may be: all its rows or none."""
    done = apply(upload.campaign, upload.academy, bytes(upload.data), filename=upload.filename, actor=actor, at=at)
    if not done.problems:
        upload.delete()
    return done


@transaction.atomic
def apply(campaign: Campaign, academy: str, data: bytes, *, filename: str = "", actor: Person, at: datetime) -> Preview:
    """Write a file: all its rows or none. Sending it again changes nothing."""
    policies.may_enter(actor, academy, campaign, at).require()
    preview = read(campaign, academy, data, filename=filename)
    if preview.problems:
        return preview
    for change in preview.changes:
        if change.kind in {"new", "changed"}:
            write_application(academy, change.values, change.application, actor, at)
    counted = {kind: preview.count(kind) for kind in KINDS}
    record("import_applications", campaign, actor=actor, at=at, data={"academy": academy, **counted})
    return preview
