"""The form that chooses whom to remind of a call, and with which words."""

from collections.abc import Sequence
from typing import Any

from django import forms

from traam.design.forms import PageForm
from traam.programme.calls.queries import Answer
from traam.programme.calls.reminders import LONGEST


class RemindForm(PageForm):
    """The academies that sent nothing up are ticked already."""

    message = forms.CharField(
        label="Message",
        help_text="La plateforme y ajoute la salutation, où en est l'académie, et le lien vers ses candidatures.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    academies = forms.MultipleChoiceField(
        label="Académies à relancer",
        help_text="Celles qui n'ont rien remonté sont déjà cochées. Le courriel va à leur DAN et, quand des "
        "candidatures attendent un avis, à leurs inspecteurs.",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, answers: Sequence[Answer], message: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["academies"]
        field.choices = [(a.academy.code, f"{a.academy.name} ({_told(a)})") for a in answers if a.academy.current]
        field.initial = [a.academy.code for a in answers if not a.forwarded]
        self.fields["message"].initial = message


def _told(answer: Answer) -> str:
    up, begun = answer.forwarded, answer.begun
    told = f"{up} remontée{'s' if up > 1 else ''}" if up else "rien de remonté"
    return f"{told}, {begun} commencée{'s' if begun > 1 else ''}" if begun else told
