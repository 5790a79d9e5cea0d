import re
from collections.abc import Iterable
from typing import Any

from django import forms

from traam.design.forms import DateField, PageForm
from traam.engines import rulebook
from traam.programme.people.models import Person
from traam.programme.productions.remarks import LONGEST_QUOTE, LONGEST_REMARK
from traam.programme.publication.actions.releasing import LONGEST_ERRATUM
from traam.programme.selection.opinions import LONGEST_NOTE, MOST_EACH

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
        scale = [(mark.value, f"{mark.label} ({mark.value})") for mark in reversed(selection.marks)]
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
        # Before the class is initialised, so that the sentences of these fields name them too.
        self.base_fields = {**asked, **type(self).base_fields}  # type: ignore[misc]
        super().__init__(*args, **options)

    @property
    def marks(self) -> dict[str, int]:
        return {criterion.id: self.cleaned_data[criterion.id] for criterion in self.criteria}


class NoteForm(PageForm):
    """What a reader writes down for herself."""

    text = forms.CharField(
        label="Ma note",
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Vous seul la lisez : elle n'est montrée à personne, ni dans aucun fichier.",
    )


class ConflictForm(PageForm):
    reason = forms.CharField(
        label="Ce qui vous lie à ce dossier",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Une phrase suffit. Elle est lue par le bureau national, par personne d'autre.",
    )


class _ReadersForm(PageForm):
    """Readers to choose among those who may be asked."""

    def __init__(self, *args: Any, people: Iterable[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["readers"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(str(person.pk), person.name) for person in people]


class AssignForm(_ReadersForm):
    dossiers = forms.CharField(
        label="Numéros des dossiers",
        max_length=2_000,
        help_text="Séparés par des espaces ou des virgules, par exemple : 12, 15, 31.",
    )
    readers = forms.MultipleChoiceField(label="Lecteurs", widget=forms.CheckboxSelectMultiple)

    def clean_dossiers(self) -> list[int]:
        words = re.split(r"[\s,;]+", self.cleaned_data["dossiers"].strip())
        wrong = [word for word in words if not (word.isascii() and word.isdigit() and len(word) < 10)]
        if wrong:
            raise forms.ValidationError(f"« {wrong[0][:30]} » n'est pas un numéro de dossier : écrivez-le en chiffres.")
        return [int(word) for word in words]


class SpreadForm(_ReadersForm):
    each = forms.IntegerField(
        label="Lecteurs par dossier",
        min_value=1,
        max_value=MOST_EACH,
        help_text="En comptant ceux de la liste qui lisent déjà le dossier, sans ceux qui lisent tout le thème.",
        widget=forms.NumberInput(attrs={"size": 4, "inputmode": "numeric"}),
    )
    readers = forms.MultipleChoiceField(label="Lecteurs", widget=forms.CheckboxSelectMultiple)


class VerdictForm(PageForm):
    """What the inspector answers to the authors: the button says which verb."""

    comment = forms.CharField(
        label="Commentaire pour les auteurs",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea,
        help_text="Pour renvoyer le texte, dites ce qu'il faut reprendre : ici, ou par des remarques sur ses parties.",
    )


class RemarkForm(PageForm):
    """What a reader says of one part: there is one such form for each part of the page."""

    text = forms.CharField(label="Votre remarque", max_length=LONGEST_REMARK, widget=forms.Textarea(attrs={"rows": 3}))
    quote = forms.CharField(
        label="Passage concerné",
        max_length=LONGEST_QUOTE,
        required=False,
        help_text="Les mots dont vous parlez : sélectionnez-les avant d'ouvrir la remarque, ou copiez-les ici.",
    )

    def __init__(self, *args: Any, section: str, **options: Any) -> None:
        super().__init__(*args, auto_id=f"remarque-{section or 'ensemble'}-%s", **options)
        self.section = section


class WithdrawalForm(PageForm):
    reason = forms.CharField(
        label="Raison du retrait",
        max_length=1_000,
        widget=forms.Textarea,
        help_text="Elle est affichée sur la page publique, à la place du texte.",
    )


class ErratumForm(PageForm):
    text = forms.CharField(
        label="Erratum",
        max_length=LONGEST_ERRATUM,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Dites où est l'erreur, et ce qu'il faut lire à la place. Tout le monde le lit.",
    )


class EdubaseForm(PageForm):
    """One of the two is enough; both must be those of one sheet."""

    number = forms.IntegerField(
        label="Numéro de la fiche",
        required=False,
        min_value=1,
        widget=forms.NumberInput(attrs={"size": 8, "inputmode": "numeric"}),
        help_text="Celui qui finit l'adresse de la fiche, par exemple 24254.",
    )
    address = forms.CharField(
        label="Adresse de la fiche",
        required=False,
        max_length=500,
        help_text="Par exemple https://edubase.eduscol.education.fr/fiche/24254.",
    )


class MilestoneForm(PageForm):
    label = forms.CharField(label="Ce qui est attendu", max_length=200)
    on = DateField(label="Date")
    detail = forms.CharField(
        label="Précisions", max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
