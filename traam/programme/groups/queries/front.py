"""What the front page of a group shows of its calendar, its notes, its watch and its documents: one query for all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, DateField, DateTimeField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from traam.programme.groups.models import Document, Group, Meeting, Milestone, Point, ProgressNote, WatchItem
from traam.programme.groups.queries.meetings import Day, days_of_campaign
from traam.programme.groups.rules import HELD
from traam.programme.people.models import Person

SHOWN = 3


class Line(NamedTuple):
    """A row of any of the tables, in the columns they share; those it has not are "" or None. `at` and `changed` are
    moments."""

    kind: str
    pk: int
    title: str
    detail: str
    mark: str
    who: str
    at: Any
    changed: Any
    on: date | None


@dataclass(frozen=True)
class Front:
    """`days` to come in order; `note` the latest; the watch of the theme and the documents, latest first; `due` the
    date, or None, of each action that is not done; `modes` how each of its meetings was held."""

    group: Group
    days: list[Day]
    note: ProgressNote | None
    watch: list[WatchItem]
    documents: list[Document]
    due: list[date | None]
    modes: list[str]


NOTHING: dict[str, Any] = {
    "detail": Value("", TextField()),
    "mark": Value("", CharField()),
    "who": Value("", CharField()),
    "at": Cast(Value(None), DateTimeField()),
    "changed": Cast(Value(None), DateTimeField()),
    "on": Cast(Value(None), DateField()),
}


def _lines(rows: QuerySet[Any], kind: str, title: str, **columns: Any) -> Any:
    named = {"kind": Value(kind, CharField()), "title": Cast(title, TextField()), **NOTHING, **columns}
    wanted = [f"line_{name}" if name != "pk" else "pk" for name in Line._fields]
    return rows.order_by().annotate(**{f"line_{name}": value for name, value in named.items()}).values_list(*wanted)


def front(group: Group, today: date) -> Front:
    """One query: five tables of a few rows each, read as one."""
    theme = group.application.theme
    to_come = Meeting.objects.filter(on__gte=today).exclude(state="cancelled")
    held = Meeting.objects.filter(group=group, state=HELD, on__lte=today)
    waiting = Point.objects.filter(meeting__group=group, kind=Point.Kind.ACTION, done_at__isnull=True)
    last = group.notes.order_by("-written_at", "-pk").values("pk")[:1]
    rows = _lines(Milestone.objects.filter(theme=theme, on__gte=today), "theme", "label", on=F("on")).union(
        _lines(to_come.filter(group=group), "group", "subject", on=F("on")),
        _lines(to_come.filter(theme=theme), "national", "subject", on=F("on")),
        _lines(held, "held", "subject", mark=F("mode"), on=F("on")),
        _lines(waiting, "point", "text", on=F("due")),
        _lines(
            ProgressNote.objects.filter(pk__in=last),
            "note",
            "text",
            detail=F("need"),
            mark=F("mood"),
            who=F("author__name"),
            at=F("written_at"),
            changed=F("changed_at"),
        ),
        _lines(
            WatchItem.objects.filter(group__application__theme=theme),
            "watch",
            "title",
            detail=Cast("address", TextField()),
            at=F("shared_at"),
        ),
        _lines(
            group.documents.filter(withdrawn_at__isnull=True),
            "document",
            "title",
            detail=Cast("licence", TextField()),
            mark=F("personal_data"),
            who=F("shared_by__name"),
            at=F("shared_at"),
            on=F("terms_read_on"),
        ),
        all=True,
    )
    return _sorted_out(group, [Line(*row) for row in rows], today)


def _sorted_out(group: Group, lines: list[Line], today: date) -> Front:
    latest = sorted((one for one in lines if one.at), key=lambda one: (one.at, one.pk), reverse=True)
    days = [day for day in days_of_campaign(group.application.theme.campaign) if day.on >= today]
    return Front(
        group=group,
        days=sorted([*days, *_days(lines)], key=lambda day: day.on),
        note=next((_note(one) for one in latest if one.kind == "note"), None),
        watch=[WatchItem(pk=one.pk, title=one.title, address=one.detail) for one in latest if one.kind == "watch"],
        documents=[_document(one) for one in latest if one.kind == "document"],
        due=[one.on for one in lines if one.kind == "point"],
        modes=[one.mark for one in lines if one.kind == "held"],
    )


def _days(lines: list[Line]) -> Iterator[Day]:
    for one in sorted(lines, key=lambda line: line.pk):
        if one.kind in {"theme", "group", "national"} and one.on:
            yield Day(one.on, one.kind, one.title)


def _note(line: Line) -> ProgressNote:
    note = ProgressNote(
        pk=line.pk, text=line.title, need=line.detail, mood=line.mark, written_at=line.at, changed_at=line.changed
    )
    note.author = Person(name=line.who)
    return note


def _document(line: Line) -> Document:
    found = Document(
        pk=line.pk,
        title=line.title,
        licence=line.detail,
        personal_data=line.mark,
        terms_read_on=line.on,
        shared_at=line.at,
    )
    found.shared_by = Person(name=line.who)
    return found
