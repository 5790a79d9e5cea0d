from typing import Any

from django import forms

from traam import reference
from traam.design.forms import PageForm
from traam.programme.productions.actions.bilans import LONGEST_SECTION
from traam.programme.productions.bilan_rules import SECTIONS
from traam.programme.productions.models import Bilan

ROWS = {"presentation": 5, "partners": 4}


class BilanForm(PageForm):
    """The reflection of the référent; everything else is counted."""

    revision = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        for key, title, _, hint in SECTIONS:
            self.fields[key] = forms.CharField(
                label=title,
                required=False,
                max_length=LONGEST_SECTION,
                help_text=hint,
                widget=forms.Textarea(attrs={"rows": ROWS.get(key, 8)}),
            )
        licences = [(code, licence.label) for code, licence in reference.licences().items()]
        self.fields["licence"] = forms.ChoiceField(
            label="Licence", required=False, choices=[("", "Choisir une licence"), *licences]
        )
        self.fields["nobody_named"] = forms.BooleanField(
            label="Aucun élève n'est nommé ni reconnaissable dans ce texte", required=False
        )

    def sections(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key, _, _, _ in SECTIONS}


def initial(bilan: Bilan) -> dict[str, Any]:
    fixed = {"licence": bilan.licence, "nobody_named": bilan.nobody_named, "revision": bilan.revision}
    return {key: bilan.sections.get(key, "") for key, _, _, _ in SECTIONS} | fixed
