"""The academy's spreadsheet: the same rules as the form, every error at its cell, all or nothing."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction

from traam.engines import sheets
from traam.engines.workflow import Invalid
from traam.programme.calls import policies, queries, rules
from traam.programme.calls.actions import withdraw, write_application
from traam.programme.calls.models import Application, ColumnHeading, Upload
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.journal.actions import record
from traam.programme.people.models import Person

MOST_ROWS = 20_000  # an academy sends a few dozen; a whole country's, ten times over, still reads
LARGEST_FILE = 10 * 1024 * 1024
KEPT_DAYS = 7
LONGEST_HEADING = 200  # characters of a title that is remembered
KINDS = {"new": "nouvelles", "changed": "modifiées", "unchanged": "inchangées", "kept": "déjà remontées"}
ABSENT = "absente du tableur déposé"
"""The reason of a withdrawal asked with a file."""
TO_GO_UP = "À compléter avant la remontée : "
"""How what lacks is told apart from what is wrong, inside the workbook that is given back."""


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

    `absent` are the drafts of the academy that the file does not name: they stay, unless their withdrawal is
    asked. `unknown` are the titles of columns that nobody explained, `missing` the keys of the columns that were
    not found, `mapping` what the academy explained before, `titles` those of the columns by their letters.
    """

    changes: tuple[Change, ...]
    problems: tuple[sheets.Problem, ...]
    warnings: tuple[sheets.Problem, ...]
    absent: tuple[Application, ...] = ()
    unknown: tuple[sheets.Heading, ...] = ()
    missing: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Whether a column that is missing may be one of those that were not recognised: the sender knows."""
        return bool(self.missing) and any(_rememberable(heading) for heading in self.unknown)

    def count(self, kind: str) -> int:
        return sum(change.kind == kind for change in self.changes)

    def of_kind(self, kind: str) -> list[Change]:
        return [change for change in self.changes if change.kind == kind]

    @property
    def writes(self) -> bool:
        return not self.problems and any(change.writes for change in self.changes)

    def title_at(self, ref: str) -> str:
        """The title of the column of a cell ("Candidatures!K12"), or ""."""
        found = re.search(r"!([A-Z]+)\d+$", ref)
        return self.titles.get(found[1], "") if found else ""

    @property
    def stamp(self) -> str:
        """Changes when what the file would do changes: somebody saved since the preview was read."""
        told = [
            (c.kind, c.row, *((c.application.pk, c.application.revision) if c.application else ()))
            for c in self.changes
        ]
        told += [("absent", 0, a.pk, a.revision) for a in self.absent]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


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
    mapping = headings(academy)
    layout = rules.layout(campaign, themes)
    reading = sheets.read(data, layout, filename=filename, mapping=mapping, max_rows=MOST_ROWS)
    body = _Body(campaign, themes, reading, _Entered(queries.of_academy(campaign, academy)))
    for row in reading.rows:
        body.add(row)
    if not reading.rows and not reading.problems:
        body.problems.append(sheets.Problem(reading.sheet, "aucune ligne n'est remplie : écrivez une ligne par équipe"))
    return replace(body.preview(), mapping=mapping)


def headings(academy: str) -> dict[str, str]:
    """What the titles of an academy mean, as it said: folded title to the key of a column ("": ignored)."""
    return dict(ColumnHeading.objects.filter(academy=academy).values_list("heading", "key"))


@dataclass(frozen=True)
class Columns:
    """The titles of a file that the layout does not know, what the academy said of each (`chosen`, by folded title;
    a guess when it said nothing), and the columns that they may be."""

    unknown: tuple[sheets.Heading, ...]
    chosen: Mapping[str, str]
    candidates: tuple[tuple[str, str], ...]
    remembered: bool


def _rememberable(heading: sheets.Heading) -> bool:
    return 0 < len(heading.folded) <= LONGEST_HEADING


def columns_of(upload: Upload) -> Columns:
    """What is to be explained in a file, whatever was explained before."""
    layout = rules.layout(upload.campaign, queries.published_themes(upload.campaign))
    reading = sheets.read(bytes(upload.data), layout, filename=upload.filename, max_rows=MOST_ROWS)
    said = headings(upload.academy)
    unknown = {heading.folded: heading for heading in reading.unknown if _rememberable(heading)}
    chosen = {folded: said[folded] if said[folded] in reading.missing else "" for folded in unknown if folded in said}
    for folded, heading in unknown.items():
        chosen.setdefault(folded, "" if heading.suggestion in chosen.values() else heading.suggestion)
    return Columns(
        unknown=tuple(unknown.values()),
        chosen=chosen,
        candidates=tuple((key, rules.TITLES[key]) for key in reading.missing),
        remembered=any(folded in said for folded in unknown),
    )


@transaction.atomic
def explain(upload: Upload, answers: Mapping[str, str], *, actor: Person, at: datetime) -> None:
    """Say what the unknown titles of a file mean; remembered for the next files of the academy.

    `answers` goes from a folded title to the key of a column that the file lacks, or to "" to ignore it.
    """
    policies.may_see_upload(actor, upload, at).require()
    columns = columns_of(upload)
    titles = {heading.folded: heading.title for heading in columns.unknown}
    given = {folded: key for folded, key in answers.items() if folded in titles}
    _refuse_headings(given, titles, dict(columns.candidates))
    for folded, key in given.items():
        ColumnHeading.objects.update_or_create(academy=upload.academy, heading=folded, defaults={"key": key})
    told = {titles[folded]: rules.TITLES.get(key, "") for folded, key in given.items()}
    record("explain_columns", upload.campaign, actor=actor, at=at, data={"academy": upload.academy, "columns": told})


def _refuse_headings(given: Mapping[str, str], titles: Mapping[str, str], candidates: Mapping[str, str]) -> None:
    errors: dict[str, list[str]] = {}
    first: dict[str, str] = {}
    for folded, key in given.items():
        if key and key not in candidates:
            errors[folded] = ["Choisissez une colonne de la liste, ou « Ignorer cette colonne »."]
        elif key in first:
            errors[folded] = [
                f"« {candidates[key]} » est déjà la colonne « {titles[first[key]]} » : gardez l'une, ignorez l'autre."
            ]
        elif key:
            first[key] = folded
    if errors:
        raise Invalid(errors)


@transaction.atomic
def forget_headings(upload: Upload, *, actor: Person, at: datetime) -> None:
    """Forget what was said of the columns of the academy's spreadsheets."""
    policies.may_see_upload(actor, upload, at).require()
    ColumnHeading.objects.filter(academy=upload.academy).delete()
    record("forget_columns", upload.campaign, actor=actor, at=at, data={"academy": upload.academy})


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
        application = self.entered.find(values)
        if application and "school_kind" not in row.cells:  # a workbook of before that column: it says nothing of it
            values["school_kind"] = application.school_kind
        change = _change(row, values, application, self.campaign)
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
        return Preview(
            tuple(self.changes),
            tuple(sorted(self.problems, key=_place)),
            self.reading.warnings,
            absent=tuple(absent),
            unknown=self.reading.unknown,
            missing=self.reading.missing,
            sheet=self.reading.sheet,
            titles=self._titles(),
        )

    def _titles(self) -> dict[str, str]:
        """The same for all the rows of a file."""
        first = self.reading.rows[0].cells if self.reading.rows else {}
        return {re.sub(r"\d+$", "", cell): rules.TITLES[key] for key, cell in first.items()}


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
    written = application.state in {"draft", "submitted"}
    return replace(change, kind="changed" if written else "kept", differences=differences)


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


