"""What is typed of the letters ÉduNum: the letters themselves, their issues, the blocks of an issue."""

from collections.abc import Iterable
from typing import Any

from django import forms

from traam import reference
from traam.design.forms import PageForm
from traam.programme.subscriptions.actions import NewsletterValues
from traam.programme.valorisation.issues.actions import BlockValues
from traam.programme.valorisation.issues.models import Block

SHORT = {"rows": 4}
PROSE = "Une ligne vide sépare les paragraphes ; une ligne qui commence par un tiret est un élément de liste."


class NewsletterForm(PageForm):
    """A letter; its address is typed once."""

    title = forms.CharField(label="Titre", max_length=120, help_text="Par exemple : ÉduNum Mathématiques.")
    slug = forms.CharField(
        label="Adresse de la lettre",
        max_length=60,
        help_text="La fin de son adresse, pour toujours : minuscules sans accent, chiffres et tirets.",
    )
    about = forms.CharField(
        label="De quoi elle parle", max_length=600, widget=forms.Textarea(attrs=SHORT), help_text="Une phrase ou deux."
    )
    disciplines = forms.MultipleChoiceField(
        label="Disciplines",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucune : c'est une lettre thématique.",
    )
    opened = forms.BooleanField(
        label="On peut s'y abonner", required=False, help_text="Décoché : elle ne paraît plus, ses numéros restent."
    )

    def __init__(self, *args: Any, new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        every = [(code, one.label) for code, one in reference.disciplines().items()]
        self.fields["disciplines"].choices = every  # type: ignore[attr-defined]
        if not new:
            del self.fields["slug"]

    @property
    def values(self) -> NewsletterValues:
        typed = self.cleaned_data
        return NewsletterValues(typed["title"], typed["about"], tuple(typed["disciplines"]), typed["opened"])


class IssueForm(PageForm):
    title = forms.CharField(
        label="Titre du numéro", max_length=150, help_text="Il devient l'objet du courriel, après le nom de la lettre."
    )
    introduction = forms.CharField(
        label="Introduction", max_length=1500, required=False, widget=forms.Textarea(attrs=SHORT), help_text=PROSE
    )


class BlockForm(PageForm):
    """A block; `kind` decides what is asked: words alone have no address."""

    title = forms.CharField(label="Titre", max_length=300)
    details = forms.CharField(
        label="Précisions",
        max_length=300,
        required=False,
        help_text="Une ligne sous le titre : niveau, académie, date.",
    )
    text = forms.CharField(
        label="Texte", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 7}), help_text=PROSE
    )
    address = forms.CharField(
        label="Adresse du lien",
        max_length=500,
        required=False,
        help_text="Elle commence par https://.",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    label = forms.CharField(
        label="Mots du lien", max_length=330, required=False, help_text="Ils disent où il mène, même lus seuls."
    )

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if kind == Block.Kind.EVENT:
            self.fields["details"].label = "Date, heure et lieu"
            self.fields["details"].help_text = "Par exemple : jeudi 3 décembre, 17 h, en ligne."
        if kind == Block.Kind.TEXT:
            self.fields["title"].required = False
            self.fields["text"].required = True
            for name in ("details", "address", "label"):
                del self.fields[name]

    @property
    def values(self) -> BlockValues:
        return BlockValues(**{name: self.cleaned_data[name] for name in self.fields})


class PickForm(PageForm):
    """What is ticked in a list of results."""

    picked = forms.TypedMultipleChoiceField(label="À ajouter", coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, offered: Iterable[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["picked"].choices = list(offered)  # type: ignore[attr-defined]
