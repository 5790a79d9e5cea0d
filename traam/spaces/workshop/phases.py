"""The steps of a lesson as the editor types them: rows added, removed and moved by named buttons, with or without
scripts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

from traam.programme.productions.actions.scenarios import MOST_PHASES

Row = dict[str, str]
FIELDS = ("title", "minutes", "text")
EMPTY: Row = dict.fromkeys(FIELDS, "")


class PhasesInput(forms.Widget):
    """`phases-count` rows of `phases-0-title`, `phases-0-minutes`, `phases-0-text`. The template draws them."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        return [{each: str(data.get(f"{name}-{n}-{each}", "")) for each in FIELDS} for n in range(_count(data, name))]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-count" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return SafeString("")


def _count(data: Mapping[str, Any], name: str) -> int:
    typed = str(data.get(f"{name}-count", ""))
    return min(int(typed), 2 * MOST_PHASES) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0


class PhasesField(forms.Field):
    """Rows as objects {title, minutes, text}, those left empty put aside. How long and how many, the action judges."""

    widget = PhasesInput

    def clean(self, value: Any) -> list[dict[str, Any]]:
        phases, wrong = [], []
        for number, row in enumerate(value or [], 1):
            if not any(each.strip() for each in row.values()):
                continue
            minutes = row["minutes"].strip()
            if minutes and not (minutes.isascii() and minutes.isdigit() and len(minutes) < 6):
                wrong.append(
                    f"Étape {number} : « {minutes[:20]} » n'est pas un nombre de minutes. Écrivez par exemple 15."
                )
            length = int(minutes) if minutes and not wrong else None
            text = row["text"].replace("\r\n", "\n").strip("\n ")
            phases.append({"title": row["title"].strip(), "minutes": length, "text": text})
        if wrong:
            raise ValidationError(wrong)
        return phases


def typed(phases: list[dict[str, Any]]) -> list[Row]:
    """Stored phases as the field types them."""
    return [{each: "" if phase.get(each) is None else str(phase[each]) for each in FIELDS} for phase in phases]


def total(rows: list[Row]) -> int:
    """The minutes of the rows that say a number."""
    lengths = [row["minutes"].strip() for row in rows]
    return sum(int(length) for length in lengths if length.isascii() and length.isdigit() and len(length) < 6)


def as_read(rows: list[Row]) -> list[dict[str, Any]]:
    """The rows as the preview shows them, whatever is still wrong in them."""
    return [{**row, "minutes": total([row])} for row in rows if any(each.strip() for each in row.values())]


def changed(rows: list[Row], verb: str) -> tuple[list[Row], str, str]:
    """The rows after a button ("add", "remove:2", "up:2", "down:2"); where the focus goes, and what is said."""
    name, _, number = verb.partition(":")
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
    if name == "add":
        if len(rows) >= MOST_PHASES:
            return rows, "phase-add", f"Il y a déjà {MOST_PHASES} étapes : c'est le plus possible."
        return [*rows, dict(EMPTY)], f"id_phases-{len(rows)}-title", f"Étape {len(rows) + 1} ajoutée."
    if not 0 <= place < len(rows):
        return rows, "", ""
    if name == "remove":
        left = rows[:place] + rows[place + 1 :]
        focus = f"id_phases-{min(place, len(left) - 1)}-title" if left else "phase-add"
        return left, focus, f"Étape {place + 1} supprimée."
    target = place + (1 if name == "down" else -1)
    if name not in {"up", "down"} or not 0 <= target < len(rows):
        return rows, "", ""
    moved = list(rows)
    moved[place], moved[target] = moved[target], moved[place]
    return moved, f"id_phases-{target}-title", f"L'étape {place + 1} est maintenant la {_rank(target + 1)}."


def _rank(number: int) -> str:
    return "première" if number == 1 else f"{number}ᵉ"
