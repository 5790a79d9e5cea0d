from collections.abc import Sequence
from typing import Any

from django import forms

from traam import reference
from traam.design.forms import PageForm
from traam.programme.campaigns.models import Theme
from traam.programme.catalogue.syntheses.actions import LONGEST_ERRATUM
from traam.programme.productions.remarks import LONGEST_QUOTE, LONGEST_REMARK
from traam.programme.valorisation.syntheses.actions.writing import LONGEST_QUOTE as LONGEST_CITATION
from traam.programme.valorisation.syntheses.models import Synthesis
from traam.programme.valorisation.syntheses.rules import LONGEST_SECTION, LONGEST_TITLE, SECTIONS
from traam.programme.valorisation.syntheses.sending import Audience
from traam.programme.valorisation.syntheses.sources import Source

LONGEST_COMMENT = 3_000


class SynthesisForm(PageForm):
    """What the expert writes; the figures are put in by buttons."""

    revision = forms.IntegerField(widget=forms.HiddenInput())
    title = forms.CharField(label="Titre", max_length=LONGEST_TITLE)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        for key, title, asked, hint in SECTIONS:
            self.fields[key] = forms.CharField(
                label=title,
                required=False,
                max_length=LONGEST_SECTION,
                help_text=hint,
                widget=forms.Textarea(attrs={"rows": 9, "data-figures": ""}),
            )
            if asked:
                self.fields[key].mark = "à écrire avant de soumettre"  # type: ignore[attr-defined]
        licences = [(code, licence.label) for code, licence in reference.licences().items()]
        self.fields["licence"] = forms.ChoiceField(
            label="Licence", required=False, choices=[("", "Choisir une licence"), *licences]
        )
        self.fields["nobody_named"] = forms.BooleanField(
            label="Aucun élève n'est nommé ni reconnaissable dans ce texte", required=False
        )

    def sections(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key, _, _, _ in SECTIONS}


def initial(synthesis: Synthesis) -> dict[str, Any]:
    fixed = {
        "title": synthesis.title,
        "licence": synthesis.licence,
        "nobody_named": synthesis.nobody_named,
        "revision": synthesis.revision,
    }
    return {key: synthesis.sections.get(key, "") for key, _, _, _ in SECTIONS} | fixed


class JoinForm(PageForm):
    """A transversal synthesis: its title and its themes."""

    title = forms.CharField(
        label="Titre",
        max_length=LONGEST_TITLE,
        help_text="Par exemple : L'intelligence artificielle dans six disciplines.",
    )
    themes = forms.MultipleChoiceField(
        label="Thèmes", widget=forms.CheckboxSelectMultiple, help_text="Deux au moins. Rien n'y est compté deux fois."
    )

    def __init__(self, data: Any = None, *, known: Sequence[Theme], **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["themes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(str(theme.pk), f"{theme.title} ({theme.campaign.years})") for theme in known]


class CitationForm(PageForm):
    """Words of one source, and the part they are in."""

    section = forms.ChoiceField(label="Partie", widget=forms.RadioSelect)
    words = forms.CharField(
        label="Passage cité",
        max_length=LONGEST_CITATION,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Copiez les mots tels qu'ils sont ci-dessus : une citation ne change pas sa source.",
    )

    def __init__(self, data: Any = None, *, source: Source, **options: Any) -> None:
        super().__init__(data, prefix=source.key.replace(":", "-"), **options)
        field = self.fields["section"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(part.section, part.title) for part in source.parts]
        if len(source.parts) == 1:
            field.initial = source.parts[0].section


class MoveForm(PageForm):
    comment = forms.CharField(
        label="Commentaire",
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Obligatoire pour renvoyer, s'il n'y a pas de remarque.",
    )


class RemarkForm(PageForm):
    section = forms.ChoiceField(
        label="Partie", required=False, choices=[("", "L'ensemble"), *((key, title) for key, title, _, _ in SECTIONS)]
    )
    quote = forms.CharField(
        label="Passage", required=False, max_length=LONGEST_QUOTE, widget=forms.Textarea(attrs={"rows": 2})
    )
    text = forms.CharField(label="Remarque", max_length=LONGEST_REMARK, widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(PageForm):
    answer = forms.CharField(label="Réponse", max_length=LONGEST_REMARK, widget=forms.Textarea(attrs={"rows": 3}))


class ErratumForm(PageForm):
    text = forms.CharField(
        label="Ce qui était faux, et ce qu'il faut lire",
        max_length=LONGEST_ERRATUM,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SendForm(PageForm):
    audiences = forms.MultipleChoiceField(label="Destinataires", widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, known: Sequence[Audience], **options: Any) -> None:
        waiting = [one for one in known if one.waiting]
        options.setdefault("initial", {"audiences": [one.key for one in waiting if one.asked]})
        super().__init__(data, **options)
        field = self.fields["audiences"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(one.key, one.label) for one in waiting]