def marked(upload: Upload) -> bytes:
    """The file that was kept, with what is wrong in it at its cells."""
    return mark(upload.campaign, upload.academy, bytes(upload.data), preview(upload), filename=upload.filename)


def mark(campaign: Campaign, academy: str, data: bytes, found: Preview, *, filename: str = "") -> bytes:
    """A workbook with the problems of its preview, and what each row lacks before it goes up, said as such.

    Raises `Invalid` when the rows themselves cannot be reached.
    """
    try:
        return sheets.mark(
            data,
            rules.layout(campaign, queries.published_themes(campaign)),
            [*found.problems, *lacking(found)],
            title=campaign.title,
            filename=filename,
            mapping=found.mapping,
            max_rows=MOST_ROWS,
        )
    except sheets.BadFile as bad:
        raise Invalid(f"{bad.sentence[0].upper()}{bad.sentence[1:]}.") from None


def lacking(found: Preview) -> list[sheets.Problem]:
    """What the rows of a file still lack before they go up, at their cells: nothing of it keeps a draft out."""
    told = []
    faulty = {problem.ref for problem in found.problems}
    for change in found.changes:
        for lack in change.lacks if change.kind != "kept" else ():
            ref = f"{found.sheet}!{(change.cells or {}).get(lack.field, f'A{change.row}')}"
            if lack.blocking and ref not in faulty:
                told.append(sheets.Problem(ref, f"{TO_GO_UP}{lack.message}"))
    return told


@transaction.atomic
def accept(upload: Upload, *, stamp: str = "", leaving: Collection[int] = (), actor: Person, at: datetime) -> Preview:
    """Write a file that was kept: all its rows or none. `stamp` is that of the preview that was read.

    `leaving` are the keys of the drafts absent from the file that are withdrawn with it.
    """
    Upload.objects.select_for_update().filter(pk=upload.pk).first()
    done = apply(
        upload.campaign,
        upload.academy,
        bytes(upload.data),
        filename=upload.filename,
        stamp=stamp,
        leaving=leaving,
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
    leaving: Collection[int] = (),
    actor: Person,
    at: datetime,
) -> Preview:
    """Write a file: all its rows or none. Sending it again changes nothing. `leaving`: as in `accept`."""
    policies.may_enter(actor, academy, campaign, at).require()
    queries.lock(campaign, academy)
    preview = read(campaign, academy, data, filename=filename)
    if preview.problems:
        return preview
    gone = [application for application in preview.absent if application.pk in leaving]
    if (stamp and stamp != preview.stamp) or len(gone) != len(set(leaving)):
        raise Invalid(
            "Une candidature a été modifiée depuis que vous avez lu cet aperçu. Rien n'a été écrit : "
            "relisez ce qui serait écrit maintenant, puis confirmez."
        )
    for change in preview.changes:
        if change.writes:
            write_application(academy, change.values, change.application, actor, at)
    for application in gone:
        withdraw(application, actor=actor, at=at, reason=ABSENT)
    counted = {**{kind: preview.count(kind) for kind in KINDS}, "withdrawn": len(gone)}
    record("import_applications", campaign, actor=actor, at=at, data={"academy": academy, **counted})
    return preview
