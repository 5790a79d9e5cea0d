"""What is typed of the control of a scenario: answers to the checklist, waivers."""

from collections.abc import Iterable
from typing import Any

from django import forms

from traam.design.forms import DateField, PageForm
from traam.programme.publication.actions.controls import LONGEST_REASON, Answers
from traam.programme.publication.models import Control
from traam.programme.publication.sheet_rules import Line


class ChecklistForm(PageForm):
    """A question and a reason for each line. What was answered before is proposed."""

    def __init__(self, lines: Iterable[Line], data: Any = None) -> None:
        self.lines = list(lines)
        asked: dict[str, forms.Field] = {}
        for line in self.lines:
            name, before = line.question.id, line.control
            asked[name] = forms.ChoiceField(
                label="Réponse",
                choices=Control.Answer.choices,
                required=False,
                widget=forms.RadioSelect,
                initial=before.answer if before else "",
            )
            asked[f"{name}_reason"] = forms.CharField(
                label="Raison",
                required=False,
                max_length=LONGEST_REASON,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=before.reason if before else "",
            )
            asked[name].mark = ""  # type: ignore[attr-defined]
            needed = "nécessaire, même pour oui" if line.alerts else "nécessaire si non ou sans objet"
            asked[f"{name}_reason"].mark = needed  # type: ignore[attr-defined]
        # Before the class is initialised, so that the sentences of these fields name them too.
        self.base_fields = {**asked, **type(self).base_fields}  # type: ignore[misc]
        super().__init__(data)

    def answers(self) -> Answers:
        """What is answered and was not, or not so, or about something that changed since."""
        found: dict[str, tuple[str, str]] = {}
        for line in self.lines:
            name, before = line.question.id, line.control
            given = (self.cleaned_data[name], self.cleaned_data[f"{name}_reason"])
            kept = before is not None and not line.stale and given == (before.answer, before.reason)
            if given[0] and not kept:
                found[name] = given
        return found


class WaiverForm(PageForm):
    reason = forms.CharField(
        label="Raison",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Pourquoi le scénario peut être publié malgré tout. Elle est signée de votre nom.",
    )
    until = DateField(label="Jusqu'au", help_text="Au format jj/mm/aaaa, dans un an au plus.")

    def __init__(self, choices: list[tuple[str, str]], data: Any = None, initial: Any = None) -> None:
        asked = {
            "what": forms.ChoiceField(label="Ce qui est admis", choices=[("", "Choisissez"), *choices], initial="")
        }
        self.base_fields = {**asked, **type(self).base_fields}  # type: ignore[misc]
        super().__init__(data, initial=initial)


class EndForm(PageForm):
    reason = forms.CharField(
        label="Raison",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce qui a changé : le défaut est corrigé, ou la dérogation n'est plus justifiée.",
    )
