"""What is typed of progress, watch and documents. The actions judge; these forms read."""

from typing import Any

from django import forms

from traam import reference
from traam.design.forms import DateField, PageForm, UploadField
from traam.engines.sharing import ACCEPTED, MOST_BYTES
from traam.programme.groups.actions.progress import LONGEST_NEED, LONGEST_NOTE
from traam.programme.groups.models import Document, ProgressNote

EXTENSIONS = [*ACCEPTED, "jpeg"]
PUPILS = (
    "Une photo, une voix, un nom, une production signée : rien de cela ne se publie sans l'accord écrit des "
    "responsables légaux. À retirer avant toute publication."
)


class NoteForm(PageForm):
    mood = forms.ChoiceField(label="Où en est le groupe ?", choices=ProgressNote.Mood.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="En quelques lignes",
        help_text="Ce qui est fait, ce qui vient, ce qui bloque. Ne nommez pas d'élève.",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    need = forms.CharField(
        label="Besoin d'aide",
        required=False,
        help_text="De qui, et pour quoi : l'inspecteur, le DAN et le bureau le lisent.",
        max_length=LONGEST_NEED,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WatchForm(PageForm):
    address = forms.CharField(
        label="Adresse de la page",
        help_text="Copiée depuis votre navigateur ; elle commence par https://.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    title = forms.CharField(label="Titre", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    why = forms.CharField(
        label="Pourquoi cela compte pour le thème",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    tags = forms.CharField(
        label="Mots-clés",
        required=False,
        help_text="Séparés par des virgules, huit au plus.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RightsForm(PageForm):
    """The rights of a document: what is not known yet may wait, and the list says so."""

    licence = forms.ChoiceField(label="Licence", required=False, choices=[])
    terms_read_on = DateField(
        label="Conditions d'utilisation (CGU) lues le",
        required=False,
        help_text="Celles du site ou de l'outil d'où vient le document. Au format jj/mm/aaaa.",
    )
    personal_data = forms.ChoiceField(
        label="Le document montre-t-il ou nomme-t-il des personnes ?",
        choices=Document.PersonalData.choices,
        widget=forms.RadioSelect,
    )
    hints = {"personal_data": {Document.PersonalData.PUPILS.value: PUPILS}}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(licence.code, licence.label) for licence in reference.licences().values()]
        self.fields["licence"].choices = [("", "Pas encore connue"), *known]  # type: ignore[attr-defined]


class DocumentForm(RightsForm):
    title = forms.CharField(label="Titre", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    file = UploadField(
        label="Fichier",
        required=False,
        most=MOST_BYTES,
        extensions=EXTENSIONS,
        help_text="PDF, LibreOffice, Office sans macros, image, mp3 ou mp4 ; 10 Mo au plus.",
    )
    address = forms.CharField(
        label="Ou l'adresse d'une page",
        required=False,
        help_text="Elle commence par https://. Le site n'en garde pas de copie.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    field_order = ["title", "file", "address", "licence", "terms_read_on", "personal_data"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("file", "address"):
            self.fields[name].mark = "l'un ou l'autre"  # type: ignore[attr-defined]
