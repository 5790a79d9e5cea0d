"""The form that asks what the columns of a spreadsheet mean."""

from typing import Any

from django import forms

from traam.design.forms import PageForm
from traam.engines.workflow import Invalid
from traam.programme.calls.imports import Columns

IGNORED = "Ignorer cette colonne"


class ColumnsForm(PageForm):
    """One question for each title that the call does not know; `answers` are by folded title."""

    def __init__(self, columns: Columns, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.folded = {f"column_{n}": heading.folded for n, heading in enumerate(columns.unknown, start=1)}
        for name, heading in zip(self.folded, columns.unknown, strict=True):
            seen = ", ".join(f"« {sample} »" for sample in heading.samples)
            place = heading.ref.rpartition("!")[2]
            self.fields[name] = forms.ChoiceField(
                label=f"« {heading.title} »",
                help_text=f"Cellule {place}. " + (f"Par exemple : {seen}." if seen else "Cette colonne est vide."),
                choices=[("", IGNORED), *columns.candidates],
                initial=columns.chosen.get(heading.folded, ""),
                required=False,
            )
            self.fields[name].mark = ""  # type: ignore[attr-defined]

    @property
    def answers(self) -> dict[str, str]:
        return {folded: self.cleaned_data[name] for name, folded in self.folded.items()}

    def by_field(self, invalid: Invalid) -> Invalid:
        """The refusal of the action, at the fields that asked."""
        names = {folded: name for name, folded in self.folded.items()}
        return Invalid({names.get(folded, ""): sentences for folded, sentences in invalid.errors.items()})
