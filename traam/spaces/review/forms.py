from typing import Any

from django import forms

from traam.design.forms import PageForm
from traam.engines import rulebook

LONGEST = 3_000


class OpinionForm(PageForm):
    """One question for each criterion of the edition, and a comment."""

    comment = forms.CharField(
        label="Commentaire",
        max_length=LONGEST,
        widget=forms.Textarea,
        help_text="Ce qui convainc, ce qui manque. Lu par le bureau national et les autres lecteurs du thème.",
    )

    def __init__(self, *args: Any, selection: "rulebook.Selection", **options: Any) -> None:
        self.criteria = selection.criteria
        scale = [(mark.value, mark.label) for mark in reversed(selection.marks)]
        asked = {
            criterion.id: forms.TypedChoiceField(
                label=criterion.label,
                help_text=criterion.question,
                choices=scale,
                coerce=int,
                widget=forms.RadioSelect,
            )
            for criterion in self.criteria
        }
        self.base_fields = {**asked, **type(self).base_fields}
        super().__init__(*args, **options)

    @property
    def marks(self) -> dict[str, int]:
        return {criterion.id: self.cleaned_data[criterion.id] for criterion in self.criteria}


class VerdictForm(PageForm):
    """What the inspector answers to the authors: the button says which verb."""

    comment = forms.CharField(
        label="Commentaire pour les auteurs",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea,
        help_text="Obligatoire pour renvoyer le scénario : dites ce qu'il faut reprendre.",
    )


class WithdrawalForm(PageForm):
    reason = forms.CharField(
        label="Raison du retrait",
        max_length=1_000,
        widget=forms.Textarea,
        help_text="Elle est affichée sur la page publique, à la place du scénario.",
    )
