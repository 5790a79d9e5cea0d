from django import forms

from traam.design.forms import PageForm
from traam.programme.selection.models import Opinion

LONGEST = 3_000
MARK_HINTS = {
    "4": "À retenir en priorité.",
    "3": "À retenir.",
    "2": "À retenir s'il reste de la place, ou sous conditions : dites lesquelles.",
    "1": "À ne pas retenir.",
}


class OpinionForm(PageForm):
    mark = forms.TypedChoiceField(
        label="Que pensez-vous de ce dossier ?",
        choices=list(reversed(Opinion.Mark.choices)),
        coerce=int,
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label="Commentaire",
        max_length=LONGEST,
        widget=forms.Textarea,
        help_text="Ce qui convainc, ce qui manque. Lu par le bureau national et les autres lecteurs du thème.",
    )


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
