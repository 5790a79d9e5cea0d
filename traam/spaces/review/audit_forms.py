from django import forms

from traam.design.forms import PageForm
from traam.programme.publication.actions.auditing import LONGEST_REASON
from traam.programme.publication.models import Contest


class ContestForm(PageForm):
    reason = forms.CharField(
        label="Ce qui est faux",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Dites ce que la machine a mal lu. Le bureau national regarde la page, puis vous répond.",
    )


class AnswerForm(PageForm):
    answer = forms.ChoiceField(
        label="Réponse",
        choices=[
            (Contest.Answer.ACCEPTED.value, "La contestation est fondée : ce point ne compte plus"),
            (Contest.Answer.REFUSED.value, "Le point est maintenu"),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Pourquoi",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lu par la personne qui conteste, et à côté du point.",
    )
