"""What the national team types in a page of information."""

from typing import Any

from django import forms

from traam import reference
from traam.design.forms import PageForm
from traam.programme.catalogue.information.models import Content

SHORT = {"rows": 4}
LONG = {"rows": 14}
TYPED = (
    "title",
    "description",
    "webinar",
    "video",
    "download",
    "document",
    "captions",
    "transcript",
    "text",
    "credits",
)
TYPED_LAST = ("licence", "licence_address")


def _address(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=500,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )


class InformationForm(PageForm):
    """A page and the number of the revision it was opened on; `slug` is typed once."""

    slug = forms.CharField(
        label="Adresse de la page",
        max_length=150,
        help_text="La fin de son adresse, pour toujours : minuscules sans accent, chiffres et tirets.",
    )
    title = forms.CharField(label="Titre", max_length=200)
    description = forms.CharField(
        label="En deux phrases",
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs=SHORT),
        help_text="Ce que dit la page ; lu sous le titre et dans les listes.",
    )
    areas = forms.MultipleChoiceField(label="Domaines du CRCN-Édu", required=False, widget=forms.CheckboxSelectMultiple)
    webinar = forms.BooleanField(label="C'est un webinaire", required=False)
    place = forms.IntegerField(
        label="Rang",
        min_value=0,
        max_value=9999,
        required=False,
        help_text="Les plus petits d'abord ; à rang égal, par ordre alphabétique.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 5}),
    )
    video = _address("Adresse de la vidéo", "Celle de son lecteur, ou du fichier MP4. Elle commence par https://.")
    download = _address("Adresse pour la télécharger", "Le fichier MP4, si son site le donne.")
    document = _address("Adresse d'un document", "Un PDF, par exemple, quand il n'y a pas de vidéo.")
    captions = forms.CharField(
        label="Sous-titres",
        required=False,
        widget=forms.Textarea(attrs=SHORT),
        help_text="Collez le contenu du fichier .vtt : sa première ligne est WEBVTT.",
    )
    transcript = forms.CharField(
        label="Transcription",
        required=False,
        widget=forms.Textarea(attrs=LONG),
        help_text="Tout ce qui se dit et se lit dans la vidéo. Markdown : ## pour un titre, - pour une liste.",
    )
    text = forms.CharField(
        label="Texte", required=False, widget=forms.Textarea(attrs=LONG), help_text="Ce qui se lit en plus. Markdown."
    )
    credits = forms.CharField(
        label="Crédits",
        required=False,
        widget=forms.Textarea(attrs=SHORT),
        help_text="Qui a écrit, produit, financé. Markdown.",
    )
    licence = forms.CharField(label="Licence", max_length=80, required=False, help_text="Par exemple : CC BY-SA 4.0.")
    licence_address = _address("Adresse de la licence", "Celle du texte de la licence.")
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        domains = [one for one in reference.frameworks()["CRCN-Édu"].values() if not one.domain]
        choices = [(one.code, f"{one.code}. {one.label}") for one in domains]
        self.fields["areas"].choices = choices  # type: ignore[attr-defined]
        if not new:
            del self.fields["slug"]

    @property
    def content(self) -> Content:
        """What was typed, once it is valid."""
        typed = {name: self.cleaned_data[name] for name in (*TYPED, *TYPED_LAST)}
        return Content(**typed, areas=tuple(sorted(self.cleaned_data["areas"])), place=self.cleaned_data["place"] or 0)


class WithdrawForm(PageForm):
    reason = forms.CharField(
        label="Pourquoi la retirer",
        max_length=1000,
        widget=forms.Textarea(attrs=SHORT),
        help_text="Cette phrase se lit à l'adresse de la page.",
    )
