"""What an inspector types of service fait: a line for each member, in the unit of the period."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from traam.design.forms import PageForm
from traam.design.hundredths import HundredthsField
from traam.programme.groups.actions.service import LONGEST_REMARK, LONGEST_STATEMENT, Done
from traam.programme.groups.queries.service import Row


class PlanForm(PageForm):
    """The quantity planned for each member, by `planned_<number of the member>`."""

    def __init__(self, rows: Sequence[Row], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for row in rows:
            locked = row.share is not None and row.share.state != "planned"
            self.fields[f"planned_{row.member.pk}"] = HundredthsField(
                label=f"{row.member.person.name}, {row.member.get_role_display()}",
                required=False,
                disabled=locked,
                initial=row.share.planned if row.share else None,
                help_text="Déjà attesté : le prévu ne change plus." if locked else "",
            )

    def quantities(self) -> Mapping[int, int]:
        """What was typed, by number of member; nothing typed is nothing planned."""
        typed = {name: value for name, value in self.cleaned_data.items() if not self.fields[name].disabled}
        return {int(name.removeprefix("planned_")): value or 0 for name, value in typed.items()}


class AttestForm(PageForm):
    """What each member did; a member whose quantity is empty is left for another day."""

    def __init__(self, rows: Sequence[Row], found: Mapping[int, Sequence[str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows = [row for row in rows if row.share and row.share.state == "planned"]
        for row in self.rows:
            pk, name = row.member.pk, row.member.person.name
            proved = row.share and found.get(row.member.person_id)
            self.fields[f"done_{pk}"] = HundredthsField(
                label=f"Fait par {name}", required=False, initial=row.share.planned if row.share and proved else None
            )
            self.fields[f"remark_{pk}"] = forms.CharField(
                label=f"Observation pour {name}", required=False, max_length=LONGEST_REMARK
            )
        self.fields["statement"] = forms.CharField(
            label="Ce que vous avez constaté",
            required=False,
            max_length=LONGEST_STATEMENT,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Obligatoire si ni présence ni production n'est notée pour un membre. Reste avec l'attestation.",
        )

    def done(self) -> Mapping[int, Done]:
        """What is attested, by number of member."""
        typed = {row.member.pk: self.cleaned_data[f"done_{row.member.pk}"] for row in self.rows}
        return {
            pk: Done(quantity, self.cleaned_data[f"remark_{pk}"])
            for pk, quantity in typed.items()
            if quantity is not None
        }


class CorrectionForm(PageForm):
    quantity = HundredthsField(label="Ce qui a été fait en tout")
    reason = forms.CharField(
        label="Motif",
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Il reste avec le service et dans le journal.",
    )
