"""The sheet of a notice in the order of the form of Édubase, where somebody will enter it by hand.

The form is data (`reference.edubase_form`): Édubase has no public door for programs, and its form was not seen.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from traam import reference
from traam.engines.notices.notice import Notice
from traam.reference import EdubaseForm

SOURCES: Mapping[str, Callable[[Notice], str | Iterable[str]]] = {
    "title": lambda notice: notice.title,
    "summary": lambda notice: notice.summary,
    "address": lambda notice: notice.source_url or notice.url,
    "disciplines": lambda notice: _disciplines(notice),
    "levels": lambda notice: notice.levels,
    "programme": lambda notice: notice.programme,
    "keywords": lambda notice: dict.fromkeys(["TraAM", notice.theme or "", *notice.keywords]),
    "competences": lambda notice: (f"{code} {label}" for code, label in notice.competences),
    "kind": lambda notice: notice.kind,
    "tools": lambda notice: notice.tools,
    "duration": lambda notice: _lasting(notice.duration_minutes),
    "creators": lambda notice: notice.creators,
    "publisher": lambda notice: notice.publisher,
    "date": lambda notice: notice.date.strftime("%d/%m/%Y") if notice.date else notice.period,
    "licence": lambda notice: notice.licence_label or "",
}
"""What a field of the form may be filled with, by name."""


@dataclass(frozen=True)
class Entry:
    """A field, filled. `excess` is how many characters go past its limit."""

    label: str
    value: str
    most: int
    hint: str

    @property
    def excess(self) -> int:
        return max(len(self.value) - self.most, 0) if self.most else 0


def edubase(notice: Notice, form: EdubaseForm) -> list[Entry]:
    """Every field of the form, in its order; "" for what is not known."""
    return [Entry(f.label, _value(notice, f.source, form.separator), f.most, f.hint) for f in form.fields]


def _value(notice: Notice, source: str, separator: str) -> str:
    found = SOURCES[source](notice)
    values = [found] if isinstance(found, str) else list(found)
    return separator.join(value.strip() for value in values if value.strip())


def _disciplines(notice: Notice) -> Iterable[str]:
    """As Édubase names them, or as we do."""
    known = [reference.disciplines()[code] for code in notice.discipline_codes if code in reference.disciplines()]
    return [one.edubase_label or one.label for one in known] or notice.disciplines


def _lasting(minutes: int | None) -> str:
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"
